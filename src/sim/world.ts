/**
 * The world: time, the cluster, two validator hosts and the operator's machine, and the trace of what happened.
 * Everything here is plain data; the files beside it hold the functions that act on it.
 */
import type { Micros, TraceEvent } from '../model/trace.ts';
import type { Procedure } from '../transition/procedure.ts';
import type { State } from '../transition/interpreter.ts';
import type { Site } from '../transition/site.ts';
import type { AgaveBehaviour } from './agave-versions.ts';
import type { Run, Station } from './commands/command.ts';
import type { Cluster } from './cluster.ts';
import type { Etcd } from './etcd.ts';
import type { Past } from './past.ts';
import type { Gossip } from './gossip.ts';
import type { HostName } from './host-name.ts';
import type { Latencies } from './latency.ts';
import type { FaultPlan } from './faults.ts';
import type { Machine, QueuedVote, Validator } from './machine.ts';
import type { Network } from './network.ts';
import type { Boot } from './process-end.ts';
import { pop, push } from './queue.ts';
import type { Entry, ProcessAct, Queue, WorldAct } from './queue.ts';

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
  | { readonly kind: 'step'; readonly index: number; readonly when: 'before' | 'during' | 'after'; /** Which run again; absent in the first run. */ readonly resume?: number }
  | { readonly kind: 'point'; readonly host: HostName; readonly point: ValidatorPoint; readonly slot: number }
  | { readonly kind: 'slot'; readonly slot: number }
  /** µs since the start of the trace. */
  | { readonly kind: 'time'; readonly t: Micros };

/** A vote of ours that has left a host. */
export interface SentVote {
  readonly host: HostName;
  readonly pid: number;
  readonly slot: number;
}

/** Where the procedure stands; what the operator's machine does. */
export interface Operator {
  /** As it is typed now, mistakes included. */
  procedure: Procedure;
  /** What is typed when it is run again: as it is written, but for standing mistakes. */
  readonly written: Procedure;
  /** How often it has been run again. */
  resumes: number;
  /** It ended early and will be run again. */
  returns: boolean;
  /** Of the interpreter. */
  state: State;
  /** Index of the running step; −1 before the first. */
  step: number;
  /** The command that runs; null between commands. */
  run: Run | typeof STANDING | null;
  /**
   * What the running command has met so far: the outcomes of its parts, what it has seen of the world, and its pauses.
   * From it, and its line, the command is brought again to where it stands.
   */
  tape: unknown[];
  /** How much of the tape has been played. */
  played: number;
  /** The command waits in a pause of the tape, so that the world can be copied. */
  resting: boolean;
  /** How often it was resumed. */
  resumed: number;
  /** True from the start of the first step to the end of the last. */
  busy: boolean;
  finished: boolean;
  /** Has walked away: nothing more is typed. */
  stopped: boolean;
  /** Slot in which the last step ended, for bounds. */
  endedInSlot: number;
}

/** In a copy a command stands still until it is resumed: it is played from its tape then. */
export const STANDING = 'standing';

export interface World {
  readonly site: Site;
  readonly stakedIdentity: string;
  readonly voteAccount: string;
  /** Share of the stake by identity; nobody else has any. */
  readonly stakes: Map<string, number>;
  /** Version of Agave on the hosts at the start. */
  readonly version: string;
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
  /** The third host; null where it is no part of the world. */
  readonly etcd: Etcd | null;
  /** The operator's own machine. */
  readonly desk: Station;
  readonly events: TraceEvent[];
  /** What a fingerprint has taken in of them. */
  readonly past: Past;
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
  /** A run in which nothing has healed ends when this slot has been built. */
  readonly lastSlot: number;
  /** How long a start takes: until gossip shows it, and until its tower is loaded. */
  readonly pace: { readonly gossipJoin: Micros; readonly startUp: Micros };
  /** Slots that a run goes on after the procedure and the last fault have ended. */
  readonly tailSlots: number;
  /** Slot in which the last fault had healed and the procedure was over; null before, and again while a later fault keeps the votes away. */
  healedIn: number | null;
  /** The faults of the run. */
  plan: FaultPlan;
  /** What systemd does when a process has ended. */
  readonly restartUnit: WorldAct<Boot>;
  /** Called at each moment at which a fault may strike; null when nobody waits for one. */
  reach: ((world: World, moment: Moment) => void) | null;
  /** What is wrong with the step that is about to run; null: nothing. */
  commandFault: CommandFault | null;
  /** A copy over the network breaks off before its end. */
  tornCopy: boolean;
  /** What the operator's JSON-RPC provider does wrong. */
  rpcFault: 'none' | 'lags' | 'empty' | 'errors' | 'lies' | 'cut';
}

/** fails: does nothing, exit 1. hangs: begins only when the fault has healed. `fault`: its position in the plan. */
export interface CommandFault {
  readonly kind: 'fails' | 'hangs';
  readonly fault: number;
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

/** Schedules an act at time `t`, or now if that is past. */
export function at<T>(world: World, t: Micros, act: WorldAct<T>, data: T): void {
  push(world.queue, t < world.now ? world.now : t, null, 0, act, data);
}

/** Schedules an act of a process. */
export function later<T>(world: World, validator: Validator, t: Micros, act: ProcessAct<T>, data: T): void {
  push(world.queue, t < world.now ? world.now : t, validator.host, validator.pid, act, data);
}

/** Lets a process act now: not when it is dead, later when it is stopped. */
export function whenAwake<T>(world: World, validator: Validator, act: ProcessAct<T>, data: T): void {
  if (validator.dead) return;
  if (validator.stopped) validator.deferred.push({ t: world.now, order: 0, host: validator.host, pid: validator.pid, act, data });
  else act(world, validator, data);
}

/** Passes a place at which a fault may strike; what follows does not happen in a dead process, and waits in a stopped one. */
export function pass<T>(world: World, validator: Validator, point: ValidatorPoint, act: ProcessAct<T>, data: T): void {
  reachPoint(world, validator.host, point);
  whenAwake(world, validator, act, data);
}

/** Tells that a host has come to a place at which a fault may strike. */
export function reachPoint(world: World, host: HostName, point: ValidatorPoint): void {
  world.reach?.(world, { kind: 'point', host, point, slot: world.slot - world.startSlot });
}

function perform(world: World, { host, pid, act, data }: Entry): void {
  if (host === null) {
    (act as WorldAct<unknown>)(world, data);
    return;
  }
  const { validator } = world.hosts[host];
  if (validator !== null && validator.pid === pid) whenAwake(world, validator, act as ProcessAct<unknown>, data);
}

/** Does what comes next. */
export function stepWorld(world: World): void {
  const entry = pop(world.queue);
  if (entry === undefined) throw new Error('the event queue ran dry before the end of the run');
  world.now = entry.t;
  perform(world, entry);
}

/** The main loop. */
export function runWorld(world: World): void {
  while (world.slot <= world.endSlot) stepWorld(world);
}
