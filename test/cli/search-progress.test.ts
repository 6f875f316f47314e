/** A search that was stopped goes on from its file, and comes to the same. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openProgress } from '../../src/cli/search-progress.ts';
import { parseBounds } from '../../src/explore/bounds.ts';
import { STOP, searchAll } from '../../src/explore/exhaustive.ts';
import type { ExhaustiveSearch } from '../../src/explore/exhaustive.ts';
import type { Subject } from '../../src/explore/run-spec.ts';
import { InputError } from '../../src/model/diagnostic.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const folder = mkdtempSync(join(tmpdir(), 'solevoter-progress-'));
afterAll(() => rmSync(folder, { recursive: true }));

const subject: Subject = { site: GUIDE_SITE, procedure: loadProcedure('guide-hot-swap', GUIDE_SITE, {}) };
const bounds = parseBounds(
  'bounds: small\nkinds: [command-fails, operator-stops, leftover-tower]\nsteps: [before, after]\nvalidator-steps: []\nslots-around: 0\nheals: [1]\n' +
  'forks: { losing: [1], skipped: [0], first-seen: [losing], winners: [second] }\ntimings: [{}]\n', 'small.yaml');

/** Searches with the progress of a file, and stops after so many parts. */
async function search(file: string | null, most: number, parts = Infinity): Promise<ExhaustiveSearch> {
  const stop = new Int32Array(new SharedArrayBuffer(4)).fill(STOP.not);
  const progress = file === null ? null : openProgress(file, subject, bounds, most);
  let done = 0;
  return searchAll(subject, {
    bounds, most, workers: 1, stop, memoryMiB: 4096,
    ...(progress === null ? {} : { done: progress.done }),
    onPart: (place, result) => {
      progress?.add(place, result);
      if (++done === parts) Atomics.store(stop, 0, STOP.time);
    },
  });
}

/** All that a search found, its effort apart. */
const found = ({ schedules, byChoices, idle, exhausted, violatedRuns, deadRuns, worstDowntime, unknown, groups }: ExhaustiveSearch) =>
  ({ schedules, byChoices, idle, exhausted, violatedRuns, deadRuns, worstDowntime, unknown, groups });

test('a search that is stopped twice and resumed comes to what one search comes to', async () => {
  const file = join(folder, 'pairs.jsonl');
  const first = await search(file, 2, 40);
  expect(first.exhausted).toBe(false);
  // As when it was killed in the middle of a line.
  appendFileSync(file, '{"place":5,"resu');
  const second = await search(file, 2, 40);
  expect(second.exhausted).toBe(false);
  expect(second.schedules).toBeGreaterThan(first.schedules);
  const last = await search(file, 2);
  expect(last.exhausted).toBe(true);
  const whole = await search(null, 2);
  expect(whole.groups.length).toBeGreaterThan(3);
  expect(found(last)).toEqual(found(whole));
  // Nothing is left to do.
  const parts = readFileSync(file, 'utf8');
  expect(found(await search(file, 2))).toEqual(found(whole));
  expect(readFileSync(file, 'utf8')).toBe(parts);
}, 300_000);

test('the progress of another search is refused, and left as it is', () => {
  const file = join(folder, 'other.jsonl');
  openProgress(file, subject, bounds, 1);
  const before = readFileSync(file, 'utf8');
  expect(() => openProgress(file, subject, bounds, 2)).toThrow(InputError);
  expect(() => openProgress(file, { ...subject, procedure: { ...subject.procedure, steps: subject.procedure.steps.slice(1) } }, bounds, 1)).toThrow('progress of another search');
  expect(readFileSync(file, 'utf8')).toBe(before);
});
