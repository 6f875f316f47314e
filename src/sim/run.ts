/** One run: a world from a configuration and a plan of faults, to its trace. */
import { TRACE_SCHEMA } from '../model/trace.ts';
import type { Trace } from '../model/trace.ts';
import { PRODUCT_VERSION } from '../model/version.ts';
import { assumptionsOf } from './assumptions.ts';
import { createWorld } from './create-world.ts';
import type { WorldConfig } from './create-world.ts';
import { armFaults, mutatedProcedure, preparationsOf, standingMistakes } from './faults.ts';
import type { Fault } from './faults.ts';
import { concludeRun } from './run-end.ts';
import { runWorld } from './world.ts';
import type { World } from './world.ts';

export interface RunResult {
  readonly trace: Trace;
  readonly world: World;
  /** For each fault of the plan, whether its moment came and it took effect. */
  readonly fired: readonly boolean[];
}

/** A world with its faults set, before the first event. Throws RangeError for unknown faults. */
export function prepareRun(config: WorldConfig, faults: readonly Fault[]): World {
  const preparation = [...(config.preparation ?? []), ...preparationsOf(faults)];
  const world = createWorld({ ...config, preparation, procedure: mutatedProcedure(config.procedure, faults), written: mutatedProcedure(config.procedure, standingMistakes(faults)) });
  armFaults(world, faults, config.procedure);
  return world;
}

/** The trace of a world that has come to its end. */
export function traceOf(world: World, config: WorldConfig): Trace {
  const { site } = world;
  return {
    header: {
      type: 'header', schema: TRACE_SCHEMA, product: PRODUCT_VERSION, source: 'simulation', hosts: ['active', 'inactive'],
      voteAccount: world.voteAccount, stakedIdentity: world.stakedIdentity, client: `agave ${world.version}`, consensus: 'tower',
      slotMs: site.slotMs, stakeShare: site.stakeShare, procedure: config.procedure.name, assumptions: assumptionsOf(config),
    },
    events: world.events,
  };
}

/** Runs a world to its end. Deterministic: the same configuration and faults give the same trace. */
export function run(config: WorldConfig, faults: readonly Fault[] = []): RunResult {
  const world = prepareRun(config, faults);
  runWorld(world);
  concludeRun(world);
  return { trace: traceOf(world, config), world, fired: world.plan.fired };
}
