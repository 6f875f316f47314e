/** What the chain says of the vote account: its landed vote transactions, its state, its leader slots, the blocks. */
import { VOTE_PROGRAM_ID } from '@solana/web3.js';
import type { Connection, VersionedTransactionResponse } from '@solana/web3.js';
import type { Keys } from './lab.ts';

/** One landed transaction with an instruction of the vote program; as in the recordings of test/fixtures/agave. */
export interface LandedTransaction {
  /** Bank that executed it. */
  readonly slot: number;
  readonly err: unknown;
  /** First signer: the node identity. */
  readonly signer: string;
  /** Which instruction of the vote program: 14 is TowerSync. */
  readonly disc: number;
  /** Bytes of its data, and the data in hexadecimal. */
  readonly len: number;
  readonly hex: string;
  /** Block time, s since 1970. */
  readonly time: number | null;
  readonly signature: string;
}

const PAGE = 1000;
const BATCH = 50;

/** Every landed transaction of the vote account from a slot on, oldest first. */
export async function landedVotes(connection: Connection, { vote }: Keys, fromSlot: number): Promise<LandedTransaction[]> {
  const signatures: string[] = [];
  for (let before: string | undefined; ;) {
    const page = await connection.getSignaturesForAddress(vote.publicKey, { limit: PAGE, ...(before === undefined ? {} : { before }) }, 'confirmed');
    const fresh = page.filter(({ slot }) => slot >= fromSlot);
    signatures.push(...fresh.map(({ signature }) => signature));
    if (fresh.length < PAGE) break;
    before = signatures.at(-1)!;
  }
  const transactions: LandedTransaction[] = [];
  for (let i = 0; i < signatures.length; i += BATCH) {
    const batch = await connection.getTransactions(signatures.slice(i, i + BATCH), { commitment: 'confirmed', maxSupportedTransactionVersion: 0 });
    transactions.push(...batch.flatMap((transaction) => (transaction === null ? [] : landed(transaction))));
  }
  return transactions.reverse();
}

function landed({ slot, meta, blockTime, transaction }: VersionedTransactionResponse): LandedTransaction[] {
  const { message, signatures } = transaction;
  const keys = message.staticAccountKeys;
  return message.compiledInstructions.filter(({ programIdIndex }) => keys[programIdIndex]?.equals(VOTE_PROGRAM_ID)).map(({ data }) => {
    const bytes = Buffer.from(data);
    return {
      slot, err: meta?.err ?? null, signer: keys[0]!.toBase58(), disc: bytes.readUInt32LE(0), len: bytes.length, hex: bytes.toString('hex'), time: blockTime ?? null,
      signature: signatures[0]!,
    };
  });
}

export interface ChainRecord {
  readonly from: number;
  readonly to: number;
  /** Slots with a confirmed block; the others were skipped. */
  readonly blocks: readonly number[];
  /** Slots of the span in which the identity was the leader. */
  readonly leaderSlots: readonly number[];
  /** The vote account at the end, as the RPC decodes it. */
  readonly voteAccount: unknown;
}

/** Blocks and leader slots of a span (within the first epoch), and the vote account. */
export async function chainRecord(connection: Connection, { staked, vote }: Keys, from: number): Promise<ChainRecord> {
  const to = await connection.getSlot('confirmed');
  const blocks = await connection.getBlocks(from, to, 'confirmed');
  const schedule = await connection.getLeaderSchedule();
  const account = await connection.getParsedAccountInfo(vote.publicKey, 'confirmed');
  const leaderSlots = (schedule[staked.publicKey.toBase58()] ?? []).filter((slot) => slot >= from && slot <= to);
  return { from, to, blocks, leaderSlots, voteAccount: account.value?.data ?? null };
}

