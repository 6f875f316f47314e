/** The recordings of real validators, imported and judged, come out as they happened. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/check/judge.ts';
import { readRecording } from '../../src/cli/import.ts';
import { fromRuns } from '../../src/model/lockout-runs.ts';
import type { Trace, TraceEvent } from '../../src/model/trace.ts';
import { endsText } from '../../src/report/ends-text.ts';
import { formatTrace, parseTrace, traceHash } from '../../src/report/trace-file.ts';
import { emptyFolder } from '../cli/solevoter.ts';
import { fixture, recording } from './recordings.ts';

const FOLDERS = ['twenty-swaps', 'lockout-violation', 'guide-run', 'etcd-failover', 'duplicate-then-return', 'corrupt-tower'];

function all<T extends TraceEvent['type']>(trace: Trace, type: T): Extract<TraceEvent, { type: T }>[] {
  return trace.events.filter((event) => event.type === type) as Extract<TraceEvent, { type: T }>[];
}

const traceOf = async (folder: string): Promise<Trace> => (await recording(folder)).trace;
const findings = (trace: Trace, kind: string) => judge(trace).findings.filter((finding) => finding.kind === kind);

test.each(FOLDERS)('%s: the trace is written and read again as it is, and logs, chain and rebuilt stacks agree slot by slot', async (folder) => {
  const { trace, disagreements } = await recording(folder);
  expect(traceHash(parseTrace(formatTrace(trace), folder))).toBe(traceHash(trace));
  expect(disagreements).toEqual([]);
});

describe('twenty-swaps', () => {
  test('a near miss at slot 500: both hosts voted for it, the second vote was refused in 502 as VoteTooOld', async () => {
    const trace = await traceOf('twenty-swaps');
    const [miss] = findings(trace, 'near-miss');
    expect(miss).toMatchObject({ class: 'hazard', slot: 500, hosts: ['inactive', 'active'], step: 'promote' });
    expect(miss!.arithmetic.slice(0, 2)).toEqual([
      expect.stringMatching(/of active for slot 500 .*accepted in 501$/),
      expect.stringMatching(/of inactive for slot 500 .*refused in 502: VoteTooOld \(0\)$/),
    ]);
    expect(judge(trace).result).toBe('holds');
  });

  test('no other slot before the promotion without demotion has votes of both', async () => {
    const trace = await traceOf('twenty-swaps');
    const hosts = new Map<number, Set<string>>();
    for (const { slot, host } of all(trace, 'vote')) hosts.set(slot, (hosts.get(slot) ?? new Set()).add(host));
    const both = [...hosts].filter(([, names]) => names.size === 2).map(([slot]) => slot);
    expect(both.filter((slot) => slot < 800)).toEqual([500]);
    expect(both).toEqual([500, 831, 832, 833, 834, 835, 836, 837]);
  });

  test('the exit as duplicate, 2.5 s after the promotion without demotion', async () => {
    const trace = await traceOf('twenty-swaps');
    const [exit] = all(trace, 'process').filter(({ state }) => state === 'exited');
    expect(exit).toMatchObject({ host: 'active', reason: 'duplicate running instances of the same validator node' });
    const promoted = all(trace, 'identity').findLast(({ host, layer }) => host === 'inactive' && layer === 'gossip')!;
    expect(exit!.t - promoted.t).toBeGreaterThan(2_000_000);
    expect(exit!.t - promoted.t).toBeLessThan(3_500_000);
    expect(endsText(trace).at(-1)).toBe('  slot 837  active ended: duplicate running instances of the same validator node');
  });

  test('twenty swaps and one promotion: every set-identity of the operator is found in a log', async () => {
    const trace = await traceOf('twenty-swaps');
    const commands = all(trace, 'command').filter(({ phase, line }) => phase === 'start' && line.includes('set-identity'));
    expect(commands.map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 'demote' : 'promote')));
    expect(commands.map(({ host }) => host)).toEqual(Array.from({ length: 40 }, (_, i) => (Math.floor((i + 1) / 2) % 2 === 0 ? 'active' : 'inactive')));
    expect(all(trace, 'identity').filter(({ layer, from, to }) => layer === 'voting' && from !== null && to === trace.header.stakedIdentity)).toHaveLength(21);
  });
});

describe('lockout-violation', () => {
  test('two violations of the stack form, with the hosts, the refused banks and their codes', async () => {
    const violations = judge(await traceOf('lockout-violation')).findings.filter((finding) => finding.class === 'violation');
    expect(violations.map(({ kind, count, hosts, step }) => ({ kind, count, hosts, step }))).toEqual([
      { kind: 'lockout-violation-stack', count: 34, hosts: ['inactive', 'active'], step: 'promote' },
      { kind: 'lockout-violation-stack', count: 31, hosts: ['inactive', 'active'], step: 'promote' },
    ]);
    expect(violations.map(({ title }) => title)).toEqual([
      'lockout violation, stack form without a fork: 34 votes in a row, slots 247–292, 34 refused',
      'lockout violation, stack form without a fork: 31 votes in a row, slots 295–325, 31 refused',
    ]);
    expect(violations.map(({ arithmetic }) => arithmetic.at(-1))).toEqual([
      'refused 34, in banks 256–275, 280–293: ConfirmationRollBack (13) x 6, LockoutConflict (6) x 28',
      'refused 31, in banks 296–326: RootRollBack (12), LockoutConflict (6) x 30',
    ]);
  });

  test('the missing votes: those for 244 to 246, and the one for 293', async () => {
    const lost = findings(await traceOf('lockout-violation'), 'tower-lacks-votes');
    expect(lost.map(({ title }) => title)).toEqual([
      'the tower loaded on inactive (file) lacks 3 votes, for slots 244–246',
      'the tower loaded on inactive (file) lacks the vote for slot 293',
    ]);
  });

  test('all 227 landed stacks are those that were rebuilt from slots alone', async () => {
    const { matched } = await recording('lockout-violation');
    expect(matched.stacksEqual).toBe(227);
    expect(matched.votes.filter(({ how }) => how !== 'rebuilt')).toEqual([]);
  });

  test('both hosts voted for slot 236, the second was refused in 237', async () => {
    const miss = findings(await traceOf('lockout-violation'), 'near-miss').find(({ title }) => title.includes('same block'))!;
    expect(miss.title).toBe('inactive and active both voted for the same block (slots 236)');
    expect(miss.arithmetic[1]).toMatch(/of inactive for slot 236 .*refused in 237: VoteTooOld \(0\)/);
  });
});

describe('guide-run', () => {
  test('a near miss at 458, with one stack', async () => {
    const trace = await traceOf('guide-run');
    expect(findings(trace, 'near-miss').map(({ title }) => title)).toEqual(['inactive and active both voted for the same block (slots 458)']);
    const [first, second] = all(trace, 'vote').filter(({ slot }) => slot === 458);
    expect([first!.host, second!.host]).toEqual(['active', 'inactive']);
    expect(second!.lockouts).toEqual(first!.lockouts);
    expect(second!.hash).toBe(first!.hash);
    expect(judge(trace).result).toBe('holds');
  });

  test('the last tower file of the new holder is one of the rebuilt stacks', async () => {
    const { trace } = await recording('guide-run');
    const newest = all(trace, 'vote').at(-1)!;
    expect(newest.host).toBe('inactive');
    expect(fromRuns(newest.lockouts)).toHaveLength(31);
  });
});

describe('etcd-failover', () => {
  test('the lost lock ends the primary, and later the secondary; the vote whose tower was not saved never left', async () => {
    const trace = await traceOf('etcd-failover');
    const exits = all(trace, 'process').filter(({ state }) => state === 'exited');
    const lost = `Unable to save tower to storage: Lost etcd instance lock for ${trace.header.stakedIdentity}`;
    expect(exits.map(({ host, reason }) => [host, reason])).toEqual([['active', lost], ['inactive', lost]]);
    expect(all(trace, 'unsent').map(({ host, slot, reason }) => [host, slot, reason])).toEqual([['active', 476, lost], ['inactive', 553, lost]]);
    expect(findings(trace, 'concurrent-identity').map(({ hosts }) => hosts)).toEqual([['active', 'inactive'], ['active', 'inactive']]);
  });

  test('no slot has votes of both', async () => {
    const trace = await traceOf('etcd-failover');
    const slots = (host: string) => all(trace, 'vote').filter((vote) => vote.host === host).map(({ slot }) => slot);
    expect(slots('active').at(-1)).toBe(475);
    expect(slots('inactive')[0]).toBe(476);
  });
});

describe('duplicate-then-return', () => {
  test('the returned host loads its tower, votes once, and panics; what it voted then never left', async () => {
    const trace = await traceOf('duplicate-then-return');
    const order = trace.events.flatMap((event) => {
      if (!('host' in event) || event.host !== 'active') return [];
      if (event.type === 'process') return [`${event.state}${event.reason === undefined ? '' : `: ${event.reason.split(',')[0]!}`}`];
      return event.type === 'tower-loaded' || event.type === 'vote' || event.type === 'unsent' ? [`${event.type} ${event.slot}`] : [];
    });
    expect(order).toEqual(['started', 'tower-loaded 837', 'running', 'vote 838', 'exited: solVoteService panicked: Submitting old vote', 'unsent 839']);
    expect(findings(trace, 'nobody-votes')).toHaveLength(1);
  });
});

describe('duplicate-then-return, the returned host started once more', () => {
  test('what it votes in its next life is not what the panic has kept at home', async () => {
    const folder = emptyFolder();
    const text = (name: string) => gunzipSync(readFileSync(fixture(`duplicate-then-return/${name}.log.gz`))).toString();
    const again = ['agave_validator::commands::run::execute] Starting validator with: ArgsOs {', 'solana_core::consensus::fork_choice] voting: 900 99.5%'];
    writeFileSync(join(folder, 'active.log'), `${text('a')}${again.map((line, i) => `[2026-11-22T19:48:0${7 + i}.000000000Z INFO  ${line}\n`).join('')}`);
    writeFileSync(join(folder, 'inactive.log'), text('b'));
    const { trace } = await readRecording(folder, { output: '' });
    expect(all(trace, 'unsent').map(({ slot }) => slot)).toEqual([839]);
    expect(all(trace, 'process').filter(({ host, state }) => host === 'active' && state === 'started')).toHaveLength(2);
  });
});

describe('corrupt-tower', () => {
  test('the process ends at the next bank; with one log only, the verdict stays open', async () => {
    const trace = await traceOf('corrupt-tower');
    const [set] = all(trace, 'identity').filter(({ layer, to }) => layer === 'gossip' && to === trace.header.stakedIdentity);
    const [exit] = all(trace, 'process').filter(({ state }) => state === 'exited');
    expect(exit!.reason).toMatch(/^Unable to load new tower when attempting to change identity from \w+ to \w+ on set-identity, Exiting: The signature on the saved tower is invalid$/);
    expect(exit!.t - set!.t).toBeLessThan(2_000_000);
    expect(all(trace, 'gap')).toMatchObject([{ host: 'active', what: 'there is no log of this host: what it did is not seen' }]);
    expect(judge(trace).result).toBe('unknown');
  });
});

test('everything that was not seen is marked', async () => {
  const trace = await traceOf('lockout-violation');
  for (const event of trace.events) {
    if (event.type === 'vote' || event.type === 'tower-saved' || event.type === 'skipped') expect(event.inferred).toMatch(/\w/);
    if (event.type === 'identity' || event.type === 'process') expect(event.inferred).toBeUndefined();
  }
  expect(trace.header.assumptions!.some((sentence) => sentence.startsWith('not seen: '))).toBe(true);
});
