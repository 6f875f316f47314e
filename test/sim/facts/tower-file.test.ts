/**
 * The tower file: how it is written, what survives, what is loaded, and what each error does. Sources: agave
 * core/src/consensus/tower_storage.rs, core/src/replay_stage.rs (`load_tower`), core/src/validator.rs
 * (`post_process_restored_tower`), core/src/voting_service.rs, 4.2.
 */
import { impairLink } from '../../../src/sim/network.ts';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { signBytes } from '../../../src/model/identity.ts';
import { encodeTowerData, encodeTowerFile } from '../../../src/model/tower-codec.ts';
import { EMPTY_VOTE, savedTower } from '../../../src/model/tower-file.ts';
import { newTower, recordVote } from '../../../src/model/tower.ts';
import type { Tower } from '../../../src/model/tower.ts';
import { lazyTower, renderTower } from '../../../src/sim/tower-storage.ts';
import type { World } from '../../../src/sim/world.ts';
import { DEMOTE, JUNK, KEYS, OLD_TOWER, PROMOTE, PROMOTE_WITHOUT, SITE, STAKED, TOWER, copyTo, linkTo, play, readTower } from './world.ts';
import type { Plan } from './world.ts';

const owner = { user: 'sol', cwd: '/', t: 0 };
const root = { user: 'root', cwd: '/', t: 0 };

/** What lies at the tower's place on the inactive. */
const FILES = {
  missing: () => {},
  valid: (world: World) => put(world, TOWER, lazyTower(complete(world))),
  'valid, old name': (world: World) => put(world, OLD_TOWER, renderTower(complete(world), 'old-name')),
  'today’s format under the old name': (world: World) => put(world, OLD_TOWER, renderTower(complete(world))),
  'cut to 1000 bytes': (world: World) => put(world, TOWER, renderTower(complete(world)).subarray(0, 1000)),
  empty: (world: World) => put(world, TOWER, new Uint8Array(0)),
  'one byte changed': (world: World) => put(world, TOWER, renderTower(complete(world)).map((byte, i) => (i === 300 ? byte ^ 1 : byte))),
  'of another identity': (world: World) => put(world, TOWER, renderTower({ ...complete(world), node: JUNK.inactive })),
  'well signed for another node': (world: World) => put(world, TOWER, signedForAnotherNode()),
  // Slot 997 has no block in the worlds that use this.
  'of a fork that was left': (world: World) => put(world, TOWER, lazyTower(tower([997, 998], 990))),
  'unreadable': (world: World) => {
    FILES.valid(world);
    hide(world);
  },
  'unreadable, with an old name': (world: World) => {
    FILES['valid, old name'](world);
    FILES.unreadable(world);
  },
} as const;
type File = keyof typeof FILES;

function put({ hosts }: World, path: string, content: Uint8Array | ReturnType<typeof lazyTower>): void {
  hosts.inactive.disk.writeFile(path, content, owner);
}

function hide({ hosts }: World): void {
  hosts.inactive.disk.chown(TOWER, 'root', 'root', root);
  hosts.inactive.disk.chmod(TOWER, 0o600, root);
}

function complete(world: World): Tower {
  return world.hosts.active.validator!.tower;
}

function tower(votes: readonly number[], rootSlot: number): Tower {
  let made: Tower = { ...newTower(STAKED), stack: { votes: [], root: rootSlot } };
  for (const slot of votes) made = recordVote(made, slot, `B${slot}`);
  return made;
}

/** The node inside is the junk key; the signature is that of the staked one. */
function signedForAnotherNode(): Uint8Array {
  const file = savedTower({ node: JUNK.inactive, votes: [], root: 0, lastVote: EMPTY_VOTE, lastTimestamp: { slot: 0, timestamp: 0 } });
  return encodeTowerFile({ ...file, signature: signBytes(KEYS.staked, encodeTowerData(file)) });
}

/** Promotion with a file; the active has been demoted long before, and stays demoted. */
function promotion(file: File, line: string, plan: Plan = {}) {
  const played = play({
    skips: [-3],
    ...plan,
    // Until slot 997 is older than the root.
    lines: [['active', DEMOTE], { wait: file === 'of a fork that was left' ? 40 : 3 }, ['inactive', line]],
    deeds: { 2: (world) => {
      if (file === 'missing') return;
      const saved = readTower(world.hosts.active, SITE.towerDir, STAKED);
      if (!saved.ok) throw new Error('the active has saved a tower');
      world.hosts.active.validator!.tower = saved.tower;
      FILES[file](world);
    } },
  });
  const { exit, stdout } = played.outcome(2);
  const ended = played.all('process', { host: 'inactive', state: 'exited' })[0];
  const loaded = played.all('tower-loaded', { host: 'inactive', identity: STAKED })[0];
  return { played, exit, stdout, ended, loaded };
}

