/**
 * The lab: a cluster of one voter and two hosts, in three containers of one docker network. The hosts have the guide's
 * users, paths and keys, and a supervisor in place of systemd (image/supervise); nothing of the guide is set up yet.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Connection, LAMPORTS_PER_SOL } from '@solana/web3.js';
import type { Keypair } from '@solana/web3.js';
import { GenericContainer, Network, Wait } from 'testcontainers';
import type { StartedNetwork, StartedTestContainer } from 'testcontainers';
import type { GenesisAccount } from './genesis.ts';
import { SLOWEST, TooSlow, startPace } from './pace.ts';

/** What all other stake of the cluster comes to: the voter of solana-test-validator. */
const CLUSTER_STAKE = 1_000_000 * LAMPORTS_PER_SOL;

/**
 * Cores that a container gets at most: the lab leaves something of a machine of two. It takes 1.1 in all at rest, with none
 * of the three held back; a host that catches up would take a whole one.
 */
const CORES = 0.6;

export type Name = 'a' | 'b';

export interface Machine {
  readonly name: Name;
  readonly container: StartedTestContainer;
  readonly address: string;
}

export interface Lab {
  readonly connection: Connection;
  readonly cluster: StartedTestContainer;
  readonly machines: Readonly<Record<Name, Machine>>;
  /** Own share of the stake, 0..1. */
  readonly stakeShare: number;
  stop(): Promise<void>;
}

export interface Keys {
  readonly staked: Keypair;
  readonly vote: Keypair;
}

/** Lamports that make a share (0..1) of the whole stake. */
export function stakeOf(share: number): number {
  return Math.round((CLUSTER_STAKE * share) / (1 - share));
}

/** A cluster alone, its RPC answering. */
export async function startCluster(image: string, network: StartedNetwork, accounts: readonly GenesisAccount[]): Promise<{ container: StartedTestContainer; connection: Connection }> {
  const container = await new GenericContainer(image)
    .withNetwork(network).withNetworkAliases('cluster').withEnvironment({ LAB_NAME: 'cluster' }).withExposedPorts(8899).withCommand(['cluster']).withResourcesQuota({ cpu: CORES })
    .withCopyContentToContainer(accounts.map(({ name, json }) => ({ content: json, target: `/genesis/${name}.json` })))
    .withWaitStrategy(Wait.forListeningPorts()).withStartupTimeout(120_000).start();
  const connection = new Connection(`http://${container.getHost()}:${container.getMappedPort(8899)}`, 'processed');
  await until('the cluster makes blocks', 120, async () => (await connection.getSlot('processed')) > 2);
  return { container, connection };
}

/** The whole lab. Hosts can be started when this returns: the cluster has a snapshot. What it has started is stopped when it throws. */
export async function startLab(image: string, keys: Keys, accounts: readonly GenesisAccount[], stakeShare: number): Promise<Lab> {
  const network = await new Network().start();
  const containers: StartedTestContainer[] = [];
  const stop = async () => {
    await Promise.all(containers.map((container) => container.stop({ timeout: 1000 })));
    await network.stop();
  };
  try {
    const { container: cluster, connection } = await startCluster(image, network, accounts);
    containers.push(cluster);
    const machines = { a: await startMachine(image, network, 'a', keys), b: await startMachine(image, network, 'b', keys) };
    containers.push(machines.a.container, machines.b.container);
    await trustEachOther(machines);
    await untilSnapshot(connection);
    return { connection, cluster, machines, stakeShare, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first snapshot comes at slot 100. Throws TooSlow when slots come, but too slowly. */
async function untilSnapshot(connection: Connection): Promise<void> {
  const pace = await startPace(connection);
  try {
    await until('the cluster has a snapshot', 180, async () => (await rpc<{ full: number }>(connection, 'getHighestSnapshotSlot')).full > 0);
  } catch (error) {
    const secondsPerSlot = await pace();
    throw secondsPerSlot > SLOWEST ? new TooSlow(`a slot of the cluster took ${secondsPerSlot.toFixed(2)} s`) : error;
  }
}

async function startMachine(image: string, network: StartedNetwork, name: Name, { staked, vote }: Keys): Promise<Machine> {
  const keyFile = (key: Keypair, target: string) => ({ content: JSON.stringify([...key.secretKey]), target, mode: 0o600 });
  const container = await new GenericContainer(image)
    .withNetwork(network).withNetworkAliases(name).withEnvironment({ LAB_NAME: name }).withResourcesQuota({ cpu: CORES })
    .withCopyContentToContainer([keyFile(staked, '/home/sol/staked-identity.json'), keyFile(vote, '/home/sol/vote.json')])
    .withWaitStrategy(Wait.forLogMessage('supervisor ready')).start();
  await checked(container, ['bash', '-c', 'chown sol:sol /home/sol/*.json'], 'root');
  await checked(container, ['solana', 'config', 'set', '--url', 'http://cluster:8899'], 'sol');
  await checked(container, ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', '/home/sol/.ssh/id_ed25519'], 'sol');
  return { name, container, address: container.getIpAddress(network.getName()) };
}

/** Each host's ssh key is let in by the other, and by itself. */
async function trustEachOther(machines: Readonly<Record<Name, Machine>>): Promise<void> {
  const all = Object.values(machines);
  const keys = await Promise.all(all.map(({ container }) => checked(container, ['cat', '/home/sol/.ssh/id_ed25519.pub'], 'sol')));
  for (const { container } of all) await checked(container, ['bash', '-c', `printf %s '${keys.join('')}' > ~/.ssh/authorized_keys && chmod 600 ~/.ssh/authorized_keys`], 'sol');
}

const ENVIRONMENT = { HOME: '/home/sol', USER: 'sol' };

/** Runs a command in a container. Its outcome, whatever it is. */
export async function execute(container: StartedTestContainer, command: string[], user: 'sol' | 'root'): Promise<{ exit: number; stdout: string; stderr: string }> {
  const env = user === 'sol' ? ENVIRONMENT : { HOME: '/root' };
  const { exitCode, stdout, stderr } = await container.exec(command, { user, workingDir: env.HOME, env });
  return { exit: exitCode, stdout, stderr };
}

/** As execute, and its standard output. Throws Error when it fails. */
export async function checked(container: StartedTestContainer, command: string[], user: 'sol' | 'root'): Promise<string> {
  const { exit, stdout, stderr } = await execute(container, command, user);
  if (exit !== 0) throw new Error(`${command.join(' ')}: exit ${exit}: ${stderr}${stdout}`);
  return stdout;
}

/** JSON-RPC of what web3.js has no call for. Throws Error with the server's words. */
export async function rpc<T>(connection: Connection, method: string, params: readonly unknown[] = []): Promise<T> {
  const answer = await fetch(connection.rpcEndpoint, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { result, error } = (await answer.json()) as { result: T; error?: { message: string } };
  if (error !== undefined) throw new Error(`${method}: ${error.message}`);
  return result;
}

/** Looks every 200 ms; an error counts as no. Throws Error with what was waited for, after so many seconds. */
export async function until(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  let last = '';
  while (Date.now() < end) {
    try {
      if (await holds()) return;
    } catch (error) {
      last = `: ${(error as Error).message}`;
    }
    await pause(200);
  }
  throw new Error(`waited ${seconds} s in vain until ${what}${last}`);
}
