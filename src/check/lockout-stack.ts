/**
 * V3, the stack form: a later vote lacks a slot that an earlier vote still locks out at the next slot of the later
 * vote's stack. No fork is needed for it: a tower that was lost or came too late is enough.
 *
 * SIMD-0009 (lockout violation detection), and `LockoutConflict` of the vote program (agave
 * programs/vote/src/vote_state/mod.rs, `process_new_vote_state`).
 */
import type { SeenLockout } from './lockouts-seen.ts';

/**
 * @param root root of the later vote, −1 for none: a slot at or below it has left the stack rightly
 * @param next smallest slot of the later vote's stack above the lacking one
 */
export function lacksLockedOut(seen: SeenLockout, root: number, next: number): boolean {
  return seen.slot > root && next <= seen.end;
}
