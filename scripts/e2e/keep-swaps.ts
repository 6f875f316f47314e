/**
 * Keeps the times of a recording of `npm run e2e -- --swaps N` in test/fixtures/e2e/swap-times.json, without its logs:
 *
 *     npx tsx scripts/e2e/keep-swaps.ts reports/e2e/swaps
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { leaderSlotsOf, timesOf } from './recorded-swaps.ts';
import type { SwapSet } from './recorded-swaps.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('name the folder of the recording');
const { keys } = JSON.parse(readFileSync(`${folder}/run.json`, 'utf8')) as { keys: { identity: string } };
const swaps = timesOf(folder, keys.identity).map((swap) => Object.fromEntries(Object.entries(swap).map(([key, value]) => [key, value === null ? null : Math.round(value * 1000) / 1000])));
const set = { name: 'containers', what: 'the guide, scp over ssh, three containers, a sixth of the stake', swaps, leaderSlots: leaderSlotsOf(timesOf(folder, keys.identity), readFileSync(`${folder}/chain.json`, 'utf8')) };
writeFileSync(fileURLToPath(new URL('../../test/fixtures/e2e/swap-times.json', import.meta.url)), `${JSON.stringify(set as unknown as SwapSet, null, 1)}\n`);
