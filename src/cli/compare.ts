/** `solevoter compare PROCEDURES…`: what each survives, and what each costs, side by side. */
import { availableParallelism } from 'node:os';
import { describeBounds } from '../explore/bounds.ts';
import type { ExhaustiveSearch } from '../explore/exhaustive.ts';
import { kindsIn } from '../explore/fault-space.ts';
import { EXIT } from '../model/exit-code.ts';
import { compareLines } from '../report/compare-text.ts';
import type { Compared } from '../report/compare-text.ts';
import { agaveOf } from '../transition/site.ts';
import { boundsOf } from './bounds-option.ts';
import { searchWithin } from './search-within.ts';
import { loadSubject } from './subject.ts';
import type { SubjectOptions } from './subject.ts';
import { printLines, progressLine } from './terminal.ts';

export interface CompareOptions extends Omit<SubjectOptions, 'param'> {
  /** Shipped bounds by name, or a file. */
  readonly bounds: string;
  readonly faults: number;
  /** Ends each search after so many seconds, as unknown. */
  readonly seconds?: number;
  readonly workers?: number;
}

/** Prints the comparison. Exit 0 when every search came to its end, otherwise unknown: it judges nothing. Throws InputError. */
export async function compareCommand(names: readonly string[], options: CompareOptions): Promise<number> {
  const bounds = boundsOf(options.bounds);
  const workers = options.workers ?? availableParallelism();
  const subjects = names.map((name) => loadSubject(name, options));
  const rows: Compared[] = [];
  let exhausted = true;
  for (const subject of subjects) {
    const search = await searchWithin(subject, options.seconds, { bounds, most: options.faults, workers, onProgress: (done, of) => progressLine(`${subject.name}: part ${done} of ${of}`) });
    rows.push(comparedOf(subject.name, search));
    exhausted &&= search.exhausted;
  }
  progressLine('');
  printLines(compareLines(rows, options.faults, describeBounds(bounds, subjects[0]!.procedure).slice(1)));
  return exhausted ? EXIT.holds : EXIT.unknown;
}

/** What of a search stands in the table. */
function comparedOf(name: string, search: ExhaustiveSearch): Compared {
  const { subject: { site, procedure }, baseline, groups } = search;
  const kinds = kindsIn(procedure);
  const blamed = (counts: (group: (typeof groups)[number]) => boolean) => new Set(groups.filter(counts).flatMap(({ faults }) => faults.map(([kind]) => kind)));
  return {
    name,
    agave: agaveOf(site, procedure),
    slotMs: site.slotMs,
    downtime: baseline.judgement.downtime.slots,
    worstDowntime: search.worstDowntime,
    schedules: search.schedules,
    violated: search.violatedRuns,
    dead: search.deadRuns,
    exhausted: search.exhausted,
    kinds: kinds.length,
    violating: [...blamed((group) => group.class === 'violation')].sort(),
    silencing: [...blamed((group) => group.kind === 'nobody-votes')].sort(),
    result: search.result,
  };
}
