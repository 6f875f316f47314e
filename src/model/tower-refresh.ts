/**
 * Vote refresh: sending the last vote once more when it has not landed. Pure.
 *
 * Rules: agave core/src/replay_stage.rs `maybe_refresh_last_vote` and core/src/consensus.rs
 * `refresh_last_vote_timestamp` (4.3; before 2.2 the distance was 150 blocks).
 */
import type { LastVote, Tower } from './tower.ts';

/** Age in blocks up to which the blockhash of the last vote transaction counts as valid. */
export const REFRESH_VOTE_BLOCKHEIGHT = 16;
export const MAX_VOTE_REFRESH_INTERVAL_MS = 5000;

/** What became of the last vote transaction: not sent since start or since a tower load, refused, or sent. */
export type LastVoteTransaction =
  | { readonly kind: 'uninitialized' }
  | { readonly kind: 'non-voting' }
  | { readonly kind: 'hot-spare' }
  /** Age of its blockhash in blocks, in the bank on the voted fork. */
  | { readonly kind: 'sent'; readonly blockhashAge: number };

export interface RefreshInput {
  /** Whether this iteration already has a bank to vote on. */
  readonly votes: boolean;
  /** Heaviest bank on the fork of the last vote. */
  readonly bankOnVotedFork: number | null;
  /** Newest slot of the own vote account in that bank. */
  readonly landed: number | null;
  /** Newest slot of the last vote message. */
  readonly lastVoted: number | null;
  readonly lastTransaction: LastVoteTransaction;
  /** Milliseconds since the last refresh; Infinity when there was none. */
  readonly msSinceRefresh: number;
}

/** Whether the last vote is sent again now. The tower is not saved again for it. */
export function refreshDecision(input: RefreshInput): boolean {
  const { bankOnVotedFork, landed, lastVoted, lastTransaction } = input;
  if (input.votes || bankOnVotedFork === null || landed === null || lastVoted === null) return false;
  if (landed >= lastVoted || input.msSinceRefresh < MAX_VOTE_REFRESH_INTERVAL_MS) return false;
  if (lastTransaction.kind === 'sent') return lastTransaction.blockhashAge > REFRESH_VOTE_BLOCKHEIGHT;
  return lastTransaction.kind === 'uninitialized';
}

/**
 * The tower with the timestamp of its refreshed message: one second later than the last one, so that the transaction
 * differs. Unchanged (same object) when the bank on the voted fork is not newer than the last vote.
 */
export function refreshTimestamp(tower: Tower, bankOnVotedFork: number): Tower {
  const { lastVote } = tower;
  if (lastVote === null || bankOnVotedFork <= lastVote.slot) return tower;
  const timestamp = tower.lastTimestamp.timestamp + 1;
  const refreshed: LastVote = { ...lastVote, timestamp };
  return { ...tower, lastVote: refreshed, lastTimestamp: { slot: lastVote.slot, timestamp } };
}
