/** V5: a later vote has a lower root than an earlier one, or none after one. `RootRollBack` of the vote program. */
import type { SentVote } from './evidence.ts';

/** The root as a number; −1 for none. */
export function rootOf(vote: SentVote): number {
  return vote.event.root ?? -1;
}

/** Whether the root of a vote is lower than the highest one before it. */
export function rootWentBack(vote: SentVote, highest: SentVote | null): boolean {
  return highest !== null && rootOf(vote) < rootOf(highest);
}