const REFUSED = (text: string) =>
  `Validator command failed: admin rpc error: Server returned rpc error Invalid params: Unable to load tower file for identity ${STAKED}: ${text}\n`;
const CUT = 'Serialization Error: io error: failed to fill whole buffer';
const MISSING = 'IO Error: No such file or directory (os error 2)';
const SIGNATURE = 'The signature on the saved tower is invalid';
const WRONG = `The tower does not match this validator: node_pubkey is ${STAKED} but found tower for ${JUNK.inactive}`;

describe('set-identity --require-tower loads the file once for trial (validator/src/admin_rpc_service.rs, 4.2)', () => {
  const recorded = readFileSync(new URL('../../fixtures/agave/command-answers.txt', import.meta.url), 'utf8');

  test.each<[File, string]>([
    ['cut to 1000 bytes', CUT], ['empty', CUT], ['missing', MISSING], ['unreadable', MISSING], ['one byte changed', SIGNATURE],
    ['of another identity', SIGNATURE], ['well signed for another node', WRONG],
  ])('refuses a file that is %s, with exit 1, and nothing changes', (file, text) => {
    const { played, exit, stdout, ended } = promotion(file, PROMOTE);
    expect([exit, stdout]).toEqual([1, `New validator identity path: ${SITE.stakedKey}\n${REFUSED(text)}`]);
    expect(played.all('identity', { host: 'inactive' }).filter(({ t }) => t > 0)).toEqual([]);
    expect(ended).toBe(undefined);
  });

  test.each([CUT, MISSING, SIGNATURE])('in the words of a real validator: %s', (text) => {
    expect(recorded).toContain(REFUSED(text).replace(STAKED, '4YwyWygbKtYWDnGtgvFHgq9HTmwkB7QW6AX349xX3y2q'));
  });

  test.each<[File]>([['valid'], ['valid, old name'], ['unreadable, with an old name'], ['of a fork that was left']])('takes a file that is %s', (file) => {
    expect(promotion(file, PROMOTE).exit).toBe(0);
  });

  test('looks at presence and owner, not at age: a leftover of an earlier tenure passes', () => {
    const played = play({ lines: [['active', DEMOTE], { wait: 3 }, ['inactive', PROMOTE]], prepared: [['leftover-tower', 'inactive']] });
    expect(played.outcome(2).exit).toBe(0);
    const loaded = played.one('tower-loaded', { host: 'inactive', identity: STAKED });
    expect(loaded).toMatchObject({ source: 'file', slot: null, why: 'from the file, last vote 700' });
    // All its votes are rooted meanwhile: the stack is empty, and the first vote is a stack of one.
    expect(played.all('vote', { host: 'inactive' })[0]!.lockouts).toHaveLength(1);
  });
});

