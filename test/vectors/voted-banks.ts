/**
 * Banks with vote accounts, made as Agave's VoteSimulator makes them: a bank carries the vote of validator v on its
 * parent iff the parent is among the votes of v.
 */
import type { VoteStack } from '../../src/model/lockout.ts';
import type { LockoutInterval } from '../../src/model/tower-switch.ts';
import type { Tower } from '../../src/model/tower.ts';
import type { Candidate } from '../../src/model/vote-gate.ts';
import { parentLinks, slotsOf } from './notation.ts';
import type { Parents } from './notation.ts';
import type { Rules } from './rules.ts';

export interface VotedBanks {
  readonly parents: Parents;
  readonly root: number;
  readonly stakeEach: number;
  /** Vote accounts by bank, in the order of the validators. */
  readonly accounts: ReadonlyMap<number, readonly VoteStack[]>;
}

export function votedBanks(
  rules: Rules,
  parents: Parents,
  votes: readonly (readonly number[])[],
  stakeEach: number,
  root = 0,
): VotedBanks {
  const accounts = new Map<number, readonly VoteStack[]>();
  for (const slot of slotsOf(parents)) {
    const parent = parents[slot];
    if (parent === undefined) {
      accounts.set(slot, votes.map(() => ({ votes: [], root: null })));
      continue;
    }
    const before = accounts.get(parent)!;
    const landed = votes.map((list, v) => (list.includes(parent) ? rules.processNextVoteSlot(before[v]!, parent) : before[v]!));
    accounts.set(slot, landed);
  }
  return { parents, root, stakeEach, accounts };
}

export function totalStake(banks: VotedBanks): number {
  return banks.stakeEach * (banks.accounts.get(banks.root)?.length ?? 0);
}

/** The switching decision with all banks frozen and no votes in gossip. */
export function decide(rules: Rules, banks: VotedBanks, tower: Tower, switchSlot: number) {
  const { parents, root, accounts } = banks;
  const parentOf = parentLinks(parents, root);
  const known = slotsOf(parents).filter((slot) => parentOf(slot) !== undefined);
  const withChildren = new Set(known.map((slot) => parents[slot]));
  return rules.switchDecision({
    tower,
    switchSlot,
    parentOf,
    tips: known.filter((slot) => !withChildren.has(slot)),
    lockoutIntervals: (bank) => accounts.get(bank)!.flatMap((stack, v) => intervals(rules, stack, `v${v}`)),
    gossipVotes: [],
    stakeOf: () => banks.stakeEach,
    totalStake: totalStake(banks),
    invalidAncestor: null,
    lastVoteDumped: false,
  });
}

function intervals(rules: Rules, stack: VoteStack, voter: string): LockoutInterval[] {
  return stack.votes.map((vote) => ({ start: vote.slot, end: rules.lastLockedOutSlot(vote), voter }));
}

/** What the tower thinks of a bank as a candidate; own blocks are taken as propagated. */
export function candidateOf(rules: Rules, banks: VotedBanks, tower: Tower, slot: number): Candidate {
  const parentOf = parentLinks(banks.parents, banks.root);
  const accounts = banks.accounts.get(slot)!.map((stack) => ({ stack, stake: banks.stakeEach }));
  const stakes = rules.votedStakes(accounts, slot, parentOf);
  return {
    slot,
    isLockedOut: rules.isLockedOut(tower, slot, (asked) => rules.isAncestor(parentOf, asked, slot)),
    thresholdFailures: rules.thresholdFailures(tower, slot, (asked) => stakes.get(asked), totalStake(banks)),
    isLeaderSlot: false,
    leaderSlotPropagated: true,
  };
}
