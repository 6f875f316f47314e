/**
 * What was recorded on real validators (Agave 4.2.0, test/fixtures/agave) must come out of the simulated world: the same
 * commands at the same slots, the same skipped slots, and then the same votes with the same answers.
 */
import { slotStart } from '../../src/sim/world.ts';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/check/judge.ts';
import { fromRuns } from '../../src/model/lockout-runs.ts';
import { recordedTrace } from '../check/recorded-votes.ts';
import { DEMOTE, JUNK, PROMOTE, PROMOTE_WITHOUT, SITE, STAKED, copyTo, logOf, play, readTower } from './facts/world.ts';
import type { Line, Played } from './facts/world.ts';

const fixture = (path: string) => new URL(`../fixtures/agave/${path}`, import.meta.url).pathname;
const textOf = (path: string) => readFileSync(fixture(path), 'utf8');
const recordedLog = (path: string) => gunzipSync(readFileSync(fixture(path))).toString();
/** The staked identity of the recordings. */
const REAL_STAKED = '4YwyWygbKtYWDnGtgvFHgq9HTmwkB7QW6AX349xX3y2q';

/** Time of a log or command line that begins with "2026-11-22T19:43:21.386814710", in ms. */
function timeOf(line: string): number {
  const [, clock, fraction] = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d+)/.exec(line)!;
  return Date.parse(`${clock!}Z`) + Number(`0.${fraction!}`) * 1000;
}

/** One landed vote: its bank, newest slot, root, the whole stack, and the answer of the vote program. */
type Landed = readonly [bank: number, slot: number, root: number | null, stack: string, error: number | null];

function landedVotes(events: Played['trace']['events'], shift = 0): Landed[] {
  const votes = new Map(events.flatMap((event) => (event.type === 'vote' ? [[event.id, event] as const] : [])));
  return events.flatMap((event): Landed[] => {
    if (event.type !== 'landed') return [];
    const { slot, root, lockouts } = votes.get(event.vote)!;
    const stack = fromRuns(lockouts).map((lockout) => `${lockout.slot - shift}:${lockout.confirmationCount}`).join(' ');
    return [[event.bank - shift, slot - shift, root === null ? null : root - shift, stack, event.error]];
  });
}

