/** The order that the simulated world keeps without exception, mined from its traces; and what departs from it. */
import type { Trace, TraceEvent } from '../../src/model/trace.ts';
import { episodesOf } from './episodes.ts';
import type { Episode, Moment } from './episodes.ts';

/** In episodes of a kind, `before` always came before `after`. */
export interface Rule {
  readonly kind: Episode['kind'];
  readonly before: string;
  readonly after: string;
  /** Episodes of the simulation that have both. */
  readonly seen: number;
}

export interface Departure {
  readonly rule: Rule;
  readonly episode: string;
  /** How long the events stand the wrong way round, µs. */
  readonly by: number;
}

/** A pair that was met less often is no rule. */
const LEAST = 2;

const isBefore = (a: Moment, b: Moment): boolean => a.t < b.t || (a.t === b.t && a.position < b.position);

/** Every pair of moments that stood in one order in all episodes of the traces. */
export function mineOrder(traces: readonly Trace[], voteLag: number): Rule[] {
  const counts = new Map<string, { kind: Episode['kind']; before: string; after: string; seen: number; turned: number }>();
  for (const trace of traces) {
    for (const { kind, moments } of episodesOf(trace, voteLag)) {
      for (const [before, a] of moments) {
        for (const [after, b] of moments) {
          if (before === after) continue;
          const key = `${kind} ${before} ${after}`;
          const count = counts.get(key) ?? { kind, before, after, seen: 0, turned: 0 };
          count.seen++;
          if (!isBefore(a, b)) count.turned++;
          counts.set(key, count);
        }
      }
    }
  }
  return [...counts.values()].filter(({ seen, turned }) => turned === 0 && seen >= LEAST).map(({ kind, before, after, seen }) => ({ kind, before, after, seen }));
}

/**
 * How far two moments of a recording may stand the wrong way round, µs. Logs and operator of a recording share the clock
 * of one machine, and a host's own log is in order. Only a bank is known from the first host that froze it, which is not
 * always the one that votes.
 */
export function tolerance({ before, after }: Rule): number {
  return after === 'vote landed' && before !== 'block came' ? 50_000 : 0;
}

/** What a trace does that the simulated world never does. */
export function departures(trace: Trace, rules: readonly Rule[]): Departure[] {
  return episodesOf(trace).flatMap(({ kind, name, moments }) =>
    rules.flatMap((rule): Departure[] => {
      const [a, b] = [moments.get(rule.before), moments.get(rule.after)];
      if (rule.kind !== kind || a === undefined || b === undefined || isBefore(a, b)) return [];
      const by = a.t - b.t;
      return by > 0 && by <= tolerance(rule) ? [] : [{ rule, episode: name, by }];
    }));
}

/** Each pair of events that a rule orders, and that stand further apart than its tolerance. */
export function orderedPairs(trace: Trace, rules: readonly Rule[]): { readonly rule: Rule; readonly episode: string; readonly first: number; readonly second: number }[] {
  return episodesOf(trace).flatMap(({ kind, name, moments }) =>
    rules.flatMap((rule) => {
      const [a, b] = [moments.get(rule.before), moments.get(rule.after)];
      if (rule.kind !== kind || a === undefined || b === undefined) return [];
      const apart = b.t - a.t;
      return apart > tolerance(rule) || (apart === 0 && tolerance(rule) === 0) ? [{ rule, episode: name, first: a.position, second: b.position }] : [];
    }));
}

/** The trace with two events in each other's place and at each other's time. */
export function swapped(trace: Trace, first: number, second: number): Trace {
  const events = [...trace.events];
  const [a, b] = [events[first]!, events[second]!];
  events[first] = { ...b, t: a.t } as TraceEvent;
  events[second] = { ...a, t: b.t } as TraceEvent;
  return { ...trace, events };
}
