/** The vote account as the real program leaves it in its bytes. */
import { BincodeReader } from '../../../src/model/bincode.ts';
import type { EpochCredits } from '../../../src/model/vote-credits.ts';

/** What TowerSync can change in a vote account. Slots and times are exact up to 2^53. */
export interface VoteAccount {
  /** Oldest first. */
  readonly votes: readonly { readonly slot: number; readonly confirmationCount: number }[];
  readonly root: number | null;
  /** In the order of `votes`. */
  readonly latencies: readonly number[];
  readonly epochCredits: EpochCredits;
  readonly lastTimestamp: { readonly slot: number; readonly timestamp: number };
}

/** An account that was just initialized. */
export const NEW_ACCOUNT: VoteAccount = { votes: [], root: null, latencies: [], epochCredits: [], lastTimestamp: { slot: 0, timestamp: 0 } };

/** State version of the layout that is read here: solana-sdk vote-interface/src/state/vote_state_v4.rs. */
const V4 = 3;

/** Reads the bytes of a vote account (layout v4). Throws on any other version and on bytes that end too early. */
export function decodeVoteAccount(bytes: Uint8Array): VoteAccount {
  const reader = new BincodeReader(bytes, 'the account ends');
  const version = reader.u32();
  if (version !== V4) throw new Error(`the vote account has state version ${version}, expected ${V4}`);
  const number = () => Number(reader.u64());
  // Node, withdrawer, two collectors; two commissions in basis points; pending rewards.
  reader.offset += 4 * 32 + 2 * 2 + 8;
  reader.option(() => (reader.offset += 48));
  const landed = reader.list(13, () => ({ latency: reader.u8(), slot: number(), confirmationCount: reader.u32() }));
  const root = reader.option(number);
  reader.list(40, () => (reader.offset += 40));
  const epochCredits = reader.list(24, () => [number(), number(), number()] as const);
  return {
    votes: landed.map(({ slot, confirmationCount }) => ({ slot, confirmationCount })),
    root,
    latencies: landed.map(({ latency }) => latency),
    epochCredits,
    lastTimestamp: { slot: number(), timestamp: Number(reader.i64()) },
  };
}
