/** The moments at which something might have struck in a run, each once, in the order in which they came. */
import { strikeWaiting } from '../sim/faults.ts';
import { prepareRun } from '../sim/run.ts';
import { runWorld } from '../sim/world.ts';
import type { Moment, World } from '../sim/world.ts';
import { configOf } from './run-spec.ts';
import type { RunSpec, Subject } from './run-spec.ts';

/** Those of the run of a spec; with `isOpen`, those at which it says so. */
export function momentsOf(subject: Subject, spec: RunSpec, isOpen: (world: World) => boolean = () => true): Moment[] {
  const world = prepareRun(configOf(subject, spec), spec.faults);
  const moments = new Map<string, Moment>();
  world.reach = (here, moment) => {
    strikeWaiting(here, moment);
    const key = JSON.stringify(moment);
    if (!moments.has(key) && isOpen(here)) moments.set(key, moment);
  };
  runWorld(world);
  return [...moments.values()];
}
