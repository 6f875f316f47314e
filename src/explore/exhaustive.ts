/** A rehearsal of every combination of at most so many faults within bounds: the units of a search, put together. */
import type { Trace } from '../model/trace.ts';
import { resultOf } from '../model/verdict.ts';
import type { Judgement } from '../model/verdict.ts';
import { describeBounds } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { NO_FAULT, byGravity, mostFirst } from './causes.ts';
import type { CauseGroup } from './causes.ts';
import { specOf } from './choice.ts';
import { exceptedRuns, partExceptions } from './exceptions.ts';
import { COMPILED, onWorkers } from './pool.ts';
import { sampleSchedules } from './sample.ts';
import { MILDEST, runSpec } from './run-spec.ts';
import type { Subject } from './run-spec.ts';
import { searchUnit, unitsOf } from './search.ts';
import type { Memory, Unit, UnitResult } from './search.ts';
import type { SetApart } from './set-apart.ts';
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
  /** Drawn schedules in place of all. */
  readonly sample?: Sample;
  readonly onProgress?: (done: number, of: number) => void;
  /** Parts done by an earlier search of the same, by their place. */
  readonly done?: ReadonlyMap<number, UnitResult>;
  /** Told of each part that was done to its end. */
  readonly onPart?: (place: number, result: UnitResult) => void;
}

/** So many drawn schedules of exactly `most` choices. */
export interface Sample {
  readonly count: number;
  readonly seed: number;
}

/** Drawn schedules, by their numbers. */
export interface Chunk extends Sample {
  readonly from: number;
  readonly to: number;
}

/** Drawn schedules handed to a worker at once. */
const CHUNK = 50;

/** A cause, and the schedules that were tried with fewer choices than its example. */
export interface SearchedCause extends CauseGroup {
  /** Schedules with fewer choices, none of which gives it; null when not all of them were tried. */
  readonly certifiedBy: number | null;
}

export interface ExhaustiveSearch extends SetApart<SearchedCause> {
  readonly subject: Subject;
  readonly most: number;
  readonly bounds: readonly string[];
  readonly baseline: { readonly judgement: Judgement; readonly trace: Trace };
  /** Every schedule within the bounds was tried, or merged with an equal one. */
  readonly exhausted: boolean;
  /** Null when everything was searched. */
  readonly sample: Sample | null;
  readonly schedules: number;
  readonly byChoices: readonly number[];
  /** Choices that found nothing to strike. */
  readonly idle: number;
  readonly worlds: number;
  readonly merged: number;
  readonly judged: number;
  readonly slots: number;
  readonly heapMiB: number;
}

/** A part, and its place among all. */
export interface Job {
  readonly part: Unit | Chunk;
  readonly place: number;
}

type Answer = UnitResult & { readonly place: number; readonly heapMiB: number };

/** Does a part of a search: a unit, or a chunk of a sample. `memory`: of all parts that this thread does. */
export function searchPart({ subject, bounds, most }: Pick<SearchOrder, 'subject' | 'bounds' | 'most'>, part: Unit | Chunk, isOver: () => boolean, memory: Memory): UnitResult {
  if (!('from' in part)) return searchUnit(subject, bounds, most, part, isOver, [], undefined, memory);
  const { tally, idle } = sampleSchedules(subject, bounds, most, part.seed, part.from, part.to, isOver);
  return { tally, idle, worlds: 0, merged: 0, judged: tally.schedules, slots: 0, exhausted: tally.schedules + idle === part.to - part.from };
}

function chunksOf({ count, seed }: Sample): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = 0; from < count; from += CHUNK) chunks.push({ count, seed, from, to: Math.min(count, from + CHUNK) });
  return chunks;
}

