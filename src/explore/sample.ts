/** Drawn schedules of exactly so many choices within bounds, where there are too many to try them all. */
import { judge } from '../check/judge.ts';
import { seeded } from '../sim/chooser.ts';
import type { Chooser } from '../sim/chooser.ts';
import { isSameMoment, strikeWaiting } from '../sim/faults.ts';
import { prepareRun, traceOf } from '../sim/run.ts';
import { concludeRun } from '../sim/run-end.ts';
import { runWorld } from '../sim/world.ts';
import type { Moment, World } from '../sim/world.ts';
import type { Bounds } from './bounds.ts';
import { choicesAt, choicesBefore, momentOf, specOf } from './choice.ts';
import type { Choice } from './choice.ts';
import { isExposure } from './exposure.ts';
import { configOf } from './run-spec.ts';
import type { Subject } from './run-spec.ts';
import { isClosed } from './search.ts';
import { runSeed } from './seed.ts';
import { Sum, after, tallyOf } from './tally.ts';
import type { Tally } from './tally.ts';

export interface SampleResult {
  readonly tally: Tally;
  /** Drawn schedules of which a choice found nothing to strike. */
  readonly idle: number;
}

/** Draws the schedules number `from` to `to` − 1 of a seed, and runs them. */
export function sampleSchedules(subject: Subject, bounds: Bounds, choices: number, seed: number, from: number, to: number, isOver: () => boolean): SampleResult {
  const sum = new Sum();
  let idle = 0;
  for (let i = from; i < to && !isOver(); i++) {
    const tally = drawOne(subject, bounds, choices, seeded(runSeed(seed, i)));
    if (tally === null) idle++;
    else sum.add(tally);
  }
  return { tally: sum.end(), idle };
}

/** One schedule and what came of it; null when a choice found nothing to strike. */
function drawOne(subject: Subject, bounds: Bounds, count: number, chooser: Chooser): Tally | null {
  const timing = chooser.choose(bounds.timings.length, 'timing');
  const draws = bounds.timings[timing]!;
  const chosen: Choice[] = [];
  for (let n = 0; ; n++) {
    const { world, config, moments } = observe(subject, bounds, specOf(chosen, draws));
    if (world.plan.fired.includes(false)) return null;
    if (n === count) {
      concludeRun(world);
      const judgement = judge(traceOf(world, config));
      const tally = tallyOf(judgement, world.events.length, timing, isExposure(world, config, judgement));
      return chosen.reduceRight((sum, choice) => after(choice, sum), tally);
    }
    const next = drawChoice(subject, bounds, chosen, moments, chooser, n);
    if (next === null) return null;
    chosen.push(next);
  }
}

/** A run to its end, and the boundaries that it passed within the bounds, each once. */
function observe(subject: Subject, bounds: Bounds, spec: ReturnType<typeof specOf>): { world: World; config: ReturnType<typeof configOf>; moments: Moment[] } {
  const config = configOf(subject, spec);
  const world = prepareRun(config, spec.faults);
  const moments: Moment[] = [];
  world.reach = (here, moment) => {
    strikeWaiting(here, moment);
    if (!isClosed(here, bounds) && !moments.some((known) => isSameMoment(known, moment))) moments.push(moment);
  };
  runWorld(world);
  return { world, config, moments };
}

/** Every choice that may follow the chosen ones is as likely as any other; null when there is none. */
function drawChoice(subject: Subject, bounds: Bounds, chosen: readonly Choice[], moments: readonly Moment[], chooser: Chooser, n: number): Choice | null {
  const last = chosen.findLast((choice) => momentOf(choice) !== null);
  const place = last === undefined ? 0 : moments.findIndex((moment) => isSameMoment(moment, momentOf(last)!)) + 1;
  const forked = chosen.some((choice) => 'fork' in choice);
  const offers = [
    ...(last === undefined ? choicesBefore(bounds, subject.procedure, chosen) : []),
    ...moments.slice(place).flatMap((moment) => choicesAt(bounds, moment)).filter((choice) => !forked || !('fork' in choice)),
  ];
  // A chooser draws from fewer than 4096: two digits reach all.
  const high = chooser.choose(Math.ceil(offers.length / 1024), `choice ${n} of a thousand`);
  const low = chooser.choose(1024, `choice ${n}`);
  return offers.length === 0 ? null : (offers[(high * 1024 + low) % offers.length] ?? null);
}
