import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withFigures } from '../../scripts/search-figures.ts';
import type { AllCounts } from '../../scripts/search-figures.ts';

const counts = () => JSON.parse(readFileSync('test/fixtures/search-counts.json', 'utf8')) as AllCounts;

test('docs/search.md has the figures of the last searches (npx tsx scripts/search-page.ts)', () => {
  const page = readFileSync('docs/search.md', 'utf8');
  expect(withFigures(page, counts())).toBe(page);
});

test('a page without a place for a table is refused', () => {
  expect(() => withFigures('nothing', counts())).toThrow('no place for the table "singles"');
});
