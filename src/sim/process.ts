/**
 * The life of the agave-validator process: start, stop and thaw, power, and what systemd does about it. Its end is in
 * process-end.ts.
 *
 * Start-up order (agave core/src/validator.rs and validator/src/bootstrap.rs, 4.2): the key behind --identity is read
 * once; gossip runs under it before anything is replayed; the tower is loaded after the ledger; set-identity is
 * accepted last.
 */
import { wallClock } from './clock.ts';
import { at, emit, later } from './world.ts';
import type { ProcessAct } from './queue.ts';
import type { World } from './world.ts';
import { FIXED } from './latency.ts';
import { announce, checkDuplicates } from './gossip.ts';
import { restartLater } from './process-end.ts';
import type { Boot } from './process-end.ts';
import type { Machine, Validator } from './machine.ts';
import { readKey } from './key-files.ts';
import { catchUp, startReplay } from './replay.ts';
import { loadFromEtcd, readCredentials } from './etcd-tower.ts';
import type { Loaded } from './etcd-tower.ts';
import { startFlags } from './start-flags.ts';
import { readTower } from './tower-storage.ts';
import { newTower } from '../model/tower.ts';

/** The whole boot fails with exit 1 when a key cannot be read; systemd tries again. */
export function startProcess(world: World, machine: Machine): void {
  if (!machine.powered || machine.validator !== null) return;
  const pid = machine.nextPid++;
  const flags = startFlags(machine);
  if (!flags.ok) return failStart(world, machine, flags.error);
  const identity = readKey(machine, flags.flags.identity, machine.user);
  if (!identity.ok) return failStart(world, machine, `error: Invalid value for '--identity <KEYPAIR>': ${identity.error}`);
  const voters = flags.flags.authorizedVoters.map((path) => readKey(machine, path, machine.user));
  for (const voter of voters) if (!voter.ok) return failStart(world, machine, `error: Invalid value for '--authorized-voter <KEYPAIR>...': ${voter.error}`);
  const authorized = voters.flatMap((voter) => (voter.ok ? [voter.address] : []));
  const etcd = flags.flags.etcd === null ? null : readCredentials(machine, flags.flags.etcd);
  if (etcd !== null && 'error' in etcd) return failStart(world, machine, etcd.error);
  const validator = newValidator(machine, pid, world.now, identity.address, flags.flags, etcd?.credentials ?? null);
  // Without the flag the key of --identity is the voter (agave validator/src/commands/run/execute.rs).
  validator.authorizedVoters = new Set(authorized.length > 0 ? authorized : [identity.address]);
  machine.validator = validator;
  emit(world, { type: 'process', t: world.now, host: machine.name, state: 'started', identity: identity.address });
  later(world, validator, world.now + world.pace.gossipJoin, announce, null);
  later(world, validator, world.now + world.pace.startUp, loadAtStart, null);
}

/** A validator process that has just begun to load. `startedAt` in µs. */
export function newValidator(machine: Machine, pid: number, startedAt: number, identity: string, flags: Validator['flags'], etcdCredentials: Validator['etcdCredentials']): Validator {
  return {
    pid,
    host: machine.name,
    startedAt,
    flags,
    phase: 'loading',
    clusterIdentity: identity,
    inGossip: false,
    outset: wallClock(machine, startedAt),
    instance: Math.floor(wallClock(machine, startedAt) / 1000),
    etcdCredentials,
    etcdRun: null,
    loadsTower: false,
    held: [],
    towerTargets: new Map(),
    votingIdentity: identity,
    authorizedVoters: new Set(),
    tower: newTower(identity),
    lastVote: 'uninitialized',
    lastVoteHeight: 0,
    lastRefreshAt: -Infinity,
    leaves: [machine.ledgerTip],
    pending: [],
    repairedTip: null,
    forksRoot: machine.ledgerRoot,
    resetHash: machine.ledgerTip.hash,
    firstLanding: null,
    firstVoteId: 0,
    newVoteRooted: false,
    stopped: false,
    deferred: [],
    queue: [],
    serving: false,
    dead: false,
  };
}

/** The ledger is replayed; the tower is loaded, from etcd however long that takes. */
function loadAtStart(world: World, validator: Validator): void {
  const { flags, host, clusterIdentity } = validator;
  if (flags.etcd !== null) loadFromEtcd(world, validator, clusterIdentity, finishStart, null);
  else finishStart(world, validator, { read: readTower(world.hosts[host], flags.towerDir, clusterIdentity), data: null });
}

function finishStart(world: World, validator: Validator, { read }: Loaded<null>): void {
  const machine = world.hosts[validator.host];
  if (!startReplay(world, machine, validator, read)) return;
  validator.phase = 'running';
  emit(world, { type: 'process', t: world.now, host: machine.name, state: 'running' });
  catchUp(world, machine, validator);
}

function failStart(world: World, machine: Machine, reason: string): void {
  emit(world, { type: 'process', t: world.now, host: machine.name, state: 'exited', exit: 1, reason });
  restartLater(world, machine);
}

/** What systemd does when a process has ended, the delay of the unit later. */
export function restartUnit(world: World, { host, bootId }: Boot): void {
  const machine = world.hosts[host];
  if (machine.powered && machine.bootId === bootId && machine.unit.wanted && machine.unit.restarts) startProcess(world, machine);
}

/** SIGSTOP. What should happen meanwhile happens at the thaw. */
export function stopProcess(world: World, validator: Validator): void {
  if (validator.dead || validator.stopped) return;
  validator.stopped = true;
  emit(world, { type: 'process', t: world.now, host: validator.host, state: 'frozen' });
}

/** SIGCONT. */
export function thawProcess(world: World, validator: Validator): void {
  if (validator.dead || !validator.stopped) return;
  validator.stopped = false;
  emit(world, { type: 'process', t: world.now, host: validator.host, state: 'thawed' });
  const deferred = validator.deferred;
  validator.deferred = [];
  for (const { act, data } of deferred) later(world, validator, world.now, act as ProcessAct<unknown>, data);
  checkDuplicates(world);
}

/** Power loss: the process and everything not durable are gone. The machine stays off until `powerOn`. */
export function losePower(world: World, machine: Machine): void {
  if (!machine.powered) return;
  machine.powered = false;
  if (machine.validator !== null) {
    machine.validator.dead = true;
    for (const vote of machine.validator.queue) {
      emit(world, { type: 'unsent', t: world.now, host: machine.name, identity: vote.identity, slot: vote.slot, hash: vote.hash, reason: 'power lost' });
    }
    machine.validator = null;
  }
  machine.disk.losePower(world.now);
  emit(world, { type: 'process', t: world.now, host: machine.name, state: 'power-lost' });
}

/** Power is back: after the boot systemd starts the unit if it is enabled. */
export function powerOn(world: World, machine: Machine): void {
  if (machine.powered) return;
  machine.powered = true;
  const bootId = ++machine.bootId;
  at(world, world.now + FIXED.boot, startUnits, { host: machine.name, bootId });
}

function startUnits(world: World, { host, bootId }: Boot): void {
  const machine = world.hosts[host];
  if (!machine.powered || machine.bootId !== bootId) return;
  machine.unit.wanted = machine.unit.enabled && !machine.unit.masked;
  if (machine.unit.wanted) startProcess(world, machine);
}
