/** A small cluster on loopback: one test validator with nearly all of the stake, and what two more need to join it. */
import { symlinkSync, mkdirSync, writeFileSync } from 'node:fs';
import { keyFileText, throwawayKey } from '../../../src/model/identity.ts';
import { PRIMARY_FLAGS, GUIDE_ADDRESS } from '../guide-commands.ts';
import type { Binaries } from './binaries.ts';
import { genesisFlags } from './genesis.ts';
import { TestMachine, until } from './machine.ts';

/** Of the primary, of the secondary itself, of vote and stake account. Throwaway keys, made from names. */
export const KEYS = {
  identity: throwawayKey('etcd validators identity'),
  secondary: throwawayKey('etcd validators secondary'),
  vote: throwawayKey('etcd validators vote'),
  stake: throwawayKey('etcd validators stake'),
};

/** SOL. The cluster's own stake is 1,000,000: with this little there is an idle window of 10 minutes nearly always. */
const STAKE = 500;

const FIRST_PORT = Number(process.env['SOLEVOTER_FIRST_PORT'] ?? 21_000);
const ports = (machine: number) => ({ gossip: FIRST_PORT + machine * 100 + 1, rpc: FIRST_PORT + machine * 100 + 99, range: `${FIRST_PORT + machine * 100 + 2}-${FIRST_PORT + machine * 100 + 50}` });

export const CLUSTER_RPC = `http://127.0.0.1:${ports(0).rpc}`;

/** One call of JSON-RPC; null when there is no answer, or an error. */
export async function rpc<T>(method: string, url = CLUSTER_RPC): Promise<T | null> {
  try {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method }) });
    const { result } = (await response.json()) as { result?: T };
    return result ?? null;
  } catch {
    return null;
  }
}

/** The newest slot voted for in a vote account, as the cluster has it. */
export async function landedVote(): Promise<number> {
  const accounts = await rpc<Record<'current' | 'delinquent', { votePubkey: string; lastVote: number }[]>>('getVoteAccounts');
  const own = accounts === null ? undefined : [...accounts.current, ...accounts.delinquent].find(({ votePubkey }) => votePubkey === KEYS.vote.address);
  return own?.lastVote ?? 0;
}

/** Starts the cluster; resolves when it has a snapshot for others to join with (slot 100). */
export async function startCluster(folder: string, { testValidator, preload }: Binaries): Promise<TestMachine> {
  const machine = new TestMachine('cluster', `${folder}/cluster`, '', preload.cluster);
  const { gossip, rpc: rpcPort, range } = ports(0);
  const accounts = genesisFlags(machine.folder, { ...KEYS, sol: STAKE });
  machine.start(`${testValidator} --reset --ledger ledger --slots-per-epoch 8192 --limit-ledger-size 50000000 --bind-address 127.0.0.1 --gossip-port ${gossip} --rpc-port ${rpcPort} --faucet-port ${rpcPort - 2} --dynamic-port-range ${range} --log ${accounts}`);
  await until(() => rpc('getHighestSnapshotSlot'));
  return machine;
}

/** The machine of the primary or the secondary: keys and certificates as the guide places them. */
export function validatorMachine(folder: string, which: 'primary' | 'secondary', { validator, preload }: Binaries): TestMachine {
  const machine = new TestMachine(which, `${folder}/${which}`, `${folder}/${which}/bin`, preload.host);
  mkdirSync(`${machine.folder}/bin`);
  symlinkSync(validator, `${machine.folder}/bin/agave-validator`);
  symlinkSync(`${folder}/certs`, `${machine.folder}/certs`);
  const files = { 'validator-keypair.json': KEYS.identity, 'vote.json': KEYS.vote, ...(which === 'secondary' ? { 'secondary-validator-keypair.json': KEYS.secondary } : {}) };
  for (const [file, key] of Object.entries(files)) writeFileSync(`${machine.folder}/${file}`, keyFileText(key), { mode: 0o600 });
  return machine;
}

const OWN_FLAGS = {
  primary: '--identity validator-keypair.json',
  // What the guide changes for the secondary.
  secondary: '--identity secondary-validator-keypair.json --no-check-vote-account --authorized-voter validator-keypair.json',
};

/** The command line of a validator: the guide's flags for etcd, and what a cluster on one machine needs. */
export function startLine(which: 'primary' | 'secondary', etcdAddress: string): string {
  const { gossip, rpc: rpcPort, range } = ports(which === 'primary' ? 1 : 2);
  const flags = `${OWN_FLAGS[which]} --vote-account vote.json --ledger ledger --entrypoint 127.0.0.1:${ports(0).gossip} --bind-address 127.0.0.1 --gossip-port ${gossip} --rpc-port ${rpcPort} --dynamic-port-range ${range} --allow-private-addr --no-poh-speed-test --no-os-network-limits-test --no-port-check --log -`;
  return PRIMARY_FLAGS.replace('...', flags).replace(GUIDE_ADDRESS, etcdAddress);
}
