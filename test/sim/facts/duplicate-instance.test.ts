/**
 * Two processes with one identity. Sources: agave gossip/src/contact_info.rs (`check_duplicate`),
 * gossip/src/cluster_info.rs, validator/src/bootstrap.rs, 4.2. Times: seen on real validators.
 */
import { describe, expect, test } from 'vitest';
import type { World } from '../../../src/sim/world.ts';
import { JUNK, PROMOTE_WITHOUT, SITE, STAKED, linkTo, play } from './world.ts';

const DUPLICATE = 'duplicate running instances of the same validator node';
const stayDown = (world: World) => {
  for (const { unit } of Object.values(world.hosts)) unit.restarts = false;
};

describe('the older outset exits', () => {
  const promoted = play({ lines: [['inactive', PROMOTE_WITHOUT]], first: stayDown });

  test('promotion without demotion ends the old voter 2.4 s later with exit 1, however healthy it is', () => {
    const set = promoted.one('identity', { host: 'inactive', layer: 'gossip', to: STAKED });
    const ended = promoted.one('process', { state: 'exited' });
    expect(ended).toMatchObject({ host: 'active', exit: 1, reason: DUPLICATE });
    expect(ended.t - set.t).toBe(2_400_000);
    expect(promoted.all('vote', { host: 'active' }).at(-1)!.t).toBeGreaterThan(set.t);
  });

  test('until then both vote with the staked identity', () => {
    const slots = (host: 'active' | 'inactive') => promoted.all('vote', { host }).map(({ slot }) => slot);
    expect(slots('inactive').filter((slot) => slots('active').includes(slot)).length).toBeGreaterThanOrEqual(4);
  });

  test('a host that does not vote at all wins if it came later', () => {
    const silent = play({ lines: [['inactive', PROMOTE_WITHOUT]], prepared: [['no-authorized-voter', 'inactive']], first: stayDown });
    expect(silent.one('process', { state: 'exited' })).toMatchObject({ host: 'active', reason: DUPLICATE });
    expect(silent.all('vote').filter(({ t }) => t > silent.one('process', { state: 'exited' }).t)).toEqual([]);
  });

  test('a clock that is far behind inverts who exits', () => {
    const skewed = play({ lines: [['inactive', PROMOTE_WITHOUT]], first: (world) => { stayDown(world); world.hosts.inactive.clockOffset = -3 * 3_600_000_000; } });
    expect(skewed.all('process', { state: 'exited' }).map(({ host, reason }) => [host, reason])).toEqual([['inactive', DUPLICATE]]);
  });

  test('a demoted host and a promoted one have different keys: nobody exits', () => {
    const { all } = play({ lines: [['active', `agave-validator -l ${SITE.ledger} set-identity ${SITE.hosts.active.junkKey}`], ['inactive', PROMOTE_WITHOUT]] });
    expect(all('process', { state: 'exited' })).toEqual([]);
  });

  test('two hosts with one junk key kill each other, votes or not', () => {
    const { one } = play({
      lines: [['active', `agave-validator -l ${SITE.ledger} set-identity ${SITE.hosts.active.junkKey}`]],
      prepared: [['same-junk-key', 'active']], first: stayDown,
    });
    expect(one('process', { state: 'exited' })).toMatchObject({ host: 'inactive', exit: 1, reason: DUPLICATE });
  });
});

describe('who is not heard', () => {
  test('the active hears no gossip: nobody notices, and both vote until the link is back', () => {
    const { all, one } = play({
      lines: [['inactive', PROMOTE_WITHOUT]], first: stayDown, tailSlots: 70,
      faults: [{ kind: 'cut-gossip-in', on: 'active', at: { kind: 'slot', slot: -1 }, heal: 50 }],
    });
    const healed = one('fault', { phase: 'end' });
    const ended = one('process', { state: 'exited' });
    expect(ended).toMatchObject({ host: 'active', reason: DUPLICATE });
    expect(ended.t - healed.t).toBe(2_400_000);
    for (const host of ['active', 'inactive']) {
      expect(all('vote', { host, identity: STAKED }).filter(({ t }) => t > healed.t - 4_000_000 && t < healed.t).length).toBeGreaterThanOrEqual(9);
    }
  });

  test('what the newcomer cannot send is not heard either', () => {
    const { all, one } = play({
      lines: [['inactive', PROMOTE_WITHOUT]], first: stayDown, tailSlots: 70,
      faults: [{ kind: 'cut-gossip', on: 'inactive', at: { kind: 'slot', slot: -1 }, heal: 30 }],
    });
    expect(all('process', { state: 'exited' }).every(({ t }) => t > one('fault', { phase: 'end' }).t)).toBe(true);
    expect(all('process', { state: 'exited' })).toHaveLength(1);
  });
});

describe('a returned host (validator/src/bootstrap.rs: gossip runs under the key of --identity before the ledger is replayed)', () => {
  /** The active dies; the inactive takes over; then the active comes back with its link still on the staked key. */
  const returned = (link: string | null) =>
    play({
      lines: [
        ['active', 'sudo systemctl stop sol'], ['inactive', PROMOTE_WITHOUT], { wait: 40 },
        ...(link === null ? [] : [['active', linkTo(link)] as const]), ['active', 'sudo systemctl start sol'],
      ],
      first: stayDown, tailSlots: 120,
    });

  test('kills the healthy voter before it can vote itself, then itself: nobody votes', () => {
    const { all, one, outcome } = returned(null);
    const [healthy, itself] = all('process', { state: 'exited' }).filter(({ t }) => t > outcome(3).t);
    expect(healthy).toMatchObject({ host: 'inactive', exit: 1, reason: DUPLICATE });
    expect(itself).toMatchObject({ host: 'active', exit: 1 });
    expect(itself!.reason).toMatch(/^Submitting old vote, switch: false, vote slot: \d+$/);
    // Seen: 18 s and 15 s; a second time 10 s and 3 s.
    expect(healthy!.t - outcome(3).t).toBeGreaterThanOrEqual(10_000_000);
    expect(healthy!.t - outcome(3).t).toBeLessThanOrEqual(18_000_000);
    expect(itself!.t - healthy!.t).toBeGreaterThanOrEqual(3_000_000);
    expect(itself!.t - healthy!.t).toBeLessThanOrEqual(15_000_000);
    expect(one('process', { host: 'active', state: 'started' }).identity).toBe(STAKED);
    expect(all('vote').filter(({ t }) => t > itself!.t)).toEqual([]);
  });

  test('with its link on the junk key it does no harm', () => {
    const { all, outcome } = returned(SITE.hosts.active.junkKey);
    expect(all('process', { state: 'exited' }).filter(({ t }) => t > outcome(3).t)).toEqual([]);
    expect(all('process', { host: 'active', state: 'started' }).at(-1)!.identity).toBe(JUNK.active);
    expect(all('vote').at(-1)).toMatchObject({ host: 'inactive' });
  });
});
