/**
 * A fingerprint of a world between two commands: equal worlds have equal fingerprints, and two worlds of one procedure
 * with equal fingerprints have the same future, and the same past in all that a judge looks at. Everything that a world
 * holds is taken in but for what is left out here by name, so that what is added to a world is not forgotten by mistake.
 *
 * 128 bits: that two different worlds among n share one has a probability of about n²/2^129, below 10^-20 for a
 * hundred million.
 */
import type { Lockout } from '../model/lockout.ts';
import type { TraceEvent } from '../model/trace.ts';
import type { Block } from './block.ts';
import { Disk } from './disk.ts';
import { Journal } from './disk-durability.ts';
import type { Change } from './disk-durability.ts';
import type { Content, Inode } from './disk-inode.ts';
import { heal, healWhenFinished } from './faults.ts';
import type { Fault, FaultPlan } from './faults.ts';
import { Mixer, keyOf } from './mixer.ts';
import type { Digest } from './mixer.ts';
import type { Past } from './past.ts';
import type { Gossip } from './gossip.ts';
import type { Entry } from './queue.ts';
import type { Operator, World } from './world.ts';

/**
 * Parts of the world that are told in another way: `queueOf`, `planOf`, `gossipOf`, `pastOf`. The votes that were sent
 * are among the events of the past.
 */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['queue', 'plan', 'gossip', 'events', 'past', 'votes']);

/** What is left out, and why. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'known', // blocks, by their age
  'run', 'resumed', 'played', 'resting', // of the running command: `commandOf`, and its tape
  'towerTargets', 'generation', // caches
  'chain', // the ancestors of a block, told by its parent
  'render', // follows from the value beside it
]);

/** Properties whose values never change: their digests are kept. */
const CONSTANT: ReadonlySet<string> = new Set([
  'site', 'agave', 'latencies', 'procedure', 'written', 'flags', 'tower', 'stack', 'voteState', 'votes', 'sync', 'lockouts', 'newestVote', 'lazy', 'bytes', 'store', 'keys', 'backup', 'before', 'server', 'etcdCredentials',
]);

const digests = new WeakMap<object, Digest>();
const functions = new WeakMap<object, number>();
let lastFunction = 0;

/** The fingerprint of a world in which no command runs, as a key of 8 characters. */
export function fingerprint(world: World): string {
  const mixer = new Mixer();
  for (const key in world) if (!TOLD_OTHERWISE.has(key)) mixProperty(mixer, world, key);
  commandOf(mixer, world.operator);
  queueOf(mixer, world);
  planOf(mixer, world.plan);
  gossipOf(mixer, world.gossip);
  pastOf(mixer, world.past, world.events);
  return keyOf(mixer.end());
}

/** How often a command has been resumed matters once: "during" is after the first time. */
function commandOf(mixer: Mixer, { run, resumed }: Operator): void {
  mixer.word(run === null ? 3 : Math.min(resumed, 2));
}

function queueOf(mixer: Mixer, { queue, plan }: World): void {
  const entries = queue.heap.toSorted((a, b) => a.t - b.t || a.order - b.order);
  mixer.word(entries.length);
  for (const entry of entries) mixEntry(mixer, entry, plan);
}

function mixEntry(mixer: Mixer, { t, host, pid, act, data }: Entry, plan: FaultPlan): void {
  mixer.number(t);
  mixer.text(host ?? '');
  mixer.word(pid);
  mix(mixer, act);
  // The same fault may stand elsewhere in another plan.
  if (act === heal || act === healWhenFinished) mixStruck(mixer, plan.faults[data as number]!);
  else mix(mixer, data);
}

/** Faults that are open or have not struck; their places in the plan mean nothing. */
function planOf(mixer: Mixer, { faults, open, waiting, endWithStep }: FaultPlan): void {
  for (const [index, struck] of open) {
    mixStruck(mixer, faults[index]!);
    mix(mixer, struck);
  }
  mixer.word(open.size);
  for (const index of waiting) mix(mixer, faults[index]);
  mixer.word(waiting.length);
  for (const index of endWithStep) mixStruck(mixer, faults[index]!);
}

