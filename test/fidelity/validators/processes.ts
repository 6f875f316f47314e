/**
 * Real validators on loopback. solana-test-validator makes a ledger; agave-validator starts on it alone, without a cluster:
 * no block comes any more, but its admin socket answers, and it starts and ends as it does everywhere.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { siteKeys } from '../../../src/sim/key-files.ts';
import { runAs } from './account.ts';
import type { Preload } from './preload.ts';
import { accountFile, votedAccount } from './vote-account.ts';

/** Vote accounts without a BLS key vote only while the admission ticket is off. */
const ADMISSION_TICKET = 'VAT9huvhPjRN9cyrPytq9rwvEJ3J4ADtjdncgZRyANJ';
const VOTE_PROGRAM = 'Vote111111111111111111111111111111111111111';
const SYSTEM_PROGRAM = '11111111111111111111111111111111';
const CLUSTER = { gossip: 31001, rpc: 31099, faucet: 31098, ports: '31002-31042' };
/** Port of the host's JSON-RPC. */
export const HOST_RPC = 31199;
/** The second one has ports of its own: it must not end for want of them. */
const SECOND = { gossip: 31201, rpc: 31299, ports: '31202-31242' };
const HOST = { gossip: 31101, rpc: HOST_RPC, ports: '31102-31142' };

export interface RunningProcess {
  readonly child: ChildProcess;
  readonly log: string;
  /** Exit code once it has ended; null while it runs. */
  exit(): number | null;
  end(): Promise<void>;
}

/** `preload`: for LD_PRELOAD; empty for none. */
function start(command: readonly string[], cwd: string, log: string, preload: string): RunningProcess {
  const file = openSync(log, 'a');
  const [program, ...args] = [...runAs('sol'), ...command];
  const child = spawn(program!, args, { cwd, stdio: ['ignore', file, file], env: { ...process.env, HOME: cwd, ...(preload === '' ? {} : { LD_PRELOAD: preload }) } });
  closeSync(file);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child, log,
    exit: () => child.exitCode ?? (child.signalCode === null ? null : 128),
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * A cluster of one in `folder`/ledger, in whose genesis our vote account and our identities stand. To its admin socket it
 * never says that it is up.
 */
export function startCluster(bin: string, folder: string, preload: Preload): RunningProcess {
  const { staked, vote, junk } = siteKeys();
  const accounts = [
    accountFile(vote.address, VOTE_PROGRAM, 1e9, votedAccount(staked, staked, vote)),
    ...[staked, junk.inactive].map(({ address }) => accountFile(address, SYSTEM_PROGRAM, 1e12, new Uint8Array(0))),
  ].flatMap((text, i) => {
    const file = join(folder, `account-${i}.json`);
    writeFileSync(file, text);
    return ['--account', '-', file];
  });
  return start([
    join(bin, 'solana-test-validator'), '--reset', '--ledger', join(folder, 'ledger'), '--slots-per-epoch', '8192', '--limit-ledger-size', '50000000',
    '--bind-address', '127.0.0.1', '--gossip-port', `${CLUSTER.gossip}`, '--rpc-port', `${CLUSTER.rpc}`, '--faucet-port', `${CLUSTER.faucet}`,
    '--dynamic-port-range', CLUSTER.ports, '--log', '--deactivate-feature', ADMISSION_TICKET, ...accounts,
  ], folder, join(folder, 'cluster.log'), preload.cluster);
}

/** Flags of a host with its files in `home`. */
function hostFlags(home: string, { gossip, rpc, ports } = HOST): string[] {
  return [
    '--identity', `${home}/identity.json`, '--vote-account', `${home}/vote.json`, '--authorized-voter', `${home}/staked-identity.json`,
    '--ledger', `${home}/ledger`, '--tower', `${home}/tower`, '--no-snapshot-fetch', '--no-genesis-fetch',
    '--bind-address', '127.0.0.1', '--gossip-port', `${gossip}`, '--dynamic-port-range', ports, '--rpc-port', `${rpc}`, '--allow-private-addr',
    '--no-poh-speed-test', '--no-os-network-limits-test', '--no-port-check', '--no-xdp', '--log', '-',
  ];
}

/** A host with the ledger in its home folder; `second`: beside one that runs. */
export function startHost(bin: string, home: string, log: string, preload: Preload, flags: readonly string[] = [], second = false): RunningProcess {
  return start([join(bin, 'agave-validator'), ...hostFlags(home, second ? SECOND : HOST), ...flags], home, log, preload.host);
}

/** Slot that the RPC of the cluster tells; null while there is none. */
export async function clusterSlot(): Promise<number | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${CLUSTER.rpc}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(5000),
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getSlot', params: [{ commitment: 'processed' }] }),
    });
    return ((await response.json()) as { result?: number }).result ?? null;
  } catch {
    return null;
  }
}

/** Waits for a condition, looking once a second. Throws after `seconds`, with what was waited for. */
export async function waitFor(what: string, seconds: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < seconds; waited++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`waited ${seconds} s for ${what}`);
}

/** Text of a log from an offset on. */
export function logFrom(log: string, offset: number): string {
  return readFileSync(log).subarray(offset).toString('utf8');
}
