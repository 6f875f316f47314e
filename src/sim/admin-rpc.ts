/**
 * The admin RPC of a validator: what the process does when a command calls its socket, in the order of agave
 * validator/src/admin_rpc_service.rs (4.2). The callers word the answers.
 */
import { announce } from './gossip.ts';
import { readKey } from './key-files.ts';
import { logLine } from './log.ts';
import type { Machine, Validator } from './machine.ts';
import { loadFromEtcd } from './etcd-tower.ts';
import type { Loaded } from './etcd-tower.ts';
import { readTower } from './tower-storage.ts';
import { emit, reachPoint } from './world.ts';
import type { World } from './world.ts';

/** An error as the client prints it behind "Validator command failed: "; null for success. */
export type AdminAnswer = string | null;

/** Where an answer goes that is not there yet. */
export interface PendingAnswer {
  answer: AdminAnswer | undefined;
}

const NOT_READY = 'admin rpc error: Server returned rpc error Invalid params: Retry once validator start up is complete';
const invalidParams = (text: string) => `admin rpc error: Server returned rpc error Invalid params: ${text}`;

/**
 * set-identity. Gossip, contact info and shreds have the new key at its return; the voting loop notices later, at its
 * next new reset bank. With `requireTower` the tower is loaded once for trial and thrown away; from etcd the trial takes
 * the lock, and the answer comes when etcd has answered.
 */
export function setIdentity(world: World, machine: Machine, validator: Validator, keyPath: string, requireTower: boolean, pending: PendingAnswer): AdminAnswer | undefined {
  if (validator.phase === 'loading') return NOT_READY;
  const key = readKey(machine, keyPath, machine.user);
  if (!key.ok) return invalidParams(`Failed to read identity keypair from ${keyPath}: ${key.error}`);
  const before = validator.clusterIdentity;
  if (world.agave.refusesStakedToStaked && before !== key.address && world.stakes.has(before) && world.stakes.has(key.address)) {
    return invalidParams(`Changing identity from staked node ${before} to staked node ${key.address} is not supported`);
  }
  if (requireTower && validator.flags.etcd !== null) {
    loadFromEtcd(world, validator, key.address, afterTrial, { identity: key.address, pending });
    return undefined;
  }
  if (requireTower) {
    const tower = readTower(machine, validator.flags.towerDir, key.address);
    if (!tower.ok) return invalidParams(`Unable to load tower file for identity ${key.address}: ${tower.text}`);
  }
  changeIdentity(world, validator, key.address);
  return null;
}

function afterTrial(world: World, validator: Validator, { read, data: { identity, pending } }: Loaded<{ readonly identity: string; readonly pending: PendingAnswer }>): void {
  if (read.ok) changeIdentity(world, validator, identity);
  pending.answer = read.ok ? null : invalidParams(`Unable to load tower file for identity ${identity}: ${read.text}`);
}

function changeIdentity(world: World, validator: Validator, identity: string): void {
  const { clusterIdentity: before, host } = validator;
  validator.clusterIdentity = identity;
  if (validator.phase === 'hung') return logLine(world, host, `Identity set to ${identity}`);
  emit(world, { type: 'identity', t: world.now, host, layer: 'gossip', from: before, to: identity });
  logLine(world, host, `Identity set to ${identity}`);
  announce(world, validator);
  if (before === world.stakedIdentity && identity !== before) skipAfterDemotion(world);
  reachPoint(world, host, 'identity-set');
}

/** The adversary may let the leader of the demotion's slot and the next ones fail: seen on real validators (slots 496–499). */
function skipAfterDemotion(world: World): void {
  for (let i = 0; i < world.latencies.skipsAfterDemotion; i++) world.cluster.skips.add(world.slot + i);
}

/**
 * authorized-voter remove-all: once it has returned, no new vote is signed; what is queued still goes. Lost at restart.
 * Unlike set-identity the two commands for voters do not wait for the end of start-up.
 */
export function removeAllVoters(validator: Validator): AdminAnswer {
  validator.authorizedVoters = new Set();
  return null;
}

/** authorized-voter add. */
export function addVoter(machine: Machine, validator: Validator, keyPath: string): AdminAnswer {
  const key = readKey(machine, keyPath, machine.user);
  if (!key.ok) return invalidParams(key.error);
  if (validator.authorizedVoters.has(key.address)) return invalidParams('Authorized voter already present');
  validator.authorizedVoters.add(key.address);
  return null;
}
