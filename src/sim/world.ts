/**
 * The world: time, the cluster, two validator hosts and the operator's machine, and the trace of what happened.
 * Everything here is plain data; the files beside it hold the functions that act on it.
 */
import type { Micros, TraceEvent } from '../model/trace.ts';
import type { Procedure } from '../transition/procedure.ts';
import type { Site } from '../transition/site.ts';
import type { AgaveBehaviour } from './agave-versions.ts';
import type { Station } from './commands/command.ts';
import type { Cluster } from './cluster.ts';
import type { Gossip } from './gossip.ts';
import type { HostName } from './host-name.ts';
import type { Latencies } from './latency.ts';
import type { Machine, QueuedVote } from './machine.ts';
import type { Network } from './network.ts';
import type { Queue } from './queue.ts';

/** A place inside a validator at which a fault may strike, in the order in which the real process passes them. */
export type ValidatorPoint =
  | 'bank-frozen' // before the turn of the replay loop that looks at it
  | 'vote-recorded' // in the tower in memory; nothing written, nothing sent
  | 'identity-noticed' // the loop has the new key, the tower is not loaded yet
  | 'tower-loaded'
  | 'tower-saved' // file renamed, transaction not sent
  | 'vote-sent' // at the leaders' ports, not in gossip
  | 'identity-set'; // in the admin RPC, before its answer

export const VALIDATOR_POINTS: readonly ValidatorPoint[] = [
  'bank-frozen', 'vote-recorded', 'identity-noticed', 'tower-loaded', 'tower-saved', 'vote-sent', 'identity-set',
];

/** Something a fault waits for. */
export type Moment =
  | { readonly kind: 'step'; readonly index: number; readonly when: 'before' | 'during' | 'after' }
  | { readonly kind: 'point'; readonly host: HostName; readonly point: ValidatorPoint; readonly slot: number }
  | { readonly kind: 'slot'; readonly slot: number };

/** A vote of ours that has left a host. */
export interface SentVote {
  readonly host: HostName;
  readonly pid: number;
  readonly slot: number;
}

/** Where the procedure stands; what the operator's machine does. */
export interface Operator {
  readonly procedure: Procedure;
  /** Index of the running step; −1 before the first. */
  step: number;
  /** True from the start of the first step to the end of the last. */
  busy: boolean;
  finished: boolean;
  /** Has walked away: nothing more is typed. */
  stopped: boolean;
  /** Slot in which the last step ended, for bounds. */
  endedInSlot: number;
}

export interface World {
  readonly site: Site;
  readonly stakedIdentity: string;
  readonly voteAccount: string;
  /** Share of the stake by identity; nobody else has any. */
  readonly stakes: Map<string, number>;
  readonly agave: AgaveBehaviour;
  readonly latencies: Latencies;
  readonly slotMicros: Micros;
  /** Slot in which the procedure starts; faults and plans are relative to it. */
  readonly startSlot: number;
  readonly queue: Queue;
  readonly network: Network;
  readonly cluster: Cluster;
  readonly gossip: Gossip;
  readonly hosts: Readonly<Record<HostName, Machine>>;
  /** The operator's own machine. */
  readonly desk: Station;
  readonly events: TraceEvent[];
  /** By id. */
  readonly votes: SentVote[];
  /** The vote with the newest slot, whoever sent it. */
  newestVote: QueuedVote | null;
  operator: Operator;
  now: Micros;
  /** Slot that is being built. */
  slot: number;
  /** The run ends when this slot has been built. */
  endSlot: number;
  /** Slots that a run goes on after the procedure and the last fault have ended. */
  readonly tailSlots: number;
  /** Slot in which the last fault had healed and the procedure was over; null before. */
  healedIn: number | null;
  /** Faults that have not healed yet. */
  openFaults: number;
  /** Called at each moment at which a fault may strike. */
  reach: (moment: Moment) => void;
  /** What ends with the step that runs. */
  afterStep: (() => void)[];
  /** What is wrong with the step that is about to run; null: nothing. */
  commandFault: CommandFault | null;
  /** A copy over the network breaks off before its end. */
  tornCopy: boolean;
  /** What the operator's JSON-RPC provider does wrong. */
  rpcFault: 'none' | 'lags' | 'empty' | 'errors' | 'lies' | 'cut';
}

/** fails: does nothing, exit 1. hangs: begins only when the fault has healed. */
export interface CommandFault {
  readonly kind: 'fails' | 'hangs';
}

/** Start of a slot, µs. The trace starts with slot `startSlot − leadSlots`. */
export function slotStart(world: World, slot: number): Micros {
  return (slot - world.startSlot + LEAD_SLOTS) * world.slotMicros;
}

/** Slots simulated before the procedure starts. */
export const LEAD_SLOTS = 10;

/** Adds an event to the trace. */
export function emit(world: World, event: TraceEvent): void {
  world.events.push(event);
}

/** Runs `action` at time `t`, or now if that is past. */
export function at(world: World, t: Micros, action: () => void): void {
  world.queue.push(t < world.now ? world.now : t, action);
}

/** The main loop. */
export function runWorld(world: World): void {
  while (world.slot <= world.endSlot) {
    const entry = world.queue.pop();
    if (entry === undefined) throw new Error('the event queue ran dry before the end of the run');
    world.now = entry.t;
    entry.run();
  }
}
