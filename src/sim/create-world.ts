/**
 * A world ready to run: two prepared hosts that have voted for a while, an operator with a procedure, a cluster with a
 * plan. Everything that may vary is in the configuration; the same configuration gives the same trace.
 */
import { newTower } from '../model/tower.ts';
import type { Tower } from '../model/tower.ts';
import { start } from '../transition/interpreter.ts';
import type { Procedure } from '../transition/procedure.ts';
import { agaveOf } from '../transition/site.ts';
import type { Site } from '../transition/site.ts';
import { agaveBehaviour } from './agave-versions.ts';
import type { Block } from './block.ts';
import { USUAL_VOTERS, createCluster } from './cluster.ts';
import type { OtherVoters } from './cluster.ts';
import type { Station } from './commands/command.ts';
import type { Disk } from './disk.ts';
import { attempt } from './disk-error.ts';
import { noFaults } from './faults.ts';
import { createGossip } from './gossip.ts';
import type { ForkPlan } from './fork-plan.ts';
import type { HostName } from './host-name.ts';
import { fillEtcd, preparedEtcd } from './prepared-etcd.ts';
import { readCredentials } from './etcd-tower.ts';
import { FIXED } from './latency.ts';
import type { Latencies } from './latency.ts';
import type { Machine, Validator } from './machine.ts';
import { startProcedure } from './operator.ts';
import type { Preparation } from './preparation.ts';
import { deskDisk, preparedDisk } from './prepared-disk.ts';
import { readKey, siteKeys } from './key-files.ts';
import { newValidator, restartUnit, startProcess } from './process.ts';
import { noPast } from './past.ts';
import { createQueue } from './queue.ts';
import { MOST_SLOTS } from './run-end.ts';
import { beginSlot } from './slots.ts';
import { startFlags } from './start-flags.ts';
import { LEAD_SLOTS, slotStart } from './world.ts';
import type { World } from './world.ts';

export interface WorldConfig {
  readonly site: Site;
  readonly procedure: Procedure;
  /** The procedure without the operator's mistakes; the same by default. */
  readonly written?: Procedure;
  readonly latencies: Latencies;
  readonly fork: ForkPlan | null;
  /** Slots that the cluster skips besides, relative to the start of the procedure. */
  readonly skips?: readonly number[];
  /** The rest of the stake, and who of it votes on which branch of a fork. */
  readonly others?: OtherVoters;
  /** What was left undone or done wrong beforehand. */
  readonly preparation?: readonly Preparation[];
  /** How long a start takes (default: as the model assumes). */
  readonly pace?: World['pace'];
  /** Slots after the end of the procedure and of the last fault (default 48). */
  readonly tailSlots?: number;
  /** Slots after which a run ends in which nothing has healed (default MOST_SLOTS). */
  readonly maxSlots?: number;
}

/** Slot in which every procedure starts. */
export const START_SLOT = 1000;

/** Builds a world; `runWorld` runs it. Throws RangeError for an Agave version that is not modelled. */
export function createWorld(config: WorldConfig): World {
  const { site, procedure } = config;
  const version = agaveOf(site, procedure);
  const agave = agaveBehaviour(version);
  if (agave === null) throw new RangeError(`Agave ${version} is not modelled`);
  const firstSlot = START_SLOT - LEAD_SLOTS;
  const lastSlot = START_SLOT + (config.maxSlots ?? MOST_SLOTS);
  const cluster = createCluster(firstSlot - 1, START_SLOT, config.fork, config.others ?? USUAL_VOTERS);
  for (const slot of config.skips ?? []) cluster.skips.add(START_SLOT + slot);
  const keys = siteKeys();
  const genesis = cluster.tips.main;
  const bare = procedure.starts === 'bare';
  const layout = bare ? 'bare' : procedure.etcd === true ? 'etcd' : 'guide';
  const tower = towerBefore(genesis, keys.staked.address);
  const hosts = {
    active: createMachine(site, 'active', preparedDisk(site, 'active', layout, tower), genesis, version),
    inactive: createMachine(site, 'inactive', preparedDisk(site, 'inactive', layout, tower), genesis, version),
  };
  const world: World = {
    site,
    stakedIdentity: keys.staked.address,
    voteAccount: keys.vote.address,
    stakes: new Map([[keys.staked.address, site.stakeShare]]),
    version,
    agave,
    latencies: config.latencies,
    slotMicros: site.slotMs * 1000,
    startSlot: START_SLOT,
    queue: createQueue(),
    network: new Map(),
    cluster,
    gossip: createGossip(),
    hosts,
    etcd: procedure.etcd === true ? preparedEtcd(site, bare) : null,
    desk: createDesk(),
    events: [],
    past: noPast(),
    votes: [],
    newestVote: null,
    operator: { procedure, written: config.written ?? procedure, resumes: 0, returns: false, state: start(procedure), step: -1, run: null, tape: [], played: 0, resting: false, resumed: 0, busy: false, finished: false, stopped: false, endedInSlot: 0 },
    now: 0,
    slot: firstSlot,
    pace: config.pace ?? { gossipJoin: FIXED.gossipJoin, startUp: FIXED.startUp },
    endSlot: lastSlot,
    lastSlot,
    tailSlots: config.tailSlots ?? 48,
    healedIn: null,
    plan: noFaults(),
    restartUnit,
    reach: null,
    commandFault: null,
    tornCopy: false,
    rpcFault: 'none',
  };
  const { slot, hash } = genesis;
  world.events.push({ type: 'block', t: 0, slot, parent: -1, hash, parentHash: '', leader: 'cluster' });
  // A bare site lacks files that a flaw would spoil: there it changes nothing.
  const flaws = config.preparation ?? [];
  for (const flaw of flaws) if (flaw.when === 'before-boot') attempt(() => flaw.apply(world));
  for (const host of ['active', 'inactive'] as const) boot(world, hosts[host], genesis);
  if (world.etcd !== null && !bare) fillEtcd(world, world.etcd, tower);
  const stall = slotStart(world, START_SLOT - 2);
  hosts.active.sendStall = { from: stall, until: stall + config.latencies.votingStall * world.slotMicros };
  for (const flaw of flaws) if (flaw.when === 'after-boot') attempt(() => flaw.apply(world));
  for (const host of ['active', 'inactive'] as const) hosts[host].disk.sync();
  beginSlot(world, firstSlot);
  startProcedure(world);
  return world;
}

