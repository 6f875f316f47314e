import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { storedCounts, withFigures } from '../../scripts/search-figures.ts';

test('docs/search.md has the figures of the last searches (npx tsx scripts/search-page.ts)', () => {
  const page = readFileSync('docs/search.md', 'utf8');
  expect(withFigures(page, storedCounts())).toBe(page);
});

test('a page without a place for a table is refused', () => {
  expect(() => withFigures('nothing', storedCounts())).toThrow('no place for the table "singles"');
});
