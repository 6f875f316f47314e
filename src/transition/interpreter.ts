/**
 * The interpreter of procedures, without input or output: it says what is to be done next, is told how it went, and says
 * what is next. Simulator, exhaustive search and real machines drive the same code.
 */
import type { CommandOutcome, Host } from './host.ts';
import type { Procedure, RunStep, Step, StepHost, WaitStep } from './procedure.ts';

export type Effect =
  /** `index` is the position in the procedure's steps, from 0. */
  | { readonly type: 'run'; readonly index: number; readonly step: RunStep; readonly host: StepHost; readonly line: string }
  | {
      readonly type: 'wait';
      readonly index: number;
      readonly step: WaitStep;
      readonly host: StepHost;
      readonly slots: number;
      readonly since: WaitStep['since'];
    }
  | Done;

/** The end: `completed` when every step was taken, whatever its exit; otherwise the id of the step that ended it. */
export interface Done {
  readonly type: 'done';
  readonly completed: boolean;
  readonly stoppedAt?: string;
}

/** Plain data; may be copied, kept and gone back to. */
export interface State {
  readonly procedure: Procedure;
  /** The step whose outcome is awaited, from 0; −1 before the first, steps.length after the last. */
  readonly index: number;
  readonly stoppedAt?: string;
}

/** Nothing is done yet; the first effect comes from `next(state, null)`. */
export function start(procedure: Procedure): State {
  return { procedure, index: -1 };
}

/**
 * The next effect, given the outcome of the last one (null at the beginning). A step that fails (exit not 0) and has
 * `onFailure: stop` ends the procedure. After the end the answer stays the same.
 *
 * Throws RangeError when an outcome is given before any effect, or is missing after one.
 */
export function next(state: State, outcome: CommandOutcome | null): { readonly state: State; readonly effect: Effect } {
  const { procedure, index } = state;
  const last = procedure.steps[index];
  if (state.stoppedAt !== undefined || index >= procedure.steps.length) return { state, effect: doneEffect(state) };
  if ((last === undefined) !== (outcome === null)) {
    throw new RangeError(last === undefined ? 'no step has been started yet' : `the outcome of step "${last.id}" is missing`);
  }
  if (last !== undefined && outcome !== null && outcome.exit !== 0 && last.onFailure === 'stop') {
    const stopped = { ...state, stoppedAt: last.id };
    return { state: stopped, effect: doneEffect(stopped) };
  }
  const following = { ...state, index: index + 1 };
  const step = procedure.steps[following.index];
  return { state: following, effect: step === undefined ? doneEffect(following) : effectOf(step, following.index) };
}

function doneEffect(state: State): Done {
  if (state.stoppedAt === undefined) return { type: 'done', completed: true };
  return { type: 'done', completed: false, stoppedAt: state.stoppedAt };
}

function effectOf(step: Step, index: number): Effect {
  if (step.kind === 'run') return { type: 'run', index, step, host: step.host, line: step.run };
  return { type: 'wait', index, step, host: step.host, slots: step.slots, since: step.since };
}

/** Waits as a wait step says; a nonzero exit when it could not be told how far the cluster is. */
export type Waiter = (effect: Extract<Effect, { type: 'wait' }>) => Promise<CommandOutcome>;

export interface ProcedureRun extends Done {
  /** What was done, in order, with how it went. */
  readonly outcomes: readonly { readonly step: Step; readonly outcome: CommandOutcome }[];
}

/** Is there before and after each step: to record it, or to act on the hosts meanwhile as a fault does. */
export interface Witness {
  readonly before?: (effect: Exclude<Effect, Done>) => Promise<void>;
  readonly after?: (effect: Exclude<Effect, Done>, outcome: CommandOutcome) => Promise<void>;
}

/** Takes a procedure through on any hosts, one step after the other. What a host, waiter or witness throws is passed on. */
export async function runProcedure(
  procedure: Procedure,
  hosts: Readonly<Record<StepHost, Host>>,
  waiter: Waiter,
  witness: Witness = {},
): Promise<ProcedureRun> {
  const outcomes: { step: Step; outcome: CommandOutcome }[] = [];
  let { state, effect } = next(start(procedure), null);
  while (effect.type !== 'done') {
    await witness.before?.(effect);
    const outcome = effect.type === 'run' ? await hosts[effect.host].run(effect.line) : await waiter(effect);
    await witness.after?.(effect, outcome);
    outcomes.push({ step: effect.step, outcome });
    ({ state, effect } = next(state, outcome));
  }
  return { ...effect, outcomes };
}
