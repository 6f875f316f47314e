/** `solevoter compare`: one table for several procedures. */
import { expect, test } from 'vitest';
import { compareLines } from '../../src/report/compare-text.ts';
import type { Compared } from '../../src/report/compare-text.ts';
import { solevoter } from './solevoter.ts';

const ROW: Compared = {
  name: 'a-swap', agave: '4.2.0', slotMs: 400, downtime: 4, worstDowntime: 365, schedules: 1234, violated: 5, dead: 6, exhausted: true, result: 'violated', kinds: 55,
  violating: ['fork', 'freeze'], silencing: [],
};

test('each procedure has a row, and is told by what it breaks', () => {
  const lines = compareLines([ROW, { ...ROW, name: 'another', violated: 0, violating: [], result: 'unknown', exhausted: false, silencing: ['crash'] }], 1, ['these bounds']);
  const text = lines.join('\n');
  expect(text).toMatch(/^a-swap +1,234 +5 +6 +4 +365$/m);
  expect(text).toContain('a-swap, Agave 4.2.0: 4 slots (1.6 s) without a vote when nothing fails; 55 kinds\n  of faults');
  expect(text).toContain('  violated: fork, freeze');
  expect(text).toContain('  nobody votes in the end: crash');
  expect(text).toContain('not judged');
  expect(text).toContain('the search was stopped before its end');
  expect(lines.every((line) => line.length <= 80)).toBe(true);
});

test('the baselines of two procedures side by side', async () => {
  const { stdout, code } = await solevoter(['compare', 'guide-etcd-failover', 'guide-hot-swap', '--faults', '0', '--workers', '1']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^guide-etcd-failover +1 +0 +0 +5 +5$/m);
  expect(stdout).toMatch(/^guide-hot-swap +1 +0 +0 +4 +4$/m);
});

test('a procedure that there is not is bad input', async () => {
  const { stderr, code } = await solevoter(['compare', 'guide-hot-swop']);
  expect(code).toBe(3);
  expect(stderr).toContain('did you mean "guide-hot-swap"?');
});
