/**
 * The tower file byte for byte: bytes to structure and back.
 *
 * Agave core/src/consensus/tower_storage.rs, tower1_14_11.rs, tower1_7_14.rs (4.2; the layout is the same from 1.14 on,
 * with last-vote variants added), vote/src/vote_transaction.rs; solana-sdk vote-interface/src/state.
 */
import { BincodeError, BincodeReader, BincodeWriter } from './bincode.ts';

/**
 * current: what is written today, outer tag 1. tag-0: outer tag 0 around the 1.7.14 data. old-name: the 1.7.14 data
 * without an outer tag, as it stands in a file named tower-<identity>.bin.
 */
export type TowerLayout = 'current' | 'tag-0' | 'old-name';

/** Which of the two names the file has: tower-1_9-<identity>.bin or tower-<identity>.bin. It decides the outer layout. */
export type TowerName = 'current' | 'old';

export interface WideLockout {
  readonly slot: bigint;
  readonly confirmationCount: number;
}

interface VoteParts {
  /** Bank hash, 32 bytes. */
  readonly hash: Uint8Array;
  /** Unix time in seconds. */
  readonly timestamp: bigint | null;
}

interface StackParts extends VoteParts {
  readonly lockouts: readonly WideLockout[];
  readonly root: bigint | null;
}

/** The last vote message. The 1.7.14 layouts hold only `Vote`. */
export type WideVote =
  | ({ readonly variant: 'Vote'; readonly slots: readonly bigint[] } & VoteParts)
  | ({ readonly variant: 'VoteStateUpdate' } & StackParts)
  | ({ readonly variant: 'CompactVoteStateUpdate' } & StackParts)
  | ({ readonly variant: 'TowerSync'; readonly blockId: Uint8Array } & StackParts);

/** The variants in the order of their tags, 0 to 3. */
export const VOTE_VARIANTS = ['Vote', 'VoteStateUpdate', 'CompactVoteStateUpdate', 'TowerSync'] as const;

export interface WideTimestamp {
  readonly slot: bigint;
  /** Unix time in seconds. */
  readonly timestamp: bigint;
}

/** The embedded vote state. Agave 2.2 and newer use `votes` and `root` alone and write the rest as on a new account. */
export interface TowerVoteState {
  readonly node: Uint8Array;
  readonly authorizedWithdrawer: Uint8Array;
  readonly commission: number;
  /** Oldest first. */
  readonly votes: readonly WideLockout[];
  readonly root: bigint | null;
  readonly authorizedVoters: readonly { readonly epoch: bigint; readonly voter: Uint8Array }[];
  /** 32 times (public key, first epoch u64, last epoch u64), as it stands. */
  readonly priorVoters: Uint8Array;
  readonly priorVotersIndex: bigint;
  readonly priorVotersEmpty: boolean;
  readonly epochCredits: readonly { readonly epoch: bigint; readonly credits: bigint; readonly before: bigint }[];
  readonly lastTimestamp: WideTimestamp;
}

export interface TowerFile {
  readonly layout: TowerLayout;
  /** Ed25519 over the data, that is over everything behind the data length; 64 bytes. */
  readonly signature: Uint8Array;
  /** Identity that the tower belongs to, 32 bytes. */
  readonly node: Uint8Array;
  readonly thresholdDepth: bigint;
  /** The bits of an IEEE double, so that no NaN changes on its way through. */
  readonly thresholdSizeBits: bigint;
  readonly voteState: TowerVoteState;
  readonly lastVote: WideVote;
  readonly lastTimestamp: WideTimestamp;
  /** Bytes that are signed and stand behind the tower; the loader ignores them. Empty in every file of Agave. */
  readonly slack: Uint8Array;
}

/** SerializeError of the loader. */
export interface DecodeError {
  readonly kind: 'SerializeError';
  /** As the loader says it. */
  readonly text: string;
  /** Offset in the file of the value that could not be read. */
  readonly offset: number;
}

/** The outer part: what is known before the signature is checked. */
export interface TowerEnvelope {
  readonly layout: TowerLayout;
  readonly signature: Uint8Array;
  readonly data: Uint8Array;
  /** Offset of the data in the file. */
  readonly dataOffset: number;
  /** Bytes behind the data, which the loader ignores. */
  readonly trailing: number;
}

export type Decoded<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly error: DecodeError };

