/**
 * After "Unable to load new tower … Exiting" a process of 4.2.0 hangs on its way out: seen in three runs of three, once looked at for three
 * minutes (`npm run e2e -- --only d4`): no RPC, no gossip, no vote; the admin socket answers, and systemd sees it run.
 */
import { describe, expect, test } from 'vitest';
import { DEMOTE, JUNK, PROMOTE_WITHOUT, STAKED, copyTo, play } from './world.ts';

const CONTACT = 'agave-validator -l /mnt/ledger contact-info';
const HEALTH = 'curl -s http://127.0.0.1:8899/health';

/** The torn tower is promoted, and these lines are run on that host a few slots later. */
const afterwards = (lines: readonly string[]) => play({
  lines: [['active', DEMOTE], { wait: 3 }, ['active', copyTo('inactive')], ['inactive', PROMOTE_WITHOUT], { wait: 5 }, ...lines.map((line) => ['inactive', line] as const), { wait: 40 }],
  faults: [{ kind: 'tower-corrupt', on: 'inactive', at: { kind: 'step', index: 3, when: 'before' }, heal: 1 }],
});

describe('the process that hangs', () => {
  test('systemd sees it run, its admin socket shows the new identity and takes another, and its RPC is gone', () => {
    const { outcome, all } = afterwards(['systemctl is-active sol', CONTACT, HEALTH, 'agave-validator -l /mnt/ledger set-identity /home/sol/unstaked-identity.json', CONTACT]);
    expect([5, 6, 7, 8, 9].map((i) => outcome(i).exit)).toEqual([0, 0, 7, 0, 0]);
    expect(outcome(6).stdout).toContain(`Identity: ${STAKED}`);
    expect(outcome(9).stdout).toContain(`Identity: ${JUNK.inactive}`);
    expect(all('vote', { host: 'inactive' })).toEqual([]);
    expect(all('process', { host: 'inactive', state: 'started' })).toEqual([]);
  });

  test('a restart ends it without another word, and begins a new process', () => {
    const { all } = afterwards(['sudo systemctl restart sol']);
    expect(all('process', { host: 'inactive', state: 'exited' })).toHaveLength(1);
    expect(all('process', { host: 'inactive', state: 'started' })).toHaveLength(1);
  });
});
