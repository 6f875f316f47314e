/**
 * What set-identity does, and when. Sources: agave validator/src/admin_rpc_service.rs (`set_identity_keypair`),
 * core/src/replay_stage.rs (`run_replay`), core/src/voting_service.rs, 4.2, the same loop from 2.3 to 4.3.
 */
import { describe, expect, test } from 'vitest';
import { fromRuns } from '../../../src/model/lockout-runs.ts';
import { DEMOTE, JUNK, PROMOTE, PROMOTE_WITHOUT, SITE, STAKED, copyTo, linkTo, logOf, play, readTower } from './world.ts';
import type { World } from '../../../src/sim/world.ts';

/** The last vote in the tower file of the staked identity on a host. */
function lastInFile(world: World, host: 'active' | 'inactive'): number | null {
  const read = readTower(world.hosts[host], SITE.towerDir, STAKED);
  return read.ok ? (read.tower.lastVote?.slot ?? null) : null;
}

describe('demotion (agave core/src/replay_stage.rs run_replay, 4.2)', () => {
  const demotion = play({ lines: [['active', 'sleep 0.1'], ['active', DEMOTE]] });
  const returned = demotion.outcome(1);
  const noticed = demotion.one('identity', { host: 'active', layer: 'voting', to: JUNK.active });

  test('set-identity returns before the voting loop notices', () => {
    expect(returned.exit).toBe(0);
    expect(demotion.one('identity', { host: 'active', layer: 'gossip', to: JUNK.active }).t).toBeLessThanOrEqual(returned.t);
    expect(noticed.t).toBeGreaterThan(returned.t);
    // The loop looks only when a new bank has moved the reset point: slot 1000 freezes 15 ms after its end.
    expect(noticed.t).toBe(demotion.start(1) + 15_000);
  });

  test('the vote for the bank that moves the reset point is still signed and sent by the old identity, exactly one', () => {
    const late = demotion.all('vote', { host: 'active' }).filter(({ t }) => t > returned.t);
    expect(late.map(({ slot, identity }) => [slot, identity])).toEqual([[1000, STAKED]]);
    expect(late[0]!.t).toBeGreaterThan(noticed.t);
    expect(demotion.one('landed', { vote: late[0]!.id }).error).toBe(null);
  });

  test('its tower is written later, by the voting service, before it is sent (core/src/voting_service.rs, 4.2)', () => {
    const saved = demotion.one('tower-saved', { host: 'active', slot: 1000 });
    const sent = demotion.one('vote', { host: 'active', slot: 1000 });
    expect(saved.t).toBeGreaterThan(noticed.t);
    expect(saved.t).toBeLessThanOrEqual(sent.t);
    expect(demotion.trace.events.indexOf(saved)).toBeLessThan(demotion.trace.events.indexOf(sent));
  });

  test('a copy made when the command has returned lacks that vote, a copy made after the next bank has it', () => {
    const copied = (pause: number) => {
      const { world } = play({ lines: [['active', DEMOTE], ['active', `sleep ${pause}`], ['active', copyTo('inactive')]], latencies: { scp: 20_000 } });
      return lastInFile(world, 'inactive');
    };
    expect(copied(0.05)).toBe(999);
    expect(copied(0.5)).toBe(1000);
  });

  test('nothing waits for the voting loop: a wait of a slot after the command is what makes the copy whole', () => {
    const { world } = play({ lines: [['active', DEMOTE], { wait: 1 }, ['active', 'sleep 0.1'], ['active', copyTo('inactive')]] });
    expect(lastInFile(world, 'inactive')).toBe(lastInFile(world, 'active'));
  });

  test('the late vote is pushed in gossip under the label of the new identity (gossip/src/cluster_info.rs push_vote, 4.2)', () => {
    const labels = [...demotion.world.gossip.votes].filter(([, votes]) => votes.some(({ slot }) => slot === 1000)).map(([label]) => label);
    expect(labels).toEqual([JUNK.active]);
    expect(demotion.world.gossip.votes.get(STAKED)!.at(-1)!.slot).toBe(999);
  });

  test('so is every vote that waited in the voting service, though the loop still votes as staked', () => {
    const { world, one } = play({ lines: [['active', DEMOTE]], latencies: { votingStall: 3 } });
    const underJunk = world.gossip.votes.get(JUNK.active)!.map(({ slot }) => slot);
    expect(underJunk).toEqual([997, 998, 999, 1000]);
    expect(one('vote', { slot: 999 }).t).toBeLessThan(one('identity', { host: 'active', layer: 'voting', to: JUNK.active }).t);
  });

  test('the tower that was loaded for the junk identity is rebuilt from the bank, and never saved', () => {
    expect(demotion.one('tower-loaded', { host: 'active', identity: JUNK.active }).source).toBe('rebuilt');
    expect(demotion.all('tower-saved', { host: 'active', identity: JUNK.active })).toEqual([]);
  });
});

