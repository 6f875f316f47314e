import { beforeAll, describe, expect, it } from 'vitest';
import { replayCommand } from '../../src/cli/replay.ts';
import type { ReportDocument } from '../../src/report/document/schema.ts';
import { writeIncidents } from '../../src/report/incident.ts';
import { VIOLATED, guideToken } from '../cli/samples.ts';
import { writtenBy } from './documents.ts';

const FORK = guideToken({ fork: { at: 0, losing: 1, skipped: 4, firstSeen: { active: 'losing', inactive: 'winning' }, winner: 'first' } });

const logsOf = async (token: string): Promise<string[][]> => {
  const document = JSON.parse(await writtenBy((json) => replayCommand(token, { json, noReturn: false, bounds: 'steps' }))) as ReportDocument;
  return writeIncidents(document).map(({ text }) => text.trimEnd().split('\n'));
};

/** The lines that votalizer writes, in its order. */
const FIELDS = [
  /^lockout violation: \w{43,44}$/, /^signature: /, /^vote slot: \d+$/, /^root slot: \d+$/, /^last lockout slot: \d+$/, /^tower:$/,
  /^fork at vote slot \d+ to common ancestor:$/, /^fork at lockout slot \d+ to common ancestor:$/, /^common fork ancestors:$/, /^vote transaction history:$/,
];

let fork: string[] = [];
let stack: string[] = [];
beforeAll(async () => {
  [[fork = []], [stack = []]] = [await logsOf(FORK), await logsOf(VIOLATED)] as [string[][], string[][]];
}, 600_000);

const after = (log: readonly string[], head: RegExp): string => log[log.findIndex((line) => head.test(line)) + 1]!;
const slots = (line: string): number[] => line.replace(/^ {2}- /, '').split(', ').map(Number);

describe('an incident log', () => {
  it('has the fields of votalizer in their order', () => {
    for (const log of [fork, stack]) {
      const places = FIELDS.map((field) => log.findIndex((line) => field.test(line)));
      expect(places).not.toContain(-1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  });

  it('follows both forks back to the common ancestor', () => {
    const [voted, locked, common] = [after(fork, /^fork at vote/), after(fork, /^fork at lockout/), after(fork, /^common fork/)].map(slots) as [number[], number[], number[]];
    const vote = Number(fork[2]!.split(': ')[1]);
    expect(voted[0]).toBe(vote);
    expect(locked.length).toBeGreaterThan(0);
    expect(voted.filter((slot) => locked.includes(slot))).toEqual([]);
    expect(common[0]).toBeLessThan(Math.min(...voted, ...locked));
    expect(vote).toBeLessThanOrEqual(Number(fork[4]!.split(': ')[1]));
  });

  it('says of a violation on one fork that a detector of forks does not see it', () => {
    expect(after(stack, /^fork at lockout/)).toBe('  - none');
    expect(stack.at(-1)).toMatch(/^note: both votes are on one fork; /);
    expect(fork.at(-1)).toMatch(/^replay: npx solevoter replay sv1\./);
  });

  it('has the tower as it was, oldest first, each lockout doubling', () => {
    const rows = stack.slice(stack.indexOf('tower:') + 1, stack.findIndex((line) => line.startsWith('fork at vote'))).map((line) => /^ {2}- (\d+) \(conf: (\d+)\), last lockout slot: (\d+)$/.exec(line)!.slice(1).map(Number));
    expect(rows.length).toBeGreaterThan(10);
    for (const [slot, count, end] of rows as [number, number, number][]) expect(end).toBe(slot + 2 ** count);
  });
});
