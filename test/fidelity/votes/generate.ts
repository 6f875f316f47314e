/**
 * Sequences of votes for one vote account. The length, the fork tree and the habits of the voters are drawn first, then
 * vote after vote; what is drawn depends on the seed alone. Most votes are lawful or nearly so, because a program that
 * is only ever asked nonsense is asked nothing.
 */
import { runSeed } from '../../../src/explore/seed.ts';
import { lastLockedOutSlot, processNextVoteSlot } from '../../../src/model/lockout.ts';
import type { VoteStack } from '../../../src/model/lockout.ts';
import { seeded } from '../../../src/sim/chooser.ts';
import { RULES } from '../../vectors/rules.ts';
import { NEW_ACCOUNT } from './account.ts';
import type { VoteAccount } from './account.ts';
import { bend, BENDS } from './bend.ts';
import type { Draw, Fork, Proposal } from './bend.ts';
import { isEncodable } from './landing-vote.ts';
import type { LandingVote } from './landing-vote.ts';
import { executeByRules } from './our-program.ts';

/** Votes of a sequence. */
const LENGTHS = [20, 60, 120, 250] as const;
/** Slots at which a fork tree begins: root 0 is an exception of the program, slots beyond 32 bits must not be cut. */
const STARTS = [0, 1, 5, 1000, 300_000_000, 2 ** 33, 2 ** 45] as const;
const SLOT_HASHES_LENGTHS = [512, 64, 64, 40, 8, 3] as const;
const GAPS = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 9, 17, 40, 150, 600] as const;
const LANDINGS = [1, 1, 1, 1, 1, 2, 2, 3, 4, 10, 16, 17, 18, 40, 254, 255, 256, 700, 0, -1] as const;
/** Times beside the last one of the account; one in 16 goes back. */
const TIMES = [null, null, null, null, null, null, 'later', 'later', 'later', 'later', 'later', 'later', 'later', 'same', 'same', 'back'] as const;

interface Habits {
  readonly slotHashes: number;
  /** Of 100 votes, how many are bent. */
  readonly bent: number;
  /** Of 100 moves of the chain, how many fork or go back to another branch. */
  readonly forks: number;
  /** Of 100 votes, how many come from a second tower of the same account, from a stale one, from one rolled back. */
  readonly second: number;
  readonly stale: number;
  /** Of 100 votes, after how many the epoch ends. */
  readonly epochs: number;
  /** Only slots one after the other. */
  readonly dense: boolean;
}

/** Draws an integer in [0, bound). */
export function drawer(seed: number): Draw {
  const { choose } = seeded(seed);
  return (bound) => choose(bound, '');
}