describe('no new bank, no switch (agave core/src/replay_stage.rs, 4.2)', () => {
  test('while the cluster makes no block the loop keeps the old identity; the next block is voted for with it', () => {
    const skips = Array.from({ length: 20 }, (_, i) => i);
    const stalled = play({ lines: [['active', DEMOTE]], skips, tailSlots: 40 });
    const { t } = stalled.one('identity', { host: 'active', layer: 'voting', to: JUNK.active });
    expect(t).toBe(stalled.start(21) + 15_000);
    expect(stalled.all('vote', { host: 'active' }).at(-1)!.slot).toBe(1020);
  });

  test('skipped slots right after the demotion make both hosts vote for the next block with one key (seen: slots 496-499, 500)', () => {
    const swap = play({ lines: [['active', DEMOTE], ['active', 'sleep 1'], ['active', copyTo('inactive')], ['inactive', PROMOTE]], latencies: { skipsAfterDemotion: 8, scp: 20_000 } });
    const first = swap.all('vote').filter(({ slot }) => slot === 1008);
    expect(first.map(({ host, identity }) => [host, identity])).toEqual([['active', STAKED], ['inactive', STAKED]]);
  });

  test('new banks that do not move the reset point do not count: the host is stuck on a fork that it may not leave', () => {
    // It has voted on a branch that ends; the other one has 33 % of the stake, which is less than a switch needs.
    const stuck = play({
      site: { stakeShare: 0.31 }, others: { shares: [0, 36 / 69, 33 / 69], losing: 0, winning: 0b100 },
      fork: { at: 1, losing: 2, skipped: 0, firstSeen: { active: 'losing', inactive: 'winning' }, winner: 'second' },
      lines: [{ wait: 6 }, ['active', DEMOTE]],
    });
    expect(stuck.outcome(1).exit).toBe(0);
    expect(stuck.world.slot).toBeGreaterThan(1040);
    expect(stuck.world.hosts.active.ledgerTip.slot).toBe(1002);
    expect(stuck.world.hosts.active.validator!.leaves.some(({ slot }) => slot > 1040)).toBe(true);
    expect(stuck.all('identity', { host: 'active', layer: 'voting', to: JUNK.active })).toEqual([]);
  });

  test('a host that receives no blocks stays with the old identity', () => {
    const cut = play({ lines: [['active', DEMOTE]], faults: [{ kind: 'cut-turbine', on: 'active', at: { kind: 'slot', slot: 0 }, heal: 30 }] });
    expect(cut.one('identity', { host: 'active', layer: 'voting', to: JUNK.active }).t).toBeGreaterThan(cut.start(30));
  });
});

describe('promotion (agave core/src/replay_stage.rs, 4.2)', () => {
  const swap = play({ lines: [['active', DEMOTE], ['active', copyTo('inactive')], ['inactive', PROMOTE]], latencies: { scp: 700_000 } });
  const switched = swap.one('identity', { host: 'inactive', layer: 'voting', to: STAKED });
  const [first] = swap.all('vote', { host: 'inactive' });

  test('the turn that notices ends as hot spare; the next one votes for that very bank, some ms later', () => {
    const tip = Math.floor((switched.t - swap.start(0)) / 400_000) + 1000 - 1;
    expect(first!.slot).toBe(tip);
    expect(first!.t - switched.t).toBeLessThan(10_000);
    expect(first!.t - switched.t).toBeGreaterThanOrEqual(swap.world.latencies.nextTurn);
  });

  test('until then the spare records without sending, and says so', () => {
    expect(logOf(swap, 'inactive')).toContain(`Vote account node_pubkey mismatch: ${STAKED} (expected: ${JUNK.inactive}).  Unable to vote`);
    expect(swap.all('vote', { host: 'inactive' }).filter(({ t }) => t < switched.t)).toEqual([]);
    expect(swap.all('tower-saved', { host: 'inactive' }).filter(({ t }) => t < switched.t)).toEqual([]);
  });

  test('chain state is adopted only when a bank is first computed: the first vote goes to the current tip without it', () => {
    // A tower of slot 999 while the chain has the vote for 1000: the loaded tower meets a tip that was computed before.
    const stale = play({ lines: [['active', DEMOTE], ['active', copyTo('inactive')], { wait: 2 }, ['inactive', 'sleep 0.1'], ['inactive', PROMOTE]], latencies: { scp: 20_000, operatorPause: 20_000 } });
    const [vote] = stale.all('vote', { host: 'inactive' });
    expect(stale.all('tower-loaded', { host: 'inactive', identity: STAKED, source: 'adopted' })).toEqual([]);
    expect(fromRuns(vote!.lockouts).some(({ slot }) => slot === 1000)).toBe(false);
    const answers = stale.all('landed').filter(({ vote: id }) => id >= vote!.id).map(({ error }) => error);
    expect(answers.slice(0, 32)).toEqual([13, ...Array(30).fill(6), null]);
  });

  test('at start-up all banks are computed afresh, and the chain is adopted before the first vote', () => {
    const restarted = play({
      lines: [['active', DEMOTE], ['active', copyTo('inactive')], { wait: 3 }, ['inactive', linkTo(SITE.stakedKey)], ['inactive', 'sudo systemctl restart sol']],
      latencies: { scp: 20_000 }, tailSlots: 100,
    });
    const adopted = restarted.one('tower-loaded', { host: 'inactive', identity: STAKED, source: 'adopted' });
    const [vote] = restarted.all('vote', { host: 'inactive' });
    expect(adopted.slot).toBe(1000);
    expect(adopted.t).toBeLessThanOrEqual(vote!.t);
    expect(restarted.all('landed').filter(({ vote: id, error }) => id >= vote!.id && error !== null)).toEqual([]);
  });

  test('the tower file is read again when the loop notices: --require-tower saw another one (check, then use)', () => {
    const changed = play({
      lines: [['active', DEMOTE], ['active', 'sleep 1'], ['active', copyTo('inactive')], ['inactive', PROMOTE], ['inactive', `rm ${SITE.towerDir}/tower-1_9-${STAKED}.bin`]],
      latencies: { scp: 20_000, operatorPause: 20_000 },
    });
    expect(changed.outcome(3).exit).toBe(0);
    expect(changed.outcome(4).t).toBeLessThan(changed.one('identity', { host: 'inactive', layer: 'voting', to: STAKED }).t);
    expect(changed.one('tower-loaded', { host: 'inactive', identity: STAKED }).source).toBe('rebuilt');
  });
});

