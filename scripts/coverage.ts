/**
 * Writes docs/coverage.md: which row of the catalogues is shown by which scenario, and why the others are not.
 *
 *     npx tsx scripts/coverage.ts
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { loadScenarios } from '../src/scenario/load.ts';
import type { Scenario } from '../src/scenario/scenario.ts';

interface Row {
  readonly row: number | string;
  readonly name: string;
  readonly 'not-yet'?: string;
}

export interface Rows {
  readonly catalogue: readonly Row[];
  readonly races: readonly Row[];
}

export const COVERAGE_FILE = fileURLToPath(new URL('../docs/coverage.md', import.meta.url));
export const SCENARIO_FOLDER = fileURLToPath(new URL('../scenarios/', import.meta.url));

export function readRows(): Rows {
  return parse(readFileSync(new URL('coverage-rows.yaml', import.meta.url), 'utf8')) as Rows;
}

/** The page. Throws when a row is both shown and excused, or neither, or when a scenario shows a row that there is not. */
export function coveragePage(rows: Rows, scenarios: readonly Scenario[]): string {
  const shownBy = new Map<string, Scenario[]>();
  for (const scenario of scenarios) for (const row of scenario.shows) shownBy.set(row, [...(shownBy.get(row) ?? []), scenario]);
  const all = [...rows.catalogue, ...rows.races];
  const unknown = [...shownBy.keys()].filter((row) => !all.some((known) => String(known.row) === row));
  if (unknown.length > 0) throw new Error(`scenarios show rows that there are not: ${unknown.join(', ')}`);
  const count = (list: readonly Row[]) => list.filter(({ row }) => shownBy.has(String(row))).length;
  const table = (list: readonly Row[]) => list.map(({ row, name, 'not-yet': notYet }) => {
    const shown = shownBy.get(String(row));
    if ((shown === undefined) === (notYet === undefined)) throw new Error(`row ${row} must have either a scenario or a reason why not`);
    return `| ${row} | ${name} | ${shown?.map((scenario) => `[${scenario.name}](../scenarios/${scenario.name}.yaml)`).join(', ') ?? `not yet: ${notYet}`} |`;
  });
  return [
    '# Coverage',
    '',
    'Made by `npx tsx scripts/coverage.ts`; do not edit.',
    '',
    `${scenarios.length} scenarios, each with a twin that differs in one thing and comes out otherwise, show ${count(rows.catalogue)} of ${rows.catalogue.length} rows of the failure catalogue and ${count(rows.races)} of ${rows.races.length} rows of the race catalogue. A scenario says what it expects; what it expects comes from the sources of Agave and from runs of real validators, and is held against the simulation on every change.`,
    '',
    '## Failure catalogue',
    '',
    '| row | what goes wrong | scenarios |',
    '|---|---|---|',
    ...table(rows.catalogue),
    '',
    '## Race catalogue',
    '',
    '| row | race | scenarios |',
    '|---|---|---|',
    ...table(rows.races),
    '',
    '## Scenarios',
    '',
    '| scenario | what happens | rows |',
    '|---|---|---|',
    ...scenarios.map(({ name, title, shows }) => `| [${name}](../scenarios/${name}.yaml) | ${title} | ${shows.join(', ')} |`),
    '',
  ].join('\n');
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  writeFileSync(COVERAGE_FILE, coveragePage(readRows(), loadScenarios(SCENARIO_FOLDER)));
}