describe('six swaps with chosen delays (lockout-violation)', () => {
  // Slot 1000, in which procedures start, stands for the real slot 213.
  const SHIFT = 1000 - 213;
  const upTo = (slot: number, from: number): Line => ({ wait: slot - from });
  const a = (line: string): Line => ['active', line];
  const b = (line: string): Line => ['inactive', line];
  const lines: Line[] = [
    upTo(220, 213), a('sleep 0.35'), a(DEMOTE), a('sleep 0.05'), a(copyTo('inactive')), b(PROMOTE),
    // The leaders of 232 to 235 failed.
    upTo(233, 221), b(DEMOTE), b(copyTo('active')), a(PROMOTE),
    upTo(246, 233), a('sleep 0.1'), a(DEMOTE), a(copyTo('inactive')), upTo(247, 246), b('sleep 0.1'), b(PROMOTE),
    upTo(275, 247), b('sleep 0.1'), b(DEMOTE), upTo(279, 275), b(copyTo('active')), a(PROMOTE),
    upTo(293, 279), a('sleep 0.1'), a(DEMOTE), a(copyTo('inactive')), upTo(295, 293), b('sleep 0.1'), b(PROMOTE),
    upTo(326, 295), b('sleep 0.1'), b(DEMOTE), upTo(330, 326), b('sleep 0.1'), b(copyTo('active')), a(PROMOTE),
  ];
  const played = play({
    lines,
    latencies: { setIdentity: 20_000, scp: 20_000, operatorPause: 1_000 },
    // Its own leader windows: the identity had rooted no vote since the swap before, so nobody made these blocks.
    site: { stakeShare: 0.167, leaderWindows: [232, 248, 252, 276, 352].map((slot) => slot - 213) },
    // The voting service of host a stood still after it had saved its vote for 243, until slot 247.
    first: (world) => {
      const start = (slot: number) => slotStart(world, slot + SHIFT);
      world.hosts.active.sendStall = { from: start(244), until: start(247) };
    },
  });
  const within = ([bank]: Landed) => bank >= 214 && bank <= 370;
  const simulated = landedVotes(played.trace.events, SHIFT).filter(within);
  const real = landedVotes(recordedTrace(fixture('lockout-violation/votes.jsonl'), () => 'a').events).filter(within);

  test('every landed vote is the recorded one: bank, slot, root, stack and error code', () => {
    expect(simulated).toEqual(real);
  });

  test('the voting loops switch at the recorded banks, with the recorded towers', () => {
    const towers = (host: 'active' | 'inactive') =>
      played.all('tower-loaded', { host, identity: STAKED, source: 'file' }).map(({ why }) => Number(/last vote (\d+)/.exec(why!)![1]) - SHIFT);
    const real = (host: 'a' | 'b') =>
      [...recordedLog(`lockout-violation/${host}.log.gz`).matchAll(/adjusting lockouts \(after replay up to \d+\): \[[\d, ]*?(\d+)\]/g)].map((match) => Number(match[1]));
    expect(towers('active')).toEqual(real('a'));
    expect(towers('inactive')).toEqual(real('b'));
    expect(towers('inactive')).toEqual([220, 243, 292]);
  });

  test('the first stale copy lacks three votes: 34 refused, code 13 six times, then code 6; the second one vote: 31, code 12 once, then code 6', () => {
    const refused = simulated.filter(([, , , , error]) => error !== null && error !== 0);
    const codes = (from: number, to: number) => refused.filter(([bank]) => bank >= from && bank <= to).map((landed) => landed[4]);
    expect(codes(247, 293)).toEqual([...Array(6).fill(13), ...Array(28).fill(6)]);
    expect(codes(295, 326)).toEqual([12, ...Array(30).fill(6)]);
    expect(refused).toHaveLength(34 + 31);
    expect(simulated.filter(([bank]) => bank === 294 || bank === 327).map((landed) => landed[4])).toEqual([null, null]);
  });

  test('both hosts vote for slot 236, and the second is refused as VoteTooOld', () => {
    expect(simulated.filter(([, slot]) => slot === 236).map(([bank, , , , error]) => [bank, error])).toEqual([[237, null], [237, 0]]);
    expect(played.all('vote', { slot: 236 + SHIFT }).map(({ host, identity }) => [host, identity]).sort()).toEqual([['active', STAKED], ['inactive', STAKED]]);
  });

  test('the judge finds the two violations that it finds in the recording', () => {
    const kinds = (findings: ReturnType<typeof judge>['findings']) => findings.filter((finding) => finding.class === 'violation').map(({ kind, count }) => [kind, count]);
    const recording = judge(recordedTrace(fixture('lockout-violation/votes.jsonl'), () => 'a'));
    expect(kinds(judge(played.trace).findings)).toEqual(kinds(recording.findings));
  });

  test('own leader windows are missed while no vote of the holder is rooted', () => {
    expect(played.all('leader', { outcome: 'produced' })).toEqual([]);
    expect(played.all('leader').map(({ slot }) => slot - SHIFT)).toEqual([232, 248, 252, 276, 352].flatMap((first) => [0, 1, 2, 3].map((i) => first + i)));
  });

  test('without the standing voting service the first copy lacks one vote only', () => {
    const smooth = play({ lines, latencies: { setIdentity: 20_000, scp: 20_000, operatorPause: 1_000 }, site: { stakeShare: 0.167, leaderWindows: [232, 248, 252, 276, 352].map((slot) => slot - 213) } });
    const loaded = smooth.all('tower-loaded', { host: 'inactive', identity: STAKED, source: 'file' }).map(({ why }) => Number(/last vote (\d+)/.exec(why!)![1]) - SHIFT);
    expect(loaded).toEqual([220, 245, 292]);
  });
});

describe('the guide\'s script with an open connection (guide-run)', () => {
  // Copy and promotion within the slot of the demotion: 45 ms between the two commands.
  const swap = play({ lines: [['active', 'sleep 0.05'], ['active', DEMOTE], ['active', copyTo('inactive')], ['inactive', PROMOTE]], latencies: { setIdentity: 20_000, scp: 20_000, operatorPause: 1_000 } });

  test('both hosts vote for the bank at which both loops switch (real: 458), with one stack', () => {
    const log = (host: string) => recordedLog(`guide-run/${host}.log.gz`);
    for (const host of ['active', 'inactive']) expect(log(host)).toMatch(/bank frozen: 458 [\s\S]*Identity changed[\s\S]*bank frozen: 459 /);
    const both = swap.all('vote', { slot: 1000 });
    expect(both.map(({ host, identity }) => [host, identity]).sort()).toEqual([['active', STAKED], ['inactive', STAKED]]);
    expect(both[0]!.lockouts).toEqual(both[1]!.lockouts);
    expect(both[0]!.hash).toBe(both[1]!.hash);
  });

  test('the second is refused as VoteTooOld where a leader takes it, everything else lands: a near miss', () => {
    const errors = swap.all('landed').map(({ error }) => error).filter((error) => error !== null);
    expect(errors).toEqual([0]);
    const { findings, result } = judge(swap.trace);
    expect(result).toBe('holds');
    expect(findings.map((finding) => finding.kind)).toContain('near-miss');
  });
});