describe('the loop loads it when it notices, whatever the flag said (core/src/replay_stage.rs load_tower, 4.2)', () => {
  test.each<[File, string, string]>([
    ['missing', 'rebuilt', MISSING], ['unreadable', 'rebuilt', MISSING],
  ])('%s: rebuilt from the bank, and the process goes on', (file, source, why) => {
    const { exit, ended, loaded, played } = promotion(file, PROMOTE_WITHOUT);
    expect([exit, ended, loaded!.source]).toEqual([0, undefined, source]);
    expect(loaded!.why).toContain(why);
    expect(loaded!.slot).toBe(1000);
    expect(played.all('vote', { host: 'inactive' }).length).toBeGreaterThan(20);
  });

  test('older than the slot history of 1,048,576 slots: passes the flag, and is rebuilt', () => {
    // Slots of these worlds begin below 1000: a tower so old has negative ones, and is never rendered as bytes.
    const last = 900 - 1_048_576;
    const { all, outcome } = play({ lines: [['active', DEMOTE], { wait: 3 }, ['inactive', PROMOTE]], first: (world) => put(world, TOWER, lazyTower(tower([last - 1, last], last - 2))) });
    expect(outcome(2).exit).toBe(0);
    expect(all('tower-loaded', { host: 'inactive', identity: STAKED })[0]).toMatchObject({ source: 'rebuilt', slot: 1000 });
  });

  test.each<[File, string]>([
    ['cut to 1000 bytes', CUT], ['empty', CUT], ['one byte changed', SIGNATURE], ['of another identity', SIGNATURE],
    ['well signed for another node', WRONG], ['of a fork that was left', 'FatallyInconsistent'],
    ['today’s format under the old name', ''],
  ])('%s: the command succeeds, then the services of the process end, and it hangs', (file, text) => {
    const { exit, ended, played } = promotion(file, PROMOTE_WITHOUT);
    expect(exit).toBe(0);
    expect(ended!.exit).toBeUndefined();
    expect(ended!.reason).toContain(`Unable to load new tower when attempting to change identity from ${JUNK.inactive} to ${STAKED} on set-identity, Exiting: ${text}`);
    expect(played.all('identity', { host: 'inactive', layer: 'voting', to: STAKED }).filter(({ t }) => t < ended!.t)).toEqual([]);
  });

  test.each<[File]>([['valid, old name'], ['unreadable, with an old name']])('%s: the old name is taken whenever the current one cannot be opened', (file) => {
    const { loaded, ended } = promotion(file, PROMOTE);
    expect([loaded!.source, loaded!.slot, ended]).toEqual(['old-name', 1000, undefined]);
  });

  test('a file that passed the flag and is broken before the loop looks ends its services', () => {
    const played = play({
      lines: [['active', DEMOTE], { wait: 3 }, ['active', copyTo('inactive')], ['inactive', 'sleep 0.05'], ['inactive', PROMOTE], ['inactive', `echo torn > ${TOWER}`]],
      latencies: { operatorPause: 20_000, scp: 20_000 },
    });
    expect(played.outcome(4).exit).toBe(0);
    expect(played.outcome(5).exit).toBe(0);
    expect(played.one('process', { host: 'inactive', state: 'exited' }).reason).toContain('Unable to load new tower');
  });
});

describe('at start-up (core/src/validator.rs post_process_restored_tower, 4.2)', () => {
  const start = (file: File, flag: boolean, first: (world: World) => void = () => {}) =>
    play({
      lines: [...(file === 'of a fork that was left' ? [{ wait: 40 }] : []), ['inactive', linkTo(SITE.stakedKey)], ['inactive', 'sudo systemctl restart sol']],
      skips: [-3],
      prepared: flag ? [['require-tower-at-start', 'inactive']] : [],
      first: (world) => {
        FILES[file](world);
        first(world);
        // The other host ends as duplicate, and shall not come back: this is about one file.
        world.hosts.active.unit.restarts = false;
      },
      tailSlots: 160,
    });
  const ERRORS: readonly File[] = ['missing', 'unreadable', 'empty', 'cut to 1000 bytes', 'one byte changed', 'of another identity', 'well signed for another node', 'of a fork that was left'];

  test.each(ERRORS)('without --require-tower, %s: rebuilt, and it runs', (file) => {
    const { one, all } = start(file, false);
    expect(one('tower-loaded', { host: 'inactive', identity: STAKED }).source).toBe('rebuilt');
    expect(one('process', { host: 'inactive', state: 'running', t: all('process', { host: 'inactive', state: 'running' }).at(-1)!.t }).t).toBeGreaterThan(0);
  });

  test.each(ERRORS)('with --require-tower, %s: start-up ends with exit 1, again and again', (file) => {
    const { all } = start(file, true);
    const ended = all('process', { host: 'inactive', state: 'exited' }).filter(({ reason }) => reason !== 'systemctl restart');
    expect(ended.length).toBeGreaterThan(1);
    for (const { exit, reason } of ended) {
      expect(exit).toBe(1);
      expect(reason).toContain('Requested mandatory tower restore failed: ');
    }
    expect(all('process', { host: 'inactive', state: 'running' }).filter(({ t }) => t > 0)).toEqual([]);
  });

  test.each([[false], [true]])('with --require-tower %s a good file is taken', (flag) => {
    expect(start('valid', flag).one('tower-loaded', { host: 'inactive', identity: STAKED }).source).toBe('file');
  });

  test('with --require-tower and a vote account that has never voted a missing file is rebuilt', () => {
    const { one } = start('missing', true, (world) => {
      for (const machine of Object.values(world.hosts)) machine.ledgerTip = { ...machine.ledgerTip, voteState: { votes: [], root: null } };
      impairLink(world.network, 'inactive', 'turbine', 'in', 'cut');
    });
    expect(one('tower-loaded', { host: 'inactive', identity: STAKED })).toMatchObject({ source: 'rebuilt', slot: null });
  });
});

