/**
 * The switching check: leave the fork of the last vote only when more than 38 % of the stake is seen locked out on
 * other forks. Pure.
 *
 * Rule: agave core/src/consensus.rs `make_check_switch_threshold_decision` (4.3; the same from 2.1 on).
 */
import { ancestorsOf, commonAncestor, isAncestor } from './ancestry.ts';
import type { ParentOf } from './ancestry.ts';
import { TowerPanic } from './tower.ts';
import type { Tower } from './tower.ts';

export const SWITCH_FORK_THRESHOLD = 0.38;

/** A landed vote of someone: from its slot to its last locked-out slot, both inclusive. */
export interface LockoutInterval {
  readonly start: number;
  readonly end: number;
  readonly voter: string;
}

export interface SwitchInput {
  readonly tower: Pick<Tower, 'lastVote' | 'stack' | 'strayRestoredSlot'>;
  /** Slot of the heaviest bank. */
  readonly switchSlot: number;
  /** Banks held, from the root of bank forks on; the parent of that root is null. */
  readonly parentOf: ParentOf;
  /** Newest bank with computed statistics of each fork. */
  readonly tips: Iterable<number>;
  /** Lockouts landed in a bank. */
  readonly lockoutIntervals: (bank: number) => Iterable<LockoutInterval>;
  /** Newest frozen bank for which each voter was seen to vote in gossip. */
  readonly gossipVotes: Iterable<{ readonly voter: string; readonly slot: number }>;
  /** Stakes of the epoch of the heaviest bank. */
  readonly stakeOf: (voter: string) => number;
  readonly totalStake: number;
  /** Newest ancestor of the last vote, itself included, known to be a duplicate block; null when there is none. */
  readonly invalidAncestor: number | null;
  /** The local bank of the last vote is gone or has another hash (it was dumped and repaired). */
  readonly lastVoteDumped: boolean;
}

export type SwitchDecision =
  | { readonly kind: 'SameFork' }
  | { readonly kind: 'SwitchProof' }
  | { readonly kind: 'FailedSwitchThreshold'; readonly stake: number; readonly total: number }
  | { readonly kind: 'FailedSwitchDuplicateRollback'; readonly ancestor: number };

const SAME_FORK: SwitchDecision = { kind: 'SameFork' };
const SWITCH_PROOF: SwitchDecision = { kind: 'SwitchProof' };

/** May the tower vote on the fork of `switchSlot`? Throws TowerPanic where Agave asserts. */
export function switchDecision(input: SwitchInput): SwitchDecision {
  const { tower, switchSlot, parentOf, totalStake } = input;
  // A rebuilt tower has no message: the check is skipped until it has voted.
  if (tower.lastVote === null) return SAME_FORK;
  const last = tower.lastVote.slot;
  if (input.invalidAncestor !== null) {
    if (isAncestor(parentOf, switchSlot, last)) {
      return { kind: 'FailedSwitchDuplicateRollback', ancestor: input.invalidAncestor };
    }
    if (input.lastVoteDumped) return SWITCH_PROOF;
  }
  const stray = tower.strayRestoredSlot === last;
  if (parentOf(last) === undefined && !stray) {
    throw new TowerPanic(`no ancestors found for the last vote ${last}, which is not stray`);
  }
  if (switchSlot === last || isAncestor(parentOf, last, switchSlot)) return SAME_FORK;
  const lastAncestors = new Set(ancestorsOf(parentOf, last));
  if (lastAncestors.has(switchSlot)) {
    if (stray) return { kind: 'FailedSwitchThreshold', stake: 0, total: totalStake };
    throw new TowerPanic(`switching to ${switchSlot}, an ancestor of the last vote ${last}, which is not stray`);
  }

  const root = tower.stack.root ?? 0;
  const counted = new Set<string>();
  let stake = 0;
  const proves = (voter: string): boolean => {
    counted.add(voter);
    stake += input.stakeOf(voter);
    return stake / totalStake > SWITCH_FORK_THRESHOLD;
  };
  /** The candidate's fork must split from the last vote's where `switchSlot` also stands on it, or below. */
  const isProofBank = (candidate: number): boolean => {
    if (parentOf(candidate) === undefined || isAncestor(parentOf, last, candidate)) return false;
    if (lastAncestors.size === 0) return true;
    const common = commonAncestor(parentOf, candidate, last);
    return common !== undefined && isAncestor(parentOf, common, switchSlot);
  };
  for (const tip of input.tips) {
    if (tip === last || tip <= root || !isProofBank(tip)) continue;
    for (const { start, end, voter } of input.lockoutIntervals(tip)) {
      if (end < last || counted.has(voter) || lastAncestors.has(start) || start <= root) continue;
      if (proves(voter)) return SWITCH_PROOF;
    }
  }
  for (const { voter, slot } of input.gossipVotes) {
    if (counted.has(voter) || slot <= last || !isProofBank(slot)) continue;
    if (proves(voter)) return SWITCH_PROOF;
  }
  return { kind: 'FailedSwitchThreshold', stake, total: totalStake };
}
