/**
 * From the switching decision to a vote or a reason against it. Pure.
 *
 * Rules: agave core/src/consensus/fork_choice.rs `select_vote_and_reset_forks`, `can_vote_on_candidate_bank` and
 * `last_vote_able_to_land` (4.3; the same from 2.1 on).
 */
import type { SwitchDecision } from './tower-switch.ts';
import type { ThresholdFailure } from './tower-threshold.ts';

/** Why there is no vote, in Agave's words. */
export type VoteFailure =
  | { readonly kind: 'FailedSwitchThreshold'; readonly slot: number; readonly stake: number; readonly total: number }
  | { readonly kind: 'LockedOut'; readonly slot: number }
  | { readonly kind: 'FailedThreshold'; readonly slot: number; readonly depth: number; readonly stake: number }
  | { readonly kind: 'NoPropagatedConfirmation'; readonly slot: number };

/** What the node knows of a bank on which it might vote. */
export interface Candidate {
  readonly slot: number;
  readonly isLockedOut: boolean;
  readonly thresholdFailures: readonly ThresholdFailure[];
  /** The bank is the node's own leader block. */
  readonly isLeaderSlot: boolean;
  /** The newest own leader slot at or before it has reached more than a third of the stake, or there is none. */
  readonly leaderSlotPropagated: boolean;
}

export interface GateInput {
  readonly candidate: Candidate;
  /** `threshold_depth` of the tower: shallower failures are listed, but do not block. */
  readonly thresholdDepth: number;
  readonly decision: SwitchDecision;
}

export interface GateResult {
  readonly canVote: boolean;
  readonly failures: readonly VoteFailure[];
}

/** All reasons against a vote on the candidate, in Agave's order and without early exit. */
export function voteGate({ candidate, thresholdDepth, decision }: GateInput): GateResult {
  const { slot } = candidate;
  const failures: VoteFailure[] = [];
  let canVote = true;
  if (decision.kind === 'FailedSwitchThreshold') {
    failures.push({ kind: 'FailedSwitchThreshold', slot, stake: decision.stake, total: decision.total });
    canVote = false;
  }
  if (decision.kind === 'FailedSwitchDuplicateRollback') {
    failures.push({ kind: 'FailedSwitchThreshold', slot, stake: 0, total: 0 });
    canVote = false;
  }
  if (candidate.isLockedOut) {
    failures.push({ kind: 'LockedOut', slot });
    canVote = false;
  }
  for (const { depth, stake } of candidate.thresholdFailures) {
    failures.push({ kind: 'FailedThreshold', slot, depth, stake });
    if (depth >= thresholdDepth) canVote = false;
  }
  if (!candidate.isLeaderSlot && !candidate.leaderSlotPropagated) {
    failures.push({ kind: 'NoPropagatedConfirmation', slot });
    canVote = false;
  }
  return { canVote, failures };
}

export interface SelectionInput {
  readonly heaviest: Candidate;
  /** Heaviest descendant of the last vote, itself included; null without a last vote or when it was purged. */
  readonly heaviestOnVotedFork: Candidate | null;
  readonly thresholdDepth: number;
  readonly decision: SwitchDecision;
  readonly lastVoteAbleToLand: boolean;
}

export interface Selection {
  /** Slot to vote on, null for no vote. */
  readonly vote: number | null;
  /** Bank on which to build and to reset PoH; null keeps the present one. */
  readonly reset: number | null;
  readonly decision: SwitchDecision;
  readonly failures: readonly VoteFailure[];
}

/** Which bank to vote on and which to reset to. */
export function selectVoteAndReset(input: SelectionInput): Selection {
  const { heaviest, heaviestOnVotedFork, thresholdDepth } = input;
  let { decision } = input;
  let candidate = heaviest;
  let reset: Candidate | null = heaviest;
  if (decision.kind === 'FailedSwitchDuplicateRollback') {
    const failures: VoteFailure[] = [{ kind: 'FailedSwitchThreshold', slot: heaviest.slot, stake: 0, total: 0 }];
    return { vote: null, reset: heaviest.slot, decision, failures };
  }
  if (decision.kind === 'FailedSwitchThreshold') {
    reset = heaviestOnVotedFork;
    if (heaviestOnVotedFork !== null && !input.lastVoteAbleToLand) {
      // The last vote is lost for good: vote again on its own fork, so that the stake shows there.
      decision = { kind: 'SameFork' };
      candidate = heaviestOnVotedFork;
    }
  }
  const { canVote, failures } = voteGate({ candidate, thresholdDepth, decision });
  return canVote
    ? { vote: candidate.slot, reset: candidate.slot, decision, failures }
    : { vote: null, reset: reset?.slot ?? null, decision, failures };
}

export interface LandingInput {
  /** Heaviest bank on the fork of the last vote. */
  readonly bankOnVotedFork: number | null;
  /** Newest slot of the last vote message. */
  readonly lastVoted: number | null;
  /** Newest slot of the own vote account in that bank. */
  readonly landed: number | null;
  /** Whether a slot is among the 512 SlotHashes of that bank. */
  readonly inSlotHashes: (slot: number) => boolean;
}

/** Whether the last vote has landed, or still can land, on its fork. True where there is nothing to decide. */
export function lastVoteAbleToLand({ bankOnVotedFork, lastVoted, landed, inSlotHashes }: LandingInput): boolean {
  if (bankOnVotedFork === null || lastVoted === null || landed === null) return true;
  return landed >= lastVoted || lastVoted >= bankOnVotedFork || inSlotHashes(lastVoted);
}
