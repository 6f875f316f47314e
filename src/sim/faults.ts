/**
 * The vocabulary of faults: each with where it acts, how it starts, how it heals, and a sentence for people. A fault
 * strikes at a moment of the run; `fired` says whether that moment came.
 */
import { LATE_SLOTS, drop, ignoreFailure, late, repeat, swap, wrongHost } from '../transition/mutation.ts';
import type { FaultEvent } from '../model/trace.ts';
import type { Procedure } from '../transition/procedure.ts';
import type { HostName } from './host-name.ts';
import { FAULT_KINDS } from './fault-kinds.ts';
import type { Struck } from './fault-kinds.ts';
import { preparation } from './preparation.ts';
import type { Preparation } from './preparation.ts';
import { at, emit, slotStart } from './world.ts';
import type { Moment, World } from './world.ts';

/** Slots after which a fault ends; 'end': eight slots after the procedure. Of a mistake of the operator 'end' says: each time. */
export type Heal = number | 'end';

/** A fault to be injected. `on` is a host, "cluster", "operator" or "rpc", as the kind says. */
export type Fault =
  | { readonly kind: string; readonly on: string; readonly at: Moment; readonly heal: Heal }
  /** Left undone or done wrong before the start: has no moment and does not heal. */
  | { readonly kind: string; readonly on: HostName; readonly at: 'before-start' };

/** The faults of a run and what has become of them: plain data. */
export interface FaultPlan {
  readonly faults: readonly Fault[];
  /** Whether the moment of each came and it took effect. */
  readonly fired: boolean[];
  /** Positions of those whose moment has not come. */
  readonly waiting: number[];
  /** Those that have not healed yet, by position, with what they keep for it. */
  readonly open: Map<number, Struck>;
  /** Positions of those that end with the step that runs. */
  readonly endWithStep: number[];
}

/** Slots after the end of the procedure at which a fault with heal 'end' heals. */
const AFTER_PROCEDURE = 8;

/** The flaws of the plan that concern the preparation. Throws RangeError for unknown kinds. */
export function preparationsOf(faults: readonly Fault[]): Preparation[] {
  return faults.flatMap((fault) => {
    if (fault.at !== 'before-start') return [];
    const flaw = preparation(fault.kind, fault.on as HostName);
    if (flaw === null) throw new RangeError(`unknown preparation fault "${fault.kind}"`);
    return [flaw];
  });
}

const MUTATIONS = {
  'operator-drops': drop, 'operator-repeats': repeat, 'operator-swaps': swap, 'operator-wrong-host': wrongHost,
  'operator-ignores-failure': ignoreFailure, 'operator-late': (procedure: Procedure, i: number) => late(procedure, i, LATE_SLOTS),
} as const;

/** Kinds in which the operator does something else than the procedure says. */
export const OPERATOR_KINDS: readonly string[] = [...Object.keys(MUTATIONS), 'operator-stops'];

/** Whether a kind is a mistake in the procedure itself, and so has no moment. */
export function isMistake(kind: string): boolean {
  return kind in MUTATIONS;
}

/** Every mistake of a kind in a procedure: at each step at which it changes something, and is possible. */
export function mistakesOf(kind: string, { steps }: Procedure): Fault[] {
  return steps.flatMap((step, index): Fault[] => {
    if (kind === 'operator-swaps' && index === steps.length - 1) return [];
    if (kind === 'operator-ignores-failure' && step.onFailure === 'continue') return [];
    if (kind === 'operator-wrong-host' && (step.host === 'operator' || step.host === 'etcd' || step.kind === 'wait')) return [];
    return [{ kind, on: 'operator', at: { kind: 'step', index, when: 'after' }, heal: 1 }];
  });
}

/** The procedure as this operator takes it. */
export function mutatedProcedure(procedure: Procedure, faults: readonly Fault[]): Procedure {
  let mutated = procedure;
  for (const fault of faults) {
    const mutate = MUTATIONS[fault.kind as keyof typeof MUTATIONS];
    if (mutate !== undefined && fault.at !== 'before-start' && fault.at.kind === 'step') mutated = mutate(mutated, fault.at.index);
  }
  return mutated;
}

