/** What of a search is kept to compare with, and the tables of docs/search.md that are made of it. */
import { readFileSync } from 'node:fs';
import { exceptedRuns } from '../src/explore/exceptions.ts';
import type { ExhaustiveSearch } from '../src/explore/exhaustive.ts';
import { number } from '../src/report/count.ts';
import { withAllTables } from './page-table.ts';

export interface SearchCounts {
  readonly schedules: number;
  readonly idle: number;
  /** Different worlds; of pairs it depends on the threads, and is left out. */
  readonly worlds?: number;
  readonly violated: number;
  readonly exposed: number;
  readonly dead: number;
  readonly excepted: number;
  readonly worstDowntime: number;
  readonly exhausted: boolean;
  /** Violations, by their causes without the step: [what, causes, schedules], most first. */
  readonly violations?: readonly (readonly [what: string, causes: number, schedules: number])[];
}

/** What is kept of a search; of pairs the causes too. */
export function countsOf(found: ExhaustiveSearch): SearchCounts {
  const { most, schedules, idle, worlds, violatedRuns: violated, exposedRuns: exposed, deadRuns: dead, worstDowntime, exhausted } = found;
  const excepted = exceptedRuns(found.excepted);
  return { schedules, idle, ...(most < 2 ? { worlds } : {}), violated, exposed, dead, excepted, worstDowntime, exhausted, ...(most < 2 ? {} : { violations: violationsOf(found) }) };
}

function violationsOf({ groups }: ExhaustiveSearch): [string, number, number][] {
  const kinds = new Map<string, [string, number, number]>();
  for (const { cause, runs, class: grade } of groups) {
    if (grade !== 'violation') continue;
    const what = cause.replace(/^violation /, '').replace(/; step [^;]*/, '');
    const [, causes, schedules] = kinds.get(what) ?? [what, 0, 0];
    kinds.set(what, [what, causes + 1, schedules + runs]);
  }
  return [...kinds.values()].sort((a, b) => b[2] - a[2] || (a[0] < b[0] ? -1 : 1));
}

export type AllCounts = Readonly<Record<string, SearchCounts>>;

/** Where the counts are kept, and what is there. */
export const COUNTS = 'test/fixtures/search-counts.json';

export function storedCounts(): AllCounts {
  return JSON.parse(readFileSync(COUNTS, 'utf8')) as AllCounts;
}

/** The option that says the bounds; those of the search alone are quick. */
function commandOf(key: string): string {
  const [name, within, most] = key.split(' ');
  return `\`${name} --faults ${most}${within === 'quick' ? '' : ` --bounds ${within}`}\``;
}

/** Searches with `most` faults at once: a row each. */
function figuresTable(all: AllCounts, most: number): string[] {
  const rows = Object.entries(all).filter(([key]) => key.endsWith(` ${most}`)).sort(([a], [b]) => (a < b ? -1 : 1));
  const worlds = most < 2;
  return [
    `| search | schedules | ${worlds ? 'different worlds | ' : ''}violated | without exactly one voter | exposure | exceptions | frontier exhausted |`,
    `|---|---|${worlds ? '---|' : ''}---|---|---|---|---|`,
    ...rows.map(([key, { schedules, worlds: different, violated, dead, exposed, excepted, exhausted }]) =>
      `| ${[commandOf(key), number(schedules), ...(worlds ? [number(different ?? 0)] : []), ...[violated, dead, exposed, excepted].map(number), exhausted ? 'yes' : 'no'].join(' | ')} |`),
  ];
}

/** What breaks in one search of pairs, and how often. */
function violationsTable({ violations = [] }: SearchCounts): string[] {
  return [
    '| what breaks | causes | schedules |',
    '|---|---|---|',
    ...violations.map(([what, causes, schedules]) => `| ${what.replace('; other host', '').replace('same host', 'by one host alone')} | ${number(causes)} | ${number(schedules)} |`),
  ];
}

/** docs/search.md with the tables of these counts. Throws Error without the pairs of the guide's hot swap. */
export function withFigures(page: string, all: AllCounts): string {
  const guide = all['guide-hot-swap pairs 2'];
  if (guide === undefined) throw new Error('there are no counts of the pairs of guide-hot-swap');
  return withAllTables(page, { singles: figuresTable(all, 1), pairs: figuresTable(all, 2), 'guide-pairs': violationsTable(guide) });
}
