/**
 * Why each step exists: the procedure is done wrong in every single way, and each mistake is held against the procedure
 * as it is written, in the same circumstances. What only the mistake brings about is what the step prevents.
 *
 * A mistake is a fault of the operator in a run spec, so a token of the written procedure replays it.
 */
import type { Fault } from '../sim/faults.ts';
import type { MutationKind } from '../transition/mutation.ts';
import type { Step } from '../transition/procedure.ts';
import { asWritten, rankOf } from './as-written.ts';
import type { AsWritten } from './as-written.ts';
import { circumstancesOf } from './circumstances.ts';
import { LONGER, WITHOUT_THE_STEP, mistakesIn, searchMistake } from './mistake.ts';
import type { Mistake, MistakeSearch, Worse } from './mistake.ts';
import { COMPILED, onWorkers } from './pool.ts';
import { MILDEST, runSpec, summaryOf } from './run-spec.ts';
import type { RunSpec, Subject } from './run-spec.ts';
import { reachOf, trunkOf } from './trunk.ts';
import type { Outcome, Trunk } from './trunk.ts';

export interface MistakeResult {
  readonly kind: MutationKind;
  /** The worst that it brings about; null: nothing worse. */
  readonly worse: Worse | null;
}

export interface StepResult {
  readonly step: Step;
  /** In the procedure, from 1. */
  readonly place: number;
  /** What happens without the step, or when its failure is not heeded; null: nothing worse. */
  readonly prevents: Worse | null;
  readonly mistakes: readonly MistakeResult[];
}

export interface MutantTable {
  readonly subject: Subject;
  readonly steps: readonly StepResult[];
  readonly mistakes: number;
  /** Runs of the written procedure, and of the mistakes. */
  readonly runs: readonly [number, number];
  readonly bounds: readonly string[];
  /** What the written procedure met that is not modelled. */
  readonly gaps: readonly string[];
}

export interface MutantOptions {
  readonly workers: number;
  /** Ids of the steps that are done wrong; all of them unless given. */
  readonly only?: readonly string[];
  /** Kinds of mistakes; all of them unless given. */
  readonly kinds?: readonly MutationKind[];
  readonly onProgress?: (phase: string, done: number, of: number) => void;
}

/** Makes the table. Deterministic: the number of workers changes nothing but the time. */
export async function mutantTable(subject: Subject, { workers, only, kinds, onProgress = () => {} }: MutantOptions): Promise<MutantTable> {
  const { procedure } = subject;
  const { specs, outcomes } = await runAsWritten(subject, workers, (done, of) => onProgress('as written', done, of));
  const mistakes = mistakesIn(procedure).filter(({ kind, index }) => only?.includes(procedure.steps[index]!.id) !== false && kinds?.includes(kind) !== false);
  const found = await doAll<Mistake, MistakeSearch>({ subject, written: asWritten(specs, outcomes) }, mistakes, workers, (done) => onProgress('mistakes', done, mistakes.length));
  const steps = procedure.steps.flatMap((step, index): StepResult[] => {
    if (only?.includes(step.id) === false) return [];
    const own = mistakes.flatMap((mistake, i) => (mistake.index === index ? [{ kind: mistake.kind, worse: found[i]!.worse }] : []));
    return [{ step, place: index + 1, mistakes: own, prevents: worst(own.filter(({ kind }) => WITHOUT_THE_STEP.includes(kind)).map(({ worse }) => worse)) }];
  });
  return {
    subject, steps, mistakes: mistakes.length, runs: [specs.length, found.reduce((all, { runs }) => all + runs, 0)],
    gaps: [...new Set(outcomes.flatMap(({ summary }) => summary.gaps))].sort(),
    bounds: [
      'a step is left out, its failure ignored, or it comes after the next one, each time that the procedure is run; it is taken twice, late or on the other host once',
      'each mistake at the mildest timing, with fast copies, with forks and skips where the active switches, with every flaw before the start, and with single faults that last until after the procedure',
      'a step that is left out, or whose failure is ignored: with every fault before, during and after every step, and with each flaw and a fork together; other mistakes: with the faults at the step itself and its neighbours',
      'held against the procedure as it is written: the same fault at the same step at any moment of it and however long, with a fork if the mistake has one',
      'not run, as the mistake can make no difference: where the procedure does not come to the step under that fault, or the step does not fail',
      'a mistake that leads to a violation is not searched beyond that kind of circumstance; two mistakes together are not searched',
      `a longer downtime counts from ${LONGER} slots more`,
    ],
  };
}

/** Faults at steps that one job looks at. */
const FAULTS_A_JOB = 256;
const SPECS_A_JOB = 32;

/** What a worker is told. */
export interface MutantsOrder {
  readonly subject: Subject;
  /** Null while the procedure is run as it is written. */
  readonly written: AsWritten | null;
}

/** Runs from their beginning, faults at steps of the written procedure, or a mistake. */
export type MutantsJob = readonly RunSpec[] | { readonly faults: readonly Fault[] } | Mistake;

let kept: { readonly subject: Subject; readonly trunk: Trunk } | null = null;

/** Does one job: an outcome for each run or fault, null for a fault that did not strike; or what came of a mistake. */
export function doMutantsJob({ subject, written }: MutantsOrder, job: MutantsJob): (Outcome | null)[] | MistakeSearch {
  if ('fault' in job) return searchMistake(subject, written!, job);
  if ('faults' in job) {
    if (kept?.subject !== subject) kept = { subject, trunk: trunkOf(subject, MILDEST) };
    return job.faults.map(kept.trunk.withFault);
  }
  return job.map((spec) => {
    const run = runSpec(subject, spec);
    return { summary: summaryOf(run), reach: reachOf(run.trace) };
  });
}

async function doAll<Job extends MutantsJob, Answer>(order: MutantsOrder, jobs: readonly Job[], workers: number, onDone: (done: number) => void): Promise<Answer[]> {
  let done = 0;
  if (COMPILED) return onWorkers<Job, Answer>(new URL('./mutants-worker.js', import.meta.url), order, jobs, workers, () => onDone(++done));
  return jobs.map((job) => doMutantsJob(order, job) as Answer);
}

/** Every run of the written procedure against which a mistake may be held. */
export async function runAsWritten(subject: Subject, workers: number, onProgress: (done: number, of: number) => void): Promise<{ readonly specs: readonly RunSpec[]; readonly outcomes: readonly Outcome[] }> {
  const baseline = runSpec(subject, MILDEST);
  const { worlds, flaws, forkedFlaws, faults: byKind } = circumstancesOf(subject.procedure, baseline.trace);
  const whole = [MILDEST, ...worlds, ...flaws, ...forkedFlaws];
  const faults = byKind.flat();
  const jobs = [...parted(whole, SPECS_A_JOB), ...parted(faults, FAULTS_A_JOB).map((part) => ({ faults: part }))];
  const answers = (await doAll<MutantsJob, (Outcome | null)[]>({ subject, written: null }, jobs, workers, (done) => onProgress(done, jobs.length))).flat();
  // A fault that does not strike leaves the run as it is.
  return { specs: [...whole, ...faults.map((fault) => ({ ...MILDEST, faults: [fault] }))], outcomes: answers.map((outcome) => outcome ?? answers[0]!) };
}

function parted<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

function worst(list: readonly (Worse | null)[]): Worse | null {
  return list.reduce((best, worse) => (rankOf(worse) > rankOf(best) ? worse : best), null);
}
