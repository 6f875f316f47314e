/** Puts the figures of searches into docs/search.md: `npx tsx scripts/search-page.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { storedCounts, withFigures } from './search-figures.ts';

const PAGE = 'docs/search.md';
writeFileSync(PAGE, withFigures(readFileSync(PAGE, 'utf8'), storedCounts()));
