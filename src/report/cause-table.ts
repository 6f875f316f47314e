/** Causes for a terminal: one paragraph a mechanism, one row a cause. */
import type { CauseGroup } from '../explore/causes.ts';
import type { FindingClass } from '../model/verdict.ts';
import { number } from './count.ts';
import { COLUMNS, wrap } from './wrap.ts';

const ROWS_OF_A_MECHANISM = 5;
const KINDS_OF_A_CAUSE = 4;

const HEADINGS: readonly (readonly [FindingClass, string])[] = [
  ['violation', 'Violations, by cause'],
  ['lost-state', 'Lost state, by cause'],
  ['hazard', 'Hazards (no violation by themselves), by cause'],
  ['downtime', 'Downtime, by cause'],
];

export interface CauseTableOptions {
  /** Every cause, not only the first ones of a mechanism. */
  readonly all: boolean;
  /** What is said of a cause by its id: that it is waived. */
  readonly notes: ReadonlyMap<string, string>;
}

/** A table for each class that has causes. */
export function causeTables(groups: readonly CauseGroup[], options: CauseTableOptions): string[] {
  return HEADINGS.flatMap(([cls, heading]) => table(heading, groups.filter((group) => group.class === cls), options));
}

/** One paragraph a mechanism; a row a cause: id, runs, step, and the faults that lead there. */
function table(heading: string, groups: readonly CauseGroup[], { all, notes }: CauseTableOptions): string[] {
  if (groups.length === 0) return [];
  const mechanisms = new Map<string, CauseGroup[]>();
  for (const group of groups) {
    const { mechanism } = partsOf(group);
    mechanisms.set(mechanism, [...(mechanisms.get(mechanism) ?? []), group]);
  }
  const rows = [...mechanisms].flatMap(([mechanism, own]) => {
    const shown = own.filter((group, i) => all || i < ROWS_OF_A_MECHANISM || notes.has(group.id));
    return [
      ...wrap(`  ${mechanism}`, COLUMNS, 4),
      ...shown.flatMap((group) => [
        ...wrap(`    ${group.id} ${number(group.runs).padStart(6)}  ${partsOf(group).step}: ${faultsOf(group, all)}`, COLUMNS, 24),
        ...(notes.has(group.id) ? wrap(`${' '.repeat(24)}${notes.get(group.id)}`, COLUMNS, 24) : []),
      ]),
      ...(shown.length === own.length ? [] : wrap(`    and ${own.length - shown.length} more (--all)`, COLUMNS, 8)),
    ];
  });
  return ['', `${heading} (id, runs, step, faults)`, ...rows];
}

/** The faults that lead to a cause, the most frequent first. */
function faultsOf({ faults }: CauseGroup, all: boolean): string {
  const shown = all ? faults : faults.slice(0, KINDS_OF_A_CAUSE);
  const words = shown.map(([kinds, runs]) => (faults.length === 1 ? kinds : `${kinds} ${number(runs)}`));
  return [...words, ...(shown.length === faults.length ? [] : [`${faults.length - shown.length} more`])].join(', ');
}

/** A cause is "class kind; hosts; step S; mechanism". */
function partsOf({ kind, class: cls, cause }: CauseGroup): { mechanism: string; step: string } {
  const parts = cause.split('; ');
  const [, hosts = '', step = ''] = parts;
  const who = cls === 'downtime' ? [] : [hosts === 'same host' ? 'one host' : 'both hosts'];
  return { mechanism: [kind, ...who, ...parts.slice(3)].join('; '), step };
}