/** Searches everything within the bounds, or a sample. Deterministic when it is not stopped: workers change nothing but the time. */
export async function searchAll(subject: Subject, options: ExhaustiveOptions): Promise<ExhaustiveSearch> {
  const { bounds, most, stop, memoryMiB, sample = null, onProgress = () => {}, onPart = () => {} } = options;
  const baseline = runSpec(subject, MILDEST);
  const parts: (Unit | Chunk)[] = sample === null ? unitsOf(subject, bounds, most) : chunksOf(sample);
  const workers = Math.max(1, options.workers);
  const known = options.done ?? new Map<number, UnitResult>();
  const open = parts.flatMap((part, place) => (known.has(place) ? [] : [{ part, place }]));
  let done = known.size;
  const tell = ({ place, heapMiB: _, ...result }: Answer) => {
    if (result.exhausted) onPart(place, result);
    onProgress(++done, parts.length);
  };
  const order: SearchOrder = { subject, bounds, most, stop, heapMiB: memoryMiB / workers };
  const memory: Memory = new Map();
  const isOver = () => Atomics.load(stop, 0) !== STOP.not;
  const fresh = COMPILED
    ? await onWorkers<Job, Answer>(new URL('./search-worker.js', import.meta.url), order, open, workers, tell, order.heapMiB * 1.5)
    : open.map(({ part, place }) => {
      const answer = { ...searchPart(order, part, isOver, memory), place, heapMiB: 0 };
      tell(answer);
      return answer;
    });
  const answers = [...[...known].map(([place, result]) => ({ ...result, place, heapMiB: 0 })), ...fresh].sort((a, b) => a.place - b.place);
  const sum = new Sum();
  for (const { tally } of answers) sum.add(tally);
  const tally = sum.end();
  const total = (count: (answer: Answer) => number) => answers.reduce((all, answer) => all + count(answer), 0);
  const ended = answers.every((answer) => answer.exhausted);
  const exhausted = ended && sample === null;
  const unknown = [...tally.reasons].sort();
  if (!ended) unknown.unshift(`the search was stopped when its ${Atomics.load(stop, 0) === STOP.memory ? 'memory' : 'time'} was used up: the frontier is not exhausted`);
  const sorted = (causes: readonly CauseTally[]) => causes.map((cause) => groupOf(cause, bounds, tally.byChoices, exhausted)).sort(byGravity).map(({ cost: _, ...group }) => group);
  const causes = [...tally.causes.values()];
  const { left, excepted } = partExceptions(sorted(causes.filter(({ exposed, schedules }) => exposed < schedules)), subject.procedure.exceptions ?? []);
  return {
    subject,
    result: resultOf(tally.violated > 0, unknown),
    most, bounds: [...(sample === null ? [] : [`a sample: ${sample.count} schedules of exactly ${most} faults drawn from seed ${sample.seed}, each choice as likely as any other; all others were not tried`]), ...describeBounds(bounds, subject.procedure)],
    baseline, exhausted, sample,
    schedules: tally.schedules, byChoices: tally.byChoices,
    idle: total(({ idle }) => idle), worlds: total(({ worlds }) => worlds), merged: total(({ merged }) => merged),
    judged: total(({ judged }) => judged), slots: total(({ slots }) => slots),
    heapMiB: Math.max(0, ...answers.map(({ heapMiB }) => heapMiB)),
    violatedRuns: tally.violated, exposedRuns: tally.exposed, deadRuns: tally.dead - exceptedRuns(excepted), excepted, worstDowntime: tally.worstDowntime,
    unknown, gaps: [...tally.gaps].sort(),
    groups: left,
    exposures: sorted(causes.filter(({ exposed, schedules }) => exposed === schedules)),
  };
}

function groupOf(cause: CauseTally, bounds: Bounds, byChoices: readonly number[], exhausted: boolean): SearchedCause & { readonly cost: number } {
  const { id, class: grade, kind, title, cause: words, schedules, choices, cost, timing } = cause;
  const fewer = byChoices.slice(0, choices.length).reduce((all, count) => all + count, 0);
  return {
    id, class: grade, kind, title, cause: words, runs: schedules, cost, example: specOf(choices, bounds.timings[timing]!),
    faults: mostFirst(new Map([...cause.kinds].map(([kinds, count]) => [kinds === '' ? NO_FAULT : kinds, count]))),
    certifiedBy: exhausted ? fewer : null,
  };
}
