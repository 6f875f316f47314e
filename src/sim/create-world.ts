/**
 * A world ready to run: two prepared hosts that have voted for a while, an operator with a procedure, a cluster with a
 * plan. Everything that may vary is in the configuration; the same configuration gives the same trace.
 */
import { keyFileText, throwawayKey } from '../model/identity.ts';
import { newTower } from '../model/tower.ts';
import type { Tower } from '../model/tower.ts';
import { towerFileName } from '../model/tower-file.ts';
import type { Procedure } from '../transition/procedure.ts';
import type { Site } from '../transition/site.ts';
import { agaveBehaviour } from './agave-versions.ts';
import type { Block } from './block.ts';
import { USUAL_VOTERS, createCluster } from './cluster.ts';
import type { OtherVoters } from './cluster.ts';
import type { Station } from './commands/command.ts';
import { Disk } from './disk.ts';
import { createGossip } from './gossip.ts';
import type { ForkPlan } from './fork-plan.ts';
import type { HostName } from './host-name.ts';
import type { Latencies } from './latency.ts';
import type { Machine, Validator } from './machine.ts';
import { createNetwork } from './network.ts';
import { startProcedure } from './operator.ts';
import type { Preparation } from './preparation.ts';
import { readKey } from './key-files.ts';
import { newValidator, startProcess } from './process.ts';
import { createQueue } from './queue.ts';
import { beginSlot } from './slots.ts';
import { startFlags, startScript } from './start-flags.ts';
import { lazyTower } from './tower-storage.ts';
import { LEAD_SLOTS, slotStart } from './world.ts';
import type { World } from './world.ts';

export interface WorldConfig {
  readonly site: Site;
  readonly procedure: Procedure;
  readonly latencies: Latencies;
  readonly fork: ForkPlan | null;
  /** Slots that the cluster skips besides, relative to the start of the procedure. */
  readonly skips?: readonly number[];
  /** The rest of the stake, and who of it votes on which branch of a fork. */
  readonly others?: OtherVoters;
  /** What was left undone or done wrong beforehand. */
  readonly preparation?: readonly Preparation[];
  /** Slots after the end of the procedure and of the last fault (default 48). */
  readonly tailSlots?: number;
  /** Slots after which the run ends in any case (default 1200). */
  readonly maxSlots?: number;
}

/** Slot in which every procedure starts. */
export const START_SLOT = 1000;

/** The keys of the simulated site: throwaway, the same in every run. */
export function siteKeys() {
  return {
    staked: throwawayKey('staked identity'),
    vote: throwawayKey('vote account'),
    junk: { active: throwawayKey('active unstaked-identity.json'), inactive: throwawayKey('inactive unstaked-identity.json') },
  } as const;
}

/** Builds a world; `runWorld` runs it. Throws RangeError for an Agave version that is not modelled. */
export function createWorld(config: WorldConfig): World {
  const { site, procedure } = config;
  const agave = agaveBehaviour(site.agave);
  if (agave === null) throw new RangeError(`Agave ${site.agave} is not modelled`);
  const firstSlot = START_SLOT - LEAD_SLOTS;
  const cluster = createCluster(firstSlot - 1, START_SLOT, config.fork, config.others ?? USUAL_VOTERS);
  for (const slot of config.skips ?? []) cluster.skips.add(START_SLOT + slot);
  const keys = siteKeys();
  const genesis = cluster.tips.main;
  const bare = procedure.starts === 'bare';
  const hosts = { active: createMachine(site, 'active', genesis), inactive: createMachine(site, 'inactive', genesis) };
  const world: World = {
    site,
    stakedIdentity: keys.staked.address,
    voteAccount: keys.vote.address,
    stakes: new Map([[keys.staked.address, site.stakeShare]]),
    agave,
    latencies: config.latencies,
    slotMicros: site.slotMs * 1000,
    startSlot: START_SLOT,
    queue: createQueue(),
    network: createNetwork(),
    cluster,
    gossip: createGossip(),
    hosts,
    desk: createDesk(),
    events: [],
    votes: [],
    newestVote: null,
    operator: { procedure, step: -1, busy: false, finished: false, stopped: false, endedInSlot: 0 },
    now: 0,
    slot: firstSlot,
    endSlot: START_SLOT + (config.maxSlots ?? 1200),
    tailSlots: config.tailSlots ?? 48,
    healedIn: null,
    openFaults: 0,
    reach: () => {},
    afterStep: [],
    commandFault: null,
    tornCopy: false,
    rpcFault: 'none',
  };
  const { slot, hash } = genesis;
  world.events.push({ type: 'block', t: 0, slot, parent: -1, hash, parentHash: '', leader: 'cluster' });
  layFiles(world, bare);
  const flaws = config.preparation ?? [];
  for (const flaw of flaws) if (flaw.when === 'before-boot') flaw.apply(world);
  for (const host of ['active', 'inactive'] as const) boot(world, hosts[host], genesis);
  const stall = slotStart(world, START_SLOT - 2);
  hosts.active.sendStall = { from: stall, until: stall + config.latencies.votingStall * world.slotMicros };
  for (const flaw of flaws) if (flaw.when === 'after-boot') flaw.apply(world);
  for (const host of ['active', 'inactive'] as const) hosts[host].disk.sync();
  beginSlot(world, firstSlot);
  startProcedure(world);
  return world;
}

