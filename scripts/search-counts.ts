/**
 * How much each search of a shipped procedure visits, exactly: schedules, different worlds, violations. A change of these
 * numbers is a change of the model, of the bounds or of the search, and must be meant. `npm run search-counts` compares
 * with test/fixtures/search-counts.json; `-- --update` writes it, `-- --long` takes those too that take minutes.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import type * as BoundsModule from '../src/explore/bounds.ts';
import type * as ExhaustiveModule from '../src/explore/exhaustive.ts';
import type * as ProcedureFileModule from '../src/transition/procedure-file.ts';
import type * as SiteModule from '../src/transition/site.ts';
import { COUNTS, countsOf, storedCounts } from './search-figures.ts';
import type { SearchCounts } from './search-figures.ts';

const load = <T>(path: string): Promise<T> => import(pathToFileURL(`dist/${path}`).href) as Promise<T>;
const { loadBounds } = await load<typeof BoundsModule>('explore/bounds.js');
const { STOP, searchAll } = await load<typeof ExhaustiveModule>('explore/exhaustive.js');
const { loadProcedure, shippedProcedures } = await load<typeof ProcedureFileModule>('transition/procedure-file.js');
const { GUIDE_SITE } = await load<typeof SiteModule>('transition/site.js');

const update = process.argv.includes('--update');
const long = process.argv.includes('--long');
const only = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const known: Record<string, SearchCounts> = { ...storedCounts() };
/** Those that take minutes: single faults within `quick` but for the shortest, within `full`, and pairs. */
const LONG = /quick|full|pairs/;
const SHORT = /^guide-hot-swap quick/;
const searches = [
  ...shippedProcedures().flatMap((name) => ['steps', 'quick', 'full'].map((within) => ({ name, within, most: 1 }))),
  ...['guide-hot-swap', 'guarded-hot-swap', 'strict-hot-swap'].map((name) => ({ name, within: 'pairs', most: 2 })),
];
let differences = 0;

for (const { name, within, most } of searches) {
  const key = `${name} ${within} ${most}`;
  if (only.length > 0 ? !only.some((word) => key.includes(word)) : !(key in known) || (!long && LONG.test(key) && !SHORT.test(key))) continue;
  const subject = { site: GUIDE_SITE, procedure: loadProcedure(name, GUIDE_SITE, {}) };
  const begun = performance.now();
  const found = await searchAll(subject, {
    bounds: loadBounds(within), most, workers: availableParallelism(), stop: new Int32Array(new SharedArrayBuffer(4)).fill(STOP.not), memoryMiB: 8000,
  });
  const counts = countsOf(found);
  const same = JSON.stringify(counts) === JSON.stringify(known[key]);
  console.log(`${same ? 'same   ' : update ? 'written' : 'DIFFERS'} ${key}: ${JSON.stringify(counts)} (${found.slots} slots, ${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  if (!same && !update) console.log(`        known: ${JSON.stringify(known[key])}`);
  if (!same) differences++;
  if (update) known[key] = counts;
}
if (update) writeFileSync(COUNTS, `${JSON.stringify(known, null, 2)}\n`);
process.exitCode = differences > 0 && !update ? 1 : 0;
