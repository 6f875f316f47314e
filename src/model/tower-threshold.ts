/**
 * The threshold check: do not double the lockout of a vote on which most of the stake has not voted. Pure.
 *
 * Rule: agave core/src/consensus.rs `check_vote_stake_thresholds` (4.3; the same from 2.1 on).
 */
import { ancestorsOf } from './ancestry.ts';
import type { ParentOf } from './ancestry.ts';
import { nthRecentLockout, processNextVoteSlot, unexpiredLength } from './lockout.ts';
import type { Lockout, VoteStack } from './lockout.ts';
import type { Tower } from './tower.ts';

/** Depths whose failures are only logged, with the share of the stake that they ask for. */
const SHALLOW_THRESHOLDS = [
  { depth: 4, size: 0.38 },
  { depth: 5, size: 0.38 },
] as const;

export interface ThresholdFailure {
  readonly depth: number;
  /** Stake found; 0 when the slot is unknown in the candidate bank. */
  readonly stake: number;
}

/**
 * Failed checks of a vote for `slot`, shallow ones first. `votedStakeAt(s)`: stake of the vote accounts whose newest
 * vote in the candidate bank is s or a descendant of s, undefined for a slot that the bank does not know.
 */
export function thresholdFailures(
  tower: Tower,
  slot: number,
  votedStakeAt: (slot: number) => number | undefined,
  totalStake: number,
): ThresholdFailure[] {
  const stack = processNextVoteSlot(tower.stack, slot);
  const failures: ThresholdFailure[] = [];
  const deepest = { depth: tower.thresholdDepth, size: tower.thresholdSize };
  for (let i = 0; i <= SHALLOW_THRESHOLDS.length; i++) {
    const { depth, size } = SHALLOW_THRESHOLDS[i] ?? deepest;
    const vote = nthRecentLockout(stack, depth);
    if (vote === undefined) continue;
    const stake = votedStakeAt(vote.slot);
    if (stake === undefined || (stake / totalStake <= size && !holds(tower.stack, vote))) failures.push({ depth, stake: stake ?? 0 });
  }
  return failures;
}

/** Whether the vote would gain nothing: the stack holds it with the same count already. */
function holds(stack: VoteStack, { slot, confirmationCount }: Lockout): boolean {
  return stack.votes.some((held) => held.slot === slot && held.confirmationCount === confirmationCount);
}

/** A vote account as a bank holds it. */
export interface StakedStack {
  readonly stack: VoteStack;
  readonly stake: number;
}

/**
 * Agave `collect_vote_lockouts`, the part that the threshold check reads: for each slot the stake of the accounts whose
 * newest vote is that slot or a descendant of it. Each account first votes for the bank's own slot in thought, so that
 * its expired votes do not count; that vote itself does not count either. The bank's slot, the other votes and all
 * their ancestors are known with stake 0; slots before the root of `parentOf` are not known.
 */
export function votedStakes(accounts: Iterable<StakedStack>, bankSlot: number, parentOf: ParentOf): Map<number, number> {
  const stakes = new Map<number, number>();
  for (const { stack, stake } of accounts) {
    if (stake === 0) continue;
    addToBranch(stakes, bankSlot, 0, parentOf);
    const kept = unexpiredLength(stack.votes, bankSlot);
    for (const { slot } of stack.votes.slice(0, kept)) addToBranch(stakes, slot, 0, parentOf);
    if (stack.root !== null) addToBranch(stakes, stack.root, 0, parentOf);
    if (kept > 0) addToBranch(stakes, stack.votes[kept - 1]!.slot, stake, parentOf);
  }
  return stakes;
}

function addToBranch(stakes: Map<number, number>, slot: number, stake: number, parentOf: ParentOf): void {
  if (parentOf(slot) === undefined) return;
  stakes.set(slot, (stakes.get(slot) ?? 0) + stake);
  for (const ancestor of ancestorsOf(parentOf, slot)) stakes.set(ancestor, (stakes.get(ancestor) ?? 0) + stake);
}

/** Agave `is_slot_confirmed` and `is_slot_duplicate_confirmed`: strictly more than `size` of the stake. */
export function isConfirmed(votedStake: number | undefined, totalStake: number, size: number): boolean {
  return votedStake !== undefined && votedStake / totalStake > size;
}

/** Share of the stake that decides between two blocks of one slot: 1 - switch threshold - duplicate liveness (0.1). */
export const DUPLICATE_THRESHOLD = 1 - 0.38 - 0.1;
