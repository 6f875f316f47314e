import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COVERAGE_FILE, SCENARIO_FOLDER, coveragePage, readRows } from '../../scripts/coverage.ts';
import { loadScenarios } from '../../src/scenario/load.ts';

const rows = readRows();
const scenarios = loadScenarios(SCENARIO_FOLDER);

test('docs/coverage.md is up to date', () => {
  expect(readFileSync(COVERAGE_FILE, 'utf8')).toBe(coveragePage(rows, scenarios));
});

test('all rows are there, each once', () => {
  expect(rows.catalogue.map(({ row }) => row)).toEqual(Array.from({ length: 137 }, (_, i) => i + 1));
  expect(rows.races.map(({ row }) => row)).toEqual(Array.from({ length: 22 }, (_, i) => `R${i + 1}`));
});

test('a row without a scenario needs a reason, and one with a scenario has none', () => {
  const without = { ...rows, catalogue: rows.catalogue.map((row) => (row.row === 15 ? { row: 15, name: row.name } : row)) };
  expect(() => coveragePage(without, scenarios)).toThrow('row 15 must have either');
  const excused = { ...rows, catalogue: rows.catalogue.map((row) => (row.row === 1 ? { ...row, 'not-yet': 'for no reason' } : row)) };
  expect(() => coveragePage(excused, scenarios)).toThrow('row 1 must have either');
});
