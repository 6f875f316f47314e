/** What many runs found, and what of it is not the procedure's: exposure, and what its exceptions explain. */
import type { Procedure } from '../transition/procedure.ts';
import { groupByCause } from './causes.ts';
import type { CauseGroup } from './causes.ts';
import { partExceptions } from './exceptions.ts';
import type { Excepted } from './exceptions.ts';
import type { RunSpec, RunSummary } from './run-spec.ts';

export interface SetApart {
  readonly violatedRuns: number;
  /** Runs that ended without exactly one voter. */
  readonly deadRuns: number;
  readonly worstDowntime: number;
  readonly groups: readonly CauseGroup[];
  /** Runs whose end the starting state, or the new voter alone, is the reason of: only the two exposures and the gaps tell of them. */
  readonly exposedRuns: number;
  readonly exposures: readonly CauseGroup[];
  /** Runs that an exception of the procedure explains. */
  readonly excepted: readonly Excepted[];
  /** What leaves the result open, in the runs that are no exposure. */
  readonly unknown: readonly string[];
  readonly gaps: readonly string[];
}

/**
 * Sets apart. `specs` and `runs` belong together by their places; the first `besides` of them were run for comparison, and
 * count neither as violated nor as left without a voter.
 */
export function setApart(specs: readonly RunSpec[], runs: readonly RunSummary[], besides: number, { exceptions = [] }: Procedure): SetApart {
  const own = runs.filter(({ exposed }) => !exposed);
  const counted = runs.slice(besides).filter(({ exposed }) => !exposed);
  const exposed = runs.filter((run) => run.exposed);
  const { left, excepted } = partExceptions(groupByCause(specs.filter((_, i) => !runs[i]!.exposed), own), exceptions);
  return {
    violatedRuns: counted.filter(({ result }) => result === 'violated').length,
    deadRuns: counted.filter(({ live }) => !live).length - excepted.reduce((sum, one) => sum + one.runs, 0),
    worstDowntime: own.reduce((worst, { downtime }) => Math.max(worst, downtime), 0),
    groups: left,
    exposedRuns: exposed.length,
    exposures: groupByCause(specs.filter((_, i) => runs[i]!.exposed), exposed),
    excepted,
    unknown: [...new Set(own.flatMap((run) => run.unknown))].sort(),
    gaps: [...new Set(runs.flatMap((run) => run.gaps))].sort(),
  };
}
