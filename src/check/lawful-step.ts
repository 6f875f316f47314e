/**
 * Votes that can break nothing, told without a comparison with all that was seen.
 *
 * Let a vote be alone in its slot, sound (below), and without a conflict with any vote before it. Then a lawful step
 * from it conflicts with none of them either, nor with that vote itself, and is sound in its turn:
 *
 * - V2: what the vote before did not leave, the step does not leave, because it descends from it. What was left rightly
 *   had expired; and a lockout grows only in a stack, whose slots are all on the fork.
 * - V3: a slot that the step lacks was lacking before, and the next slot above it is the same or a newer one; or it has
 *   been popped, and so has expired; or it has become the root.
 * - V4: counts never fall from step to step.
 * - V5: the root does not go back.
 */
import { newestSlotOf, nextRuns, sameRuns } from '../model/lockout-runs.ts';
import { descendsFrom } from './ancestry.ts';
import type { Forks } from './ancestry.ts';
import type { SentVote } from './evidence.ts';
import { isOnOtherForks } from './lockout-fork.ts';
import { rootOf } from './root.ts';

/** Whether a vote on a newer slot descends from the vote before and has the stack and root that the tower rules give. */
export function isLawfulStep(before: SentVote, vote: SentVote): boolean {
  if (before.block === null || vote.block === null || !descendsFrom(vote.block, before.block)) return false;
  const next = nextRuns(before.stack, before.event.root, vote.event.slot);
  return next.root === vote.event.root && rootOf(vote) >= rootOf(before) && sameRuns(next.runs, vote.stack);
}

/**
 * Whether nothing about the vote by itself stands against the argument: its slot is the newest of its stack and of all
 * stacks before, and none of its stacked slots is known to be off its own fork.
 *
 * @param newestSeen newest slot of any stack before
 */
export function isSound(forks: Forks, vote: SentVote, newestSeen: number): boolean {
  const { block, stack, event } = vote;
  if (block === null || newestSlotOf(stack) !== event.slot || newestSeen > event.slot) return false;
  for (const { slot, length } of stack) {
    for (let i = 0; i < length; i++) if (isOnOtherForks(forks, slot + i, block)) return false;
  }
  return true;
}
