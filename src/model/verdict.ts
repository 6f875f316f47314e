/** What the judges say of a trace, and what a rehearsal says of many. */
import type { Micros } from './trace.ts';

/**
 * Classes are never mixed: a hazard is not a violation, lost state is not downtime.
 */
export type FindingClass = 'violation' | 'hazard' | 'downtime' | 'lost-state';

export type FindingKind =
  // violations
  | 'double-vote' // V1
  | 'lockout-violation-fork' // V2
  | 'lockout-violation-stack' // V3: locked-out vote missing from a later stack
  | 'lockout-reduced' // V4
  | 'root-went-back' // V5
  | 'switch-without-proof' // V6
  | 'duplicate-block'
  // hazards
  | 'concurrent-identity'
  | 'near-miss'
  // downtime
  | 'missed-votes'
  | 'missed-leader-slots'
  | 'nobody-votes'
  // lost state
  | 'tower-lacks-votes';

/** The two votes of a violation that conflict, and the lockout that stands between them. */
export interface VoteConflict {
  /** Ids of votes. */
  readonly earlier: number;
  readonly later: number;
  /** Of the earlier vote; null when the two conflict by something else: two blocks of a slot, a root, a missing proof. */
  readonly lockout: {
    readonly slot: number;
    readonly confirmationCount: number;
    /** Last slot that is locked out: slot + 2^count. */
    readonly end: number;
    /** Slot of the later vote, or of its stack, that lies within the lockout; null where only the count is too low. */
    readonly within: number | null;
    /** Whether the later vote is for a fork without the locked-out block; null when the trace does not tell. */
    readonly otherFork: boolean | null;
  } | null;
}

export interface Finding {
  /** Stable: same cause, same id, across seeds and versions. "SV-" and 8 hexadecimal digits. */
  readonly id: string;
  readonly class: FindingClass;
  readonly kind: FindingKind;
  /** One line for a table. */
  readonly title: string;
  /** What makes the id: class, kind, hosts, step and mechanism, in words; not the faults, for one mechanism may have many. */
  readonly cause: string;
  /** Kinds of the faults that had struck by then, sorted. */
  readonly faults: readonly string[];
  readonly t: Micros;
  readonly slot: number;
  readonly hosts: readonly string[];
  /** Step of the procedure at that time (id), or "-". */
  readonly step: string;
  /** Slots, confirmation counts, 2^count, last locked-out slots, forks, senders: one statement a line. */
  readonly arithmetic: readonly string[];
  /** Ids of the votes concerned. */
  readonly votes: readonly number[];
  /** Of a violation by two votes. */
  readonly conflict?: VoteConflict;
  /** How many: votes of a run of violating votes, slots of a downtime, votes that a tower lacks. */
  readonly count?: number;
  /** Votes of a run that banks refused: voted slot, and the vote program's Custom(n). */
  readonly refused?: readonly { readonly slot: number; readonly error: number }[];
}

export interface DowntimeSummary {
  /** Slots on the winning fork in which a vote was owed and none was accepted. */
  readonly slots: number;
  /** Runs of such slots, with where they go: [first, last, reason]. */
  readonly runs: readonly { readonly first: number; readonly last: number; readonly slots: number; readonly why: string }[];
  readonly refusedVotes: number;
  readonly leaderSlotsMissed: number;
}

export type Result = 'holds' | 'violated' | 'unknown';

/** A violation stands whatever else is open; without one, anything open leaves the result unknown. */
export function resultOf(violated: boolean, open: readonly string[]): Result {
  return violated ? 'violated' : open.length > 0 ? 'unknown' : 'holds';
}

/** The judgement of one trace. */
export interface Judgement {
  readonly result: Result;
  /** What leaves it open: gaps met, checks that threw, defects of the trace. A violation stands beside it. */
  readonly unknown: readonly string[];
  readonly gaps: readonly string[];
  readonly findings: readonly Finding[];
  readonly downtime: DowntimeSummary;
  /** After healing, the hosts whose votes were accepted; live when it is exactly one. */
  readonly liveness: { readonly live: boolean; readonly voters: readonly string[]; readonly why: string };
}

/** Said with every verdict. */
export const SCOPE = 'TowerBFT, Agave; not for a cluster that has migrated to Alpenglow, not for Firedancer';
