/**
 * What the simulation says of a case, and what was seen of it, in the same few words: exit codes of the steps, processes
 * that ended, who votes afterwards. Then what differs.
 */
import type { Trace } from '../../src/model/trace.ts';
import type { Judgement } from '../../src/model/verdict.ts';
import { runSpec } from '../../src/explore/run-spec.ts';
import type { RunSpec, Subject } from '../../src/explore/run-spec.ts';
import type { ProcedureRun } from '../../src/transition/interpreter.ts';
import type { Role } from './stage.ts';

export interface Ended {
  readonly host: Role;
  /** One of REASONS, or "exit N" when none is known. */
  readonly reason: string;
}

export interface Outcome {
  /** By step, in order. A step that was not reached is not there. */
  readonly exits: readonly (readonly [step: string, exit: number])[];
  /** Unordered ends of processes; a stop that was asked for is none. */
  readonly ends: readonly Ended[];
  /** Who votes at the end, sorted. */
  readonly voters: readonly Role[];
  /** Votes that banks refused. */
  readonly refused: number;
}

/** Why a validator ends, by words of its log; the simulation has the same words. */
const REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/duplicate running instances/, 'duplicate running instances'],
  [/Unable to load new tower/, 'Unable to load new tower'],
  [/Submitting old vote/, 'Submitting old vote'],
  [/crashed/, 'killed'],
];

/** The reason in a text. */
export function reasonOf(text: string): string | null {
  return REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** The simulation's run of a case, and its outcome. */
export function predict(subject: Subject, spec: RunSpec): { readonly outcome: Outcome; readonly judgement: Judgement; readonly trace: Trace } {
  const { trace, judgement } = runSpec(subject, spec);
  const exits: [string, number][] = [];
  const ends: Ended[] = [];
  for (const event of trace.events) {
    if (event.type === 'command' && event.phase === 'end' && event.step > 0) exits.push([event.id, event.exit ?? 0]);
    if (event.type === 'process' && event.state === 'exited' && !/systemctl|SIGTERM|SIGKILL/.test(event.reason ?? '')) {
      ends.push({ host: event.host as Role, reason: reasonOf(event.reason ?? '') ?? `exit ${event.exit ?? '?'}` });
    }
  }
  const { refusedVotes } = judgement.downtime;
  return { outcome: { exits, ends, voters: [...judgement.liveness.voters].sort() as Role[], refused: refusedVotes }, judgement, trace };
}

/** Exit codes of a real run, in the same form. */
export function exitsOf(run: ProcedureRun): Outcome['exits'] {
  return run.outcomes.map(({ step, outcome }) => [step.id, outcome.exit] as const);
}

/** One sentence for each thing in which reality departs from the prediction; empty when there is none. */
export function departures(predicted: Outcome, seen: Outcome): string[] {
  const exits = (outcome: Outcome) => outcome.exits.map(([step, exit]) => `${step} ${exit}`).join(', ');
  const ends = (outcome: Outcome) => outcome.ends.map(({ host, reason }) => `${host}: ${reason}`).sort().join(', ') || 'none';
  const voters = (outcome: Outcome) => outcome.voters.join(' and ') || 'nobody';
  return [['exit codes', exits], ['ends of processes', ends], ['votes at the end', voters]].flatMap(([what, of]) => {
    const [expected, real] = [predicted, seen].map(of as (outcome: Outcome) => string);
    return expected === real ? [] : [`${what as string}: predicted ${expected!}; seen ${real!}`];
  });
}
