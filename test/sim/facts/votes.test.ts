/**
 * Which votes are sent, sent again, refused by the process itself, or lost. Sources: agave core/src/replay_stage.rs
 * (`generate_vote_tx`, `maybe_refresh_last_vote`), core/src/voting_service.rs, gossip/src/cluster_info.rs (`push_vote`),
 * validator/src/commands/authorized_voter/mod.rs, 4.2.
 */
import { describe, expect, test } from 'vitest';
import { healLink, impairLink } from '../../../src/sim/network.ts';
import type { World } from '../../../src/sim/world.ts';
import type { Deeds } from './world.ts';
import { ADD_VOTER, DEMOTE, PROMOTE, PROMOTE_WITHOUT, REMOVE_VOTERS, SITE, STAKED, copyTo, logOf, play } from './world.ts';

describe('refresh of the last vote (core/src/replay_stage.rs maybe_refresh_last_vote, 4.2)', () => {
  const loseVotes = ({ network }: World) => {
    for (const channel of ['votes', 'gossip'] as const) impairLink(network, 'active', channel, 'out', 'cut');
  };
  /** An old vote for slot 997, which has no block, locks both hosts out of their own fork. */
  const lockOut = ({ hosts }: World) => {
    for (const { validator } of Object.values(hosts)) {
      const { tower } = validator!;
      const votes = tower.stack.votes.map((vote) => (vote.slot === 996 ? { slot: 997, confirmationCount: vote.confirmationCount } : vote));
      validator!.tower = { ...tower, stack: { ...tower.stack, votes } };
    }
  };
  /** Votes from slot 4 on are lost; from slot 8 on no new ones are cast. */
  const stuck = (slotMs: number, deeds: Deeds = {}) => play({ site: { slotMs }, tailSlots: 90, skips: [-3], deeds: { 4: loseVotes, 8: lockOut, ...deeds } });
  const at400 = stuck(400);
  const refreshes = at400.all('vote', { host: 'active', refresh: true });
  const last = at400.all('vote', { host: 'active', refresh: false }).at(-1)!;

  test('is sent when its blockhash is more than 16 blocks old', () => {
    // Voted for slot s with the blockhash of s: 17 blocks later it is too old.
    expect(Math.floor((refreshes[0]!.t - at400.start(0)) / 400_000) + 1000 - 1).toBe(last.slot + 17);
    expect(refreshes[1]!.t - refreshes[0]!.t).toBe(17 * 400_000);
  });

  test('holds the same slots, block and counts, and saves no tower', () => {
    expect(refreshes.map(({ slot, hash, lockouts, root }) => ({ slot, hash, lockouts, root }))).toEqual(refreshes.map(() => ({ slot: last.slot, hash: last.hash, lockouts: last.lockouts, root: last.root })));
    expect(at400.all('tower-saved', { host: 'active' }).at(-1)!.slot).toBe(last.slot);
    expect(at400.all('tower-saved', { host: 'active', slot: last.slot })).toHaveLength(1);
  });

  test('is not sent within 5 s of the one before', () => {
    const [first, second] = stuck(200).all('vote', { host: 'active', refresh: true });
    expect(second!.t - first!.t).toBeGreaterThanOrEqual(5_000_000);
    expect(second!.t - first!.t).toBeLessThan(5_000_000 + 200_000 + 60_000);
  });

  test('is not sent by a hot spare', () => {
    expect(at400.all('vote', { host: 'inactive' })).toEqual([]);
  });

  test('ends when the vote has landed', () => {
    const healed = stuck(400, { 20: ({ network }) => { for (const channel of ['votes', 'gossip'] as const) healLink(network, 'active', channel, 'out', 'cut'); } });
    expect(healed.all('vote', { host: 'active', refresh: true })).toHaveLength(1);
  });

  test('a loaded tower whose vote has not landed may be sent again at once (nothing sent since the load)', () => {
    // The active votes for five blocks of a branch that loses; the inactive takes its tower over and cannot switch yet.
    const fork = { at: 1, losing: 5, skipped: 0, firstSeen: { active: 'losing', inactive: 'losing' }, winner: 'second' } as const;
    const swap = play({
      fork,
      lines: [{ wait: 5 }, ['active', 'sleep 0.1'], ['active', DEMOTE], ['active', 'sleep 0.4'], ['active', copyTo('inactive')], ['inactive', PROMOTE]],
      latencies: { scp: 20_000, operatorPause: 20_000 },
    });
    const [first] = swap.all('vote', { host: 'inactive' });
    const before = swap.all('vote', { host: 'active' }).at(-1)!;
    expect(first).toMatchObject({ refresh: true, slot: before.slot, hash: before.hash, lockouts: before.lockouts });
  });
});

