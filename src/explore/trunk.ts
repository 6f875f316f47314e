/**
 * A run, and the same run with one fault more at a step, for thousands of such faults. What lies before a fault is run
 * once for all of them; and worlds that are equal after it (by `fingerprint`) are run to their end once, as in a search.
 */
import { judge } from '../check/judge.ts';
import type { Trace } from '../model/trace.ts';
import { copyWorld } from '../sim/copy-world.ts';
import { addFault, isSameMoment, strikeWaiting } from '../sim/faults.ts';
import type { Fault } from '../sim/faults.ts';
import { prepareRun, traceOf } from '../sim/run.ts';
import { concludeRun } from '../sim/run-end.ts';
import type { Moment, World } from '../sim/world.ts';
import { runToCut, runToKnown } from './cut.ts';
import { configOf, summaryOf } from './run-spec.ts';
import type { RunSpec, RunSummary, Subject } from './run-spec.ts';

/** How far the procedure came, whether run once or again from the top. */
export interface Reach {
  /** The most steps that were begun in one go. */
  readonly begun: number;
  /** Positions of those that ever answered with a failure, from 0. */
  readonly failed: readonly number[];
}

export interface Outcome {
  readonly summary: RunSummary;
  readonly reach: Reach;
}

export interface Trunk {
  readonly trace: Trace;
  readonly outcome: Outcome;
  /** The run with one fault more; null when it does not come to strike. */
  readonly withFault: (fault: Fault) => Outcome | null;
}

interface Stretch {
  readonly cut: World;
  readonly moments: readonly Moment[];
}

/** Runs a spec to its end, and keeps its cuts. */
export function trunkOf(subject: Subject, spec: RunSpec): Trunk {
  const config = configOf(subject, spec);
  const world = prepareRun(config, spec.faults);
  const end = (ended: World): Outcome & { readonly trace: Trace } => {
    concludeRun(ended);
    const trace = traceOf(ended, config);
    return { trace, reach: reachOf(trace), summary: summaryOf({ trace, judgement: judge(trace), fired: ended.plan.fired }) };
  };
  const stretches: Stretch[] = [];
  for (let goesOn = true; goesOn; ) {
    const moments: Moment[] = [];
    stretches.push({ cut: copyWorld(world), moments });
    world.reach = (here, moment) => {
      strikeWaiting(here, moment);
      if (moment.kind === 'step') moments.push(moment);
    };
    goesOn = runToCut(world);
  }
  const { trace, reach, summary } = end(world);
  const known = new Map<string, Outcome>();
  const keep = (keys: readonly string[], { reach, summary }: Outcome): Outcome => {
    const outcome = { reach, summary };
    for (const key of keys) known.set(key, outcome);
    return outcome;
  };
  return {
    trace, outcome: { reach, summary },
    withFault(fault) {
      const { at } = fault;
      if (at === 'before-start' || at.kind !== 'step') throw new RangeError('a fault more strikes at a step');
      const stretch = stretches.find(({ moments }) => moments.some((moment) => isSameMoment(moment, at)));
      if (stretch === undefined) return null;
      const branch = copyWorld(stretch.cut);
      addFault(branch, fault);
      branch.reach = strikeWaiting;
      const goesOn = runToCut(branch);
      branch.reach = null;
      if (branch.plan.fired.at(-1) !== true) return null;
      const { keys, known: met } = goesOn ? runToKnown(branch, known) : { keys: [], known: undefined };
      return keep(keys, met ?? end(branch));
    },
  };
}

/** Reads from the commands of a trace how far the procedure came. */
export function reachOf({ events }: Trace): Reach {
  let begun = 0;
  const failed = new Set<number>();
  for (const event of events) {
    if (event.type !== 'command') continue;
    begun = Math.max(begun, event.step);
    if (event.phase === 'end' && event.exit !== 0) failed.add(event.step - 1);
  }
  return { begun, failed: [...failed] };
}