/** Mistakes that are made again when the procedure is run again, as if it said so: those with heal 'end'. */
export function standingMistakes(faults: readonly Fault[]): Fault[] {
  return faults.filter((fault) => fault.at !== 'before-start' && isMistake(fault.kind) && fault.heal === 'end');
}

/** One sentence for people. */
export function describeFault(fault: Fault, procedure: Procedure): string {
  if (fault.at === 'before-start') return preparation(fault.kind, fault.on as HostName)?.sentence ?? fault.kind;
  const step = fault.at.kind === 'step' ? procedure.steps[fault.at.index]?.id : undefined;
  if (isMistake(fault.kind)) {
    const what = {
      'operator-drops': 'leaves out', 'operator-repeats': 'types twice', 'operator-swaps': 'swaps with the next one', 'operator-wrong-host': 'types on the wrong host',
      'operator-ignores-failure': 'ignores a failure of', 'operator-late': `waits ${LATE_SLOTS} slots before`,
    }[fault.kind];
    return `the operator ${what} step "${step}"${fault.heal === 'end' ? ', each time' : ''}`;
  }
  if (fault.kind === 'operator-stops') return `the operator stops typing ${fault.at.kind === 'step' && fault.at.when === 'before' ? 'before' : 'after'} step "${step}"`;
  const kind = FAULT_KINDS[fault.kind];
  const healed = kind !== undefined && kind.heal !== null && !endsWithStep(fault.kind) ? (fault.heal === 'end' ? ', until after the procedure' : `, for ${fault.heal} slot${fault.heal === 1 ? '' : 's'}`) : '';
  return `${kind?.sentence(fault.on) ?? fault.kind} ${describeMoment(fault.at, procedure)}${healed}`;
}

/** "before step demote", "on active at tower-saved in slot +3". */
export function describeMoment(moment: Moment, procedure: Procedure): string {
  switch (moment.kind) {
    case 'step':
      return `${moment.when} step "${procedure.steps[moment.index]?.id ?? moment.index}"${moment.resume === undefined ? '' : `, run again (${moment.resume})`}`;
    case 'slot':
      return `at the start of slot ${signed(moment.slot)}`;
    case 'time':
      return `after ${moment.t / 1000} ms`;
    case 'point':
      return `when ${moment.host} reaches ${moment.point} in slot ${signed(moment.slot)}`;
  }
}

function signed(slot: number): string {
  return slot < 0 ? String(slot) : `+${slot}`;
}

/** Whether a fault of this kind ends with the step that it hits. A command that hangs would never end. */
function endsWithStep(kind: string): boolean {
  return FAULT_KINDS[kind]?.on === 'step' && kind !== 'command-hangs';
}

/** A plan without faults. */
export function noFaults(): FaultPlan {
  return { faults: [], fired: [], waiting: [], open: new Map(), endWithStep: [] };
}

/**
 * Sets the faults of a plan into a world; `written` is the procedure without the operator's mistakes. Throws RangeError
 * for unknown kinds.
 */
export function armFaults(world: World, faults: readonly Fault[], written: Procedure): void {
  const plan: FaultPlan = { faults, fired: faults.map(() => false), waiting: [], open: new Map(), endWithStep: [] };
  let meant = written;
  faults.forEach((fault, index) => {
    if (fault.at === 'before-start' || isMistake(fault.kind)) {
      // A mistake of the operator is told by the step that was meant, everything else by the steps as they were taken.
      const sentence = describeFault(fault, isMistake(fault.kind) ? meant : world.operator.procedure);
      plan.fired[index] = true;
      emit(world, { type: 'fault', t: 0, phase: 'start', fault: index + 1, kind: fault.kind, on: fault.on, sentence });
    } else {
      if (FAULT_KINDS[fault.kind] === undefined && fault.kind !== 'operator-stops') throw new RangeError(`unknown fault "${fault.kind}"`);
      plan.waiting.push(index);
      if (fault.at.kind === 'time') at(world, fault.at.t, strikeNow, fault.at);
    }
    meant = mutatedProcedure(meant, [fault]);
  });
  world.plan = plan;
  world.reach = plan.waiting.length > 0 ? strikeUntilAllHave : null;
}

