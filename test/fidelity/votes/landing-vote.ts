/** A vote on its way into a block: everything on which its acceptance depends but the vote account. */
import { createHash } from 'node:crypto';
import { BincodeWriter } from '../../../src/model/bincode.ts';
import { writeVote } from '../../../src/model/tower-codec.ts';
import type { SlotHashes, TowerSync } from '../../../src/model/vote-program.ts';
import type { LandingBank } from '../../../src/model/vote-credits.ts';

export interface LandingVote {
  /** What was drawn, e.g. "legal" or "root not on this fork". */
  readonly kind: string;
  readonly sync: TowerSync & { /** Unix time in seconds. */ readonly timestamp: number | null };
  /** Ancestors of the block in which it lands, oldest first. */
  readonly slotHashes: SlotHashes;
  readonly bank: LandingBank;
}

/** Tag of TowerSync in solana-sdk vote-interface/src/instruction.rs. */
const TOWER_SYNC = 14;
const BLOCK_ID = new Uint8Array(32).fill(7);

const hashes = new Map<string, Uint8Array>();

/** The 32 bytes that stand for a bank hash with a short name. */
export function hashBytes(name: string): Uint8Array {
  let bytes = hashes.get(name);
  if (bytes === undefined) {
    if (hashes.size > 100_000) hashes.clear();
    bytes = new Uint8Array(createHash('sha256').update(name).digest());
    hashes.set(name, bytes);
  }
  return bytes;
}

/** Whether the instruction can be encoded: slots do not decrease from the root on, counts fit into a byte. */
export function isEncodable({ sync }: Pick<LandingVote, 'sync'>): boolean {
  let previous = sync.root ?? 0;
  return sync.lockouts.every(({ slot, confirmationCount }) => {
    const fits = slot >= previous && confirmationCount >= 0 && confirmationCount <= 255;
    previous = slot;
    return fits;
  });
}

/** The data of the instruction, with the product's own encoder. Throws RangeError when it cannot be encoded. */
export function encodeTowerSync({ sync }: LandingVote): Uint8Array {
  const writer = new BincodeWriter();
  writer.u32(TOWER_SYNC);
  writeVote(writer, {
    variant: 'TowerSync',
    lockouts: sync.lockouts.map(({ slot, confirmationCount }) => ({ slot: BigInt(slot), confirmationCount })),
    root: sync.root === null ? null : BigInt(sync.root),
    hash: hashBytes(sync.hash),
    timestamp: sync.timestamp === null ? null : BigInt(sync.timestamp),
    blockId: BLOCK_ID,
  });
  return writer.finish();
}
