/**
 * Adoption of the on-chain stack by a tower that is behind. Pure.
 *
 * Rule: agave core/src/replay_stage.rs `adopt_on_chain_tower_if_behind` (4.3; the same from 2.1 on). It runs once for
 * each newly computed bank.
 */
import { lastVotedSlot } from './lockout.ts';
import type { VoteStack } from './lockout.ts';
import { TowerPanic } from './tower.ts';
import type { Tower } from './tower.ts';

/**
 * The tower with the stack of its vote account in a bank, when that one's newest vote is newer; else the same object.
 * Only newest slots are compared: stacks that differ below are never repaired.
 *
 * `hashOf`: bank hash of a slot. `isAncestor(a, b)`: a is a strict ancestor of b. Throws TowerPanic when the kept votes do not
 * descend from the local root.
 */
export function adoptOnChainTower(
  tower: Tower,
  bank: VoteStack,
  hashOf: (slot: number) => string,
  isAncestor: (ancestor: number, slot: number) => boolean,
): Tower {
  const newest = lastVotedSlot(bank);
  if (newest === null || newest <= (lastVotedSlot(tower.stack) ?? -1)) return tower;
  let stack: VoteStack = { votes: bank.votes, root: bank.root };
  const { root } = tower.stack;
  if (root !== null && (bank.root === null || root > bank.root)) {
    const votes = bank.votes.filter((vote) => vote.slot > root);
    const first = votes[0];
    if (first !== undefined && !isAncestor(root, first.slot)) {
      throw new TowerPanic(`adopted vote ${first.slot} does not descend from the local root ${root}`);
    }
    stack = { votes, root };
  }
  const last = lastVotedSlot(stack);
  const lastVote =
    last === null
      ? null
      : { lockouts: stack.votes, root: stack.root, hash: hashOf(last), slot: last, timestamp: null };
  return { ...tower, stack, lastVote };
}
