/** Drawn schedules of exactly so many choices within bounds, where there are too many to try them all. */
import { seeded } from '../sim/chooser.ts';
import type { Chooser } from '../sim/chooser.ts';
import { isSameMoment } from '../sim/faults.ts';
import type { Moment, World } from '../sim/world.ts';
import type { Bounds } from './bounds.ts';
import { choicesAt, choicesBefore, momentOf, specOf } from './choice.ts';
import type { Choice } from './choice.ts';
import { observe } from './moments.ts';
import type { Observed } from './moments.ts';
import type { Subject } from './run-spec.ts';
import { isClosed, tallyEnd } from './search.ts';
import { runSeed } from './seed.ts';
import { Sum, afterAll } from './tally.ts';
import type { Tally } from './tally.ts';

export interface SampleResult {
  readonly tally: Tally;
  /** Drawn schedules of which a choice found nothing to strike. */
  readonly idle: number;
}

/** Draws the schedules number `from` to `to` − 1 of a seed, and runs them. */
export function sampleSchedules(subject: Subject, bounds: Bounds, choices: number, seed: number, from: number, to: number, isOver: () => boolean): SampleResult {
  const sum = new Sum();
  const isOpen = (world: World): boolean => !isClosed(world, bounds);
  // Every schedule of a profile begins from the same run.
  const bare = bounds.timings.map((draws) => observe(subject, specOf([], draws), isOpen));
  let idle = 0;
  for (let i = from; i < to && !isOver(); i++) {
    const chooser = seeded(runSeed(seed, i));
    const timing = chooser.choose(bounds.timings.length, 'timing');
    const chosen: Choice[] = [];
    let run: Observed | null = bare[timing]!;
    for (let n = 0; run !== null && n < choices; n++) {
      const next = drawChoice(subject, bounds, chosen, run.moments, chooser, n);
      if (next !== null) chosen.push(next);
      run = next === null ? null : observe(subject, specOf(chosen, bounds.timings[timing]!), isOpen);
      if (run?.world.plan.fired.includes(false) === true) run = null;
    }
    if (run === null) idle++;
    else sum.add(afterAll(chosen, tallyEnd(run.world, run.config, timing)));
  }
  return { tally: sum.end(), idle };
}

/** Every choice that may follow the chosen ones is as likely as any other; null when there is none. */
function drawChoice(subject: Subject, bounds: Bounds, chosen: readonly Choice[], moments: readonly Moment[], chooser: Chooser, n: number): Choice | null {
  const last = chosen.findLast((choice) => momentOf(choice) !== null);
  const place = last === undefined ? 0 : moments.findIndex((moment) => isSameMoment(moment, momentOf(last)!)) + 1;
  const forked = chosen.some((choice) => 'fork' in choice);
  const offers = [
    ...(last === undefined ? choicesBefore(bounds, subject.procedure, chosen) : []),
    ...moments.slice(place).flatMap((moment) => choicesAt(bounds, subject.procedure, moment)).filter((choice) => !forked || !('fork' in choice)),
  ];
  if (offers.length === 0) return null;
  // A chooser draws from fewer than 4096: two digits reach all.
  const high = chooser.choose(Math.ceil(offers.length / 1024), `choice ${n} of a thousand`);
  const low = chooser.choose(1024, `choice ${n}`);
  return offers[(high * 1024 + low) % offers.length]!;
}
