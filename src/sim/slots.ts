/** Slot by slot: the cluster builds, skips or forks, our own leader slots are produced or missed, blocks reach the hosts. */
import type { LeaderEvent } from '../model/trace.ts';
import type { Block } from './block.ts';
import { forgetBefore, parentFor, produceBlock } from './cluster.ts';
import { heldUntil } from './fork-plan.ts';
import { HOST_NAMES } from './host-name.ts';
import type { HostName } from './host-name.ts';
import { FIXED } from './latency.ts';
import type { Validator } from './machine.ts';
import { isCut, losesPacket, slotsLate } from './network.ts';
import { receiveBlock } from './replay.ts';
import { considerEnd } from './run-end.ts';
import { at, emit, slotStart } from './world.ts';
import type { World } from './world.ts';

/** Consecutive slots of one leader (solana-sdk NUM_CONSECUTIVE_LEADER_SLOTS). */
const LEADER_WINDOW = 4;

/** Slots after which a run begins to forget. Blocks that a world shares with a copy are kept. */
const LONG_RUN = 600;

/**
 * Blocks older than the oldest ledger root by more than this are forgotten then, every so many slots. Nobody asks for
 * what lies below a root; and each block holds a stack, which garbage collection would have to carry along.
 */
const KEPT_SLOTS = 64;

/** Slots until a block is repaired that turbine has lost: its child shows that it is missing, then repair asks. */
const REPAIR_SLOTS = 2;

/** Opens a slot, and schedules its end and the next. */
export function beginSlot(world: World, slot: number): void {
  world.slot = slot;
  if (slot % KEPT_SLOTS === 0 && slot > world.startSlot + LONG_RUN) {
    forgetBefore(world.cluster, Math.min(...HOST_NAMES.map((host) => world.hosts[host].ledgerRoot)) - KEPT_SLOTS);
  }
  considerEnd(world);
  world.reach?.(world, { kind: 'slot', slot: slot - world.startSlot });
  at(world, slotStart(world, slot + 1), turnSlot, isOwnLeaderSlot(world, slot) ? leaderAttempts(world) : null);
}

function turnSlot(world: World, attempts: readonly LeaderAttempt[] | null): void {
  const { slot } = world;
  endSlot(world, slot, attempts);
  beginSlot(world, slot + 1);
}

/** Whether the staked identity leads in `slot`. */
export function isOwnLeaderSlot(world: World, slot: number): boolean {
  const relative = slot - world.startSlot;
  for (const first of world.site.leaderWindows) if (relative >= first && relative < first + LEADER_WINDOW) return true;
  return false;
}

/** A host whose loop holds the staked identity at the start of an own leader slot, and may lead. */
interface LeaderAttempt {
  readonly host: HostName;
  readonly pid: number;
  /** Gossip key at the start: broadcast reads it for every batch of shreds. */
  readonly shredKey: string;
}

function leaderAttempts(world: World): LeaderAttempt[] {
  const attempts: LeaderAttempt[] = [];
  for (const host of HOST_NAMES) {
    const { validator } = world.hosts[host];
    if (validator === null || validator.stopped || validator.phase !== 'running') continue;
    if (validator.votingIdentity !== world.stakedIdentity) continue;
    // agave core/src/replay_stage.rs maybe_start_leader: not before a vote of this identity is rooted.
    if (validator.flags.waitForVoteToStartLeader && !validator.newVoteRooted) continue;
    attempts.push({ host, pid: validator.pid, shredKey: validator.clusterIdentity });
  }
  return attempts;
}

function endSlot(world: World, slot: number, attempts: readonly LeaderAttempt[] | null): void {
  const place = parentFor(world.cluster, slot);
  if (place === null) {
    if (attempts !== null) emit(world, missed(world, slot, 'the cluster skipped it'));
    emit(world, { type: 'skipped', t: world.now, slot });
    return;
  }
  if (attempts === null) {
    deliver(world, build(world, slot, place, 'cluster'));
    return;
  }
  const alive = attempts.flatMap((attempt) => leadingProcess(world, attempt) ?? []);
  const [leader, second] = alive.filter(({ signsAll }) => signsAll);
  for (const { signsAll, validator } of alive) if (!signsAll) keepToItself(world, slot, validator, place.parent);
  if (leader === undefined) {
    emit(world, missed(world, slot, whyMissed(world, attempts)));
    emit(world, { type: 'skipped', t: world.now, slot });
    return;
  }
  const block = build(world, slot, place, world.stakedIdentity);
  emit(world, { type: 'leader', t: world.now, slot, outcome: 'produced', host: leader.host, hash: block.hash });
  if (second !== undefined) {
    const hash = `${block.hash}-${second.host}`;
    const parentHash = place.parent.hash;
    emit(world, { type: 'block', t: world.now, slot, parent: place.parent.slot, hash, parentHash, leader: world.stakedIdentity });
    emit(world, { type: 'leader', t: world.now, slot, outcome: 'produced', host: second.host, hash });
  }
  deliver(world, block);
}