describe('who may change the identity', () => {
  test('set-identity during start-up is refused (validator/src/admin_rpc_service.rs with_post_init, 4.2)', () => {
    const starting = play({ lines: [['inactive', 'sudo systemctl restart sol'], ['inactive', PROMOTE_WITHOUT], ['inactive', 'sleep 25'], ['inactive', PROMOTE_WITHOUT]], tailSlots: 20 });
    expect(starting.outcome(1)).toMatchObject({
      exit: 1, stdout: expect.stringMatching(/\nValidator command failed: admin rpc error: Server returned rpc error Invalid params: Retry once validator start up is complete\n$/),
    });
    expect(starting.outcome(3).exit).toBe(0);
    expect(starting.all('identity', { host: 'inactive', layer: 'gossip', to: STAKED })).toHaveLength(1);
  });

  test.each([['4.2.0', 0], ['4.3.0', 1]])('from one staked identity to another: Agave %s, exit %i (agave PR 14396)', (agave, exit) => {
    const other = SITE.hosts.active.junkKey;
    const { outcome, one, all } = play({ lines: [['active', DEMOTE]], site: { agave }, first: (world) => world.stakes.set(JUNK.active, 0.1) });
    expect(outcome(0).exit).toBe(exit);
    if (exit === 0) expect(one('identity', { layer: 'gossip', from: STAKED }).to).toBe(JUNK.active);
    else {
      expect(outcome(0).stdout).toContain(`New validator identity path: ${other}\nValidator command failed: admin rpc error: Server returned rpc error Invalid params: Changing identity from staked node ${STAKED} to staked node ${JUNK.active} is not supported`);
      expect(all('identity', { from: STAKED })).toEqual([]);
    }
  });
});

describe('the identity link (agave validator/src/commands/run/execute.rs and commands/set_identity/mod.rs, 4.2)', () => {
  test('flipping it does nothing to a running process', () => {
    const flipped = play({ lines: [['active', linkTo(SITE.hosts.active.junkKey)], ['inactive', linkTo(SITE.stakedKey)]] });
    expect(flipped.all('identity').filter(({ t }) => t > 0)).toEqual([]);
    expect(flipped.all('vote').every(({ host, identity }) => host === 'active' && identity === STAKED)).toBe(true);
  });

  test('set-identity follows it when called', () => {
    const { outcome, one } = play({ lines: [['inactive', linkTo(SITE.stakedKey)], ['inactive', `agave-validator -l ${SITE.ledger} set-identity ${SITE.identityLink}`]] });
    expect(outcome(1).stdout).toBe(`New validator identity path: ${SITE.stakedKey}\n`);
    expect(one('identity', { host: 'inactive', layer: 'gossip', to: STAKED }).from).toBe(JUNK.inactive);
  });

  test.each([['the old link', [], STAKED], ['the new link', [['active', linkTo(SITE.hosts.active.junkKey)]], JUNK.active]] as const)(
    'set-identity stores nothing: a restart comes back as whatever it points to, here %s', (_, link, identity) => {
      const { all } = play({ lines: [['active', DEMOTE], ...link, ['active', 'sudo systemctl restart sol']], tailSlots: 80 });
      expect(all('process', { host: 'active', state: 'started' }).map((event) => event.identity)).toEqual([identity]);
    });
});
