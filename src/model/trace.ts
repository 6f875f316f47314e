/**
 * The trace: the only thing that passes from a world (simulated or real) to its judges and reports.
 *
 * One event a line in JSON Lines. The first line is the header. Times are integer microseconds since the start of
 * the trace; slots are integers. Events stand in the order in which they happened; `check` must not depend on the
 * order of two events of different hosts with the same time.
 */

import type { LockoutRuns } from './lockout-runs.ts';

/** Name and version of the schema; the number grows when a reader of the old one could misread the new one. */
export const TRACE_SCHEMA = 'solevoter.trace/1';

/** Microseconds since the start of the trace. */
export type Micros = number;

export interface TraceHeader {
  readonly type: 'header';
  readonly schema: typeof TRACE_SCHEMA;
  /** Version of solevoter that wrote it. */
  readonly product: string;
  readonly source: 'simulation' | 'recording';
  /** Names of the machines that may hold the staked identity, e.g. ["active", "inactive"]. */
  readonly hosts: readonly string[];
  readonly voteAccount: string;
  readonly stakedIdentity: string;
  /** e.g. "agave 4.2.0" */
  readonly client: string;
  readonly consensus: 'tower';
  /** Slot duration in ms. */
  readonly slotMs: number;
  /** Own share of the cluster's stake, 0..1. */
  readonly stakeShare: number;
  readonly procedure?: string;
  /** What the world assumed; printed with every verdict. */
  readonly assumptions?: readonly string[];
}

interface At {
  readonly t: Micros;
  /** Recordings: what of this event was not seen but inferred, and from what, in words. Absent: it was seen. */
  readonly inferred?: string;
}

/** The cluster has a block. Parent −1: the block from which the trace starts. */
export interface BlockEvent extends At {
  readonly type: 'block';
  readonly slot: number;
  readonly parent: number;
  /** Bank hash: equal hash, equal block. */
  readonly hash: string;
  readonly parentHash: string;
  /** Identity of the leader that signed it. */
  readonly leader: string;
}

/** No block came for this slot on any fork. */
export interface SkippedEvent extends At {
  readonly type: 'skipped';
  readonly slot: number;
}

/** More than two thirds of the stake is locked out on this block: it will not revert. */
export interface RootedEvent extends At {
  readonly type: 'rooted';
  readonly slot: number;
  readonly hash: string;
}

/** A signed vote left the process (to a leader's vote port, or to gossip): from here on it counts. */
export interface VoteEvent extends At {
  readonly type: 'vote';
  /** Unique in the trace, 0, 1, 2 … in order of sending. */
  readonly id: number;
  readonly host: string;
  /** Node identity that signed. */
  readonly identity: string;
  /** Newest slot of the tower. */
  readonly slot: number;
  readonly hash: string;
  /** The whole stack, oldest first. In JSON Lines: [[slot, confirmation count] …]. */
  readonly lockouts: LockoutRuns;
  readonly root: number | null;
  /** True for a re-sent last vote (same slots and hash, new blockhash). */
  readonly refresh: boolean;
  /** Set when the vote leaves the fork of the last vote: stake truly shown on other forks then, as a share 0..1. */
  readonly switchStake?: number;
}

/** A vote that was signed and never left the process (it died, or the queue was lost). No violation by itself. */
export interface UnsentVoteEvent extends At {
  readonly type: 'unsent';
  readonly host: string;
  readonly identity: string;
  readonly slot: number;
  readonly hash: string;
  readonly reason: string;
}

/** A bank executed a vote transaction. `error` is the vote program's Custom(n), null when accepted. */
export interface LandedEvent extends At {
  readonly type: 'landed';
  readonly vote: number;
  readonly bank: number;
  readonly bankHash: string;
  readonly error: number | null;
}

/** gossip: contact info and network keys (at the return of set-identity); voting: the replay loop has noticed. */
export interface IdentityEvent extends At {
  readonly type: 'identity';
  readonly host: string;
  readonly layer: 'gossip' | 'voting';
  readonly from: string | null;
  readonly to: string;
}

export interface TowerSavedEvent extends At {
  readonly type: 'tower-saved';
  readonly host: string;
  readonly identity: string;
  readonly slot: number;
  readonly root: number | null;
}

export interface TowerLoadedEvent extends At {
  readonly type: 'tower-loaded';
  readonly host: string;
  readonly identity: string;
  /** file: tower-1_9 name; old-name: the fallback; etcd: the value there; rebuilt: from the bank; adopted: from a newer bank. */
  readonly source: 'file' | 'old-name' | 'etcd' | 'rebuilt' | 'adopted';
  /** Newest voted slot, null for an empty stack. */
  readonly slot: number | null;
  readonly root: number | null;
  /** The whole loaded stack, oldest first, when it is known. */
  readonly lockouts?: LockoutRuns;
  readonly why?: string;
}

/** The validator process of a host. `running` is the end of start-up, when set-identity begins to be accepted. */
export interface ProcessEvent extends At {
  readonly type: 'process';
  readonly host: string;
  readonly state: 'started' | 'running' | 'exited' | 'frozen' | 'thawed' | 'power-lost';
  /** Identity at `started`. */
  readonly identity?: string;
  readonly exit?: number;
  readonly reason?: string;
}

/** A step of the procedure: `start` when the command begins on its host, `end` with its exit code. */
export interface CommandEvent extends At {
  readonly type: 'command';
  readonly phase: 'start' | 'end';
  /** Position in the procedure, from 1, and its id there. 0 and "-" for a command outside of the procedure. */
  readonly step: number;
  readonly id: string;
  readonly host: string;
  readonly line: string;
  readonly exit?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

export interface FaultEvent extends At {
  readonly type: 'fault';
  readonly phase: 'start' | 'end';
  /** Position in the plan, from 1. */
  readonly fault: number;
  /** Kind in the fault vocabulary, e.g. "power-loss". */
  readonly kind: string;
  /** Host or link on which it acts, or "cluster", "operator". */
  readonly on: string;
  /** One sentence for people. */
  readonly sentence: string;
}

/** A slot in which the staked identity was the leader. */
export interface LeaderEvent extends At {
  readonly type: 'leader';
  readonly slot: number;
  readonly outcome: 'produced' | 'missed';
  /** Who produced it; null when missed. */
  readonly host: string | null;
  readonly hash?: string;
  readonly why?: string;
}

/** Something happened that the model does not know: a gap makes the run worth nothing as a pass. */
export interface GapEvent extends At {
  readonly type: 'gap';
  readonly what: string;
  readonly host?: string;
}

/** A line of the validator's log that matters to people (for instance "Unable to vote"). */
export interface LogEvent extends At {
  readonly type: 'log';
  readonly host: string;
  readonly text: string;
}

/** heal: every fault has ended; from here liveness is owed. end: the run is over. */
export interface PhaseEvent extends At {
  readonly type: 'phase';
  readonly phase: 'heal' | 'end';
  readonly slot: number;
  /** Of an end that came too early: what was not over. Absent: nothing was left. */
  readonly why?: string;
}

export type TraceEvent =
  | BlockEvent
  | SkippedEvent
  | RootedEvent
  | VoteEvent
  | UnsentVoteEvent
  | LandedEvent
  | IdentityEvent
  | TowerSavedEvent
  | TowerLoadedEvent
  | ProcessEvent
  | CommandEvent
  | FaultEvent
  | LeaderEvent
  | GapEvent
  | LogEvent
  | PhaseEvent;

export interface Trace {
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
}