/**
 * The process of an attempt, if it still lives. Shreds signed by another key than the leader's are refused by everyone:
 * one such batch spoils the block.
 */
function leadingProcess(world: World, { host, pid, shredKey }: LeaderAttempt): { host: HostName; validator: Validator; signsAll: boolean } | null {
  const { validator } = world.hosts[host];
  if (validator === null || validator.pid !== pid) return null;
  return { host, validator, signsAll: shredKey === world.stakedIdentity && validator.clusterIdentity === world.stakedIdentity };
}

/** The block that nobody else takes is frozen by its own maker, which may cast its last vote on it. */
function keepToItself(world: World, slot: number, validator: Validator, parent: Block): void {
  const { host } = validator;
  const hash = `B${slot}-${host}`;
  const block: Block = {
    ...parent, slot, parent, hash, chain: { slots: parent.chain.slots.slice(0, parent.length), hashes: parent.chain.hashes.slice(0, parent.length) },
    length: parent.length + 1, producedAt: world.now, voters: 0, executed: [],
  };
  block.chain.slots.push(slot);
  block.chain.hashes.push(hash);
  emit(world, { type: 'block', t: world.now, slot, parent: parent.slot, hash, parentHash: parent.hash, leader: validator.votingIdentity });
  receiveBlock(world, world.hosts[host], block);
}

function missed(world: World, slot: number, why: string): LeaderEvent {
  return { type: 'leader', t: world.now, slot, outcome: 'missed', host: null, why };
}

function whyMissed(world: World, attempts: readonly LeaderAttempt[]): string {
  if (attempts.length > 0) return 'its shreds were signed with two identities';
  const holder = HOST_NAMES.find((host) => world.hosts[host].validator?.votingIdentity === world.stakedIdentity);
  return holder === undefined ? 'no running host holds the staked identity' : `${holder} waits until a vote of its own is rooted`;
}

function build(world: World, slot: number, place: { parent: Block; branch: Block['branch'] }, leader: string): Block {
  const block = produceBlock(world.cluster, slot, world.now, place.parent, place.branch);
  emit(world, { type: 'block', t: world.now, slot, parent: place.parent.slot, hash: block.hash, parentHash: place.parent.hash, leader });
  for (const [id, error] of block.executed) {
    emit(world, { type: 'landed', t: world.now, vote: id, bank: slot, bankHash: block.hash, error });
    const vote = world.votes[id]!;
    const { validator } = world.hosts[vote.host];
    if (validator !== null && validator.pid === vote.pid && id >= validator.firstVoteId) validator.firstLanding ??= slot;
  }
  return block;
}

/** Sends a block to both hosts, at the times that the fork plan and the links allow. */
function deliver(world: World, block: Block): void {
  const { plan } = world.cluster;
  for (const host of HOST_NAMES) {
    const travel = host === 'active' ? world.latencies.turbineActive : world.latencies.turbineInactive;
    const held = plan === null || block.branch === 'main' ? 0 : slotStart(world, world.startSlot + heldUntil(plan, host, block.branch));
    at(world, Math.max(world.now, held) + travel, arrive, { host, block });
  }
}

interface Arrival {
  readonly host: HostName;
  readonly block: Block;
}

function arrive(world: World, arrival: Arrival): void {
  const { network, now, slotMicros } = world;
  const { host } = arrival;
  const late = isCut(network, host, 'turbine', 'in') ? 0 : losesPacket(network, host, 'turbine', 'in') ? REPAIR_SLOTS : slotsLate(network, host, 'turbine', 'in');
  if (late > 0) at(world, now + late * slotMicros, comeThrough, arrival);
  else comeThrough(world, arrival);
}

function comeThrough(world: World, { host, block }: Arrival): void {
  if (isCut(world.network, host, 'turbine', 'in')) world.hosts[host].missed.push(block);
  else receiveRepaired(world, { host, block });
}

function receiveRepaired(world: World, { host, block }: Arrival): void {
  receiveBlock(world, world.hosts[host], block);
}

/** Turbine works again: what was missed is repaired, oldest first. */
export function repairMissed(world: World, host: HostName): void {
  const machine = world.hosts[host];
  if (isCut(world.network, host, 'turbine', 'in')) return;
  const begin = world.now + slotsLate(world.network, host, 'turbine', 'in') * world.slotMicros;
  machine.missed.forEach((block, i) => at(world, begin + (i + 1) * FIXED.catchUpBank, receiveRepaired, { host, block }));
  machine.missed = [];
}