/** Sequence number `index` of a seed. */
export function voteSequence(seed: number, index: number): LandingVote[] {
  const draw = drawer(runSeed(seed, index));
  const one = <T>(values: readonly T[]): T => values[draw(values.length)]!;
  const often = (percent: number): boolean => draw(100) < percent;
  const habits: Habits = {
    slotHashes: one(SLOT_HASHES_LENGTHS),
    bent: one([0, 20, 50, 80]),
    forks: one([0, 2, 10]),
    second: one([0, 0, 10, 50]),
    stale: one([0, 0, 5, 20]),
    epochs: one([0, 1, 1, 60]),
    dense: one([false, true]),
  };
  const length = one(LENGTHS);
  const forks: [MutableFork, ...MutableFork[]] = [newFork(one(STARTS))];
  let [fork] = forks;
  let account: VoteAccount = NEW_ACCOUNT;
  /** Two hosts that vote for one account; each knows its own votes alone. */
  const towers: [VoteStack, VoteStack] = [NEW_ACCOUNT, NEW_ACCOUNT];
  const past: VoteStack[] = [];
  let epoch = 0;
  const votes: LandingVote[] = [];
  while (votes.length < length) {
    if (often(habits.forks)) {
      fork = often(60) ? branch(fork, 1 + draw(8), forks.length) : one(forks);
      if (!forks.includes(fork)) forks.push(fork);
    }
    for (let n = often(90) ? 1 : 1 + draw(40); n > 0; n--) grow(fork, habits.dense && !often(3) ? 1 : one(GAPS));
    // A branch that was left may end below the last vote: mostly it is gone on with where that is passed.
    const behind = (account.votes.at(-1)?.slot ?? 0) - fork.slots.at(-1)!;
    if (behind >= 0 && often(60)) grow(fork, behind + one(GAPS));
    if (often(6)) growToTheEdge(fork, account, draw);
    if (often(habits.epochs)) epoch += often(80) ? 1 : 1 + draw(3);
    const to = often(92) ? fork.slots.length : Math.max(1, fork.slots.length - draw(5));
    const from = Math.max(0, to - habits.slotHashes);
    const slot = fork.slots[to - 1]!;
    let [kind, stack, own]: [string, VoteStack, 0 | 1 | null] = ['lawful', account, null];
    if (often(habits.stale) && past.length > 0) {
      [kind, stack] = often(50) ? ['stale tower', one(past)] : ['rolled back', { ...account, votes: account.votes.slice(0, -1 - draw(4)) }];
    } else if (often(habits.second)) {
      own = often(50) ? 0 : 1;
      // Now and then it takes over what the chain has, as a swap with a copied tower does.
      [kind, stack] = [`tower ${own + 1} of two`, often(10) ? account : towers[own]];
    }
    stack = processNextVoteSlot({ votes: stack.votes, root: stack.root }, slot);
    if (own !== null) towers[own] = stack;
    past.push(stack);
    let proposal: Proposal = { ...stack, lockouts: stack.votes, hash: fork.hashes[to - 1]!, from, to };
    if (often(habits.bent)) {
      const name = one(BENDS);
      kind = name;
      proposal = bend(name, proposal, { fork, account, draw });
    }
    const { lockouts, root, hash } = proposal;
    const timestamp = timeOf(one(TIMES), account, draw);
    const vote: LandingVote = {
      kind,
      sync: { lockouts, root, hash, timestamp },
      slotHashes: { slots: fork.slots, hashes: fork.hashes, from: proposal.from, to: proposal.to },
      bank: { slot: Math.max(0, slot + one(LANDINGS)), epoch },
    };
    if (!isEncodable(vote)) continue;
    // The arrays grow; the window stays, and what stands in it.
    votes.push(vote);
    ({ account } = executeByRules(RULES, account, vote));
  }
  return votes;
}

type MutableFork = Fork & { readonly slots: number[]; readonly hashes: string[]; readonly id: number };

function newFork(start: number): MutableFork {
  return { id: 0, slots: [start], hashes: [`0.${start}`] };
}

function grow(fork: MutableFork, gap: number): void {
  const slot = fork.slots.at(-1)! + gap;
  fork.slots.push(slot);
  fork.hashes.push(`${fork.id}.${slot}`);
}

function branch(fork: MutableFork, depth: number, id: number): MutableFork {
  const kept = Math.max(1, fork.slots.length - depth);
  return { id, slots: fork.slots.slice(0, kept), hashes: fork.hashes.slice(0, kept) };
}

/** Moves to the slot before, at, or after the end of a lockout that is on chain: the comparisons are right or wrong there. */
function growToTheEdge(fork: MutableFork, { votes }: VoteAccount, draw: Draw): void {
  const held = votes[draw(Math.max(1, votes.length))];
  if (held === undefined) return;
  const slot = lastLockedOutSlot(held) + draw(3) - 1;
  const gap = slot - fork.slots.at(-1)!;
  // A lockout of years is waited for seldom: nothing after it holds any more.
  if (gap > 0 && (gap < 5000 || draw(40) === 0)) grow(fork, gap);
}

function timeOf(choice: (typeof TIMES)[number], { lastTimestamp: { timestamp } }: VoteAccount, draw: Draw): number | null {
  switch (choice) {
    case null:
      return null;
    case 'later':
      return timestamp + 1;
    case 'same':
      return timestamp;
    case 'back':
      return [timestamp - 1, 0, -5][draw(3)]!;
  }
}