/** Of a fault that has struck, when that was means nothing. */
function mixStruck(mixer: Mixer, { kind, on }: Fault): void {
  mixer.text(kind);
  mixer.text(on);
}

function gossipOf(mixer: Mixer, { votes, contacts }: Gossip): void {
  for (const [label, entries] of votes) {
    mixer.text(label);
    mixer.word(entries.length);
    for (const { slot, from, pid, heardAt } of entries) {
      mixer.word(slot);
      mixer.word(from === 'active' ? pid : -pid);
      mixer.number(heardAt.active);
      mixer.number(heardAt.inactive);
    }
  }
  mix(mixer, contacts);
}

/** All events but faults, and but what commands printed. */
function pastOf(mixer: Mixer, past: Past, events: readonly TraceEvent[]): void {
  for (; past.events < events.length; past.events++) {
    const event = events[past.events]!;
    if (event.type !== 'fault' && (event.type !== 'command' || event.phase !== 'end')) mixProperties(past.mixer, event);
  }
  mixer.digest(past.mixer.copy().end());
}

function digestOf(value: object): Digest {
  let digest = digests.get(value);
  if (digest === undefined) {
    const mixer = new Mixer();
    mixObject(mixer, value);
    digests.set(value, (digest = mixer.end()));
  }
  return digest;
}

/** Oldest first: a chain of thousands would be too deep to be told from its tip. */
function digestOfBlock(tip: Block): Digest {
  const untold: Block[] = [];
  for (let block: Block | null = tip; block !== null && !digests.has(block); block = block.parent) untold.push(block);
  for (const block of untold.reverse()) digestOf(block);
  return digests.get(tip)!;
}

/** A disk that has not changed is not told again. */
function digestOfDisk(disk: Disk): Digest {
  let digest = digests.get(disk.standing);
  if (digest === undefined) {
    const mixer = new Mixer();
    told = [];
    mixProperties(mixer, disk);
    digests.set(disk.standing, (digest = mixer.end()));
  }
  return digest;
}

function mix(mixer: Mixer, value: unknown): void {
  switch (typeof value) {
    case 'number':
      return mixer.number(value);
    case 'string':
      return mixer.text(value);
    case 'boolean':
      return mixer.word(value ? 0x5bd1e995 : 0x2545f491);
    case 'undefined':
      return mixer.word(0x3c6ef372);
    case 'function':
      return mixer.word(numberOf(value));
    case 'object':
      return value === null ? mixer.word(0x6a09e667) : isBlock(value) ? mixer.digest(digestOfBlock(value)) : mixObject(mixer, value);
    default:
      throw new TypeError(`a ${typeof value} in a world`);
  }
}

/** Functions differ by what they are: two closures of one text are two. */
function numberOf(value: object): number {
  let number = functions.get(value);
  if (number === undefined) functions.set(value, (number = ++lastFunction));
  return number;
}

/** Blocks are constant but for links to ancestors so old that nobody asks for them. */
function isBlock(value: object): value is Block {
  return 'producedAt' in value;
}

/** Inodes of the disk at hand that have been told, by number: the tree and the journal hold many more than once. */
let told: Inode[] = [];

