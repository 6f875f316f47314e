/**
 * Own leader slots around a switch. Sources: agave core/src/replay_stage.rs (`maybe_start_leader`,
 * `has_new_vote_been_rooted`), turbine/src/broadcast_stage.rs (the key is read for every batch of shreds), 4.2.
 */
import { describe, expect, test } from 'vitest';
import { DEMOTE, PROMOTE, SITE, STAKED, copyTo, play } from './world.ts';
import type { Line } from './world.ts';

const SWAP: readonly Line[] = [['active', DEMOTE], ['active', 'sleep 0.5'], ['active', copyTo('inactive')], ['inactive', PROMOTE]];
const quick = { scp: 20_000, operatorPause: 20_000 };

describe('the wait for an own rooted vote', () => {
  /** The own slot `first` after a swap whose new holder first votes for slot 1001. */
  const slotAt = (first: number) => play({ lines: SWAP, latencies: quick, site: { leaderWindows: [first] }, tailSlots: 60 });

  test('no leader block until a vote of the new identity is rooted: it lands a slot later, and 31 votes root that', () => {
    const produced = [20, 30, 32, 33, 34, 35, 36].map((later) => slotAt(later + 1).all('leader', { slot: 1001 + later })[0]!);
    expect(produced.map(({ outcome }) => outcome)).toEqual(['missed', 'missed', 'missed', 'missed', 'produced', 'produced', 'produced']);
    expect(produced.at(-1)!.host).toBe('inactive');
    expect(slotAt(21).all('vote', { host: 'inactive' })[0]!.slot).toBe(1001);
  });

  test('its slots before that say why they were missed', () => {
    const early = slotAt(10).all('leader');
    expect(early).toHaveLength(4);
    for (const { outcome, why } of early) expect([outcome, why]).toEqual(['missed', 'inactive waits until a vote of its own is rooted']);
  });

  test('with --no-wait-for-vote-to-start-leader it leads at once', () => {
    const bold = play({ lines: SWAP, latencies: quick, site: { leaderWindows: [8] }, first: (world) => {
      const { validator } = world.hosts.inactive;
      Object.assign(validator!, { flags: { ...validator!.flags, waitForVoteToStartLeader: false } });
    } });
    expect(bold.all('leader', { outcome: 'produced' }).map(({ slot, host }) => [slot, host])).toEqual([[1008, 'inactive'], [1009, 'inactive'], [1010, 'inactive'], [1011, 'inactive']]);
  });

  test('a window long after the switch is led by the new holder, one before it by the old', () => {
    const both = play({ lines: SWAP, latencies: quick, site: { leaderWindows: [-6, 50] }, tailSlots: 70 });
    expect(both.all('leader', { outcome: 'produced' }).map(({ host }) => host)).toEqual([...Array(4).fill('active'), ...Array(4).fill('inactive')]);
  });

  test('a rollback waits as well: active, junk, active', () => {
    const back = play({
      lines: [['active', DEMOTE], ['active', 'sleep 1'], ['active', `agave-validator -l ${SITE.ledger} set-identity --require-tower ${SITE.stakedKey}`]],
      site: { leaderWindows: [12, 60] }, tailSlots: 80,
    });
    expect(back.all('leader').map(({ slot, outcome }) => [slot - 1000, outcome])).toEqual([
      ...[12, 13, 14, 15].map((slot) => [slot, 'missed']), ...[60, 61, 62, 63].map((slot) => [slot, 'produced']),
    ]);
  });
});

describe('a window that is hit by the demotion', () => {
  const hit = play({ lines: [['active', 'sleep 0.1'], ['active', DEMOTE]], site: { leaderWindows: [0] } });

  test('the shreds of the slot are signed with two keys: nobody else takes the block', () => {
    expect(hit.all('leader')[0]).toMatchObject({ slot: 1000, outcome: 'missed', why: 'its shreds were signed with two identities' });
    expect(hit.all('block', { slot: 1001 })).toEqual([]);
  });

  test('its maker freezes it alone, and casts its last staked vote on it', () => {
    const own = hit.one('block', { slot: 1000 });
    const last = hit.all('vote', { host: 'active' }).at(-1)!;
    expect([last.slot, last.hash, last.identity]).toEqual([1000, own.hash, STAKED]);
    expect(hit.all('landed', { vote: last.id })).toEqual([]);
    expect(hit.all('block').filter(({ parent }) => parent === 1000)).toEqual([]);
  });

  test('a rollback within the slot does not mend it: its first shreds had the other key', () => {
    const back = `agave-validator -l ${SITE.ledger} set-identity ${SITE.stakedKey}`;
    const { all } = play({ lines: [['active', DEMOTE], { wait: 4 }, ['active', 'sleep 0.1'], ['active', back]], latencies: { operatorPause: 20_000 }, skips: [0, 1, 2, 3], site: { leaderWindows: [4] } });
    expect(all('leader').map(({ slot, outcome }) => [slot, outcome])).toEqual([[1004, 'missed'], [1005, 'produced'], [1006, 'produced'], [1007, 'produced']]);
  });

  test('between the command and the voting loop a slot may still be begun, signed with the junk key throughout', () => {
    // The set-identity falls into slot 999's last moments: its bank freezes in slot 1000, which is ours.
    const late = play({ lines: [['active', DEMOTE]], skips: [0, 1, 2, 3], site: { leaderWindows: [4] } });
    expect(late.all('leader', { outcome: 'missed' })[0]).toMatchObject({ slot: 1004, why: 'its shreds were signed with two identities' });
  });
});
