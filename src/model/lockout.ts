/**
 * Lockouts and the vote stack (Tower BFT). Pure.
 *
 * Rules: solana-sdk vote-interface/src/state/mod.rs and agave programs/vote/src/vote_state/mod.rs
 * (`process_next_vote_slot`), the same from Agave 2.1 to 4.3.
 */

/** Size of the stack, and the cap of the exponent. */
export const MAX_LOCKOUT_HISTORY = 31;

/** Slots are u64 in Agave; sums saturate here. A number above 2^53 is exact only as this bound. */
export const U64_MAX = 2 ** 64;

/** A vote in a stack: a slot, and how many votes (itself included) have confirmed it. */
export interface Lockout {
  readonly slot: number;
  readonly confirmationCount: number;
}

/** A stack of votes, oldest first, and the root below it (null: no root yet, as on a new vote account). */
export interface VoteStack {
  readonly votes: readonly Lockout[];
  readonly root: number | null;
}

const LONGEST_LOCKOUT = 2 ** MAX_LOCKOUT_HISTORY;

/** Lockout in slots: 2^count, with the exponent capped at 31. */
export function lockoutOf(confirmationCount: number): number {
  // 1 << 31 is negative in 32-bit arithmetic.
  return confirmationCount < MAX_LOCKOUT_HISTORY ? 1 << confirmationCount : LONGEST_LOCKOUT;
}

/** Last slot in which the vote still forbids another fork (inclusive). */
export function lastLockedOutSlot(lockout: Lockout): number {
  return Math.min(lockout.slot + lockoutOf(lockout.confirmationCount), U64_MAX);
}

/** Whether the vote still holds at `slot`. The end is inclusive: the first free slot is slot + lockout + 1. */
export function isLockedOutAtSlot(lockout: Lockout, slot: number): boolean {
  // The difference of two slots needs no cap, and stays a small integer.
  return slot - lockout.slot <= lockoutOf(lockout.confirmationCount);
}

/** Newest slot of the stack, null when it is empty. */
export function lastVotedSlot(stack: VoteStack): number | null {
  return stack.votes.at(-1)?.slot ?? null;
}

/** The vote `position` places below the newest, undefined when the stack is not that deep. */
export function nthRecentLockout(stack: VoteStack, position: number): Lockout | undefined {
  return stack.votes[stack.votes.length - 1 - position];
}

/**
 * How many of `votes` remain when the newest ones that have expired at `slot` are popped. An expired vote below one
 * that still holds remains.
 */
export function unexpiredLength(votes: readonly Lockout[], slot: number): number {
  let length = votes.length;
  while (length > 0 && !isLockedOutAtSlot(votes[length - 1]!, slot)) length--;
  return length;
}

/**
 * The newest step of `processNextVoteSlot`: the threshold check takes it in thought before the tower takes it, and
 * another tower with the same votes takes it as well.
 */
let newestStep: { readonly stack: VoteStack; readonly slot: number; readonly next: VoteStack } | null = null;

/**
 * The stack after a vote on `slot`: pop the expired, root the oldest of a full stack, push, and raise the count of each
 * vote that now carries more votes above it than ever before. Forks are not looked at.
 *
 * A slot not newer than the newest vote changes nothing: the same object is returned.
 */
export function processNextVoteSlot(stack: VoteStack, slot: number): VoteStack {
  const { votes } = stack;
  if (votes.length > 0 && slot <= votes[votes.length - 1]!.slot) return stack;
  if (newestStep !== null && newestStep.slot === slot && sameStack(newestStep.stack, stack)) return newestStep.next;
  const kept = unexpiredLength(votes, slot);
  const rooted = kept === MAX_LOCKOUT_HISTORY ? 1 : 0;
  const depth = kept - rooted + 1;
  const next = votes.slice(0, depth);
  for (let i = 0; i < depth - 1; i++) {
    const vote = votes[i + rooted]!;
    const { confirmationCount } = vote;
    next[i] = depth > i + confirmationCount ? { slot: vote.slot, confirmationCount: confirmationCount + 1 } : vote;
  }
  next[depth - 1] = { slot, confirmationCount: 1 };
  newestStep = { stack, slot, next: { votes: next, root: rooted === 1 ? votes[0]!.slot : stack.root } };
  return newestStep.next;
}

/** Whether two stacks hold the same votes on the same root. */
export function sameStack(a: VoteStack, b: VoteStack): boolean {
  if (a === b) return true;
  if (a.root !== b.root || a.votes.length !== b.votes.length) return false;
  return a.votes.every((vote, i) => vote.slot === b.votes[i]!.slot && vote.confirmationCount === b.votes[i]!.confirmationCount);
}