describe('the guard in gossip (gossip/src/cluster_info.rs push_vote, since 2.1)', () => {
  /** The inactive is promoted without a tower while its replay is ten slots behind. */
  const behind = play({
    lines: [['active', DEMOTE], { wait: 3 }, ['inactive', PROMOTE_WITHOUT]],
    faults: [{ kind: 'cut-turbine', on: 'inactive', at: { kind: 'slot', slot: -3 }, heal: 12 }],
    first: (world) => { world.hosts.inactive.unit.restarts = false; },
  });
  const ended = behind.one('process', { host: 'inactive', state: 'exited' });
  const sent = behind.all('vote', { host: 'inactive' });

  test('a vote that is not newer than what gossip holds ends the process, exit 1', () => {
    expect(ended).toMatchObject({ exit: 1, reason: `Submitting old vote, switch: false, vote slot: ${sent.at(-1)!.slot}` });
    expect(sent.at(-1)!.slot).toBeLessThanOrEqual(behind.all('vote', { host: 'active' }).at(-1)!.slot);
  });

  test('after it has gone to the leaders', () => {
    expect(sent).toHaveLength(1);
    expect(behind.world.votes.at(-1)).toMatchObject({ host: 'inactive', slot: sent[0]!.slot });
    expect(behind.trace.events.indexOf(sent[0]!)).toBeLessThan(behind.trace.events.indexOf(ended));
    expect(behind.all('tower-saved', { host: 'inactive', slot: sent[0]!.slot })).toHaveLength(1);
  });

  test('with its complete tower the same host is silent until it has passed the last vote', () => {
    const safe = play({
      lines: [['active', DEMOTE], { wait: 2 }, ['active', copyTo('inactive')], ['inactive', PROMOTE]],
      faults: [{ kind: 'cut-turbine', on: 'inactive', at: { kind: 'slot', slot: -3 }, heal: 20 }],
    });
    expect(safe.all('process', { state: 'exited' })).toEqual([]);
    const last = safe.all('vote', { host: 'active' }).at(-1)!;
    expect(safe.all('vote', { host: 'inactive', refresh: false })[0]!.slot).toBeGreaterThan(last.slot);
    // Only that vote itself is sent once more, as it stands.
    expect(safe.all('vote', { host: 'inactive', refresh: true }).map(({ slot, lockouts }) => [slot, lockouts])).toEqual([[last.slot, last.lockouts]]);
  });
});

