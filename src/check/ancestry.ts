/**
 * The forks of a trace: which block descends from which, answered in constant time.
 *
 * Blocks are numbered in preorder; the descendants of a block then are the numbers from its own up to its own plus the
 * size of its subtree.
 */
import type { BlockEvent } from '../model/trace.ts';

export interface Block {
  readonly event: BlockEvent;
  readonly slot: number;
  /** Null for a block from which the trace starts, or whose parent the trace lacks. */
  readonly parent: Block | null;
  /** The first block of its tree: two blocks of different trees cannot be compared. */
  readonly tree: Block;
  readonly number: number;
  readonly size: number;
  /** Another block of the same slot; null after the last of them. */
  readonly rival: Block | null;
}

export interface Forks {
  /** All blocks, by slot. */
  readonly blocks: readonly Block[];
  /** Blocks from which the trace starts. */
  readonly starts: readonly Block[];
  /** Blocks whose parent the trace lacks. */
  readonly orphans: readonly Block[];
  /** The first block of a slot; the others follow by `rival`. */
  readonly at: (slot: number) => Block | null;
  readonly find: (slot: number, hash: string) => Block | null;
}

type Growing = { -readonly [K in keyof Block]: Block[K] };

/** The fork tree of the block events; a block told twice (same slot and hash) counts once. */
export function forksOf(events: readonly BlockEvent[]): Forks {
  const base = events.reduce((lowest, { slot }) => Math.min(lowest, slot), Infinity);
  const bySlot: (Growing | undefined)[] = []; // from `base` on
  const at = (slot: number): Growing | null => (slot < base ? null : (bySlot[slot - base] ?? null));
  const find = (slot: number, hash: string): Growing | null => {
    let block = at(slot);
    while (block !== null && block.event.hash !== hash) block = block.rival as Growing | null;
    return block;
  };
  const blocks: Growing[] = [];
  for (const event of events) {
    const first = at(event.slot);
    if (first !== null && find(event.slot, event.hash) !== null) continue;
    const block = newBlock(event);
    if (first === null) bySlot[event.slot - base] = block;
    else lastRivalOf(first).rival = block;
    blocks.push(block);
  }
  blocks.sort((a, b) => a.slot - b.slot);

  // Parents have smaller slots: from the newest block on, sizes add up, and each block gets its place in the subtree
  // of its parent; from the oldest on, places become numbers.
  for (let i = blocks.length - 1; i >= 0; i--) {
    const block = blocks[i]!;
    const { slot, parent, parentHash } = block.event;
    const found = parent < slot ? find(parent, parentHash) : null;
    if (found === null) continue;
    block.parent = found;
    block.number = found.size;
    found.size += block.size;
  }
  const starts: Block[] = [];
  const orphans: Block[] = [];
  let next = 0;
  for (const block of blocks) {
    const { parent } = block;
    if (parent !== null) {
      block.number += parent.number;
      block.tree = parent.tree;
      continue;
    }
    block.number = next;
    next += block.size;
    if (block.event.parent === -1) starts.push(block);
    else orphans.push(block);
  }
  return { blocks, starts, orphans, find, at };
}

function newBlock(event: BlockEvent): Growing {
  const block: Omit<Growing, 'tree'> & { tree: Block | null } = { event, slot: event.slot, parent: null, tree: null, number: 0, size: 1, rival: null };
  block.tree = block as Block;
  return block as Growing;
}

function lastRivalOf(block: Growing): Growing {
  let last = block;
  while (last.rival !== null) last = last.rival as Growing;
  return last;
}

/** Whether `block` is `ancestor` or descends from it. */
export function descendsFrom(block: Block, ancestor: Block): boolean {
  return block.number >= ancestor.number && block.number < ancestor.number + ancestor.size;
}

/** The block at `slot` on the fork that ends in `tip`; null when that fork has none, or the trace does not know it. */
export function blockOnFork(forks: Forks, slot: number, tip: Block): Block | null {
  let block = forks.at(slot);
  while (block !== null && !descendsFrom(tip, block)) block = block.rival;
  return block;
}

/** The newest block from which both descend; null when they are of different trees. */
export function commonAncestor(a: Block, b: Block): Block | null {
  let block: Block | null = a;
  while (block !== null && !descendsFrom(b, block)) block = block.parent;
  return block;
}
