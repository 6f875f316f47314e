import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PAGE, RUNS, SEED, simulatedSwaps, withTables } from '../../scripts/e2e/latency-report.ts';
import { recordedSwaps } from '../../scripts/e2e/recorded-swaps.ts';

test('the tables of docs/fidelity-swaps.md are up to date (npx tsx scripts/e2e/latency-report.ts)', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(withTables(page, recordedSwaps(), simulatedSwaps(RUNS, SEED))).toBe(page);
});
