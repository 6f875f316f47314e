/**
 * The guide's failover on two real validators (2.3.13) and a real etcd, carried out by the interpreter from the shipped
 * procedure. Lock and tower are read from etcd; what happened is judged from the logs by the same checks as a rehearsal.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge } from '../../../src/check/judge.ts';
import { readRecording } from '../../../src/cli/import.ts';
import { instanceKey, towerKey } from '../../../src/model/etcd-lock.ts';
import { loadTowerFile } from '../../../src/model/tower-file.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { runProcedure } from '../../../src/transition/interpreter.ts';
import { loadProcedure } from '../../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../../src/transition/site.ts';
import { clientFiles, runLines } from '../certificates.ts';
import { realDriver } from '../driver.ts';
import type { Driver } from '../driver.ts';
import { EtcdProcess } from '../etcd-process.ts';
import { CORRECTED_CERTIFICATES } from '../guide-commands.ts';
import { readyBinaries } from './binaries.ts';
import { KEYS, landedVote, rpc, startCluster, startLine, validatorMachine } from './cluster.ts';
import { linesOf, pause, until } from './machine.ts';
import type { Started, TestMachine } from './machine.ts';

const folder = mkdtempSync(`${tmpdir()}/solevoter-validators-`);
const identity = KEYS.identity.address;
let etcd: EtcdProcess;
let reader: Driver;
let cluster: TestMachine;
let primary: TestMachine;
let secondary: TestMachine;
let lives: { primary: Started; secondary: Started };
/** When the cluster was started, ms since 1970. */
let clusterStarted = 0;

async function valueOf(key: string): Promise<string> {
  const reply = await reader.ask({ op: 'range', key });
  if (!reply.ok || reply.op !== 'range') throw new Error(JSON.stringify(reply));
  return reply.pairs[0]?.value ?? '';
}

/** Who holds the lock: the instance id, ms. */
const lock = async (): Promise<number> => Number(Buffer.from(await valueOf(instanceKey(identity)), 'latin1').readBigUInt64LE());

/** Newest slot of the tower in etcd, whose signature must hold. */
async function storedSlot(): Promise<number> {
  const loaded = loadTowerFile(Buffer.from(await valueOf(towerKey(identity)), 'latin1'), 'current', identity);
  if (!loaded.ok) throw new Error(loaded.error.text);
  return loaded.tower.votes.at(-1)!.slot;
}

