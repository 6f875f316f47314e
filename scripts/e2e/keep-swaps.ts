/**
 * Keeps the times of the swaps in recordings of `npm run e2e` in test/fixtures/e2e/swap-times.json, without its logs:
 *
 *     npx tsx scripts/e2e/keep-swaps.ts reports/e2e/swaps reports/e2e/a-1
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { leaderSlotsOf, timesOf } from './recorded-swaps.ts';
import type { SwapTimes } from './swap-times.ts';

const folders = process.argv.slice(2);
if (folders.length === 0) throw new Error('name the folders of recordings');
const read = folders.map((folder) => {
  const { keys } = JSON.parse(readFileSync(`${folder}/run.json`, 'utf8')) as { keys: { identity: string } };
  const swaps = timesOf(folder, keys.identity);
  return { swaps, leaderSlots: leaderSlotsOf(swaps, readFileSync(`${folder}/chain.json`, 'utf8')) };
});
const thousandths = (swap: SwapTimes) => Object.fromEntries(Object.entries(swap).map(([key, value]: [string, number | null]) => [key, value === null ? null : Math.round(value * 1000) / 1000]));
const set = {
  name: 'containers', what: 'by `npm run e2e`, scp over ssh',
  swaps: read.flatMap(({ swaps }) => swaps.map(thousandths)), leaderSlots: read.flatMap(({ leaderSlots }) => leaderSlots),
};
writeFileSync(fileURLToPath(new URL('../../test/fixtures/e2e/swap-times.json', import.meta.url)), `${JSON.stringify(set)}\n`);
