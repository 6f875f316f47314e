/** A block of the simulated cluster: a bank with its ancestors, its copy of our vote account, and who votes for it. */
import type { VoteState } from '../model/vote-program.ts';
import type { Micros } from '../model/trace.ts';

/** Ancestors of a fork, oldest first. Blocks of one fork share the arrays and differ in `length`. */
export interface Chain {
  readonly slots: number[];
  readonly hashes: string[];
}

export interface Block {
  readonly slot: number;
  /** Null for the first block, and for one whose ancestors nobody asks for any more. */
  parent: Block | null;
  readonly hash: string;
  /** Slots and hashes of this block and its ancestors: the first `length` entries. */
  readonly chain: Chain;
  readonly length: number;
  readonly producedAt: Micros;
  /** x and y: the two branches of a fork; main: no fork. */
  readonly branch: 'main' | 'x' | 'y';
  /** Our vote account in this bank, after its votes. */
  readonly voteState: VoteState;
  /** Bit g is set when group g votes for this block. */
  readonly voters: number;
  /** Transactions of ours executed here, as [vote id, error code or null]. */
  readonly executed: readonly (readonly [number, number | null])[];
}

/** Whether `slot` is this block or one of its ancestors. */
export function isOnFork(block: Block, slot: number): boolean {
  return indexOnFork(block, slot) >= 0;
}

/** Hash of the block at `slot` on this fork; undefined when the fork has none. */
export function hashOnFork(block: Block, slot: number): string | undefined {
  const index = indexOnFork(block, slot);
  return index < 0 ? undefined : block.chain.hashes[index];
}

/** Whether `descendant` is `ancestor` itself or descends from it. */
export function descendsFrom(descendant: Block, ancestor: Block): boolean {
  return hashOnFork(descendant, ancestor.slot) === ancestor.hash;
}

/** Position of `slot` in the chain of this fork; −1 when the fork has no such block. */
export function indexOnFork(block: Block, slot: number): number {
  const slots = block.chain.slots;
  let low = 0;
  let high = block.length - 1;
  // Most questions are about the newest slots of a fork without gaps: guess first.
  const guess = high - (block.slot - slot);
  if (guess >= 0 && guess <= high && slots[guess] === slot) return guess;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = slots[middle]!;
    if (found === slot) return middle;
    if (found < slot) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The chain of a child: the parent's arrays when the parent is their newest entry, a copy where a fork begins. */
export function extendChain(parent: Block, slot: number, hash: string): Chain {
  const { slots, hashes } = parent.chain;
  const chain =
    slots.length === parent.length ? parent.chain : { slots: slots.slice(0, parent.length), hashes: hashes.slice(0, parent.length) };
  chain.slots.push(slot);
  chain.hashes.push(hash);
  return chain;
}
