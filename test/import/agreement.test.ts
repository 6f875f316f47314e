/** Logs and chain are compared slot by slot: what does not fit is told, and nothing else. Logs may begin in the middle. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/check/judge.ts';
import { readRecording } from '../../src/cli/import.ts';
import { sameStack } from '../../src/model/lockout.ts';
import { savedStack } from '../../src/import/saved-stack.ts';
import { emptyFolder } from '../cli/solevoter.ts';
import { fixture, recording } from './recordings.ts';

const FOLDER = fixture('lockout-violation');
const rows = readFileSync(`${FOLDER}/votes.jsonl`, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { slot: number; hex: string });

async function disagreementsOf(changed: readonly object[]): Promise<readonly string[]> {
  const votes = join(emptyFolder(), 'votes.jsonl');
  writeFileSync(votes, changed.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return (await readRecording(FOLDER, { votes, output: '' })).disagreements;
}

/** Begins both logs of guide-run at this time. */
async function begunAt(clock: string) {
  const folder = emptyFolder();
  for (const host of ['active', 'inactive']) {
    const lines = gunzipSync(readFileSync(fixture(`guide-run/${host}.log.gz`))).toString().split('\n');
    writeFileSync(join(folder, `${host}.log`), lines.slice(lines.findIndex((line) => line.startsWith(`[2026-11-22T${clock}`))).map((line) => `Nov 22 host agave-validator[7]: ${line}`).join('\n'));
  }
  return readRecording(folder, { output: '' });
}

describe('the chain against the logs', () => {
  test('a vote that no log shows', async () => {
    // The same offsets on a root far away: the newest slot is 36 above it.
    const strange = { ...rows.find(({ slot }) => slot === 340)! };
    const data = Buffer.from(strange.hex, 'hex');
    data.writeBigUInt64LE(BigInt(100_000), 4);
    expect(await disagreementsOf([...rows, { ...strange, hex: data.toString('hex') }])).toEqual([expect.stringMatching(/^a vote for slot 100036 landed in 340, and no log shows it$/)]);
  });

  test('another stack than was rebuilt', async () => {
    const data = Buffer.from(rows.find(({ slot }) => slot === 340)!.hex, 'hex');
    // The count of the oldest lockout: after tag, root, length and one byte of offset.
    data[14] = 30;
    const changed = rows.map((row) => (row.slot === 340 ? { ...row, hex: data.toString('hex') } : row));
    expect(await disagreementsOf(changed)).toEqual([expect.stringMatching(/^the vote of active for slot 339 landed in 340 with another stack than was rebuilt: root 303, 304:30 305:30 .*; rebuilt: root 303, 304:31 305:30 /)]);
  });

  test('one transaction more of a vote is a vote that was sent again', async () => {
    const twice = rows.flatMap((row) => (row.slot === 340 ? [row, { ...row, slot: 341 }] : [row]));
    const votes = join(emptyFolder(), 'votes.jsonl');
    writeFileSync(votes, twice.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const { trace, disagreements } = await readRecording(FOLDER, { votes, output: '' });
    expect(disagreements).toEqual([]);
    const again = trace.events.filter((event) => event.type === 'vote' && event.refresh);
    expect(again).toEqual([expect.objectContaining({ slot: 339, inferred: expect.stringContaining('a second transaction') })]);
    expect(trace.events).toContainEqual(expect.objectContaining({ type: 'landed', bank: 341, vote: (again[0] as { id: number }).id }));
  });
});

describe('tower files beside the logs', () => {
  test('the last files of guide-run hold a stack that was rebuilt', async () => {
    const { matched, trace } = await recording('guide-run');
    for (const host of ['active', 'inactive']) {
      const { node, stack } = savedStack(readFileSync(fixture(`guide-run/tower-${host}.bin`)), host);
      expect(node).toBe(trace.header.stakedIdentity);
      const own = matched.votes.filter((vote) => sameStack(vote.stack, stack));
      expect(own.map((vote) => vote.slot)).toContain(stack.votes.at(-1)!.slot);
    }
  });
});

describe('logs that begin in the middle, with the prefix of journald', () => {
  test('the trace begins when the whole stack is known, and has the same votes from there on', async () => {
    const begun = await begunAt('19:55:30');
    const whole = await recording('guide-run');
    const votes = (events: typeof begun.trace.events) => events.flatMap((event) => (event.type === 'vote' ? [`${event.host} ${event.slot} ${event.root} ${JSON.stringify(event.lockouts)}`] : []));
    const own = votes(begun.trace.events);
    expect(own.length).toBeGreaterThan(100);
    expect(own).toEqual(votes(whole.trace.events).slice(-own.length));
    expect(begun.trace.events.filter((event) => event.type === 'gap')).toEqual([]);
  });

  test('the near miss is found, without a record of chain or commands, and no downtime is made up', async () => {
    const { findings, downtime, result } = judge((await begunAt('19:55:30')).trace);
    expect(findings.map(({ kind, slot }) => [kind, slot])).toEqual([['near-miss', 458], ['tower-lacks-votes', 458]]);
    expect(downtime.slots).toBe(0);
    expect(result).toBe('holds');
  });

  test('a log that begins too late for a whole stack leaves the verdict open', async () => {
    const { trace } = await begunAt('19:57:10');
    expect(trace.events.filter((event) => event.type === 'gap')).toEqual([expect.objectContaining({ what: expect.stringMatching(/^of \d+ votes only the newest slot is known, not the stack$/) })]);
    expect(judge(trace).result).toBe('unknown');
  });
});

describe('clocks', () => {
  test('a clock that is an hour off is moved, and it is said', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'active.log'), gunzipSync(readFileSync(fixture('guide-run/active.log.gz'))));
    writeFileSync(join(folder, 'inactive.log'), gunzipSync(readFileSync(fixture('guide-run/inactive.log.gz'))).toString().replaceAll('[2026-11-22T19:', '[2026-11-22T20:'));
    const { trace, offsets } = await readRecording(folder, { output: '' });
    expect(offsets[1]!.shift).toBeGreaterThan(3_599_000_000);
    expect(trace.header.assumptions!.join('\n')).toMatch(/inactive froze 202 common banks 36000\d\d ms after active \(median\); its clock is moved by that much/);
    expect(judge(trace).findings.filter(({ kind }) => kind === 'near-miss').map(({ title }) => title)).toContainEqual(expect.stringMatching(/both voted for the same block \(slots 458\)/));
  });
});