const LOST = `Lost etcd instance lock for ${identity}`;
const votedIn = (log: string): number[] => linesOf(log, /fork_choice\] voting: /).map((line) => Number(/voting: (\d+)/.exec(line)![1]));
/** Resolves when the cluster has accepted a vote that was cast after now, from whichever host. */
async function voteLands(): Promise<number> {
  const before = await until(async () => (await landedVote()) || null);
  return await until(async () => {
    const now = await landedVote();
    return now > before ? now : null;
  });
}
const told = (what: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`);

beforeAll(async () => {
  const binaries = readyBinaries(folder);
  runLines(folder, CORRECTED_CERTIFICATES);
  etcd = await EtcdProcess.in(folder);
  await etcd.serve();
  reader = realDriver(etcd.address, clientFiles(folder, 'validator'));
  clusterStarted = Date.now();
  cluster = await startCluster(folder, binaries);
  told('the cluster has a snapshot');
  primary = validatorMachine(folder, 'primary', binaries);
  secondary = validatorMachine(folder, 'secondary', binaries);
  const first = primary.start(startLine('primary', etcd.address));
  // What a validator calls itself in etcd is the millisecond of its start: in one run both had the same, and the lock kept neither out.
  await pause(1000);
  lives = { primary: first, secondary: secondary.start(startLine('secondary', etcd.address)) };
  await until(async () => (await landedVote()) || null);
  // A spare says so at each bank.
  await until(() => linesOf(lives.secondary.log, /Vote account node_pubkey mismatch/)[0] ?? null);
  told('the primary votes, the secondary follows');
});

afterAll(async () => {
  const slots = await rpc<number>('getSlot');
  const pace = process.env['SOLEVOTER_PACE_FILE'];
  if (pace !== undefined && slots !== null && clusterStarted > 0) writeFileSync(pace, `${(Date.now() - clusterStarted) / 1000 / Math.max(1, slots)}\n`);
  for (const machine of [secondary, primary, cluster]) await machine?.stop();
  reader?.close();
  await etcd?.stop();
  if (process.env['SOLEVOTER_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true });
});

describe('the failover of the guide', () => {
  test('before it the primary holds the lock, and its tower is stored before its vote lands', async () => {
    expect(await valueOf(instanceKey(KEYS.secondary.address))).toHaveLength(8);
    const landed = await voteLands();
    expect(await storedSlot()).toBeGreaterThanOrEqual(landed);
    expect(Math.abs((await lock()) - Date.now())).toBeLessThan(3_600_000);
  });

  test('the secondary takes the lock and the tower, and the primary ends at its next store, before that vote is sent', async () => {
    const before = await lock();
    const site = { ...GUIDE_SITE, ledger: `${secondary.folder}/ledger`, stakedKey: `${secondary.folder}/validator-keypair.json` };
    const result = await runProcedure(loadProcedure('guide-etcd-failover', site), { active: primary, inactive: secondary, operator: secondary, etcd: secondary }, () => Promise.reject(new Error('it has no wait')));
    told('set-identity has returned');
    expect(result.outcomes.map(({ step, outcome: { exit } }) => [step.id, exit])).toEqual([['take-over', 0]]);
    expect(result.completed).toBe(true);
    await lives.primary.ended();
    expect(linesOf(lives.primary.log, /Unable to save tower to storage/)[0]).toContain(LOST);
    expect(await lock()).not.toBe(before);
    const [changed] = linesOf(lives.secondary.log, /Identity changed from /);
    expect(changed).toContain(`to ${identity}`);
    // The last choice of the primary was not stored, and not sent; the secondary goes on from what was. Votes of the primary may still land.
    const unsent = votedIn(lives.primary.log).at(-1)!;
    const landed = await until(async () => {
      const now = await landedVote();
      return now > unsent ? now : null;
    });
    told('the secondary votes');
    expect(await storedSlot()).toBeGreaterThanOrEqual(landed);
    expect(votedIn(lives.secondary.log)).toContain(landed);
    expect(lives.secondary.ending()).toBeNull();
  });

  test('the primary, started again, takes it back; the secondary ends, started again it stays what it is', async () => {
    const before = await lock();
    lives = { ...lives, primary: primary.start(startLine('primary', etcd.address)) };
    await lives.secondary.ended();
    told('the secondary has ended');
    expect(linesOf(lives.secondary.log, /Unable to save tower to storage|duplicate running instances|Submitting old vote/)[0]).toContain(LOST);
    const taken = await lock();
    expect(taken).not.toBe(before);
    await until(() => (votedIn(lives.primary.log).length > 0 ? true : null));
    await voteLands();
    told('the primary votes again');
    lives = { ...lives, secondary: secondary.start(startLine('secondary', etcd.address)) };
    await until(() => linesOf(lives.secondary.log, /Vote account node_pubkey mismatch/)[0] ?? null);
    await voteLands();
    expect(await lock()).toBe(taken);
    expect(lives.primary.ending()).toBeNull();
    told('the secondary follows again');
  });

  test('from their logs the checks find no violation', async () => {
    const commands = `${folder}/commands.jsonl`;
    const typed = secondary.typed.map((command) => JSON.stringify({ ...command, host: 'inactive', id: 'take-over' }));
    writeFileSync(commands, `${typed.join('\n')}\n`);
    const { trace } = await readRecording(undefined, { active: primary.logs, inactive: secondary.logs, commands, voteAccount: KEYS.vote.address, staked: identity, output: `${folder}/trace.jsonl` });
    expect(judge(trace).findings.filter(({ class: kind }) => kind === 'violation')).toEqual([]);
    const exits = events(trace, 'process').filter(({ state }) => state === 'exited').map(({ host, reason }) => [host, reason]);
    expect(exits).toEqual([['active', expect.stringContaining(LOST)], ['inactive', expect.stringContaining(LOST)]]);
    const votes = (host: string) => new Set(events(trace, 'vote').filter((vote) => vote.host === host).map(({ slot }) => slot));
    const both = [...votes('active')].filter((slot) => votes('inactive').has(slot));
    expect(both).toEqual([]);
  });
});

describe('etcd is restarted between two votes', () => {
  test('the primary ends at its next store all the same: the first request on the old connection fails', async () => {
    lives.primary.signal('SIGSTOP');
    await etcd.stop('SIGKILL');
    await etcd.serve();
    lives.primary.signal('SIGCONT');
    await lives.primary.ended();
    told('the primary has ended');
    expect(linesOf(lives.primary.log, /Unable to save tower to storage/)[0]).toContain('transport error');
  });

  test('the secondary, which has been connected since its start, cannot take over: exit 0, and nobody votes', async () => {
    const { exit } = await secondary.run('agave-validator -l ledger set-identity validator-keypair.json');
    expect(exit).toBe(0);
    const failed = await until(() => linesOf(lives.secondary.log, /Unable to load new tower when attempting to change identity/)[0] ?? null);
    expect(failed).toContain('transport error');
    told('the secondary could not load the tower');
    const chosen = votedIn(lives.secondary.log).length;
    // Its services end; whether the process does differs from run to run.
    await pause(10_000);
    told(lives.secondary.ending() === null ? 'ten seconds later its process is still there' : 'its process has ended');
    expect(votedIn(lives.secondary.log)).toHaveLength(chosen);
  });
});

function events<T extends Trace['events'][number]['type']>(trace: Trace, type: T): Extract<Trace['events'][number], { type: T }>[] {
  return trace.events.filter((event) => event.type === type) as Extract<Trace['events'][number], { type: T }>[];
}