describe('authorized voters (core/src/replay_stage.rs generate_vote_tx; validator/src/commands/run/execute.rs, 4.2)', () => {
  test('a spare started without --authorized-voter: every command exits 0, it shows as staked, and votes not once', () => {
    const silent = play({
      prepared: [['no-authorized-voter', 'inactive']],
      lines: [['active', DEMOTE], ['active', copyTo('inactive')], ['inactive', PROMOTE], ['inactive', `agave-validator -l ${SITE.ledger} contact-info`]],
    });
    expect([0, 1, 2, 3].map((line) => silent.outcome(line).exit)).toEqual([0, 0, 0, 0]);
    expect(silent.outcome(3).stdout).toContain(`Identity: ${STAKED}\n`);
    expect(silent.all('vote', { host: 'inactive' })).toEqual([]);
    expect(silent.all('tower-saved', { host: 'inactive' })).toEqual([]);
    expect(logOf(silent, 'inactive')).toContain(`The authorized keypair ${STAKED} is not available.  Unable to vote`);
  });

  test('without the flag the key behind --identity at the start is the voter: enough for a host that starts as staked', () => {
    const plain = play({ prepared: [['no-authorized-voter', 'active']], lines: [['active', 'sudo systemctl restart sol']], tailSlots: 100 });
    const running = plain.all('process', { host: 'active', state: 'running' }).at(-1)!;
    expect(plain.all('vote', { host: 'active', identity: STAKED }).at(-1)!.t).toBeGreaterThan(running.t);
  });

  test('remove-all is a fence: no vote is recorded to be sent after it has returned', () => {
    const fenced = play({ lines: [{ wait: 2 }, ['active', 'sleep 0.1'], ['active', REMOVE_VOTERS]] });
    const { t, exit } = fenced.outcome(2);
    expect(exit).toBe(0);
    expect(fenced.all('vote', { host: 'active' }).filter((vote) => vote.t > t)).toEqual([]);
    expect(fenced.all('tower-saved', { host: 'active' }).filter((saved) => saved.t > t)).toEqual([]);
    // set-identity alone lets one more through: see "the vote for the bank that moves the reset point".
    expect(fenced.world.hosts.active.validator!.tower.lastVote!.slot).toBeGreaterThan(1010);
  });

  test('what already waits in the voting service still goes', () => {
    const queued = play({
      lines: [['active', 'sleep 0.1'], ['active', REMOVE_VOTERS]],
      latencies: { votingStall: 3 },
    });
    const { t } = queued.outcome(1);
    const late = queued.all('vote', { host: 'active' }).filter((vote) => vote.t > t);
    expect(late.map(({ slot }) => slot)).toEqual([997, 998, 999]);
  });

  test('add brings the voter back; a second add is refused', () => {
    const back = play({ lines: [['active', REMOVE_VOTERS], { wait: 3 }, ['active', ADD_VOTER], ['active', ADD_VOTER]] });
    expect(back.outcome(2)).toMatchObject({ exit: 0, stdout: `Adding authorized voter path: ${SITE.stakedKey}\n` });
    expect(back.outcome(3)).toMatchObject({ exit: 1, stdout: `Adding authorized voter path: ${SITE.stakedKey}\nValidator command failed: admin rpc error: Server returned rpc error Invalid params: Authorized voter already present\n` });
    expect(back.all('vote', { host: 'active' }).at(-1)!.t).toBeGreaterThan(back.outcome(3).t);
  });

  test('a restart brings it back as well', () => {
    const restarted = play({ lines: [['active', REMOVE_VOTERS], ['active', 'sudo systemctl restart sol']], tailSlots: 100 });
    const running = restarted.all('process', { host: 'active', state: 'running' }).at(-1)!;
    expect(restarted.all('vote', { host: 'active' }).at(-1)!.t).toBeGreaterThan(running.t);
  });

  test('unlike set-identity both work during start-up (validator/src/admin_rpc_service.rs)', () => {
    const starting = play({ lines: [['active', 'sudo systemctl restart sol'], ['active', 'sleep 1'], ['active', REMOVE_VOTERS]], tailSlots: 100 });
    expect(starting.outcome(2).exit).toBe(0);
    expect(starting.all('vote', { host: 'active' }).filter(({ t }) => t > starting.outcome(2).t)).toEqual([]);
  });
});

describe('the queue of the voting service (core/src/voting_service.rs, 4.2)', () => {
  const standing = { kind: 'freeze', on: 'active', at: { kind: 'point', host: 'active', point: 'vote-recorded', slot: 2 }, heal: 6 } as const;

  test('SIGSTOP keeps it and SIGCONT flushes it: a vote that was recorded before leaves after the thaw', () => {
    const { one, all } = play({ faults: [standing] });
    const thawed = one('process', { host: 'active', state: 'thawed' });
    expect(all('vote', { host: 'active' }).filter(({ t }) => t >= one('process', { state: 'frozen' }).t)[0]).toMatchObject({ slot: 1001, identity: STAKED });
    expect(one('vote', { host: 'active', slot: 1001 }).t).toBeGreaterThanOrEqual(thawed.t);
  });

  test('SIGKILL drops it: the vote is signed, recorded, and never sent', () => {
    const kill = (world: World) => world.hosts.active.unit;
    const { one, all } = play({ faults: [{ ...standing, kind: 'crash' }], first: (world) => { kill(world).restarts = false; } });
    expect(one('unsent', { host: 'active' })).toMatchObject({ slot: 1001, identity: STAKED });
    expect(all('vote', { host: 'active' }).at(-1)!.slot).toBe(1000);
    expect(all('tower-saved', { host: 'active' }).at(-1)!.slot).toBe(1000);
  });

  test('it goes in order: a service that stands in sending keeps every later vote from being saved', () => {
    const { all, start } = play({ latencies: { votingStall: 3 } });
    const saved = all('tower-saved', { host: 'active' }).filter(({ t }) => t > start(-2) && t < start(1));
    expect(saved.map(({ slot }) => slot)).toEqual([997]);
    expect(all('vote', { host: 'active' }).filter(({ t }) => t > start(-2)).slice(0, 4).map(({ slot }) => slot)).toEqual([997, 998, 999, 1000]);
  });
});
