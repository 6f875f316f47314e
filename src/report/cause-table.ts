/** Causes for a terminal: one paragraph a mechanism, one row a cause. */
import type { CauseGroup } from '../explore/causes.ts';
import type { FindingClass } from '../model/verdict.ts';
import { number, plural } from './count.ts';
import { COLUMNS, wrap } from './wrap.ts';

const ROWS_OF_A_MECHANISM = 5;

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

/** One paragraph a mechanism, one row a cause: id, runs, step, faults. */
function table(heading: string, groups: readonly CauseGroup[], { all, notes }: CauseTableOptions): string[] {
  if (groups.length === 0) return [];
  const mechanisms = new Map<string, CauseGroup[]>();
  for (const group of groups) {
    const { mechanism } = partsOf(group);
    mechanisms.set(mechanism, [...(mechanisms.get(mechanism) ?? []), group]);
  }
  const rows = [...mechanisms].flatMap(([mechanism, own]) => {
    const shown = own.filter((group, i) => all || i < ROWS_OF_A_MECHANISM || notes.has(group.id));
    const rest = own.filter((group) => !shown.includes(group));
    return [
      ...wrap(`  ${mechanism}`, COLUMNS, 4),
      ...shown.flatMap((group) => [
        ...wrap(`    ${group.id} ${number(group.runs).padStart(6)}  ${partsOf(group).faults} (${partsOf(group).step})`, COLUMNS, 24),
        ...(notes.has(group.id) ? wrap(`${' '.repeat(24)}${notes.get(group.id)}`, COLUMNS, 24) : []),
      ]),
      ...(rest.length === 0 ? [] : wrap(`    and ${rest.length} more: ${faultsOf(rest)}`, COLUMNS, 8)),
    ];
  });
  return ['', `${heading} (id, runs, faults, step)`, ...rows];
}

/** Single faults by name, several at once by number. */
function faultsOf(groups: readonly CauseGroup[]): string {
  const faults = [...new Set(groups.map((group) => partsOf(group).faults))];
  const single = faults.filter((one) => !one.includes(', '));
  const several = faults.length - single.length;
  return [...single, ...(several === 0 ? [] : [plural(several, 'combination')])].join(', ');
}

/** A cause is "class kind; hosts; step S; mechanism; faults: F". */
function partsOf({ kind, class: cls, cause }: CauseGroup): { mechanism: string; step: string; faults: string } {
  const parts = cause.split('; ');
  const [, hosts = '', step = ''] = parts;
  const faults = parts.at(-1)!.replace('faults: ', '');
  const who = cls === 'downtime' ? [] : [hosts === 'same host' ? 'one host' : 'both hosts'];
  return { mechanism: [kind, ...who, ...parts.slice(3, -1)].join('; '), step, faults: faults === 'none' ? 'no fault' : faults };
}
