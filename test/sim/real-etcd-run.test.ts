/**
 * The guide's etcd failover as it was recorded on real validators (Agave 2.3.13, etcd 3.4.23, test/fixtures/agave/etcd-failover)
 * must come out of the simulated world: who votes for which slot, who ends when and with which words.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { JUNK, SITE, STAKED, play } from './facts/world.ts';

const log = (name: string) => gunzipSync(readFileSync(new URL(`../fixtures/agave/etcd-failover/${name}.log.gz`, import.meta.url))).toString();
const recorded = { primary: log('primary'), secondary: log('secondary'), restarted: log('primary-restarted') };
const REAL_STAKED = '4YwyWygbKtYWDnGtgvFHgq9HTmwkB7QW6AX349xX3y2q';

/** Times of lines, in ms. */
const timesOf = (text: string, pattern: RegExp) => text.split('\n').filter((line) => pattern.test(line)).map((line) => {
  const [, clock, fraction] = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d+)/.exec(line)!;
  return Date.parse(`${clock!}Z`) + Number(`0.${fraction!}`) * 1000;
});
const slotsOf = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => Number(match[1]));
const votes = (text: string) => slotsOf(text, /fork_choice\] voting: (\d+) /g);
const loaded = (text: string) => slotsOf(text, /adjusting lockouts \(after replay up to \d+\): \[[\d, ]*?(\d+)\]/g);
const LOST = /Unable to save tower to storage: [^\n]*/;

// The secondary has its blocks a slot later than the primary, as recorded: 474 at 13.918 s, when the primary had voted for 475.
const played = play({
  etcd: true,
  lines: [
    ['inactive', `agave-validator -l ${SITE.ledger} set-identity ${SITE.stakedKey}`],
    { wait: 54 },
    ['active', `sudo systemctl start ${SITE.unit}`],
  ],
  latencies: { setIdentity: 90_000, turbineInactive: 420_000, votingService: 1_000 },
  // From its start to its tower: 12.2 s. Gossip did not show the restarted primary before.
  pace: { startUp: 12_228_000, gossipJoin: 12_600_000 },
  first: ({ hosts }) => { hosts.active.unit.restarts = false; },
  tailSlots: 60,
});
const staked = played.one('identity', { host: 'inactive', layer: 'voting', to: STAKED });
const bank = played.all('block').findLast((block) => block.t + 420_000 <= staked.t)!.slot;
const [primaryEnd] = played.all('process', { host: 'active', state: 'exited' });
const secondaryEnd = played.one('process', { host: 'inactive', state: 'exited' });

describe('the failover', () => {
  test('the secondary loads a tower whose last vote is one slot beyond its own bank (real: 475 at bank 474)', () => {
    const [real] = loaded(recorded.secondary).slice(-1);
    expect(real).toBe(475);
    expect(recorded.secondary).toMatch(/bank frozen: 474 [\s\S]*Identity changed[\s\S]*bank frozen: 475 /);
    expect(played.one('tower-loaded', { host: 'inactive', identity: STAKED, source: 'etcd' })).toMatchObject({ slot: bank + 1, why: `from etcd, last vote ${bank + 1}` });
  });

  test('the vote after it is signed by the primary and never leaves (real: 476), and is the first of the secondary', () => {
    expect(votes(recorded.primary).at(-1)).toBe(476);
    expect(votes(recorded.secondary)).toContain(476);
    expect(votes(recorded.secondary)).not.toContain(475);
    expect(played.all('unsent', { host: 'active' }).map(({ slot }) => slot)).toEqual([bank + 2]);
    expect(played.all('vote', { host: 'inactive', refresh: false })[0]).toMatchObject({ slot: bank + 2 });
  });

  test('before it votes it sends the last vote of the primary again, which no lock keeps it from (real: 475)', () => {
    expect(recorded.secondary).toMatch(/Identity changed[\s\S]*Trying to refresh timestamp for vote on 475 [\s\S]*voting: 476 /);
    expect(played.all('vote', { host: 'inactive' })[0]).toMatchObject({ slot: bank + 1, refresh: true });
  });

  test('the primary ends at that store, in the recorded words, some ms after it chose to vote', () => {
    const reason = LOST.exec(recorded.primary)![0].replace(REAL_STAKED, STAKED);
    expect(primaryEnd).toMatchObject({ exit: 1, reason });
    const [voting] = timesOf(recorded.primary, /voting: 476 /);
    const [end] = timesOf(recorded.primary, LOST);
    expect(end! - voting!).toBeLessThan(5);
    // In the world: to the voting service, and to etcd and back.
    const frozen = played.all('block').find((block) => block.slot === bank + 2)!.t + 15_000;
    expect((primaryEnd!.t - frozen) / 1000).toBeLessThan(5);
  });

  test('a load takes two requests: 6 ms, recorded and simulated', () => {
    const [switched] = timesOf(recorded.secondary, /Identity changed from \w+ to 4Ywy/);
    const chosen = timesOf(recorded.secondary, /vote bank: Some\(\(474/)[0]!;
    expect(switched! - chosen).toBeCloseTo(6.5, 0);
    const frozen = played.all('block').find((block) => block.slot === bank)!.t + 420_000;
    expect((staked.t - frozen) / 1000).toBeCloseTo(6.4, 1);
  });
});

describe('the primary is started again', () => {
  test('it takes the lock when its tower is loaded, and the secondary ends at its next vote, in the same words', () => {
    const real = LOST.exec(recorded.secondary)![0];
    expect(secondaryEnd).toMatchObject({ exit: 1, reason: real.replace(REAL_STAKED, STAKED) });
    const [load] = timesOf(recorded.restarted, /adjusting lockouts/);
    const [end] = timesOf(recorded.secondary, LOST);
    expect(end! - load!).toBeLessThan(600);
    const loadedAgain = played.one('tower-loaded', { host: 'active', source: 'etcd' });
    expect(secondaryEnd.t).toBeGreaterThan(loadedAgain.t);
    expect(secondaryEnd.t - loadedAgain.t).toBeLessThan(600_000);
  });

  test('some 13 s after its start, and long before it votes', () => {
    const [start] = timesOf(recorded.restarted, /Starting validator with/);
    const [end] = timesOf(recorded.secondary, LOST);
    const real = end! - start!;
    const started = played.one('process', { host: 'active', state: 'started' });
    expect(real).toBeGreaterThan(12_000);
    expect(Math.abs((secondaryEnd.t - started.t) / 1000 - real)).toBeLessThan(500);
    expect(played.all('vote', { host: 'active' }).every(({ t }) => t < primaryEnd!.t || t > secondaryEnd.t)).toBe(true);
  });

  test('the tower it loads ends with the last vote that the secondary has sent (real: 552, and 553 never left)', () => {
    expect([loaded(recorded.restarted).at(-1), votes(recorded.secondary).at(-1)]).toEqual([552, 553]);
    const unsent = played.one('unsent', { host: 'inactive' });
    expect(played.one('tower-loaded', { host: 'active', source: 'etcd' }).slot).toBe(unsent.slot - 1);
    expect(played.all('vote', { host: 'inactive', identity: STAKED }).at(-1)!.slot).toBe(unsent.slot - 1);
  });

  test('the secondary comes back with its own identity, and leaves the lock alone', () => {
    expect(played.all('process', { host: 'inactive', state: 'started' }).map(({ identity }) => identity)).toEqual([JUNK.inactive]);
    expect(played.all('process', { host: 'active', state: 'exited' })).toHaveLength(1);
  });
});