function createMachine(site: Site, name: HostName, tip: Block): Machine {
  const { address, user } = site.hosts[name];
  return {
    name, address, user, hostname: name, disk: new Disk(),
    unit: { enabled: true, masked: false, wanted: true, restarts: true },
    powered: true, bootId: 1, clockOffset: 0, stalledUntil: 0, sendStall: { from: 0, until: 0 }, wakeVoting: null, validator: null, nextPid: 1000,
    ledgerTip: tip, ledgerRoot: tip.voteState.root ?? 0, missed: [],
    logFile: `${site.home}/solana-validator.log`, startScript: site.startScript, towerTargets: new Map(),
  };
}

function createDesk(): Station {
  const disk = new Disk();
  disk.mkdirs('/home/operator', { user: 'root', cwd: '/', t: 0 });
  return { name: 'operator', address: '127.0.0.1', hostname: 'operator', user: 'operator', disk };
}

/** The folders and files that `guide-setup` leaves; a bare site has the staked key and the vote key alone. */
function layFiles(world: World, bare: boolean): void {
  const { site } = world;
  const keys = siteKeys();
  for (const name of ['active', 'inactive'] as const) {
    const { disk, user } = world.hosts[name];
    const root = { user: 'root', cwd: '/', t: 0 };
    for (const folder of new Set([site.home, `${site.home}/bin`, site.ledger, site.towerDir, folderOf(site.startScript)])) {
      disk.mkdirs(folder, root);
      disk.chown(folder, user, user, root);
    }
    const own = { user, cwd: '/', t: 0 };
    const write = (path: string, text: string, mode: number) => disk.writeFile(path, new TextEncoder().encode(text), own, mode);
    write(site.stakedKey, keyFileText(keys.staked), 0o600);
    write(site.voteKey, keyFileText(keys.vote), 0o600);
    const tower = towerBefore(world, name === 'active' ? keys.staked.address : keys.junk[name].address);
    if (name === 'active') disk.writeFile(`${site.towerDir}/${towerFileName(keys.staked.address)}`, lazyTower(tower), own);
    if (bare) {
      // As a validator runs that was never prepared for a swap: its own key, and no flag more than it needs.
      write(site.startScript, startScript(site, { authorizedVoter: false, requireTower: false, identity: name === 'active' ? site.stakedKey : junkPath(site, name) }), 0o755);
      if (name === 'inactive') write(junkPath(site, name), keyFileText(keys.junk[name]), 0o600);
      continue;
    }
    write(site.hosts[name].junkKey, keyFileText(keys.junk[name]), 0o600);
    write(site.startScript, startScript(site, { authorizedVoter: true, requireTower: false, identity: site.identityLink }), 0o755);
    disk.symlink(name === 'active' ? site.stakedKey : site.hosts[name].junkKey, site.identityLink, own);
  }
}

function junkPath(site: Site, host: HostName): string {
  return `${site.home}/${host}-first-identity.json`;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** A tower that has voted for every block up to the first one of the trace. */
function towerBefore(world: World, node: string): Tower {
  const { voteState } = world.cluster.tips.main;
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
  if (!flags.ok) throw new Error(flags.error);
  const identity = bootIdentity(world, machine, flags.flags.identity);
  if (identity === null) return;
  const validator: Validator = newValidator(machine, machine.nextPid++, 0, identity.address, flags.flags);
  const voters = flags.flags.authorizedVoters.length > 0 ? identity.voters : [identity.address];
  validator.authorizedVoters = new Set(voters);
  validator.phase = 'running';
  validator.inGossip = true;
  // The active has been up the longer one.
  validator.outset = (machine.name === 'active' ? -2 : -1) * 3_600_000_000;
  validator.tower = towerBefore(world, identity.address);
  validator.leaves = [tip];
  validator.newVoteRooted = true;
  validator.lastVote = 'sent';
  validator.lastVoteHeight = tip.length;
  machine.validator = validator;
  world.gossip.contacts.set(identity.address, [...(world.gossip.contacts.get(identity.address) ?? []), { outset: validator.outset, host: machine.name, visibleAt: 0 }]);
  world.events.push({ type: 'process', t: 0, host: machine.name, state: 'running', identity: identity.address });
  world.events.push({ type: 'identity', t: 0, host: machine.name, layer: 'gossip', from: null, to: identity.address });
  world.events.push({ type: 'identity', t: 0, host: machine.name, layer: 'voting', from: null, to: identity.address });
}

function bootIdentity(world: World, machine: Machine, path: string): { address: string; voters: string[] } | null {
  const identity = readKey(machine, path, machine.user);
  if (!identity.ok) {
    startProcess(world, machine);
    return null;
  }
  const flags = startFlags(machine);
  const voters = flags.ok ? flags.flags.authorizedVoters.map((voter) => readKey(machine, voter, machine.user)) : [];
  return { address: identity.address, voters: voters.flatMap((voter) => (voter.ok ? [voter.address] : [])) };
}
