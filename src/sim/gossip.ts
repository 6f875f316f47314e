/**
 * Gossip: which votes and contact infos of an identity are known, to whom, and what a process does about them.
 *
 * Votes in the table are labelled with the key of whoever pushed them, which is the current key of the pushing process
 * (agave gossip/src/cluster_info.rs push_vote, 4.2), whatever key signed the transaction inside.
 */
import type { Micros } from '../model/trace.ts';
import { pushGossipVote, refreshGossipVote } from '../model/tower-gossip.ts';
import { wallClock } from './clock.ts';
import type { HostName } from './host-name.ts';
import { HOST_NAMES } from './host-name.ts';
import type { Validator } from './machine.ts';
import { isCut, slotsLate } from './network.ts';
import { exitProcess } from './process-end.ts';
import { at } from './world.ts';
import type { World } from './world.ts';

interface GossipVote {
  readonly slot: number;
  readonly from: HostName;
  readonly pid: number;
  heardAt: HeardAt;
}

interface ContactInfo {
  readonly outset: number;
  readonly host: HostName;
  heardAt: HeardAt;
}

/** When each host has it, unless it cannot hear; infinite while the sender cannot send. */
type HeardAt = Readonly<Record<HostName, Micros>>;

export interface Gossip {
  /** Newest last, per label. */
  readonly votes: Map<string, GossipVote[]>;
  /** Contact infos by identity, all claims of the run: the cluster keeps the one with the newest outset (48 h). */
  readonly contacts: Map<string, ContactInfo[]>;
}

/** A table without votes and contacts. */
export function createGossip(): Gossip {
  return { votes: new Map(), contacts: new Map() };
}

/**
 * Pushes a vote under the process's current key. False when the process panics because the table already holds a vote
 * for that slot or a newer one: "Submitting old vote" (agave gossip/src/cluster_info.rs, since 2.1).
 */
export function pushVote(world: World, validator: Validator, slot: number): boolean {
  // Where nobody has sent such a vote, the table of this process holds none.
  if (wasSentSince(world, validator, slot) && pushGossipVote(heldVotes(world, validator), slot, world.agave.gossipVotes) === 'panic') return false;
  publishVote(world, validator, slot);
  return true;
}

/** Pushes the last vote again; where only newer votes stand, it is left out with a warning and no panic. */
export function pushRefresh(world: World, validator: Validator, slot: number): void {
  if (refreshGossipVote(heldVotes(world, validator), slot, world.agave.gossipVotes) !== 'ignored') publishVote(world, validator, slot);
}

/** Whether anybody has pushed a vote for that slot or a newer one under the process's current key. */
function wasSentSince(world: World, validator: Validator, slot: number): boolean {
  const entries = world.gossip.votes.get(validator.clusterIdentity);
  if (entries !== undefined) for (const entry of entries) if (entry.slot >= slot) return true;
  return false;
}

/** Slots of the votes that this process's table holds under its current key, oldest first. */
function heldVotes(world: World, validator: Validator): number[] {
  const entries = world.gossip.votes.get(validator.clusterIdentity) ?? [];
  const held: number[] = [];
  for (let i = entries.length - 1; i >= 0 && held.length < world.agave.gossipVotes; i--) {
    const entry = entries[i]!;
    const own = entry.from === validator.host && entry.pid === validator.pid;
    if (own || (entry.heardAt[validator.host] <= world.now && !isCut(world.network, validator.host, 'gossip', 'in'))) held.push(entry.slot);
  }
  return held.reverse();
}

function publishVote(world: World, validator: Validator, slot: number): void {
  const label = validator.clusterIdentity;
  const entries = world.gossip.votes.get(label) ?? [];
  entries.push({ slot, from: validator.host, pid: validator.pid, heardAt: spread(world, validator.host, world.latencies.gossip) });
  if (entries.length > 64) entries.splice(0, 32);
  world.gossip.votes.set(label, entries);
}

/** Makes the contact info of the process's current key, with a new outset, and lets it spread. */
export function announce(world: World, validator: Validator): void {
  const machine = world.hosts[validator.host];
  validator.inGossip = true;
  validator.outset = wallClock(machine, world.now);
  const contacts = world.gossip.contacts.get(validator.clusterIdentity) ?? [];
  const heardAt = spread(world, validator.host, 0);
  contacts.push({ outset: validator.outset, host: validator.host, heardAt });
  world.gossip.contacts.set(validator.clusterIdentity, contacts);
  checkDuplicates(world);
  checkWhenHeard(world, heardAt);
}

/** What `from` sends now and takes `travel` µs, and when each host hears it. */
function spread(world: World, from: HostName, travel: Micros): HeardAt {
  const { network, slotMicros, now } = world;
  if (isCut(network, from, 'gossip', 'out')) return NEVER;
  const sent = now + travel + slotsLate(network, from, 'gossip', 'out') * slotMicros;
  const heard = (host: HostName) => sent + slotsLate(network, host, 'gossip', 'in') * slotMicros;
  return { active: heard('active'), inactive: heard('inactive') };
}

const NEVER: HeardAt = { active: Number.POSITIVE_INFINITY, inactive: Number.POSITIVE_INFINITY };

/** A contact info that a host hears late is compared with its own when it comes. */
function checkWhenHeard(world: World, heardAt: HeardAt): void {
  for (const host of HOST_NAMES) if (heardAt[host] > world.now && heardAt[host] < Number.POSITIVE_INFINITY) at(world, heardAt[host], checkDuplicates, null);
}

/** What waited for a cut link spreads now. */
export function gossipHealed(world: World, host: HostName): void {
  if (!isCut(world.network, host, 'gossip', 'out')) {
    const heardAt = spread(world, host, 0);
    for (const entries of [...world.gossip.votes.values(), ...world.gossip.contacts.values()]) {
      for (const entry of entries) {
        const from = 'from' in entry ? entry.from : entry.host;
        if (from === host && entry.heardAt === NEVER) entry.heardAt = heardAt;
      }
    }
    checkWhenHeard(world, heardAt);
  }
  checkDuplicates(world);
}

/**
 * Duplicate instance: a process that hears a contact info of its own key with a newer outset ends at once with exit
 * code 1, whoever is healthy (agave gossip/src/cluster_info.rs, contact_info.rs check_duplicate).
 */
export function checkDuplicates(world: World): void {
  for (const host of HOST_NAMES) {
    const validator = world.hosts[host].validator;
    if (validator === null || !hearsNewerSelf(world, validator)) continue;
    at(world, world.now + world.latencies.duplicateDetection, exitAsDuplicate, { host, pid: validator.pid });
  }
}

function exitAsDuplicate(world: World, { host, pid }: { readonly host: HostName; readonly pid: number }): void {
  const { validator } = world.hosts[host];
  if (validator === null || validator.pid !== pid || validator.stopped || !hearsNewerSelf(world, validator)) return;
  exitProcess(world, validator, 1, 'duplicate running instances of the same validator node');
}

function hearsNewerSelf(world: World, validator: Validator): boolean {
  if (validator.dead || !validator.inGossip || isCut(world.network, validator.host, 'gossip', 'in')) return false;
  const contacts = world.gossip.contacts.get(validator.clusterIdentity) ?? [];
  return contacts.some((contact) => contact.outset > validator.outset && contact.heardAt[validator.host] <= world.now);
}
