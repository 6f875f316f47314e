/** Causes for a terminal: one paragraph a mechanism, one row a cause. */
import type { FindingClass } from '../model/verdict.ts';
import { number } from './count.ts';
import type { DocumentFinding } from './document/schema.ts';
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
}

/** A table for each class that has causes. */
export function causeTables(groups: readonly DocumentFinding[], options: CauseTableOptions): string[] {
  return HEADINGS.flatMap(([cls, heading]) => table(heading, groups.filter((group) => group.class === cls), options));
}

/** One paragraph a mechanism; a row a cause: id, runs, step, and the faults that lead there. */
function table(heading: string, groups: readonly DocumentFinding[], { all }: CauseTableOptions): string[] {
  if (groups.length === 0) return [];
  const mechanisms = new Map<string, DocumentFinding[]>();
  for (const group of groups) {
    const mechanism = mechanismOf(group);
    mechanisms.set(mechanism, [...(mechanisms.get(mechanism) ?? []), group]);
  }
  const rows = [...mechanisms].flatMap(([mechanism, own]) => {
    const shown = own.filter((group, i) => all || i < ROWS_OF_A_MECHANISM || group.waived !== null);
    return [
      ...wrap(`  ${mechanism}`, COLUMNS, 4),
      ...shown.flatMap((group) => [
        ...wrap(`    ${group.id} ${number(group.runs).padStart(6)}  step ${group.step ?? '-'}: ${faultsOf(group, all)}`, COLUMNS, 24),
        ...(group.waived === null ? [] : wrap(`${' '.repeat(24)}${group.waived}`, COLUMNS, 24)),
      ]),
      ...(shown.length === own.length ? [] : wrap(`    and ${own.length - shown.length} more (--all)`, COLUMNS, 8)),
    ];
  });
  return ['', `${heading} (id, runs, step, faults)`, ...rows];
}

/** The faults that lead to a cause, the most frequent first. */
function faultsOf({ faults }: DocumentFinding, all: boolean): string {
  const shown = all ? faults : faults.slice(0, KINDS_OF_A_CAUSE);
  const words = shown.map(({ kinds, runs }) => (faults.length === 1 ? kinds : `${kinds} ${number(runs)}`));
  return [...words, ...(shown.length === faults.length ? [] : [`${faults.length - shown.length} more`])].join(', ');
}

/** Kind, whether it is of one host, and how it came about. */
function mechanismOf({ kind, class: grade, hosts, mechanism }: DocumentFinding): string {
  const who = grade === 'downtime' ? [] : [hosts === 'same host' ? 'one host' : 'both hosts'];
  return [kind, ...who, mechanism].filter((part) => part !== '').join('; ');
}
