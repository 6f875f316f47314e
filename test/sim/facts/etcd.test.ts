/**
 * The tower in etcd (agave core/src/consensus/tower_storage.rs, 2.3): what was seen on one real validator
 * (test/fixtures/agave/etcd-single/seen.txt) comes out of the simulation, in the same words.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { instanceKey, towerKey } from '../../../src/model/etcd-lock.ts';
import type { Fault } from '../../../src/sim/faults.ts';
import type { World } from '../../../src/sim/world.ts';
import { JUNK, PROMOTE, PROMOTE_WITHOUT, SITE, STAKED, play } from './world.ts';
import type { Plan } from './world.ts';

const seen = readFileSync(new URL('../../fixtures/agave/etcd-single/seen.txt', import.meta.url), 'utf8');
/** The words after a mark in the part of a letter. */
function words(letter: string, pattern: RegExp): string {
  const part = seen.split(/\n\n/).find((text) => text.startsWith(`${letter}.`))!;
  return pattern.exec(part)![0];
}
const SAVE = /Unable to save tower to storage: .*/;
const slot = (kind: string, on: string, at: number, heal: Fault extends { heal: infer H } ? H : never = 1 as never): Fault => ({ kind, on, at: { kind: 'slot', slot: at }, heal: heal as number });
const idle = (faults: readonly Fault[], plan: Plan = {}) => play({ etcd: true, lines: [['operator', 'sleep 8']], faults, ...plan });
const holder = ({ etcd }: World) => etcd!.store.keys.get(instanceKey(STAKED))!.value;

describe('a voter whose etcd goes away', () => {
  test('ends at its next store (A)', () => {
    const { one } = idle([slot('etcd-stop', 'etcd', 2, 400 as never)]);
    expect(one('process', { host: 'active', state: 'exited' })).toMatchObject({ exit: 1, reason: words('A', SAVE) });
  });

  test('starts without it, rebuilds its tower, and ends at its first vote (B)', () => {
    const { all } = idle([slot('etcd-stop', 'etcd', 2, 400 as never)], { tailSlots: 120 });
    expect(all('tower-loaded', { host: 'active', source: 'rebuilt' })[0]!.why).toContain(/IO Error: .*(?=")/.exec(words('B', /Unable to restore tower: .*/))![0].replaceAll('\\"', '"'));
    expect(all('process', { host: 'active', state: 'exited' })[1]).toMatchObject({ exit: 1, reason: words('B', SAVE) });
  });

  test('waits for one that stands still, and votes on (C)', () => {
    const { all } = idle([slot('etcd-freeze', 'etcd', 2, 30 as never)]);
    expect(all('process', { state: 'exited' })).toEqual([]);
    const slots = all('vote', { host: 'active', refresh: false }).map((vote) => vote.slot);
    expect(slots).toEqual([...slots].sort((a, b) => a - b));
    expect(slots.at(-1)).toBeGreaterThan(1040);
  });

  test('ends at its next store though etcd is back (F)', () => {
    const { one, world } = idle([slot('freeze', 'active', 2, 10 as never), slot('etcd-restart', 'etcd', 4)]);
    const end = one('process', { host: 'active', state: 'exited' });
    expect(end.reason).toBe(words('F', SAVE));
    expect(world.etcd!.down).toBe(0);
  });
});

describe('set-identity with the tower in etcd', () => {
  test('after a restart of etcd the command answers 0, and the load ends the process (G)', () => {
    const { outcome, one } = idle([slot('etcd-restart', 'etcd', -4)], { lines: [['inactive', PROMOTE_WITHOUT]] });
    expect(outcome(0).exit).toBe(0);
    const real = words('G', /Unable to load new tower .*/);
    const [, from, to] = /from (\w+) to (\w+) on/.exec(real)!;
    expect(one('process', { host: 'inactive', state: 'exited' })).toMatchObject({ exit: 0, reason: real.replace(from!, JUNK.inactive).replace(to!, STAKED) });
  });

  test('the trial of --require-tower takes the lock before anything is switched', () => {
    const played = play({ etcd: true, lines: [['inactive', PROMOTE]] });
    const { one } = played;
    expect(played.outcome(0).exit).toBe(0);
    const lost = one('process', { host: 'active', state: 'exited' });
    expect(lost.reason).toContain('Lost etcd instance lock');
  });

  test('an identity without a tower there ends the process: nothing is rebuilt', () => {
    const { one, outcome } = play({ etcd: true, lines: [['active', `solana-keygen new -s --no-bip39-passphrase -o ${SITE.hosts.active.junkKey}`], ['active', `agave-validator -l ${SITE.ledger} set-identity ${SITE.hosts.active.junkKey}`]] });
    expect(outcome(1).exit).toBe(0);
    expect(one('process', { host: 'active', state: 'exited' })).toMatchObject({ exit: 0, reason: expect.stringContaining('IO Error: Saved tower response missing') as string });
  });

  test('banks that come while the load hangs are replayed afterwards', () => {
    const { one, all } = play({ etcd: true, lines: [['inactive', PROMOTE_WITHOUT]], faults: [slot('hang-etcd', 'inactive', 0, 12 as never), slot('cut-gossip', 'active', 0, 60 as never)] });
    const loaded = one('tower-loaded', { host: 'inactive', source: 'etcd', identity: STAKED });
    expect(loaded.t).toBeGreaterThan(one('identity', { host: 'inactive', layer: 'gossip', to: STAKED }).t + 3_000_000);
    expect(all('vote', { host: 'inactive', identity: STAKED }).length).toBeGreaterThan(3);
  });
});

describe('every vote is stored before it is sent', () => {
  test.each([[[]], [[slot('delay-etcd', 'active', 0, 40 as never)]], [[slot('freeze', 'active', 1, 20 as never)]]] as [Fault[]][])('under %j', (faults) => {
    const { trace } = play({ etcd: true, lines: [['inactive', PROMOTE_WITHOUT]], faults });
    const saved = new Set<string>();
    for (const event of trace.events) {
      if (event.type === 'tower-saved') saved.add(`${event.host} ${event.slot}`);
      if (event.type === 'vote' && !event.refresh) expect(saved).toContain(`${event.host} ${event.slot}`);
    }
  });
});

describe('starts', () => {
  test('take the lock when the ledger is replayed, not before and not later', () => {
    const { world } = play({ etcd: true, lines: [['active', 'sudo systemctl restart sol']] });
    expect(holder(world)).toBe(world.hosts.active.validator!.instance);
    expect(world.etcd!.store.keys.get(towerKey(STAKED))).toBeDefined();
  });

  test('end at once without a file of the certificates, and with a version that does not know the flags', () => {
    const gone = play({ etcd: true, lines: [['active', 'rm certs/validator.pem && sudo systemctl restart sol']] });
    expect(gone.all('process', { host: 'active', state: 'exited' })[1]!.reason).toBe('Validator command failed: unable to read /home/sol/certs/validator.pem: No such file or directory (os error 2)');
    const newer = play({ etcd: true, lines: [['active', 'agave-install init 3.1.0 && sudo systemctl restart sol']] });
    expect(seen).toContain(newer.all('process', { host: 'active', state: 'exited' })[1]!.reason);
  });
});