describe('twenty swaps to and fro, copied 1.5 s after the command (twenty-swaps)', () => {
  const EVERY = 13;
  const SKIPPED_AT = 6;
  const lines = Array.from({ length: 20 }, (_, i): Line[] => {
    const [from, to] = i % 2 === 0 ? (['active', 'inactive'] as const) : (['inactive', 'active'] as const);
    const demote = DEMOTE;
    // The seventh falls into a leader window of its own; the others meet all phases of a slot.
    const phase = 0.02 + (i * 0.36) / 20;
    return [...(i === 0 ? [] : [{ wait: EVERY - 4 }]), [from, `sleep ${phase}`], [from, demote], [from, 'sleep 1.5'], [from, copyTo(to)], [to, PROMOTE], { wait: 1 }];
  }).flat();
  const slotOfSwap = (i: number, swaps: Played) => Math.floor((swaps.all('identity', { layer: 'gossip', from: STAKED })[i]!.t - swaps.start(0)) / 400_000);
  const options = { lines, latencies: { setIdentity: 20_000, scp: 20_000, operatorPause: 1_000 }, tailSlots: 40 } as const;
  // Where the seventh demotion falls is known from a run without the window.
  const window = slotOfSwap(SKIPPED_AT, play(options));
  const swaps = play({ ...options, site: { stakeShare: 0.167, leaderWindows: [window] } });

  test('every command succeeds, and the identity moves twenty times', () => {
    expect(swaps.all('command', { phase: 'end' }).filter(({ exit }) => exit !== 0)).toEqual([]);
    expect(swaps.all('identity', { layer: 'voting', from: STAKED })).toHaveLength(20);
    expect(swaps.all('identity', { layer: 'voting', to: STAKED }).filter(({ t }) => t > 0)).toHaveLength(20);
  });

  test('one slot has votes of both hosts: the first after the four that were skipped; the second is refused with Custom(0)', () => {
    const hosts = new Map<number, Set<string>>();
    for (const { slot, host } of swaps.all('vote')) hosts.set(slot, (hosts.get(slot) ?? new Set()).add(host));
    const both = [...hosts].filter(([, names]) => names.size === 2).map(([slot]) => slot - 1000);
    expect(both).toEqual([window + 4]);
    const refused = swaps.all('landed').filter(({ error }) => error !== null);
    expect(refused.map(({ error }) => error)).toEqual([0]);
    expect(swaps.world.votes[refused[0]!.vote]!.slot - 1000).toBe(window + 4);
    const real = textOf('twenty-swaps/votes.jsonl').trim().split('\n').map((line) => JSON.parse(line) as { slot: number; err: unknown }).filter(({ err }) => err !== null);
    expect(real).toEqual([expect.objectContaining({ slot: 502, err: { InstructionError: [0, { Custom: 0 }] } })]);
  });

  test('all other copies are complete: each new holder starts from the last vote of the old one', () => {
    const loaded = swaps.all('tower-loaded', { identity: STAKED, source: 'file' });
    expect(loaded).toHaveLength(20);
    const lacking = loaded.flatMap(({ why, t, host }, i) => {
      const last = swaps.all('vote').filter((vote) => vote.host !== host && vote.t < t + 20_000).at(-1)!.slot;
      return Number(/last vote (\d+)/.exec(why!)![1]) === last ? [] : [i];
    });
    expect(lacking).toEqual([SKIPPED_AT]);
    expect(judge(swaps.trace).findings.filter((finding) => finding.class === 'violation')).toEqual([]);
  });
});