const PRIOR_VOTERS_SIZE = 32 * 48;
const NO_ROOT = 2n ** 64n - 1n;

/** Splits a file into signature and data, without looking at the data. Never throws. */
export function decodeEnvelope(bytes: Uint8Array, name: TowerName): Decoded<{ readonly envelope: TowerEnvelope }> {
  return decoding(0, () => {
    const reader = new BincodeReader(bytes, 'failed to fill whole buffer');
    const layout = name === 'old' ? 'old-name' : reader.variant(2) === 0 ? 'tag-0' : 'current';
    const signature = reader.fixed(64);
    const length = reader.length(1);
    const dataOffset = reader.offset;
    const data = reader.fixed(length);
    return { envelope: { layout, signature, data, dataOffset, trailing: reader.remaining } };
  });
}

/** Decodes the data of an envelope. Never throws. */
export function decodeTowerData(envelope: TowerEnvelope): Decoded<{ readonly file: TowerFile }> {
  return decoding(envelope.dataOffset, () => {
    const reader = new BincodeReader(envelope.data, 'unexpected end of file');
    const file: TowerFile = {
      layout: envelope.layout,
      signature: envelope.signature,
      node: reader.fixed(32),
      thresholdDepth: reader.u64(),
      thresholdSizeBits: reader.u64(),
      voteState: readVoteState(reader),
      lastVote: readVote(reader, envelope.layout === 'current' ? reader.variant(VOTE_VARIANTS.length) : 0),
      lastTimestamp: readTimestamp(reader),
      slack: reader.fixed(reader.remaining),
    };
    return { file };
  });
}

/**
 * Decodes a whole file, the signature unchecked. `trailing` bytes behind the data are ignored, as the loader does.
 * Never throws, whatever the bytes.
 */
export function decodeTowerFile(
  bytes: Uint8Array,
  name: TowerName,
): Decoded<{ readonly file: TowerFile; readonly trailing: number }> {
  const outer = decodeEnvelope(bytes, name);
  if (!outer.ok) return outer;
  const inner = decodeTowerData(outer.envelope);
  return inner.ok ? { ...inner, trailing: outer.envelope.trailing } : inner;
}

function decoding<T extends object>(base: number, decode: () => T): Decoded<T> {
  try {
    return { ok: true, ...decode() };
  } catch (error) {
    if (!(error instanceof BincodeError)) throw error;
    const text = `Serialization Error: ${error.message}`;
    return { ok: false, error: { kind: 'SerializeError', text, offset: base + error.offset } };
  }
}

function readLockout(reader: BincodeReader): WideLockout {
  return { slot: reader.u64(), confirmationCount: reader.u32() };
}

function readTimestamp(reader: BincodeReader): WideTimestamp {
  return { slot: reader.u64(), timestamp: reader.i64() };
}

function readVoteState(reader: BincodeReader): TowerVoteState {
  return {
    node: reader.fixed(32),
    authorizedWithdrawer: reader.fixed(32),
    commission: reader.u8(),
    votes: reader.list(12, () => readLockout(reader)),
    root: reader.option(() => reader.u64()),
    authorizedVoters: reader.list(40, () => ({ epoch: reader.u64(), voter: reader.fixed(32) })),
    priorVoters: reader.fixed(PRIOR_VOTERS_SIZE),
    priorVotersIndex: reader.u64(),
    priorVotersEmpty: reader.bool(),
    epochCredits: reader.list(24, () => ({ epoch: reader.u64(), credits: reader.u64(), before: reader.u64() })),
    lastTimestamp: readTimestamp(reader),
  };
}

/** A vote message behind its tag: in a tower file, and in the instructions of the vote program. Throws BincodeError. */
export function readVote(reader: BincodeReader, tag: number): WideVote {
  const tail = (): VoteParts => ({ hash: reader.fixed(32), timestamp: reader.option(() => reader.i64()) });
  const variant = VOTE_VARIANTS[tag]!;
  switch (variant) {
    case 'Vote':
      return { variant, slots: reader.list(8, () => reader.u64()), ...tail() };
    case 'VoteStateUpdate': {
      const lockouts = reader.list(12, () => readLockout(reader));
      return { variant, lockouts, root: reader.option(() => reader.u64()), ...tail() };
    }
    case 'CompactVoteStateUpdate':
    case 'TowerSync': {
      const at = reader.offset;
      const first = reader.u64();
      const root = first === NO_ROOT ? null : first;
      const offsets = Array.from({ length: reader.shortLength() }, () => ({
        offset: reader.varint(),
        confirmationCount: reader.u8(),
      }));
      const parts = tail();
      // The loader adds the offsets up only when the whole message has been read, so this error comes last.
      const sync = variant === 'TowerSync' ? { variant, blockId: reader.fixed(32) } : { variant };
      let slot = root ?? 0n;
      const lockouts = offsets.map(({ offset, confirmationCount }) => {
        slot += offset;
        if (slot > NO_ROOT) throw new BincodeError('Invalid lockout offset', at);
        return { slot, confirmationCount };
      });
      return { ...sync, lockouts, root, ...parts };
    }
  }
}

