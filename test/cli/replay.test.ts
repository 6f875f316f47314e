import { expect, it } from 'vitest';
import { VIOLATED, guideToken } from './samples.ts';
import { solevoter } from './solevoter.ts';

const STALE = { kind: 'tower-stale', on: 'inactive', at: { kind: 'step', index: 4, when: 'before' }, heal: 1 } as const;
const CLOCK = { kind: 'clock-back', on: 'active', at: { kind: 'step', index: 0, when: 'before' }, heal: 1 } as const;
const FORK = { at: 60, losing: 1, skipped: 0, firstSeen: { active: 'winning', inactive: 'winning' }, winner: 'second' } as const;
const whole = guideToken({ faults: [CLOCK, STALE], fork: FORK });

it.each([
  ['1', 'fault 1', 'remains', 1, guideToken({ faults: [STALE], fork: FORK })],
  ['clock-back', 'clock-back', 'remains', 1, guideToken({ faults: [STALE], fork: FORK })],
  ['fork', 'fork', 'remains', 1, guideToken({ faults: [CLOCK, STALE] })],
  ['2', 'fault 2', 'is gone', 0, guideToken({ faults: [CLOCK], fork: FORK })],
])('--without %s says whether each violation remains, and gives the token of the rest', async (fault, words, what, code, token) => {
  const ended = await solevoter(['replay', whole, '--without', fault]);
  expect(ended.stderr).toBe('');
  expect(ended.stdout.split('\n').slice(0, 5)).toEqual([`Without ${words}:`, `  SV-cf0a89a0 lockout-violation-stack: ${what}`, '', 'Replay it without:', `  npx solevoter replay ${token}`]);
  expect(ended.code).toBe(code);
  const rest = await solevoter(['replay', token]);
  expect(ended.stdout.endsWith(`\n\n${rest.stdout}`)).toBe(true);
});

it('--no-return tells the point of no return beneath the story, with what was tried; not without being asked', async () => {
  const { stdout } = await solevoter(['replay', VIOLATED, '--no-return']);
  expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  const words = stdout.replaceAll(/\n +/g, ' ');
  expect(words).toMatch(/\nPoint of no return of SV-cf0a89a0: slot \d+, \d\.\d{3} s, inactive: sends its vote for slot \d+\. /);
  expect(words).toMatch(/ Tried: \d+ of \d+ cuts between commands, [\d,]+ stretches from slot to slot, bounds "quick"/);
  expect((await solevoter(['replay', VIOLATED])).stdout).not.toContain('Point of no return');
});