function mixObject(mixer: Mixer, value: object): void {
  if (Object.getPrototypeOf(value) === Object.prototype) {
    if ('directory' in value) mixChange(mixer, value as Change);
    else if ('mtime' in value) mixInode(mixer, value as Inode);
    else mixProperties(mixer, value);
  } else if (Array.isArray(value)) {
    mixer.word(value.length);
    if (value.length > 0 && isLockout(value[0])) mixLockouts(mixer, value as readonly Lockout[]);
    else for (const item of value) mix(mixer, item);
  } else if (value instanceof Uint8Array) {
    mixer.word(value.length);
    for (const byte of value) mixer.word(byte);
  } else if (value instanceof Map) {
    mixer.word(value.size);
    for (const [key, item] of value) {
      mix(mixer, key);
      mix(mixer, item);
    }
  } else if (value instanceof Set) {
    mixer.word(value.size);
    for (const item of value) mix(mixer, item);
  } else if (value instanceof Disk) {
    mixer.digest(digestOfDisk(value));
  } else if (value instanceof Journal) {
    mixJournal(mixer, value as unknown as Parameters<typeof mixJournal>[1]);
  } else {
    mixProperties(mixer, value);
  }
}

/** A run of lockouts has a length as well. */
function isLockout(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'confirmationCount' in value && !('length' in value);
}

/** Most of what is new in a world: the stacks of its newest votes. */
function mixLockouts(mixer: Mixer, lockouts: readonly Lockout[]): void {
  for (const { slot, confirmationCount } of lockouts) {
    mixer.number(slot);
    mixer.word(confirmationCount);
  }
}

function mixProperties(mixer: Mixer, value: object): void {
  let properties = 0;
  for (const key in value) {
    if (LEFT_OUT.has(key)) continue;
    properties++;
    mixProperty(mixer, value, key);
  }
  mixer.word(properties);
}

function mixProperty(mixer: Mixer, value: object, key: string): void {
  const item = (value as Record<string, unknown>)[key];
  if (typeof item === 'object' && item !== null && CONSTANT.has(key)) mixer.digest(digestOf(item));
  else mix(mixer, item);
}

/** Of a content that renders itself, whether that has been asked for means nothing. */
function mixContent(mixer: Mixer, { bytes, lazy }: Content): void {
  mixer.digest(digestOf(lazy ?? bytes!));
}

/** A change of the journal: its directory hangs in the tree, or has hung there, and is known by its number. */
function mixChange(mixer: Mixer, change: Change): void {
  mixer.text(change.kind);
  mixer.number(change.t);
  mixer.number(change.mtime);
  if ('directory' in change) {
    mixer.word(change.directory.number);
    mixer.text(change.name);
    mixInode(mixer, change.before);
    if (change.kind === 'replacement') mixInode(mixer, change.inode);
  } else {
    mixInode(mixer, change.inode);
    if (change.kind === 'attributes') {
      mixer.text(change.owner);
      mixer.text(change.group);
      mixer.word(change.mode);
    } else {
      mixContent(mixer, change.before);
      mixer.word(change.kind === 'data' && change.flushed ? 1 : 0);
    }
  }
}

function mixInode(mixer: Mixer, inode: Inode | undefined): void {
  if (inode === undefined) return mixer.word(0);
  mixer.word(inode.number);
  if (told[inode.number] === inode) return;
  told[inode.number] = inode;
  mixer.number(inode.mtime);
  mixer.word(inode.mode);
  mixer.text(inode.owner);
  if (inode.group === inode.owner) mixer.word(1);
  else mixer.text(inode.group);
  if (inode.kind === 'directory') {
    for (const [name, entry] of inode.entries) {
      mixer.text(name);
      mixInode(mixer, entry);
    }
    mixer.word(inode.entries.size);
  } else if (inode.kind === 'link') {
    mixer.text(inode.target);
  } else {
    mixContent(mixer, inode.content);
    mixer.word((inode.flushed ? 2 : 0) + (inode.linked ? 1 : 0));
  }
}

function mixJournal(mixer: Mixer, { recent, head, expired }: { readonly recent: readonly Change[]; readonly head: number; readonly expired: { readonly changes: readonly Change[] } }): void {
  for (let i = head; i < recent.length; i++) mixChange(mixer, recent[i]!);
  for (const change of expired.changes) mixChange(mixer, change);
}
