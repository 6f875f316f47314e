/**
 * What the commands print and with what they exit, against the recorded answers of Agave 4.2.0
 * (test/fixtures/agave/command-answers.txt). Source of the rest: agave validator/src/commands/, 4.2.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MOST_SLOTS } from '../../../src/sim/run-end.ts';
import { DEMOTE, JUNK, KEYS, SITE, STAKED, play } from './world.ts';
import type { Plan } from './world.ts';

const recorded = readFileSync(new URL('../../fixtures/agave/command-answers.txt', import.meta.url), 'utf8')
  .split(/^\$ /m).slice(1).map((part) => {
    const [line = '', ...rest] = part.trimEnd().split('\n');
    return { line, exit: Number(rest.at(-1)!.slice('rc='.length)), text: rest.slice(0, -1).join('\n') };
  });
const VOTE_ADDRESS = 'FHQjjnga1Mhye2HhT1GyvqXhhx8jJFvmPjFBx7Zq6eYN';
const REAL_STAKED = '4YwyWygbKtYWDnGtgvFHgq9HTmwkB7QW6AX349xX3y2q';

/** The recorded line in the world's own names: the host's folders and keys, and the addresses that were printed. */
function translate(text: string): string {
  return text
    .replaceAll('a/ledger', SITE.ledger).replaceAll('b/ledger', SITE.ledger)
    .replaceAll('/home/sol/a-junk.json', SITE.hosts.active.junkKey).replaceAll('a-junk.json', 'unstaked-identity.json')
    .replaceAll(REAL_STAKED, STAKED).replaceAll(VOTE_ADDRESS, KEYS.vote.address);
}

function answer(host: 'active' | 'inactive', line: string, plan: Plan = {}) {
  const { stdout, stderr, exit } = play({ ...plan, lines: [[host, `cd ${SITE.home} && ${line}`]] }).outcome(0);
  return { exit, text: `${stdout}${stderr}`.trimEnd() };
}

describe('as recorded', () => {
  test.each([
    ['active', 'agave-validator -l a/ledger set-identity a-junk.json'],
    ['inactive', 'agave-validator -l nowhere set-identity staked-identity.json'],
    ['inactive', 'agave-validator -l b/ledger set-identity /nonexist.json'],
    ['inactive', 'agave-validator -l b/ledger authorized-voter add staked-identity.json'],
    ['inactive', 'agave-validator -l b/ledger set-identity --require-tower vote.json'],
    ['inactive', 'solana-keygen pubkey nonexist.json'],
    ['inactive', 'solana-keygen pubkey staked-identity.json'],
    ['inactive', 'solana-keygen new -s --no-bip39-passphrase -o staked-identity.json'],
  ] as const)('on %s: %s', (host, line) => {
    const real = recorded.find((entry) => entry.line === line)!;
    expect(answer(host, translate(line))).toEqual({ exit: real.exit, text: translate(real.text).trimEnd() });
  });

  test('agave-validator --version', () => {
    const real = recorded.find(({ line }) => line === 'agave-validator --version')!;
    expect(answer('active', 'agave-validator --version').text.split(' (')[0]).toBe(real.text.split(' (')[0]);
  });

  test('contact-info names the identity of gossip first', () => {
    const real = recorded.find(({ line }) => line.endsWith('contact-info'))!;
    const first = (text: string) => text.split('\n')[0]!.split(':')[0];
    const { text, exit } = answer('inactive', `agave-validator -l ${SITE.ledger} contact-info`);
    expect([exit, first(text)]).toEqual([0, first(real.text)]);
    expect(text).toContain(`Identity: ${JUNK.inactive}`);
  });

  test('wait-for-restart-window begins with identity, idle time and delinquency', () => {
    const real = recorded.find(({ line }) => line.includes('wait-for-restart-window'))!;
    const head = (text: string) => text.split('\n').slice(1, 3);
    const { text, exit } = answer('inactive', `agave-validator -l ${SITE.ledger} wait-for-restart-window --min-idle-time 2 --skip-new-snapshot-check`);
    expect(head(text)).toEqual(head(real.text));
    expect([exit, text.split('\n').at(-1)]).toEqual([0, 'Ready to restart']);
  });

  test('a client that is killed by timeout exits 124', () => {
    const real = recorded.find(({ line }) => line.startsWith('timeout 5'))!;
    const waiting = answer('active', `timeout 5 agave-validator -l ${SITE.ledger} wait-for-restart-window --min-idle-time 2 --skip-new-snapshot-check`, { site: { leaderWindows: [100] } });
    expect(waiting.exit).toBe(real.exit);
  });
});

