/** A rehearsal of every combination of at most so many faults within bounds: the units of a search, put together. */
import type { Trace } from '../model/trace.ts';
import type { Judgement, Result } from '../model/verdict.ts';
import { describeBounds } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { byGravity, mostFirst } from './causes.ts';
import type { CauseGroup } from './causes.ts';
import { specOf } from './choice.ts';
import { COMPILED, onWorkers } from './pool.ts';
import { MILDEST, runSpec } from './run-spec.ts';
import type { Subject } from './run-spec.ts';
import { searchUnit, unitsOf } from './search.ts';
import type { Unit, UnitResult } from './search.ts';
import { Sum } from './tally.ts';
import type { CauseTally } from './tally.ts';

/** Why a search was stopped. */
export const STOP = { not: 0, time: 1, memory: 2 } as const;

/** What a worker is told. */
export interface SearchOrder {
  readonly subject: Subject;
  readonly bounds: Bounds;
  /** Most choices a schedule. */
  readonly most: number;
  /** One word of shared memory: one of STOP. */
  readonly stop: Int32Array;
  /** Heap of a worker beyond which the search ends. */
  readonly heapMiB: number;
}

export interface ExhaustiveOptions {
  readonly bounds: Bounds;
  readonly most: number;
  readonly workers: number;
  /** Set to STOP.time from outside when the time is up. */
  readonly stop: Int32Array;
  /** For all workers together. */
  readonly memoryMiB: number;
  readonly onProgress?: (done: number, of: number) => void;
}

/** A cause, and the schedules that were tried with fewer choices than its example. */
export interface SearchedCause extends CauseGroup {
  /** Schedules with fewer choices, none of which gives it; null when not all of them were tried. */
  readonly certifiedBy: number | null;
}

export interface ExhaustiveSearch {
  readonly subject: Subject;
  readonly result: Result;
  readonly most: number;
  readonly bounds: readonly string[];
  readonly baseline: { readonly judgement: Judgement; readonly trace: Trace };
  /** Every schedule within the bounds was tried, or merged with an equal one. */
  readonly exhausted: boolean;
  readonly schedules: number;
  readonly byChoices: readonly number[];
  /** Choices that found nothing to strike. */
  readonly idle: number;
  readonly worlds: number;
  readonly merged: number;
  readonly judged: number;
  readonly slots: number;
  readonly heapMiB: number;
  readonly violatedRuns: number;
  /** Schedules whose end the starting state is the reason of: the same comes of them when nothing is done. */
  readonly exposedRuns: number;
  /** Causes that come of the starting state alone. */
  readonly exposures: readonly SearchedCause[];
  readonly deadRuns: number;
  readonly worstDowntime: number;
  readonly unknown: readonly string[];
  readonly gaps: readonly string[];
  readonly groups: readonly SearchedCause[];
}

type Answer = UnitResult & { readonly heapMiB: number };

/** Searches everything within the bounds. Deterministic when it is not stopped: workers change nothing but the time. */
export async function searchAll(subject: Subject, options: ExhaustiveOptions): Promise<ExhaustiveSearch> {
  const { bounds, most, stop, memoryMiB, onProgress = () => {} } = options;
  const baseline = runSpec(subject, MILDEST);
  const units = unitsOf(subject, bounds, most);
  const workers = Math.max(1, options.workers);
  let done = 0;
  const tell = () => onProgress(++done, units.length);
  const order: SearchOrder = { subject, bounds, most, stop, heapMiB: memoryMiB / workers };
  const answers = COMPILED
    ? await onWorkers<Unit, Answer>(new URL('./search-worker.js', import.meta.url), order, units, workers, tell, order.heapMiB * 1.5)
    : units.map((unit) => ({ ...searchUnit(subject, bounds, most, unit, () => Atomics.load(stop, 0) !== STOP.not), heapMiB: 0 }));
  const sum = new Sum();
  for (const { tally } of answers) sum.add(tally);
  const tally = sum.end();
  const total = (count: (answer: Answer) => number) => answers.reduce((all, answer) => all + count(answer), 0);
  const exhausted = answers.every((answer) => answer.exhausted);
  const unknown = [...tally.reasons].sort();
  if (!exhausted) unknown.unshift(`the search was stopped when its ${Atomics.load(stop, 0) === STOP.memory ? 'memory' : 'time'} was used up: the frontier is not exhausted`);
  const sorted = (causes: readonly CauseTally[]) => causes.map((cause) => groupOf(cause, bounds, tally.byChoices, exhausted)).sort(byGravity).map(({ cost: _, ...group }) => group);
  const causes = [...tally.causes.values()];
  return {
    subject,
    result: tally.violated > 0 ? 'violated' : unknown.length > 0 ? 'unknown' : 'holds',
    most, bounds: describeBounds(bounds), baseline, exhausted,
    schedules: tally.schedules, byChoices: tally.byChoices,
    idle: total(({ idle }) => idle), worlds: total(({ worlds }) => worlds), merged: total(({ merged }) => merged),
    judged: total(({ judged }) => judged), slots: total(({ slots }) => slots),
    heapMiB: Math.max(0, ...answers.map(({ heapMiB }) => heapMiB)),
    violatedRuns: tally.violated, exposedRuns: tally.exposed, deadRuns: tally.dead, worstDowntime: tally.worstDowntime,
    unknown, gaps: [...tally.gaps].sort(),
    groups: sorted(causes.filter(({ exposed, schedules }) => exposed < schedules)),
    exposures: sorted(causes.filter(({ exposed, schedules }) => exposed === schedules)),
  };
}

function groupOf(cause: CauseTally, bounds: Bounds, byChoices: readonly number[], exhausted: boolean): SearchedCause & { readonly cost: number } {
  const { id, class: grade, kind, title, cause: words, schedules, choices, cost, timing } = cause;
  const fewer = byChoices.slice(0, choices.length).reduce((all, count) => all + count, 0);
  return {
    id, class: grade, kind, title, cause: words, runs: schedules, cost, example: specOf(choices, bounds.timings[timing]!),
    faults: mostFirst(new Map([...cause.kinds].map(([kinds, count]) => [kinds === '' ? 'no fault' : kinds, count]))),
    certifiedBy: exhausted ? fewer : null,
  };
}
