/** What many runs found, and what of it is not the procedure's: exposure, and what its exceptions explain. */
import { resultOf } from '../model/verdict.ts';
import type { Result } from '../model/verdict.ts';
import type { Procedure } from '../transition/procedure.ts';
import { groupByCause } from './causes.ts';
import type { CauseGroup } from './causes.ts';
import { exceptedRuns, partExceptions } from './exceptions.ts';
import type { Excepted } from './exceptions.ts';
import type { RunSpec, RunSummary } from './run-spec.ts';

/** In a search `Group` tells more of a cause, and what are runs here are schedules. */
export interface SetApart<Group extends CauseGroup = CauseGroup> {
  readonly result: Result;
  readonly violatedRuns: number;
  /** Runs that ended without exactly one voter. */
  readonly deadRuns: number;
  readonly worstDowntime: number;
  readonly groups: readonly Group[];
  /** Runs whose end the starting state, or the new voter alone, is the reason of: the same comes of them when nothing is done. */
  readonly exposedRuns: number;
  /** Causes that come of such runs alone. */
  readonly exposures: readonly Group[];
  /** Runs that an exception of the procedure explains; they are neither in `deadRuns` nor in `groups`. */
  readonly excepted: readonly Excepted<Group>[];
  /** What leaves the result open, in the runs that are no exposure. */
  readonly unknown: readonly string[];
  readonly gaps: readonly string[];
}

/**
 * Sets apart. `specs` and `runs` belong together by their places; the first `besides` of them were run for comparison, and
 * count neither as violated nor as left without a voter. `fired`: whether any fault had its moment.
 */
export function setApart(specs: readonly RunSpec[], runs: readonly RunSummary[], besides: number, fired: boolean, { exceptions = [] }: Procedure): SetApart {
  const own = runs.filter(({ exposed }) => !exposed);
  const counted = runs.slice(besides).filter(({ exposed }) => !exposed);
  const exposed = runs.filter((run) => run.exposed);
  const { left, excepted } = partExceptions(groupByCause(specs.filter((_, i) => !runs[i]!.exposed), own), exceptions);
  const unknown = [...new Set(own.flatMap((run) => run.unknown))].sort();
  if (!fired) unknown.push('no fault had its moment');
  return {
    result: resultOf(left.some((group) => group.class === 'violation'), unknown),
    violatedRuns: counted.filter(({ result }) => result === 'violated').length,
    deadRuns: counted.filter(({ live }) => !live).length - exceptedRuns(excepted),
    worstDowntime: own.reduce((worst, { downtime }) => Math.max(worst, downtime), 0),
    groups: left,
    exposedRuns: exposed.length,
    exposures: groupByCause(specs.filter((_, i) => runs[i]!.exposed), exposed),
    excepted,
    unknown,
    gaps: [...new Set(runs.flatMap((run) => run.gaps))].sort(),
  };
}