describe('from the return of set-identity to the switch of the voting loop', () => {
  /** The recorded swaps: the command's return against "Identity changed" in the log of the demoted host, in ms. */
  function recordedDelays(): number[] {
    const changed = ['a', 'b'].flatMap((host) => recordedLog(`twenty-swaps/${host}.log.gz`).split('\n').filter((line) => line.includes(`Identity changed from ${REAL_STAKED}`)).map(timeOf)).sort((x, y) => x - y);
    const demoted = textOf('twenty-swaps/commands.txt').split('\n').filter((line) => line.endsWith('demoted rc=0')).map(timeOf);
    return demoted.map((t) => changed.find((at) => at > t)! - t).sort((x, y) => x - y);
  }
  const spread = (delays: readonly number[], slot: number) => ({ min: delays[0]! / slot, median: delays[Math.floor(delays.length / 2)]! / slot, max: delays.at(-1)! / slot });

  test('is spread over a slot, in the recording and over the phases of the world', () => {
    const frozen = recordedLog('twenty-swaps/a.log.gz').split('\n').flatMap((line) => {
      const match = /bank frozen: (\d+) /.exec(line);
      return match === null ? [] : [{ slot: Number(match[1]), t: timeOf(line) }];
    });
    const [first, last] = [frozen[0]!, frozen.at(-1)!];
    const slotMs = (last.t - first.t) / (last.slot - first.slot);
    const all = recordedDelays();
    expect(all).toHaveLength(20);
    // The longest met the four skipped slots.
    expect(all.at(-1)!).toBeGreaterThan(3 * slotMs);
    const real = spread(all.slice(0, -1), slotMs);
    const simulated = Array.from({ length: 16 }, (_, phase) => {
      const run = play({ lines: [['active', DEMOTE]], latencies: { phase, setIdentity: 20_000 }, tailSlots: 4 });
      return (run.one('identity', { host: 'active', layer: 'voting', to: JUNK.active }).t - run.outcome(0).t) / 1000;
    }).sort((x, y) => x - y);
    const world = spread(simulated, 400);
    expect(world.min).toBeLessThan(0.1);
    expect(world.max).toBeGreaterThan(0.9);
    expect(world.max).toBeLessThanOrEqual(1 + 15 / 400);
    expect(Math.abs(world.median - real.median)).toBeLessThan(0.15);
    expect(Math.abs(world.min - real.min)).toBeLessThan(0.1);
    // Real slots are not all equally long.
    expect(real.max).toBeLessThan(2);
  });
});

describe('the old host returns with its link on the staked identity (duplicate-then-return)', () => {
  const played = play({
    lines: [['active', 'sudo systemctl stop sol'], ['inactive', PROMOTE_WITHOUT], { wait: 40 }, ['active', 'sudo systemctl start sol']],
    first: ({ hosts }) => { for (const { unit } of Object.values(hosts)) unit.restarts = false; },
    tailSlots: 120,
  });

  test('it loads its tower, votes once, and panics; the healthy voter is gone long before', () => {
    const order = played.trace.events.flatMap((event) => {
      if (event.t < played.outcome(3).t) return [];
      if (event.type === 'process') return [`${event.host} ${event.state}${event.reason === undefined ? '' : `: ${event.reason.split(',')[0]}`}`];
      if (event.type === 'vote' && event.host === 'active') return ['active votes'];
      if (event.type === 'tower-loaded' && event.host === 'active' && event.source !== 'adopted') return [`active tower ${event.source}`];
      return [];
    });
    expect(order).toEqual([
      'active started', 'inactive exited: duplicate running instances of the same validator node', 'active tower file', 'active running', 'active votes', 'active exited: Submitting old vote',
    ]);
    expect(recordedLog('duplicate-then-return/a.log.gz')).toMatch(/Starting validator with[\s\S]*adjusting lockouts[\s\S]*voting: 838 [\s\S]*Submitting old vote, switch: false, /);
  });
});

describe('promotion with a changed tower file (corrupt-tower)', () => {
  test('the command succeeds; at the next bank the loop cannot load it, in the recorded words, and its services end', () => {
    const real = recordedLog('corrupt-tower/b.log.gz');
    const line = /Unable to load new tower when attempting to change identity from (\w+) to \w+ on set-identity, Exiting: [^\n]*/.exec(real)!;
    const played = play({
      lines: [['active', DEMOTE], { wait: 2 }, ['active', copyTo('inactive')], ['inactive', PROMOTE_WITHOUT]],
      faults: [{ kind: 'tower-corrupt', on: 'inactive', at: { kind: 'step', index: 3, when: 'before' }, heal: 1 }],
    });
    expect(played.fired).toEqual([true]);
    expect(played.outcome(3).exit).toBe(0);
    const ended = played.one('process', { host: 'inactive', state: 'exited' });
    expect(ended.exit).toBeUndefined();
    expect(ended.reason).toBe(line[0].replace(line[1]!, JUNK.inactive).replace(REAL_STAKED, STAKED));
    expect(ended.t - played.outcome(3).t).toBeLessThan(1_500_000);
    expect(logOf(played, 'inactive')).toContain(`Identity set to ${STAKED}`);
    expect(readTower(played.world.hosts.inactive, SITE.towerDir, STAKED)).toMatchObject({ ok: false, error: { kind: 'InvalidSignature' } });
  });
});
