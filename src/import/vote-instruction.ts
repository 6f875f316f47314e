/**
 * The vote in the data of a vote instruction. Layout: solana-sdk vote-interface/src/instruction.rs (`VoteInstruction`,
 * bincode); the messages are those of a tower file, and the forms with a switch proof have its hash behind them.
 */
import { BincodeError, BincodeReader } from '../model/bincode.ts';
import { toBase58 } from '../model/identity.ts';
import type { Lockout } from '../model/lockout.ts';
import { readVote } from '../model/tower-codec.ts';

/** Tag of the instruction to the tag of the message in a tower file: Vote, VoteStateUpdate, its compact form, TowerSync. */
const MESSAGES: ReadonlyMap<number, number> = new Map([[2, 0], [6, 0], [8, 1], [9, 1], [12, 2], [13, 2], [14, 3], [15, 3]]);

/** What was voted. Slots are exact below 2^53. */
export interface VotedStack {
  /** Oldest first; the legacy Vote holds slots alone, its counts are those of consecutive votes. */
  readonly lockouts: readonly Lockout[];
  readonly root: number | null;
  /** Bank hash, base58. */
  readonly hash: string;
  /** Unix time in seconds that the voter put in. */
  readonly timestamp: number | null;
}

/** Whether an instruction of the vote program with this tag is a vote. */
export function isVote(tag: number): boolean {
  return MESSAGES.has(tag);
}

/** Bytes of the shortest vote: tag, count of slots, hash, no timestamp. The tags of other programs are shorter. */
const SHORTEST = 45;

/** The vote in instruction data; 'no vote' for another instruction; a reason in words when the bytes are broken. */
export function decodeVote(data: Uint8Array): VotedStack | 'no vote' | { readonly broken: string } {
  if (data.length < SHORTEST) return 'no vote';
  const reader = new BincodeReader(data, 'unexpected end of input');
  try {
    const message = MESSAGES.get(reader.u32());
    if (message === undefined) return 'no vote';
    const vote = readVote(reader, message);
    const lockouts =
      vote.variant === 'Vote'
        ? vote.slots.map((slot, i) => ({ slot: Number(slot), confirmationCount: vote.slots.length - i }))
        : vote.lockouts.map(({ slot, confirmationCount }) => ({ slot: Number(slot), confirmationCount }));
    if (lockouts.length === 0) return { broken: 'a vote for no slot' };
    return {
      lockouts,
      root: vote.variant === 'Vote' || vote.root === null ? null : Number(vote.root),
      hash: toBase58(vote.hash),
      timestamp: vote.timestamp === null ? null : Number(vote.timestamp),
    };
  } catch (error) {
    if (!(error instanceof BincodeError)) throw error;
    return { broken: error.message };
  }
}
