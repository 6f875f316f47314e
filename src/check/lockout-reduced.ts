/**
 * V4: a later vote gives a slot a smaller confirmation count than an earlier vote did, and so a shorter lockout.
 * Raising a count is allowed. `ConfirmationRollBack` of the vote program (agave programs/vote/src/vote_state/mod.rs).
 */
import type { SeenLockout } from './lockouts-seen.ts';

/** `count`: what the later vote gives the same slot; `root`: its root, −1 for none. */
export function reducesLockout(seen: SeenLockout, count: number, root: number): boolean {
  return seen.slot > root && count < seen.confirmationCount;
}
