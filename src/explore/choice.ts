/** What may be done to a run at a boundary: one fault, or the beginning of a fork. */
import { OPERATOR_KINDS, isMistake, mistakesOf, mutatedProcedure } from '../sim/faults.ts';
import type { Fault } from '../sim/faults.ts';
import { FAULT_KINDS, faultKindsIn } from '../sim/fault-kinds.ts';
import type { ForkPlan } from '../sim/fork-plan.ts';
import { HOST_NAMES } from '../sim/host-name.ts';
import type { HostName } from '../sim/host-name.ts';
import { PREPARATION_KINDS, preparationKindsIn } from '../sim/preparation.ts';
import type { Moment } from '../sim/world.ts';
import type { Procedure } from '../transition/procedure.ts';
import type { Bounds } from './bounds.ts';
import type { RunSpec } from './run-spec.ts';

export type Choice = { readonly fault: Fault } | { readonly fork: ForkPlan };

/** When a choice is made; null for those that have no moment. */
export function momentOf(choice: Choice): Moment | null {
  if ('fork' in choice) return { kind: 'slot', slot: choice.fork.at };
  const { kind, at } = choice.fault;
  return at === 'before-start' || isMistake(kind) ? null : at;
}

/** The run that makes these choices. */
export function specOf(choices: readonly Choice[], draws: RunSpec['draws']): RunSpec {
  const fork = choices.find((choice) => 'fork' in choice);
  return { faults: choices.flatMap((choice) => ('fault' in choice ? [choice.fault] : [])), fork: fork === undefined ? null : fork.fork, draws };
}

/**
 * What may have been done wrong before the start, and mistakes of the operator, after those already chosen: they have no
 * moment. A further mistake is made in the procedure as the ones before it have left it; sets that differ in their order
 * alone come once, but for swaps, whose order matters.
 */
export function choicesBefore({ kinds }: Bounds, procedure: Procedure, chosen: readonly Choice[]): Choice[] {
  const taken = mutatedProcedure(procedure, specOf(chosen, {}).faults);
  const choices: Choice[] = [];
  for (const kind of preparationKindsIn(procedure)) if (kinds.has(kind)) for (const on of HOST_NAMES) choices.push({ fault: { kind, on, at: 'before-start' } });
  for (const kind of OPERATOR_KINDS) {
    if (kinds.has(kind) && isMistake(kind)) for (const fault of mistakesOf(kind, taken)) choices.push({ fault });
  }
  const last = chosen.at(-1);
  return last === undefined ? choices : choices.filter((choice) => mayFollow(choice, last));
}

function mayFollow(choice: Choice, last: Choice): boolean {
  if ('fork' in choice || 'fork' in last) return false;
  const rank = ({ kind, on, at }: Fault): number => {
    const place = [...PREPARATION_KINDS, ...OPERATOR_KINDS].indexOf(kind) * 1000;
    return at === 'before-start' ? place + HOST_NAMES.indexOf(on as HostName) : place + (at.kind === 'step' ? at.index : 0);
  };
  if (choice.fault.at === 'before-start') return rank(choice.fault) > rank(last.fault);
  if (choice.fault.kind === 'operator-swaps' && last.fault.kind === 'operator-swaps') return true;
  return rank(choice.fault) >= rank(last.fault);
}

/** What may be done at a moment in the world of a procedure, in a fixed order. */
export function choicesAt(bounds: Bounds, procedure: Procedure, moment: Moment): readonly Choice[] {
  if (moment.kind === 'slot') return moment.slot < -bounds.slotsAround ? [] : forksAt(bounds, moment.slot);
  if (moment.kind === 'point') return moment.slot < -bounds.slotsAround || !bounds.points.includes(moment.point) ? [] : faultsAt(bounds, procedure, moment, false, false);
  if (moment.kind === 'time' || !bounds.steps.includes(moment.when)) return [];
  return faultsAt(bounds, procedure, moment, moment.when === 'before', moment.when === leavingAt(bounds));
}

/** An operator leaves after a command; where nothing is chosen then, before the next one. */
function leavingAt({ steps }: Bounds): 'after' | 'before' {
  return steps.includes('after') ? 'after' : 'before';
}

/** Faults of the world at a moment; those of a command strike before it. */
function faultsAt({ kinds, heals }: Bounds, procedure: Procedure, at: Moment, ofCommand: boolean, leaving: boolean): Choice[] {
  const choices: Choice[] = [];
  for (const kind of faultKindsIn(procedure)) {
    const { on, heal: healing } = FAULT_KINDS[kind]!;
    if (!kinds.has(kind) || (on === 'step' && !ofCommand)) continue;
    // All but a hanging command end with the step.
    const lasts = healing !== null && (on !== 'step' || kind === 'command-hangs');
    for (const target of on === 'host' ? HOST_NAMES : [on]) {
      for (const heal of lasts ? heals : [1]) choices.push({ fault: { kind, on: target, at, heal } });
    }
  }
  if (leaving && kinds.has('operator-stops')) choices.push({ fault: { kind: 'operator-stops', on: 'operator', at, heal: 1 } });
  return choices;
}

function forksAt({ forks }: Bounds, at: number): Choice[] {
  const choices: Choice[] = [];
  for (const losing of forks.losing) {
    for (const skipped of forks.skipped) {
      if (losing === 0) {
        if (skipped > 0) choices.push({ fork: { at, losing, skipped, firstSeen: { active: 'winning', inactive: 'winning' }, winner: 'second' } });
        continue;
      }
      for (const winner of forks.winners) for (const active of forks.firstSeen) for (const inactive of forks.firstSeen) {
        choices.push({ fork: { at, losing, skipped, firstSeen: { active, inactive }, winner } });
      }
    }
  }
  return choices;
}