/** The bytes that the signature covers. Throws RangeError where Agave's encoder fails, see encodeTowerFile. */
export function encodeTowerData(file: TowerFile): Uint8Array {
  const writer = new BincodeWriter();
  writer.fixed(file.node, 32);
  writer.u64(file.thresholdDepth);
  writer.u64(file.thresholdSizeBits);
  writeVoteState(writer, file.voteState);
  if (file.layout === 'current') writer.u32(VOTE_VARIANTS.indexOf(file.lastVote.variant));
  else if (file.lastVote.variant !== 'Vote') throw new RangeError(`layout ${file.layout} holds no ${file.lastVote.variant}`);
  writeVote(writer, file.lastVote);
  writeTimestamp(writer, file.lastTimestamp);
  writer.rest(file.slack);
  return writer.finish();
}

/**
 * The bytes of the file. Throws RangeError for what Agave's encoder refuses too: a compact message whose slots
 * decrease or whose confirmation counts exceed 255; and for fields of the wrong size.
 */
export function encodeTowerFile(file: TowerFile): Uint8Array {
  const data = encodeTowerData(file);
  const writer = new BincodeWriter();
  if (file.layout !== 'old-name') writer.u32(file.layout === 'current' ? 1 : 0);
  writer.fixed(file.signature, 64);
  writer.u64(BigInt(data.length));
  writer.rest(data);
  return writer.finish();
}

function writeLockout(writer: BincodeWriter, lockout: WideLockout): void {
  writer.u64(lockout.slot);
  writer.u32(lockout.confirmationCount);
}

function writeTimestamp(writer: BincodeWriter, { slot, timestamp }: WideTimestamp): void {
  writer.u64(slot);
  writer.i64(timestamp);
}

function writeVoteState(writer: BincodeWriter, state: TowerVoteState): void {
  writer.fixed(state.node, 32);
  writer.fixed(state.authorizedWithdrawer, 32);
  writer.u8(state.commission);
  writer.list(state.votes, (lockout) => writeLockout(writer, lockout));
  writer.option(state.root, (root) => writer.u64(root));
  writer.list(state.authorizedVoters, ({ epoch, voter }) => {
    writer.u64(epoch);
    writer.fixed(voter, 32);
  });
  writer.fixed(state.priorVoters, PRIOR_VOTERS_SIZE);
  writer.u64(state.priorVotersIndex);
  writer.bool(state.priorVotersEmpty);
  writer.list(state.epochCredits, ({ epoch, credits, before }) => {
    writer.u64(epoch);
    writer.u64(credits);
    writer.u64(before);
  });
  writeTimestamp(writer, state.lastTimestamp);
}

function writeVote(writer: BincodeWriter, vote: WideVote): void {
  switch (vote.variant) {
    case 'Vote':
      writer.list(vote.slots, (slot) => writer.u64(slot));
      break;
    case 'VoteStateUpdate':
      writer.list(vote.lockouts, (lockout) => writeLockout(writer, lockout));
      writer.option(vote.root, (root) => writer.u64(root));
      break;
    case 'CompactVoteStateUpdate':
    case 'TowerSync': {
      writer.u64(vote.root ?? NO_ROOT);
      writer.shortLength(vote.lockouts.length);
      let previous = vote.root ?? 0n;
      for (const { slot, confirmationCount } of vote.lockouts) {
        writer.varint(slot - previous);
        writer.u8(confirmationCount);
        previous = slot;
      }
    }
  }
  writer.fixed(vote.hash, 32);
  writer.option(vote.timestamp, (timestamp) => writer.i64(timestamp));
  if (vote.variant === 'TowerSync') writer.fixed(vote.blockId, 32);
}
