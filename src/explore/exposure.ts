/**
 * The starting state's exposure: what the same world and the same faults give when nothing is done at all. A procedure
 * cannot answer for what happens before its first protective step has ended.
 */
import { judge } from '../check/judge.ts';
import type { FaultEvent } from '../model/trace.ts';
import type { Judgement } from '../model/verdict.ts';
import type { WorldConfig } from '../sim/create-world.ts';
import { OPERATOR_KINDS } from '../sim/faults.ts';
import type { Fault } from '../sim/faults.ts';
import { FAULT_KINDS } from '../sim/fault-kinds.ts';
import { run } from '../sim/run.ts';
import { slotStart } from '../sim/world.ts';
import type { World } from '../sim/world.ts';

/**
 * Whether what was found in a finished world is its exposure: everything struck before the first protective step had
 * ended, and the same kinds of violations, or the same silence, come of it without a procedure.
 */
export function isExposure(world: World, config: WorldConfig, judgement: Judgement): boolean {
  const { protectsFrom } = config.procedure;
  const bad = judgement.result !== 'holds' || !judgement.liveness.live;
  if (protectsFrom === undefined || !bad || !struckBefore(world, protectsFrom)) return false;
  const idle = judge(run({ ...config, procedure: { ...config.procedure, steps: [] }, fork: world.cluster.plan }, faultsInTime(world)).trace);
  const kinds = (of: Judgement) => new Set(of.findings.filter((finding) => finding.class === 'violation').map(({ kind }) => kind));
  if (judgement.result === 'violated') return [...kinds(judgement)].every((kind) => kinds(idle).has(kind));
  return judgement.result === idle.result && judgement.liveness.live === idle.liveness.live;
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

/** The faults of a run that are no mistakes in a procedure, at the times at which they struck, for as long as they lasted. */
function faultsInTime({ plan, events, slotMicros }: World): Fault[] {
  const marks = events.filter((event): event is FaultEvent => event.type === 'fault');
  return plan.faults.flatMap((fault, index): Fault[] => {
    if (fault.at === 'before-start') return [fault];
    if (OPERATOR_KINDS.includes(fault.kind) || FAULT_KINDS[fault.kind]!.on === 'step') return [];
    const begin = marks.find((mark) => mark.fault === index + 1 && mark.phase === 'start');
    const end = marks.find((mark) => mark.fault === index + 1 && mark.phase === 'end');
    if (begin === undefined) return [];
    const slots = end === undefined ? 1 : Math.floor(end.t / slotMicros) - Math.floor(begin.t / slotMicros);
    return [{ ...fault, at: { kind: 'time', t: begin.t }, heal: Math.max(1, slots) }];
  });
}
