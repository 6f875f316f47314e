/**
 * What operators ask of a step, answered by runs of the same world with one thing more: Ctrl-C after it, ssh dead during it,
 * and the old host that reboots five minutes after a Ctrl-C.
 */
import type { Judgement } from '../model/verdict.ts';
import type { Fault } from '../sim/faults.ts';
import { mutatedProcedure } from '../sim/faults.ts';
import { loadProcedure } from '../transition/procedure-file.ts';
import type { Procedure, Step } from '../transition/procedure.ts';
import { fittingFaults } from './fault-space.ts';
import { longestUnsafeWait } from './longest-wait.ts';
import type { WaitSearch } from './longest-wait.ts';
import { runSpec } from './run-spec.ts';
import type { RunSpec, Subject } from './run-spec.ts';

/** Five minutes: after these the old host reboots. */
const REBOOT_AFTER_SECONDS = 300;

export interface Answer {
  readonly judgement: Judgement;
  /** Null when no token can name the run: its procedure is another one. */
  readonly spec: RunSpec | null;
}

export interface StepAnswers {
  readonly step: Step;
  /** From 1. */
  readonly n: number;
  readonly interrupted: Answer;
  /** Null where it strikes nothing: the step runs on the operator's machine. */
  readonly linkDies: Answer | null;
  readonly reboots: Answer;
}

/** The answers for each step as it is typed. `spec`: the run whose world is asked about. */
export function whatIf(subject: Subject, spec: RunSpec): StepAnswers[] {
  const { steps } = mutatedProcedure(subject.procedure, spec.faults);
  return steps.map((step, index) => ({
    step, n: index + 1,
    interrupted: withFault(subject, spec, { kind: 'operator-stops', on: 'operator', at: { kind: 'step', index, when: 'after' }, heal: 1 }),
    linkDies: step.host === 'operator' ? null : withFault(subject, spec, { kind: 'cut-ssh', on: step.host, at: { kind: 'step', index, when: 'before' }, heal: 'end' }),
    reboots: afterReboot(subject, spec, index),
  }));
}

function withFault(subject: Subject, spec: RunSpec, fault: Fault): Answer {
  const more = { ...spec, faults: [...spec.faults, fault] };
  return { spec: more, judgement: runSpec(subject, more).judgement };
}

/** Nothing is typed after the step; the old host loses power five minutes later and boots again at once. */
function afterReboot({ site, procedure }: Subject, spec: RunSpec, index: number): Answer {
  const typed = mutatedProcedure(procedure, spec.faults).steps.slice(0, index + 1);
  const later: Step = { kind: 'run', id: 'five-minutes-later', host: 'operator', run: `sleep ${REBOOT_AFTER_SECONDS}`, onFailure: 'continue' };
  const { resume: _, protectsFrom: __, ...written } = procedure;
  const cut: Procedure = { ...written, steps: [...typed, later] };
  // Mistakes are in the steps already; what strikes at a step that is no longer taken is left out.
  const mistakes = new Set(spec.faults.filter(({ kind }) => kind.startsWith('operator-')));
  const faults = fittingFaults(cut, spec.faults.filter((fault) => !mistakes.has(fault)));
  const reboot: Fault = { kind: 'power-loss', on: 'active', at: { kind: 'step', index: typed.length, when: 'after' }, heal: 1 };
  return { spec: null, judgement: runSpec({ site, procedure: cut }, { ...spec, faults: [...faults, reboot] }).judgement };
}

/** How long one must wait without a tower at this site: of the procedure itself where it waits, else of the guide's swap without a tower. */
export function waitWithoutTower({ site, procedure }: Subject): WaitSearch | null {
  const waits = procedure.steps.some(({ kind }) => kind === 'wait');
  return longestUnsafeWait({ site, procedure: waits ? procedure : loadProcedure('guide-hot-swap-without-tower', site) });
}
