/** Where the forks of two blocks part, as far as the trace tells. */
import type { BlockEvent, DrawnRun } from './drawn-run.ts';

export interface Parting {
  /** The newest block from which both descend; null when the trace does not show it. */
  readonly ancestor: number | null;
  /** Slots of the blocks after it on each fork, ascending. */
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** The parting of the forks that end in two blocks, each given by slot and hash; null when one of them is an ancestor of the other, or unknown. */
export function partingOf(run: DrawnRun, first: { readonly slot: number; readonly hash: string }, second: { readonly slot: number; readonly hash: string }): Parting | null {
  const byName = new Map(run.blocks.map((block) => [`${block.slot} ${block.hash}`, block]));
  const pathOf = (end: { readonly slot: number; readonly hash: string }): BlockEvent[] => {
    const path: BlockEvent[] = [];
    let block = byName.get(`${end.slot} ${end.hash}`);
    while (block !== undefined) {
      path.push(block);
      block = byName.get(`${block.parent} ${block.parentHash}`);
    }
    return path;
  };
  const one = pathOf(first);
  const other = pathOf(second);
  const ofOne = new Set(one.map(({ hash, slot }) => `${slot} ${hash}`));
  const common = other.find(({ hash, slot }) => ofOne.has(`${slot} ${hash}`));
  const after = (path: readonly BlockEvent[]): number[] => path.flatMap(({ slot }) => (slot > (common?.slot ?? -1) ? [slot] : [])).reverse();
  const parting = { ancestor: common?.slot ?? null, first: after(one), second: after(other) };
  return parting.first.length === 0 || parting.second.length === 0 ? null : parting;
}
