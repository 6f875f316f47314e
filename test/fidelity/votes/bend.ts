/** Ways to bend a vote: each is a mistake that a voter, a bug or a liar could make. */
import type { Lockout } from '../../../src/model/lockout.ts';
import { SLOT_HASHES_ENTRIES } from '../../../src/model/vote-program.ts';
import type { VoteAccount } from './account.ts';

/** An integer in [0, bound). */
export type Draw = (bound: number) => number;

export interface Fork {
  /** Oldest first. */
  readonly slots: readonly number[];
  readonly hashes: readonly string[];
}

/** A TowerSync and the window [from, to) of the fork that the program will see. */
export interface Proposal {
  readonly lockouts: readonly Lockout[];
  readonly root: number | null;
  readonly hash: string;
  readonly from: number;
  readonly to: number;
}

export interface Place {
  readonly fork: Fork;
  readonly account: VoteAccount;
  readonly draw: Draw;
}

type Bend = (proposal: Proposal, place: Place) => Proposal;

const withLockouts = (change: (lockouts: Lockout[], place: Place, proposal: Proposal) => readonly Lockout[]): Bend =>
  (proposal, place) => ({ ...proposal, lockouts: change([...proposal.lockouts], place, proposal) });

const withCount = (count: (old: number, draw: Draw) => number): Bend =>
  withLockouts((lockouts, { draw }) => {
    const i = draw(Math.max(1, lockouts.length));
    return lockouts.map((vote, j) => (j === i ? { ...vote, confirmationCount: count(vote.confirmationCount, draw) } : vote));
  });

/** A root, and what may still stand above it: the encoding has no way to name a slot below the root. */
const withRoot = (root: (proposal: Proposal, place: Place) => number | null): Bend => (proposal, place) => {
  const next = root(proposal, place);
  return { ...proposal, root: next, lockouts: proposal.lockouts.filter(({ slot }) => slot >= (next ?? 0)) };
};

const someOf = <T>(values: readonly T[], draw: Draw): T | undefined => values[draw(Math.max(1, values.length))];
const bySlot = (votes: readonly Lockout[]): Lockout[] => votes.toSorted((a, b) => a.slot - b.slot);
const countedAnew = (votes: readonly Lockout[], extra: number): Lockout[] =>
  votes.map(({ slot }, i) => ({ slot, confirmationCount: votes.length - i + extra }));

