/**
 * Procedures done wrong, as an operator does them wrong at night: pure changes of a procedure. A mutant that stays safe
 * shows that a step is not needed for safety, one that does not shows which disaster the step prevents.
 *
 * `i` is a position in the steps, from 0; one outside of them is a RangeError.
 */
import type { Procedure, Step, StepHost } from './procedure.ts';

/** Leaves step `i` out. */
export function drop(procedure: Procedure, i: number): Procedure {
  stepAt(procedure, i);
  return withSteps(procedure, procedure.steps.toSpliced(i, 1));
}

/** Takes step `i` twice, one after the other; the second is called "…-again". */
export function repeat(procedure: Procedure, i: number): Procedure {
  const step = stepAt(procedure, i);
  return withSteps(procedure, procedure.steps.toSpliced(i + 1, 0, { ...step, id: freeId(procedure, `${step.id}-again`) }));
}

/** Takes step `i + 1` before step `i`. */
export function swap(procedure: Procedure, i: number): Procedure {
  return withSteps(procedure, procedure.steps.toSpliced(i, 2, stepAt(procedure, i + 1), stepAt(procedure, i)));
}

/** Takes nothing after step `i`. */
export function stopAfter(procedure: Procedure, i: number): Procedure {
  stepAt(procedure, i);
  return withSteps(procedure, procedure.steps.slice(0, i + 1));
}

/** Types the line of step `i` on the other validator; the step is called "…-on-inactive" or "…-on-active". */
export function wrongHost(procedure: Procedure, i: number): Procedure {
  const step = stepAt(procedure, i);
  const host = otherHost(step);
  if (host === null) throw new RangeError(`step "${step.id}" is not run on one of the validators`);
  return withSteps(procedure, procedure.steps.with(i, { ...step, host, id: freeId(procedure, `${step.id}-on-${host}`) }));
}

/** Goes on when step `i` fails, though the procedure says to stop. */
export function ignoreFailure(procedure: Procedure, i: number): Procedure {
  return withSteps(procedure, procedure.steps.with(i, { ...stepAt(procedure, i), onFailure: 'continue' }));
}

/** Lets `slots` slots go by before step `i`, in a step called "…-late". */
export function late(procedure: Procedure, i: number, slots: number): Procedure {
  const { id } = stepAt(procedure, i);
  const pause: Step = { kind: 'wait', id: freeId(procedure, `${id}-late`), host: 'operator', slots, since: 'here', onFailure: 'continue' };
  return withSteps(procedure, procedure.steps.toSpliced(i, 0, pause));
}

/** Slots by which an operator is late: some 13 s. */
export const LATE_SLOTS = 32;

export type MutationKind = 'drop' | 'repeat' | 'swap' | 'stop-after' | 'wrong-host' | 'ignore-failure' | 'late';

export interface Mutant {
  readonly kind: MutationKind;
  /** Position of the step that is done wrong, from 0. */
  readonly index: number;
  /** Id of the step that is done wrong. */
  readonly step: string;
  /** e.g. 'step "demote" is left out' */
  readonly sentence: string;
  readonly procedure: Procedure;
}

/** Every single mistake that changes the procedure, in the order of its steps. */
export function mutants(procedure: Procedure): Mutant[] {
  const { steps } = procedure;
  return steps.flatMap((step, i): Mutant[] => {
    const mutant = (kind: MutationKind, sentence: string, changed: Procedure): Mutant => ({ kind, index: i, step: step.id, sentence, procedure: changed });
    const after = steps[i + 1];
    const host = otherHost(step);
    return [
      mutant('drop', `step "${step.id}" is left out`, drop(procedure, i)),
      mutant('repeat', `step "${step.id}" is taken twice`, repeat(procedure, i)),
      ...(after === undefined ? [] : [mutant('swap', `step "${after.id}" is taken before step "${step.id}"`, swap(procedure, i))]),
      ...(after === undefined ? [] : [mutant('stop-after', `the operator stops after step "${step.id}"`, stopAfter(procedure, i))]),
      ...(host === null ? [] : [mutant('wrong-host', `step "${step.id}" is run on the ${host} validator`, wrongHost(procedure, i))]),
      ...(step.onFailure === 'continue' ? [] : [mutant('ignore-failure', `the failure of step "${step.id}" is ignored`, ignoreFailure(procedure, i))]),
      mutant('late', `step "${step.id}" is taken ${LATE_SLOTS} slots late`, late(procedure, i, LATE_SLOTS)),
    ];
  });
}

function stepAt(procedure: Procedure, i: number): Step {
  const step = procedure.steps[i];
  if (step === undefined) throw new RangeError(`the procedure "${procedure.name}" has no step at ${i}`);
  return step;
}

function withSteps(procedure: Procedure, steps: readonly Step[]): Procedure {
  return { ...procedure, steps };
}

/** A wait is nobody's command line: there is no wrong place for it. */
function otherHost(step: Step): StepHost | null {
  if (step.kind === 'wait' || step.host === 'operator' || step.host === 'etcd') return null;
  return step.host === 'active' ? 'inactive' : 'active';
}

function freeId(procedure: Procedure, wanted: string): string {
  const taken = new Set(procedure.steps.map((step) => step.id));
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
  return id;
}