describe('writing (core/src/voting_service.rs and tower_storage.rs, 4.2)', () => {
  test('a save that fails ends the process with exit 1, and the vote is not sent', () => {
    const { one, all } = play({ faults: [{ kind: 'disk-full', on: 'active', at: { kind: 'slot', slot: 2 }, heal: 400 }] });
    const ended = one('process', { host: 'active', state: 'exited' });
    expect(ended).toMatchObject({ exit: 1, reason: 'Unable to save tower to storage: IO Error: No space left on device (os error 28)' });
    expect(one('unsent', { host: 'active' })).toMatchObject({ slot: 1001, identity: STAKED });
    expect(all('vote', { host: 'active' }).map(({ slot }) => slot)).not.toContain(1001);
  });

  test('a tower folder that the process may not write has the same effect', () => {
    const { one } = play({ prepared: [['tower-folder-read-only', 'active']] });
    expect(one('process', { host: 'active', state: 'exited' })).toMatchObject({ exit: 1, reason: 'Unable to save tower to storage: IO Error: Permission denied (os error 13)' });
  });

  test('there is no fsync: a power loss takes the newest votes out of the file', () => {
    let inFile: number | string | undefined;
    const look = (world: World): void => {
      const read = readTower(world.hosts.active, SITE.towerDir, STAKED);
      inFile = read.ok ? read.tower.lastVote!.slot : 'missing';
    };
    const { all, start } = play({ faults: [{ kind: 'power-loss', on: 'active', at: { kind: 'slot', slot: 4 }, heal: 40 }], deeds: { 20: look } });
    const saved = all('tower-saved', { host: 'active' }).filter(({ t }) => t < start(20)).at(-1)!;
    expect(saved.slot).toBe(1002);
    expect(typeof inFile).toBe('number');
    expect(inFile).toBeLessThan(1002);
  });

  test('sync before the loss keeps what was written until then', () => {
    const { world, all, outcome } = play({
      lines: [{ wait: 2 }, ['active', 'sleep 0.1'], ['active', 'sync'], ['active', 'sleep 3']],
      faults: [{ kind: 'power-loss', on: 'active', at: { kind: 'slot', slot: 4 }, heal: 400 }],
    });
    const synced = all('tower-saved', { host: 'active' }).filter(({ t }) => t < outcome(2).t).at(-1)!;
    const read = readTower(world.hosts.active, SITE.towerDir, STAKED);
    expect(read.ok ? read.tower.lastVote!.slot : 'missing').toBeGreaterThanOrEqual(synced.slot);
  });

  test('a crash of the process alone loses nothing that was written', () => {
    const { world, all } = play({ first: (w) => { w.hosts.active.unit.restarts = false; }, faults: [{ kind: 'crash', on: 'active', at: { kind: 'slot', slot: 4 }, heal: 1 }] });
    const read = readTower(world.hosts.active, SITE.towerDir, STAKED);
    expect(read.ok && read.tower.lastVote!.slot).toBe(all('tower-saved', { host: 'active' }).at(-1)!.slot);
  });

  test('a spare records in memory and writes no file; nor does set-identity', () => {
    const { world } = play({ lines: [['active', DEMOTE]] });
    const files = (host: 'active' | 'inactive') => world.hosts[host].disk.readdir(SITE.ledger, root).filter((name) => name.startsWith('tower'));
    expect(files('inactive')).toEqual([]);
    expect(files('active')).toEqual([TOWER.split('/').at(-1)]);
  });
});

describe('a copy that breaks off', () => {
  const torn = (before: Plan['lines']) => play({
    lines: [...before!, ['active', DEMOTE], ['active', copyTo('inactive')], ['inactive', PROMOTE]],
    faults: [{ kind: 'copy-torn', on: 'active', at: { kind: 'step', index: before!.length + 1, when: 'before' }, heal: 1 }],
  }).outcome(before!.length + 2);

  test('leaves the first bytes where there was no file', () => {
    expect(torn([])).toMatchObject({ exit: 1, stdout: expect.stringContaining('failed to fill whole buffer') as string });
  });

  test('leaves a new beginning and an old rest where there was one (scp of OpenSSH 9.2)', () => {
    expect(torn([['active', copyTo('inactive')], { wait: 3 }])).toMatchObject({ exit: 1, stdout: expect.stringContaining('The signature on the saved tower is invalid') as string });
  });
});