const bends: Readonly<Record<string, Bend>> = {
  'no lockouts': withLockouts(() => []),
  'a lockout left out': withLockouts((lockouts, { draw }) => lockouts.toSpliced(draw(Math.max(1, lockouts.length)), 1)),
  'the oldest left out': withLockouts((lockouts, { draw }) => lockouts.slice(1 + draw(3))),
  'the newest alone': withLockouts((lockouts) => lockouts.slice(-1)),
  'a slot twice': withLockouts((lockouts, { draw }) => {
    const i = draw(Math.max(1, lockouts.length));
    return lockouts.flatMap((vote, j) => (j === i ? [vote, vote] : [vote]));
  }),
  'a slot twice, counted anew': withLockouts((lockouts, { draw }) => {
    const i = draw(Math.max(1, lockouts.length));
    return countedAnew(lockouts.flatMap((vote, j) => (j === i ? [vote, vote] : [vote])).slice(-31), 0);
  }),
  'a count of zero': withCount(() => 0),
  'a count too large': withCount((_, draw) => [32, 33, 64, 255][draw(4)]!),
  'a count of 31': withCount(() => 31),
  'a count raised': withCount((old) => old + 1),
  'a count lowered': withCount((old) => Math.max(0, old - 1)),
  'all counts raised': withLockouts((lockouts, { draw }) => {
    const by = 1 + draw(3);
    return lockouts.map((vote) => ({ ...vote, confirmationCount: Math.min(31, vote.confirmationCount + by) }));
  }),
  'all counts lowered': withLockouts((lockouts) => lockouts.map((vote) => ({ ...vote, confirmationCount: Math.max(1, vote.confirmationCount - 1) }))),
  'counted anew': withLockouts((lockouts, { draw }) => countedAnew(lockouts, draw(2))),
  'all counts raised, from 1 on': withLockouts((lockouts) => countedAnew(lockouts, 1)),
  'the counts of consecutive votes': withLockouts((lockouts) => countedAnew(lockouts, 0)),
  'two counts swapped': withLockouts((lockouts, { draw }) => {
    const i = draw(Math.max(1, lockouts.length - 1));
    const [a, b] = [lockouts[i], lockouts[i + 1]];
    if (a === undefined || b === undefined) return lockouts;
    return lockouts.with(i, { ...a, confirmationCount: b.confirmationCount }).with(i + 1, { ...b, confirmationCount: a.confirmationCount });
  }),
  'a slot added that was never voted for': withLockouts((lockouts, { fork, draw }, { from, to }) => {
    const slot = someOf(fork.slots.slice(from, to), draw);
    if (slot === undefined || lockouts.some((vote) => vote.slot === slot)) return lockouts;
    return countedAnew(bySlot([...lockouts, { slot, confirmationCount: 1 }]).slice(-31), draw(2));
  }),
  'a slot added that is not on this fork': withLockouts((lockouts, { fork, draw }, { from, to }) => {
    const near = someOf(fork.slots.slice(from, to), draw) ?? 0;
    const slot = near + 1;
    if (fork.slots.includes(slot) && draw(2) === 0) return lockouts;
    return countedAnew(bySlot([...lockouts, { slot, confirmationCount: 1 }]).slice(-31), 0);
  }),
  'a slot added that is older than the hashes': withLockouts((lockouts, { fork, draw }, { from }) => {
    const oldest = fork.slots[from] ?? 0;
    const slot = oldest - 1 - draw(4);
    return slot < 0 ? lockouts : countedAnew(bySlot([...lockouts, { slot, confirmationCount: 1 }]).slice(-31), 0);
  }),
  'the newest slot is a later one': withLockouts((lockouts, { draw }) => {
    const last = lockouts.at(-1);
    return last === undefined ? lockouts : lockouts.with(-1, { ...last, slot: last.slot + 1 + draw(3) });
  }),
  'more than 31 lockouts': (proposal, { fork, draw }) => {
    const slots = fork.slots.slice(proposal.from, proposal.to).slice(-32 - draw(20));
    return { ...proposal, root: proposal.root === null || proposal.root > (slots[0] ?? 0) ? null : proposal.root, lockouts: countedAnew(slots.map((slot) => ({ slot, confirmationCount: 1 })), 0) };
  },
  'a whole stack never voted for': (proposal, { fork, draw }) => {
    const slots = fork.slots.slice(proposal.from, proposal.to).filter((_, i, all) => i === all.length - 1 || draw(3) === 0).slice(-31);
    return { ...proposal, lockouts: countedAnew(slots.filter((slot) => slot >= (proposal.root ?? 0)).map((slot) => ({ slot, confirmationCount: 1 })), 0) };
  },
  'the root left out': withRoot(() => null),
  'root 0': withRoot(() => 0),
  'an older root': withRoot(({ root }, { draw }) => (root === null ? null : Math.max(0, root - 1 - draw(40)))),
  'the oldest lockout as root': withRoot(({ lockouts }, { draw }) => lockouts[draw(Math.min(3, Math.max(1, lockouts.length)))]?.slot ?? null),
  'the oldest lockouts rooted': (proposal, { draw }) => {
    const n = 1 + draw(4);
    const root = proposal.lockouts[n - 1]?.slot ?? proposal.root;
    return { ...proposal, root, lockouts: proposal.lockouts.slice(n) };
  },
  'a root that is on this fork': withRoot(({ from, to }, { fork, draw }) => someOf(fork.slots.slice(from, to), draw) ?? null),
  'a root that is not on this fork': withRoot(({ from, to }, { fork, draw }) => (someOf(fork.slots.slice(from, to), draw) ?? 0) + 1),
  'a root older than the hashes': withRoot(({ from }, { fork, draw }) => Math.max(0, (fork.slots[from] ?? 0) - 1 - draw(50))),
  'another hash': (proposal, { draw }) => ({ ...proposal, hash: `another ${draw(3)}` }),
  'the hash of the slot before': (proposal, { fork }) => ({ ...proposal, hash: fork.hashes[Math.max(0, proposal.to - 2)]! }),
  'hashes that end too early': (proposal, { draw }) => ({ ...proposal, to: Math.max(proposal.from, proposal.to - 1 - draw(3)) }),
  'hashes that begin too late': (proposal, { draw }) => ({ ...proposal, from: Math.max(proposal.from, proposal.to - draw(6)) }),
  'hashes that are newer': (proposal, { fork, draw }) => {
    const to = Math.min(fork.slots.length, proposal.to + 1 + draw(3));
    return { ...proposal, to, from: Math.max(proposal.from, to - SLOT_HASHES_ENTRIES) };
  },
  'no hashes': (proposal) => ({ ...proposal, to: proposal.from }),
  'what is on chain, again': (proposal, { account }) => ({ ...proposal, lockouts: account.votes, root: account.root }),
};

/** Names of the ways; those that seldom come through to the check that they are meant for stand there again. */
export const BENDS: readonly string[] = [...Object.keys(bends), 'more than 31 lockouts', 'the counts of consecutive votes', 'a count lowered', 'all counts lowered'];

/** Bends a proposal in the way with this name. */
export function bend(name: string, proposal: Proposal, place: Place): Proposal {
  return bends[name]!(proposal, place);
}
