/**
 * Exposure: what the same world and the same faults give when nothing is done at all. A procedure cannot answer for what
 * happens before its first protective step has ended, nor for what becomes of a voter when it has done its work.
 */
import { judge } from '../check/judge.ts';
import type { FaultEvent } from '../model/trace.ts';
import type { Finding, Judgement } from '../model/verdict.ts';
import type { WorldConfig } from '../sim/create-world.ts';
import { OPERATOR_KINDS } from '../sim/faults.ts';
import type { Fault } from '../sim/faults.ts';
import { FAULT_KINDS } from '../sim/fault-kinds.ts';
import type { HostName } from '../sim/host-name.ts';
import { run } from '../sim/run.ts';
import { LIVENESS_BOUND } from '../sim/run-end.ts';
import { slotStart } from '../sim/world.ts';
import type { World } from '../sim/world.ts';

/** Whether what was found in a finished world is exposure, of its starting state or of the end. */
export function isExposure(world: World, config: WorldConfig, judgement: Judgement): boolean {
  const { protectsFrom } = config.procedure;
  const bad = judgement.result !== 'holds' || !judgement.liveness.live;
  if (protectsFrom === undefined || !bad) return false;
  return struckBefore(world, protectsFrom) ? isOfStart(world, config, judgement) : isOfEnd(world, config, judgement);
}

/**
 * Of the start: everything struck before the first protective step had ended, and the same kinds of violations, or the same
 * silence, come of it without a procedure.
 */
function isOfStart(world: World, config: WorldConfig, judgement: Judgement): boolean {
  // Between two acts of one moment a time is not exact enough: a validator comes to its own points without a procedure, too.
  const faults = faultsInTime(world, true);
  const fork = world.cluster.plan;
  const lasted = world.endSlot - world.startSlot;
  if (judgement.result !== 'violated') {
    // Two hosts that end each other by turns are silent at one time and not at another: what counts is the same slot.
    const idle = idleJudgement(config, fork, faults, { maxSlots: lasted, tailSlots: lasted });
    return judgement.result === idle.result && judgement.liveness.live === idle.liveness.live;
  }
  // Where nothing is done a run is soon over; it must not end before what the last fault does has come to its end.
  const last = Math.max(0, ...timesOf(faultsInTime(world, false)).map((t) => t - slotStart(world, world.startSlot)));
  return hasAllViolations(idleJudgement(config, fork, faults, { tailSlots: Math.max(lasted, Math.ceil(last / world.slotMicros) + LIVENESS_BOUND) }), judgement);
}

/**
 * Of the end: the votes that violate are all of the new voter, and a voter that was never moved gives the same kinds of
 * violations under the same faults, as far from each other, with the hosts exchanged.
 */
function isOfEnd(world: World, config: WorldConfig, judgement: Judgement): boolean {
  const violations = violationsIn(judgement);
  if (violations.length === 0 || world.cluster.plan !== null || !violations.every(({ votes }) => votes.length > 0 && votes.every((id) => world.votes[id]?.host === 'inactive'))) return false;
  const faults = faultsInTime(world, false);
  const times = timesOf(faults);
  if (times.length < faults.length || times.length === 0) return false;
  const first = Math.min(...times);
  const shift = Math.floor((first - slotStart(world, world.startSlot + SETTLED_SLOTS)) / world.slotMicros) * world.slotMicros;
  const moved = faults.map((fault, i): Fault => ({ ...fault, on: OTHER[fault.on] ?? fault.on, at: { kind: 'time', t: times[i]! - shift } } as Fault));
  return hasAllViolations(idleJudgement(config, null, moved, { tailSlots: Math.ceil((Math.max(...times) - first) / world.slotMicros) + 2 * SETTLED_SLOTS }), judgement);
}

/** Slots that a voter which was never moved votes before the first fault: more than a stack is deep. */
const SETTLED_SLOTS = 40;

const OTHER: Readonly<Record<string, HostName>> = { active: 'inactive', inactive: 'active' };

/** Of the run in which nothing is done. */
function idleJudgement(config: WorldConfig, fork: WorldConfig['fork'], faults: readonly Fault[], length: Pick<WorldConfig, 'maxSlots' | 'tailSlots'>): Judgement {
  return judge(run({ ...config, procedure: { ...config.procedure, steps: [] }, fork, ...length }, faults).trace);
}

/** Of those that strike at a time, in µs, in their order. */
function timesOf(faults: readonly Fault[]): number[] {
  return faults.flatMap(({ at }) => (at !== 'before-start' && at.kind === 'time' ? [at.t] : []));
}

function violationsIn({ findings }: Judgement): Finding[] {
  return findings.filter((finding) => finding.class === 'violation');
}

function hasAllViolations(idle: Judgement, judgement: Judgement): boolean {
  const known = new Set(violationsIn(idle).map(({ kind }) => kind));
  return violationsIn(judgement).every(({ kind }) => known.has(kind));
}

/** Whether every fault, and the fork, began before a step had ended well for the first time. */
function struckBefore(world: World, step: string): boolean {
  const { plan } = world.cluster;
  if (plan !== null && hasEnded(world, step, slotStart(world, world.startSlot + plan.at))) return false;
  return world.events.every((event) => event.type !== 'fault' || event.phase !== 'start' || !hasEnded(world, step, event.t));
}

function hasEnded(world: World, step: string, t: number): boolean {
  return world.events.some((event) => event.type === 'command' && event.phase === 'end' && event.id === step && event.exit === 0 && event.t < t);
}

/**
 * The faults of a run that are no mistakes in a procedure, at the times at which they struck, for as long as they lasted;
 * `atPoints`: those that struck at a point inside a validator strike there.
 */
function faultsInTime({ plan, events, slotMicros }: World, atPoints: boolean): Fault[] {
  const marks = events.filter((event): event is FaultEvent => event.type === 'fault');
  return plan.faults.flatMap((fault, index): Fault[] => {
    if (fault.at === 'before-start') return [fault];
    if (OPERATOR_KINDS.includes(fault.kind) || FAULT_KINDS[fault.kind]!.on === 'step') return [];
    const begin = marks.find((mark) => mark.fault === index + 1 && mark.phase === 'start');
    const end = marks.find((mark) => mark.fault === index + 1 && mark.phase === 'end');
    if (begin === undefined) return [];
    const slots = end === undefined ? 1 : Math.floor(end.t / slotMicros) - Math.floor(begin.t / slotMicros);
    return [{ ...fault, at: atPoints && fault.at.kind === 'point' ? fault.at : { kind: 'time', t: begin.t }, heal: Math.max(1, slots) }];
  });
}