function strikeNow(world: World, moment: Moment): void {
  world.reach?.(world, moment);
}

function strikeUntilAllHave(world: World, moment: Moment): void {
  strikeWaiting(world, moment);
  if (world.plan.waiting.length === 0) world.reach = null;
}

/** One more fault of a run that has begun. Its moment is still to come. */
export function addFault(world: World, fault: Fault): void {
  const { plan } = world;
  world.plan = { ...plan, faults: [...plan.faults, fault] };
  plan.waiting.push(plan.faults.length);
  plan.fired.push(false);
}

/** Lets those faults strike that wait for this moment. */
export function strikeWaiting(world: World, moment: Moment): void {
  const { plan } = world;
  for (let i = 0; i < plan.waiting.length; i++) {
    const index = plan.waiting[i]!;
    const { at: due } = plan.faults[index]!;
    if (due === 'before-start' || !isSameMoment(due, moment)) continue;
    plan.waiting.splice(i--, 1);
    plan.fired[index] = strike(world, index);
  }
}

/** Whether two moments are one. */
export function isSameMoment(a: Moment, b: Moment): boolean {
  if (a.kind === 'point') return b.kind === 'point' && a.slot === b.slot && a.point === b.point && a.host === b.host;
  if (a.kind === 'slot') return b.kind === 'slot' && a.slot === b.slot;
  if (a.kind === 'time') return b.kind === 'time' && a.t === b.t;
  return b.kind === 'step' && a.index === b.index && a.when === b.when && a.resume === b.resume;
}

function faultEvent({ plan, operator, now }: World, index: number, phase: 'start' | 'end'): FaultEvent {
  const fault = plan.faults[index]!;
  return { type: 'fault', t: now, phase, fault: index + 1, kind: fault.kind, on: fault.on, sentence: describeFault(fault, operator.procedure) };
}

function strike(world: World, index: number): boolean {
  const { plan } = world;
  const fault = plan.faults[index]!;
  if (fault.kind === 'operator-stops') {
    world.operator.stopped = true;
    emit(world, faultEvent(world, index, 'start'));
    return true;
  }
  const kind = FAULT_KINDS[fault.kind]!;
  const place = world.events.length;
  const struck = kind.start(world, fault.on, index);
  if (struck === null) return false;
  // The fault stands before what it causes.
  world.events.splice(place, 0, faultEvent(world, index, 'start'));
  if (kind.heal === null) return true;
  plan.open.set(index, struck);
  const { heal: when } = fault as { heal: Heal };
  if (endsWithStep(fault.kind)) plan.endWithStep.push(index);
  else if (when === 'end') at(world, slotStart(world, world.slot + 1), healWhenFinished, index);
  else at(world, slotStart(world, world.slot + Math.max(1, when)), heal, index);
  return true;
}

/** Heals a fault of the plan. */
export function heal(world: World, index: number): void {
  const { kind, on } = world.plan.faults[index]!;
  const struck = world.plan.open.get(index)!;
  world.plan.open.delete(index);
  emit(world, faultEvent(world, index, 'end'));
  FAULT_KINDS[kind]!.heal!(world, on, struck);
}

/** Heals it some slots after the procedure has ended. */
export function healWhenFinished(world: World, index: number): void {
  // An operator who cannot finish because of the fault must not keep it from healing.
  const late = world.slot > world.startSlot + 150;
  if ((world.operator.finished && world.slot >= world.operator.endedInSlot + AFTER_PROCEDURE) || late) heal(world, index);
  else at(world, slotStart(world, world.slot + 1), healWhenFinished, index);
}

/** The step is over, and with it the faults that last as long. */
export function healAfterStep(world: World): void {
  for (const index of world.plan.endWithStep.splice(0)) heal(world, index);
}

/** The step is not taken after all: the faults that would have lasted as long have struck nothing. */
export function missStep(world: World): void {
  for (const index of world.plan.endWithStep) world.plan.fired[index] = false;
  healAfterStep(world);
}
