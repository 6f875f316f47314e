/**
 * The vocabulary of faults: each with where it acts, how it starts, how it heals, and a sentence for people. A fault
 * strikes at a moment of the run; `fired` says whether that moment came.
 */
import { drop, repeat, swap, wrongHost } from '../transition/mutation.ts';
import type { Procedure } from '../transition/procedure.ts';
import type { HostName } from './host-name.ts';
import { FAULT_KINDS } from './fault-kinds.ts';
import { preparation } from './preparation.ts';
import type { Preparation } from './preparation.ts';
import { at, emit, slotStart } from './world.ts';
import type { Moment, World } from './world.ts';

/** Slots after which a fault ends; 'end': eight slots after the procedure. */
export type Heal = number | 'end';

/** A fault to be injected. `on` is a host, "cluster", "operator" or "rpc", as the kind says. */
export type Fault =
  | { readonly kind: string; readonly on: string; readonly at: Moment; readonly heal: Heal }
  /** Left undone or done wrong before the start: has no moment and does not heal. */
  | { readonly kind: string; readonly on: HostName; readonly at: 'before-start' };

export interface ArmedFault {
  fired: boolean;
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

const MUTATIONS = { 'operator-drops': drop, 'operator-repeats': repeat, 'operator-swaps': swap, 'operator-wrong-host': wrongHost } as const;

/** Kinds in which the operator does something else than the procedure says. */
export const OPERATOR_KINDS: readonly string[] = [...Object.keys(MUTATIONS), 'operator-stops'];

/** The procedure as this operator takes it. */
export function mutatedProcedure(procedure: Procedure, faults: readonly Fault[]): Procedure {
  let mutated = procedure;
  for (const fault of faults) {
    const mutate = MUTATIONS[fault.kind as keyof typeof MUTATIONS];
    if (mutate !== undefined && fault.at !== 'before-start' && fault.at.kind === 'step') mutated = mutate(mutated, fault.at.index);
  }
  return mutated;
}

/** One sentence for people. */
export function describeFault(fault: Fault, procedure: Procedure): string {
  if (fault.at === 'before-start') return preparation(fault.kind, fault.on as HostName)?.sentence ?? fault.kind;
  const step = fault.at.kind === 'step' ? procedure.steps[fault.at.index]?.id : undefined;
  if (fault.kind in MUTATIONS) {
    const what = { 'operator-drops': 'leaves out', 'operator-repeats': 'types twice', 'operator-swaps': 'swaps with the next one', 'operator-wrong-host': 'types on the wrong host' }[fault.kind];
    return `the operator ${what} step "${step}"`;
  }
  if (fault.kind === 'operator-stops') return `the operator stops typing after step "${step}"`;
  const kind = FAULT_KINDS[fault.kind];
  const untilStep = kind?.on === 'step' && fault.kind !== 'command-hangs';
  const healed = kind?.heals === true && !untilStep ? (fault.heal === 'end' ? ', until after the procedure' : `, for ${fault.heal} slot${fault.heal === 1 ? '' : 's'}`) : '';
  return `${kind?.sentence(fault.on) ?? fault.kind} ${describeMoment(fault.at, procedure)}${healed}`;
}

/** "before step demote", "on active at tower-saved in slot +3". */
export function describeMoment(moment: Moment, procedure: Procedure): string {
  switch (moment.kind) {
    case 'step':
      return `${moment.when} step "${procedure.steps[moment.index]?.id ?? moment.index}"`;
    case 'slot':
      return `at the start of slot ${signed(moment.slot)}`;
    case 'point':
      return `when ${moment.host} reaches ${moment.point} in slot ${signed(moment.slot)}`;
  }
}

function signed(slot: number): string {
  return slot < 0 ? String(slot) : `+${slot}`;
}

/** Sets the faults of a plan into a world; `written` is the procedure without the operator's mistakes. */
export function armFaults(world: World, faults: readonly Fault[], written: Procedure): ArmedFault[] {
  const armed = faults.map(() => ({ fired: false }));
  const waiting: { fault: Fault & { at: Moment }; index: number }[] = [];
  let meant = written;
  faults.forEach((fault, index) => {
    // A mistake of the operator is told by the step that was meant, everything else by the steps as they were taken.
    const sentence = describeFault(fault, fault.kind in MUTATIONS ? meant : world.operator.procedure);
    meant = mutatedProcedure(meant, [fault]);
    if (fault.at === 'before-start' || fault.kind in MUTATIONS) {
      armed[index]!.fired = true;
      emit(world, { type: 'fault', t: 0, phase: 'start', fault: index + 1, kind: fault.kind, on: fault.on, sentence });
    } else {
      if (FAULT_KINDS[fault.kind] === undefined && fault.kind !== 'operator-stops') throw new RangeError(`unknown fault "${fault.kind}"`);
      waiting.push({ fault: { ...fault, at: fault.at }, index });
    }
  });
  if (waiting.length === 0) return armed;
  world.reach = (moment) => {
    for (let i = 0; i < waiting.length; i++) {
      const { fault, index } = waiting[i]!;
      if (!isSameMoment(fault.at, moment)) continue;
      waiting.splice(i--, 1);
      armed[index]!.fired = strike(world, fault, index);
    }
  };
  return armed;
}

function isSameMoment(a: Moment, b: Moment): boolean {
  if (a.kind === 'point') return b.kind === 'point' && a.slot === b.slot && a.point === b.point && a.host === b.host;
  if (a.kind === 'slot') return b.kind === 'slot' && a.slot === b.slot;
  return b.kind === 'step' && a.index === b.index && a.when === b.when;
}

function strike(world: World, fault: Fault & { at: Moment }, index: number): boolean {
  const sentence = describeFault(fault, world.operator.procedure);
  const event = { type: 'fault', fault: index + 1, kind: fault.kind, on: fault.on, sentence } as const;
  if (fault.kind === 'operator-stops') {
    world.operator.stopped = true;
    emit(world, { ...event, t: world.now, phase: 'start' });
    return true;
  }
  const kind = FAULT_KINDS[fault.kind]!;
  const place = world.events.length;
  const heal = kind.start(world, fault.on);
  if (heal === null) return false;
  // The fault stands before what it causes.
  world.events.splice(place, 0, { ...event, t: world.now, phase: 'start' });
  if (heal === 'nothing-to-heal') return true;
  world.openFaults++;
  const end = () => {
    world.openFaults--;
    emit(world, { ...event, t: world.now, phase: 'end' });
    heal();
  };
  const { heal: when } = fault as { heal: Heal };
  if (kind.on === 'step' && fault.kind !== 'command-hangs') world.afterStep.push(end);
  else if (when === 'end') whenFinished(world, end);
  else at(world, slotStart(world, world.slot + Math.max(1, when)), end);
  return true;
}

function whenFinished(world: World, action: () => void): void {
  const look = () => {
    // An operator who cannot finish because of the fault must not keep it from healing.
    const late = world.slot > world.startSlot + 150;
    if ((world.operator.finished && world.slot >= world.operator.endedInSlot + AFTER_PROCEDURE) || late) action();
    else at(world, slotStart(world, world.slot + 1), look);
  };
  at(world, slotStart(world, world.slot + 1), look);
}


