/**
 * V2, the fork form: a vote that does not descend from an earlier vote which is still locked out at its slot.
 *
 * Agave asks this of every vote left in the stack, not only of the newest (core/src/consensus.rs,
 * `Tower::is_locked_out`, the same from 2.1 to 4.3).
 */
import { blockOnFork, descendsFrom } from './ancestry.ts';
import type { Block, Forks } from './ancestry.ts';
import type { SentVote } from './evidence.ts';
import type { SeenLockout } from './lockouts-seen.ts';

/** Whether the vote leaves the fork of a slot that is still locked out at its own slot. */
export function breaksFork(forks: Forks, seen: SeenLockout, vote: SentVote): boolean {
  return seen.end >= vote.event.slot && isOffFork(forks, seen, vote);
}

/** Whether the locked-out slot is known not to be on the vote's fork. */
export function isOffFork(forks: Forks, seen: SeenLockout, vote: SentVote): boolean {
  const { block } = vote;
  if (block === null) return false;
  if (seen.block !== null) return seen.block.tree === block.tree && !descendsFrom(block, seen.block);
  // The earlier vote named a slot of which its own fork has no block: what is left to compare are slots.
  return isOnOtherForks(forks, seen.slot, block);
}

/** Whether the block's tree has the slot, and the block's own fork has not. */
export function isOnOtherForks(forks: Forks, slot: number, block: Block): boolean {
  let rival = forks.at(slot);
  while (rival !== null && rival.tree !== block.tree) rival = rival.rival;
  return rival !== null && blockOnFork(forks, slot, block) === null;
}