function createMachine(site: Site, name: HostName, disk: Disk, tip: Block, installed: string): Machine {
  const { address, user } = site.hosts[name];
  return {
    name, address, user, hostname: name, disk,
    unit: { enabled: true, masked: false, wanted: true, restarts: true },
    powered: true, bootId: 1, clockOffset: 0, drifts: 0, driftStarts: 0, stalledUntil: 0, sendStall: { from: 0, until: 0 }, votingWaits: null, validator: null, nextPid: 1000,
    ledgerTip: tip, ledgerRoot: tip.voteState.root ?? 0, missed: [],
    installed, logFile: `${site.home}/solana-validator.log`, startScript: site.startScript,
  };
}

function createDesk(): Station {
  return { name: 'operator', address: '127.0.0.1', hostname: 'operator', user: 'operator', disk: deskDisk() };
}

/** A tower that has voted for every block up to the first one of the trace. */
function towerBefore({ voteState }: Block, node: string): Tower {
  const last = voteState.votes.at(-1)!;
  return {
    ...newTower(node),
    stack: voteState,
    lastVote: { lockouts: voteState.votes, root: voteState.root, hash: `B${last.slot}`, slot: last.slot, timestamp: null },
  };
}

/** A validator that has been running for long, with whatever its start script and link give. */
function boot(world: World, machine: Machine, tip: Block): void {
  const flags = startFlags(machine);
  if (!flags.ok) {
    // A script that was prepared for an older version: it has never run.
    if (!world.agave.etcdTower) return startProcess(world, machine);
    throw new Error(flags.error);
  }
  const identity = readKey(machine, flags.flags.identity, machine.user);
  if (!identity.ok) return startProcess(world, machine);
  const etcd = flags.flags.etcd === null ? null : readCredentials(machine, flags.flags.etcd);
  if (etcd !== null && 'error' in etcd) return startProcess(world, machine);
  const validator: Validator = newValidator(machine, machine.nextPid++, 0, identity.address, flags.flags, etcd?.credentials ?? null);
  const voters = flags.flags.authorizedVoters.map((path) => readKey(machine, path, machine.user));
  validator.authorizedVoters = new Set(voters.length > 0 ? voters.flatMap((voter) => (voter.ok ? [voter.address] : [])) : [identity.address]);
  validator.phase = 'running';
  validator.inGossip = true;
  // The active has been up the longer one.
  validator.outset = (machine.name === 'active' ? -2 : -1) * 3_600_000_000;
  validator.instance = Math.floor(validator.outset / 1000);
  validator.tower = towerBefore(tip, identity.address);
  validator.leaves = [tip];
  validator.newVoteRooted = true;
  validator.lastVote = 'sent';
  validator.lastVoteHeight = tip.length;
  machine.validator = validator;
  world.gossip.contacts.set(identity.address, [...(world.gossip.contacts.get(identity.address) ?? []), { outset: validator.outset, host: machine.name, heardAt: { active: 0, inactive: 0 } }]);
  world.events.push({ type: 'process', t: 0, host: machine.name, state: 'running', identity: identity.address });
  world.events.push({ type: 'identity', t: 0, host: machine.name, layer: 'gossip', from: null, to: identity.address });
  world.events.push({ type: 'identity', t: 0, host: machine.name, layer: 'voting', from: null, to: identity.address });
}