describe('the admin socket', () => {
  test('a process that is down refuses the connection', () => {
    const { outcome } = play({ lines: [['active', 'sudo systemctl stop sol'], ['active', DEMOTE]] });
    expect(outcome(1)).toMatchObject({ exit: 1, stdout: expect.stringMatching(/\nValidator command failed: admin rpc error: Connection refused \(os error 111\)\n$/) });
  });

  test('the process opens the key file, with its own rights', () => {
    const { outcome, all } = play({ site: { agave: '2.3' }, lines: [['active', `sudo ${DEMOTE}`], ['active', DEMOTE]], first: (world) => {
      world.hosts.active.disk.chown(SITE.hosts.active.junkKey, 'root', 'root', { user: 'root', cwd: '/', t: 0 });
    } });
    expect(outcome(0).exit).toBe(1);
    expect(outcome(0).stdout).toContain(`Invalid params: Failed to read identity keypair from ${SITE.hosts.active.junkKey}: `);
    // A client that cannot read it does not ask the process.
    expect(outcome(1)).toMatchObject({ exit: 1, stdout: '', stderr: "error: Invalid value for '<KEYPAIR>': Permission denied (os error 13)\n" });
    expect(all('identity').filter(({ t }) => t > 0)).toEqual([]);
  });
});

test('root does not reach the socket of another user: 4.2.0 gives up all capabilities as it begins', () => {
  const { outcome, all } = play({ lines: [['active', `sudo ${DEMOTE}`]] });
  expect([outcome(0).exit, outcome(0).stdout]).toEqual([1, `New validator identity path: ${SITE.hosts.active.junkKey}\nValidator command failed: admin rpc error: Permission denied (os error 13)\n`]);
  expect(all('identity').filter(({ t }) => t > 0)).toEqual([]);
});

describe('what is not modelled is a gap, never a success', () => {
  const LINES = [
    ['active', 'agave-validator frobnicate'],
    ['active', `agave-validator -l ${SITE.ledger} set-identity --bogus ${SITE.stakedKey}`],
    ['active', 'frobnicate'],
    ['active', 'sudo systemctl isolate sol'],
    ['active', 'solana airdrop 1'],
    ['active', 'ln -Z a b'],
  ] as const;
  test.each(LINES)('on %s: %s', (host, line) => {
    const { outcome, all } = play({ lines: [[host, line]] });
    expect(outcome(0).exit).not.toBe(0);
    expect(all('gap')).toHaveLength(1);
  });
});

describe('wait-for-restart-window (validator/src/commands/wait_for_restart_window/mod.rs, 4.2)', () => {
  const WAIT = `agave-validator -l ${SITE.ledger} wait-for-restart-window --skip-new-snapshot-check --min-idle-time`;
  const waited = (leaderWindows: readonly number[], minutes: number, plan: Plan = {}, more = '') => {
    const played = play({ ...plan, site: { ...plan.site, leaderWindows }, lines: [['active', `${WAIT} ${minutes}${more}`]] });
    const { all, start } = played;
    const end = all('command', { phase: 'end' })[0];
    return { exit: end?.exit, slot: end === undefined ? null : Math.floor((end.t - start(0)) / (played.world.slotMicros)), stdout: end?.stdout ?? '' };
  };

  test('returns at once when the next leader slot is far enough, or there is none', () => {
    expect(waited([], 2)).toMatchObject({ exit: 0, slot: 0 });
    expect(waited([310], 2)).toMatchObject({ exit: 0, slot: 0 });
  });

  test('waits for the end of a window, looking every 5 s', () => {
    const { exit, slot } = waited([20], 2);
    expect(exit).toBe(0);
    expect(slot).toBeGreaterThanOrEqual(24);
    expect(slot).toBeLessThanOrEqual(24 + Math.ceil(5.06 / 0.4));
  });

  test('2 minutes are 300 slots of 0.4 s, whatever a slot takes', () => {
    expect(waited([299], 2, { site: { slotMs: 200 } }).slot).toBeGreaterThan(299);
    expect(waited([301], 2, { site: { slotMs: 200 } }).slot).toBe(0);
    expect(waited([301], 2).stdout).toContain('Minimum Idle Time: 300 slots (~2 minutes)\n');
  });

  test('a schedule without such a gap until after the run makes it wait on and on: the idle time after it is waited for', () => {
    const every = Array.from({ length: MOST_SLOTS / 100 + 3 }, (_, i) => 20 + i * 100);
    expect(waited(every, 2).exit).toBe(undefined);
  });

  test('an unhealthy node waits, unless --skip-health-check', () => {
    const behind: Plan = { faults: [{ kind: 'cut-turbine', on: 'active', at: { kind: 'slot', slot: -5 }, heal: 150 }] };
    const late = (more: string) => play({ ...behind, lines: [{ wait: 135 }, ['active', `${WAIT} 2${more}`]], latencies: { operatorPause: 20_000 } });
    const slotOf = (played: ReturnType<typeof play>) => Math.floor((played.outcome(1).t - played.start(0)) / 400_000);
    expect(slotOf(late(''))).toBeGreaterThanOrEqual(144);
    expect(slotOf(late(' --skip-health-check'))).toBe(135);
  });

  test('nothing is looked at again after it returns: a later step may meet a leader slot', () => {
    const { all, outcome } = play({ lines: [['active', `${WAIT} 0`], ['active', 'sleep 1'], ['active', DEMOTE]], site: { leaderWindows: [2] } });
    expect([outcome(0).exit, outcome(2).exit]).toEqual([0, 0]);
    expect(all('leader', { outcome: 'missed' }).length).toBeGreaterThan(0);
  });

  test('--identity watches another schedule than its own', () => {
    expect(waited([20], 2, {}, ` --identity ${JUNK.active}`)).toMatchObject({ exit: 0, slot: 0 });
  });
});
