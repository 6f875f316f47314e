/** A run to its end, and the moments at which something might have struck in it. */
import { strikeWaiting } from '../sim/faults.ts';
import { prepareRun } from '../sim/run.ts';
import { runWorld } from '../sim/world.ts';
import type { Moment, World } from '../sim/world.ts';
import type { WorldConfig } from '../sim/create-world.ts';
import { configOf } from './run-spec.ts';
import type { RunSpec, Subject } from './run-spec.ts';

export interface Observed {
  readonly config: WorldConfig;
  /** At its end. */
  readonly world: World;
  /** Each once, in the order in which they came. */
  readonly moments: readonly Moment[];
}

/** The run of a spec; with `isOpen`, only the moments at which it says so. */
export function observe(subject: Subject, spec: RunSpec, isOpen: (world: World) => boolean = () => true): Observed {
  const config = configOf(subject, spec);
  const world = prepareRun(config, spec.faults);
  const moments = new Map<string, Moment>();
  world.reach = (here, moment) => {
    strikeWaiting(here, moment);
    const key = JSON.stringify(moment);
    if (!moments.has(key) && isOpen(here)) moments.set(key, moment);
  };
  runWorld(world);
  return { config, world, moments: [...moments.values()] };
}
