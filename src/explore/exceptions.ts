/**
 * What no procedure can prevent: a procedure file names it, with an argument and a scenario that shows it. A search
 * matches it by the finding and the faults that lead there, counts it, and tells it apart.
 */
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';
import { FAULT_KINDS } from '../sim/fault-kinds.ts';
import { OPERATOR_KINDS } from '../sim/faults.ts';
import { PREPARATION_KINDS } from '../sim/preparation.ts';
import type { Exception, Procedure } from '../transition/procedure.ts';
import type { CauseGroup } from './causes.ts';

/** Schedules that an exception explains. */
export interface Excepted<Group extends CauseGroup = CauseGroup> {
  readonly exception: Exception;
  /** With the schedules that it explains, and no others. */
  readonly groups: readonly Group[];
  readonly runs: number;
}

/** Parts a list of causes into what the exceptions explain and what is left, each with its own counts. */
export function partExceptions<Group extends CauseGroup>(groups: readonly Group[], exceptions: readonly Exception[]): { readonly left: Group[]; readonly excepted: Excepted<Group>[] } {
  let left = [...groups];
  const excepted = exceptions.map((exception): Excepted<Group> => {
    const taken: Group[] = [];
    left = left.flatMap((group) => {
      if (group.kind !== exception.finding) return [group];
      const isExplained = ([kinds]: readonly [string, number]) => kinds.split(' + ').includes(exception.with);
      const explained = withFaults(group, group.faults.filter(isExplained));
      if (explained.runs > 0) taken.push(explained);
      const rest = withFaults(group, group.faults.filter((row) => !isExplained(row)));
      return rest.runs > 0 ? [rest] : [];
    });
    return { exception, groups: taken, runs: taken.reduce((runs, group) => runs + group.runs, 0) };
  });
  return { left, excepted: excepted.filter(({ runs }) => runs > 0) };
}

/** All schedules that exceptions explain. */
export function exceptedRuns(excepted: readonly Excepted[]): number {
  return excepted.reduce((runs, one) => runs + one.runs, 0);
}

function withFaults<Group extends CauseGroup>(group: Group, faults: CauseGroup['faults']): Group {
  return { ...group, faults, runs: faults.reduce((runs, [, count]) => runs + count, 0) };
}

/** Throws InputError when an exception names a kind of fault that there is not. */
export function checkExceptions({ exceptions = [], file = '' }: Procedure): void {
  const kinds = [...Object.keys(FAULT_KINDS), ...OPERATOR_KINDS, ...PREPARATION_KINDS, 'fork'];
  const wrong = exceptions.filter((exception) => !kinds.includes(exception.with));
  if (wrong.length === 0) return;
  throw new InputError(wrong.map(({ with: kind, line, column }) => withNearest({
    file, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }),
    message: `there is no kind of fault "${kind}"`, expected: 'a kind of docs/model.md, or "fork"',
  }, nearestWord(kind, kinds))));
}
