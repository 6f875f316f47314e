/**
 * The local tower: what a validator remembers of its own votes, and the questions it asks before the next one. Pure.
 *
 * Rules: agave core/src/consensus.rs and core/src/consensus/tower_vote_state.rs (4.3; the same from 2.1 on).
 */
import { MAX_LOCKOUT_HISTORY, lastVotedSlot, processNextVoteSlot, unexpiredLength } from './lockout.ts';
import type { Lockout, VoteStack } from './lockout.ts';

/** Depth of the blocking threshold check, in votes below the newest. */
export const VOTE_THRESHOLD_DEPTH = 8;
/** Share of the stake that must be exceeded at that depth. */
export const VOTE_THRESHOLD_SIZE = 2 / 3;

/** The message of the last vote. Its lockouts are never empty. */
export interface LastVote {
  readonly lockouts: readonly Lockout[];
  readonly root: number | null;
  readonly hash: string;
  /** Newest slot of the lockouts. */
  readonly slot: number;
  /** Wall clock in seconds, null when the message carries none. */
  readonly timestamp: number | null;
}

export interface VoteTimestamp {
  readonly slot: number;
  /** Wall clock in seconds. */
  readonly timestamp: number;
}

export interface Tower {
  /** Identity that may save and load it. */
  readonly node: string;
  readonly thresholdDepth: number;
  readonly thresholdSize: number;
  readonly stack: VoteStack;
  /** Null: the empty message of a new or rebuilt tower. Its newest slot may then differ from that of the stack. */
  readonly lastVote: LastVote | null;
  /** Slot of a restored last vote that may be missing in the ledger. */
  readonly strayRestoredSlot: number | null;
  readonly lastTimestamp: VoteTimestamp;
}

/** An assertion of Agave's tower failed: the validator process dies here. */
export class TowerPanic extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TowerPanic';
  }
}

/** An empty tower with root 0. */
export function newTower(node: string): Tower {
  return {
    node,
    thresholdDepth: VOTE_THRESHOLD_DEPTH,
    thresholdSize: VOTE_THRESHOLD_SIZE,
    stack: { votes: [], root: 0 },
    lastVote: null,
    strayRestoredSlot: null,
    lastTimestamp: { slot: 0, timestamp: 0 },
  };
}

/**
 * Agave `record_bank_vote_and_update_lockouts`: the tower after its own vote for the bank `slot` with that hash.
 * `wallClock` is in seconds; null attaches no timestamp. Throws TowerPanic when the slot is not newer than the stack.
 *
 * The timestamp is taken for the slot of the previous message, so lastTimestamp.slot lags one vote behind.
 */
export function recordVote(tower: Tower, slot: number, hash: string, wallClock: number | null = null): Tower {
  const last = lastVotedSlot(tower.stack);
  if (last !== null && slot <= last) {
    throw new TowerPanic(`Error while recording vote ${slot}: not newer than the last vote ${last} of the tower`);
  }
  const stack = processNextVoteSlot(tower.stack, slot);
  const stamped = wallClock === null ? null : nextTimestamp(tower.lastTimestamp, tower.lastVote?.slot ?? 0, wallClock);
  const { node, thresholdDepth, thresholdSize, strayRestoredSlot } = tower;
  const lastVote = { lockouts: stack.votes, root: stack.root, hash, slot, timestamp: stamped?.timestamp ?? null };
  return { node, thresholdDepth, thresholdSize, stack, lastVote, strayRestoredSlot, lastTimestamp: stamped ?? tower.lastTimestamp };
}

/** Agave `maybe_timestamp`: the timestamp for `slot`, or null when the slot is not newer or the clock went backwards. */
export function nextTimestamp(last: VoteTimestamp, slot: number, wallClock: number): VoteTimestamp | null {
  const newer = slot > last.slot || (slot === 0 && last.slot === 0);
  return newer && wallClock >= last.timestamp ? { slot, timestamp: wallClock } : null;
}

/** Whether `slot` is newer than the newest vote of the stack, or than the root of an empty one. */
export function isRecent(tower: Tower, slot: number): boolean {
  const floor = lastVotedSlot(tower.stack) ?? tower.stack.root;
  return floor === null || slot > floor;
}

/** Whether the stack holds a vote for `slot`. */
export function hasVoted(tower: Tower, slot: number): boolean {
  return tower.stack.votes.some((vote) => vote.slot === slot);
}

/**
 * Whether the lockouts forbid a vote for `slot`: every vote that has not expired by then must be its ancestor.
 * `isAncestor(s)`: s is a strict ancestor of `slot` among the banks from the root on. Throws TowerPanic when the root,
 * as it would be after the vote, is no ancestor.
 */
export function isLockedOut(tower: Tower, slot: number, isAncestor: (slot: number) => boolean): boolean {
  if (!isRecent(tower, slot)) return true;
  const { votes } = tower.stack;
  const kept = unexpiredLength(votes, slot);
  const rooted = kept === MAX_LOCKOUT_HISTORY ? 1 : 0;
  for (let i = rooted; i < kept; i++) if (!isAncestor(votes[i]!.slot)) return true;
  const root = rooted === 1 ? votes[0]!.slot : tower.stack.root;
  if (root !== null && root !== slot && !isAncestor(root)) {
    throw new TowerPanic(`root ${root} of the tower is not an ancestor of the candidate ${slot}`);
  }
  return false;
}
