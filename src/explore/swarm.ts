/**
 * Swarm runs: beyond the bounds of a rehearsal, several faults at once in worlds that fork and are slow. The seed of a
 * run first draws the configuration, which leaves most of what could happen out; then the world, from what is left. Runs
 * that each lack much meet more than runs that each have everything: what a fault prevents is seen where it is off.
 */
import { seeded } from '../sim/chooser.ts';
import type { Chooser } from '../sim/chooser.ts';
import type { Heal } from '../sim/faults.ts';
import { PREPARATION_KINDS, preparationKindsIn } from '../sim/preparation.ts';
import type { Procedure } from '../transition/procedure.ts';
import { HEALS, KINDS, drawFault, fittingFaults, pick, possibleKinds } from './fault-space.ts';
import type { RunSpec, Subject } from './run-spec.ts';
import type { StepSlots } from './single-faults.ts';
import { LATENCY_NAMES, LONGEST_FORK, drawFork, drawSkips, drawTimings } from './world-space.ts';

/** Faults of one run. */
export const MOST_FAULTS = 6;
/** Skipped slots of one run, those of a fork apart. */
export const MOST_SKIPS = 4;

/** How often a kind is drawn, beside the others of its run: half of them are off. */
const WEIGHTS = [0, 0, 0, 0, 1, 1, 2, 4] as const;
/** One run of so many begins with a flaw of the preparation. */
const RUNS_A_FLAW = 8;

/** What there can be in a run. */
interface Configuration {
  readonly faults: number;
  /** The first fault is a flaw of the preparation. */
  readonly flaw: boolean;
  /** The others are of these kinds, by weight. */
  readonly kinds: readonly string[];
  readonly heals: readonly Heal[];
  /** Blocks on a losing branch at most. */
  readonly fork: number;
  readonly skips: number;
  /** Names of the latencies that vary. */
  readonly timings: readonly string[];
}

/** One run of a swarm. `slots` are those of the run without faults; equal seeds (32 bits) give equal runs. */
export function swarmSpec({ procedure }: Subject, slots: StepSlots, seed: number): RunSpec {
  return drawSwarm(procedure, slots, seeded(seed));
}

/** A run from any choices; the mildest of all is the run without faults. */
export function drawSwarm(procedure: Procedure, slots: StepSlots, chooser: Chooser): RunSpec {
  const configuration = drawConfiguration(procedure, chooser);
  const { heals, flaw, kinds } = configuration;
  const faults = Array.from({ length: configuration.faults }, (_, i) => {
    const from = flaw && i === 0 ? preparationKindsIn(procedure) : kinds;
    return from.length === 0 ? [] : [drawFault({ procedure, slots, kinds: from, heals }, chooser, `fault/${i + 1}`)];
  }).flat();
  const fork = drawFork(slots, configuration.fork, chooser);
  const skips = drawSkips(slots, configuration.skips, chooser);
  const draws = drawTimings(configuration.timings, chooser);
  return { faults: fittingFaults(procedure, faults), fork, draws, ...(skips.length === 0 ? {} : { skips }) };
}

function drawConfiguration(procedure: Procedure, chooser: Chooser): Configuration {
  const faults = chooser.choose(MOST_FAULTS + 1, 'swarm/faults');
  const flaw = chooser.choose(RUNS_A_FLAW, 'swarm/flaw') === RUNS_A_FLAW - 1;
  const inRun = possibleKinds(procedure, KINDS.filter((kind) => !PREPARATION_KINDS.includes(kind)));
  const kinds = inRun.flatMap((kind) => Array.from({ length: pick(chooser, WEIGHTS, `swarm/kind/${kind}`) }, () => kind));
  const heals = HEALS.slice(0, 1 + chooser.choose(HEALS.length, 'swarm/heals'));
  const fork = chooser.choose(2, 'swarm/forks') === 0 ? 0 : 1 + chooser.choose(LONGEST_FORK, 'swarm/fork');
  const skips = chooser.choose(2, 'swarm/skipping') === 0 ? 0 : 1 + chooser.choose(MOST_SKIPS, 'swarm/skips');
  const share = pick(chooser, ['none', 'some', 'all'] as const, 'swarm/timings');
  const timings = LATENCY_NAMES.filter((name) => share === 'all' || (share === 'some' && chooser.choose(2, `swarm/timing/${name}`) === 1));
  return { faults, flaw, kinds, heals, fork, skips, timings };
}
