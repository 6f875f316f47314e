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
}

export interface Forks {
  /** All blocks, by slot. */
  readonly blocks: readonly Block[];
  /** Blocks whose parent the trace lacks. */
  readonly orphans: readonly Block[];
  readonly at: (slot: number) => readonly Block[];
  readonly find: (slot: number, hash: string) => Block | null;
}

type Growing = { -readonly [K in keyof Block]: Block[K] } & { taken: number };

/** The fork tree of the block events; a block told twice (same slot and hash) counts once. */
export function forksOf(events: readonly BlockEvent[]): Forks {
  const bySlot = new Map<number, Growing[]>();
  const blocks: Growing[] = [];
  for (const event of events) {
    const known = bySlot.get(event.slot);
    if (known?.some((block) => block.event.hash === event.hash)) continue;
    const block = { event, slot: event.slot, parent: null, number: 0, size: 1, taken: 1 } as unknown as Growing;
    block.tree = block;
    if (known === undefined) bySlot.set(event.slot, [block]);
    else known.push(block);
    blocks.push(block);
  }
  blocks.sort((a, b) => a.slot - b.slot);
  const find = (slot: number, hash: string): Growing | null =>
    bySlot.get(slot)?.find((block) => block.event.hash === hash) ?? null;

  const orphans: Block[] = [];
  for (const block of blocks) {
    const { parent, parentHash, slot } = block.event;
    const found = parent < slot ? find(parent, parentHash) : null;
    block.parent = found;
    if (found !== null) block.tree = found.tree;
    else if (parent !== -1) orphans.push(block);
  }
  // Parents have smaller slots: sizes add up from the newest block, numbers are given out from the oldest.
  for (let i = blocks.length - 1; i >= 0; i--) {
    const parent = blocks[i]!.parent as Growing | null;
    if (parent !== null) parent.size += blocks[i]!.size;
  }
  let next = 0;
  for (const block of blocks) {
    const parent = block.parent as Growing | null;
    if (parent === null) {
      block.number = next;
      next += block.size;
    } else {
      block.number = parent.number + parent.taken;
      parent.taken += block.size;
    }
  }
  const none: readonly Block[] = [];
  return { blocks, orphans, find, at: (slot) => bySlot.get(slot) ?? none };
}

/** Whether `block` is `ancestor` or descends from it. */
export function descendsFrom(block: Block, ancestor: Block): boolean {
  return block.number >= ancestor.number && block.number < ancestor.number + ancestor.size;
}

/** The block at `slot` on the fork that ends in `tip`; null when that fork has none, or the trace does not know it. */
export function blockOnFork(forks: Forks, slot: number, tip: Block): Block | null {
  for (const block of forks.at(slot)) if (descendsFrom(tip, block)) return block;
  return null;
}

/** The newest block from which both descend; null when they are of different trees. */
export function commonAncestor(a: Block, b: Block): Block | null {
  let block: Block | null = a;
  while (block !== null && !descendsFrom(b, block)) block = block.parent;
  return block;
}
