/**
 * The tower file as a validator uses it: its names, loading, and writing with a signature.
 *
 * Agave 4.2 core/src/consensus/tower_storage.rs (`FileTowerStorage`, `SavedTower`), consensus.rs (`TowerError`).
 */
import { pubkeyBytes, signBytes, toBase58, verifyBytes } from './identity.ts';
import type { Keypair } from './identity.ts';
import type { Lockout } from './lockout.ts';
import { decodeEnvelope, decodeTowerData, encodeTowerData } from './tower-codec.ts';
import type { DecodeError, TowerFile, TowerName, WideLockout, WideVote } from './tower-codec.ts';

export { decodeTowerFile, encodeTowerFile } from './tower-codec.ts';
export type { TowerFile, TowerName } from './tower-codec.ts';

/** Why a tower was not loaded; `text` as Agave prints it. */
export type TowerFileError =
  | DecodeError
  | { readonly kind: 'NotFound' | 'InvalidSignature' | 'WrongTower'; readonly text: string };

/** The last vote message in plain numbers. */
export interface SavedVote {
  readonly variant: WideVote['variant'];
  /** Oldest first. The legacy `Vote` holds slots alone: its counts are those of consecutive votes, n … 1. */
  readonly lockouts: readonly Lockout[];
  readonly root: number | null;
  /** Bank hash, base58 of 32 bytes. */
  readonly hash: string;
  /** Unix time in seconds. */
  readonly timestamp: number | null;
  /** Base58 of 32 bytes; null in the variants without it. */
  readonly blockId: string | null;
}

/** What a tower file says, in plain numbers. Slots beyond 2^53 are rounded. */
export interface SavedTower {
  /** Identity, base58. */
  readonly node: string;
  readonly thresholdDepth: number;
  readonly thresholdSize: number;
  /** The stack, oldest first. */
  readonly votes: readonly Lockout[];
  readonly root: number | null;
  readonly lastVote: SavedVote;
  readonly lastTimestamp: { readonly slot: number; readonly timestamp: number };
}

export type TowerLoad =
  | { readonly ok: true; readonly tower: SavedTower; readonly file: TowerFile; readonly trailing: number }
  | { readonly ok: false; readonly error: TowerFileError };

/** Neither file can be opened: the only error that set-identity survives, by rebuilding the tower from a bank. */
export const TOWER_NOT_FOUND: TowerFileError = {
  kind: 'NotFound',
  text: 'IO Error: No such file or directory (os error 2)',
};

/** Name of the file that is written and read first; `address` is the identity, not the vote account. */
export function towerFileName(address: string): string {
  return `tower-1_9-${address}.bin`;
}

/** Name that is read when the other cannot be opened, and never written. */
export function oldTowerFileName(address: string): string {
  return `tower-${address}.bin`;
}

/** What a tower's name says: which loader reads it and for which identity. null: no validator opens such a name. */
export function parseTowerFileName(name: string): { readonly name: TowerName; readonly address: string } | null {
  const match = /^tower-(1_9-)?([^.]+)\.bin$/.exec(name);
  const address = match?.[2];
  if (address === undefined || pubkeyBytes(address) === null) return null;
  return { name: match?.[1] === undefined ? 'old' : 'current', address };
}

/**
 * Loads as Agave does, in its order: outer layout, signature of the identity that was asked for (base58), data, owner.
 * So another identity's tower under this identity's name is an invalid signature, not a wrong tower.
 */
export function loadTowerFile(bytes: Uint8Array, name: TowerName, expectedPubkey: string): TowerLoad {
  const outer = decodeEnvelope(bytes, name);
  if (!outer.ok) return outer;
  const { data, signature, trailing } = outer.envelope;
  const publicKey = pubkeyBytes(expectedPubkey);
  if (publicKey === null || !verifyBytes(publicKey, data, signature)) {
    return { ok: false, error: { kind: 'InvalidSignature', text: 'The signature on the saved tower is invalid' } };
  }
  const inner = decodeTowerData(outer.envelope);
  if (!inner.ok) return inner;
  const node = toBase58(inner.file.node);
  if (node !== expectedPubkey) return { ok: false, error: wrongTower(expectedPubkey, node) };
  return { ok: true, tower: narrowTower(inner.file), file: inner.file, trailing };
}

/**
 * The whole lookup: the current name, and only if that file cannot be opened (null) the old one. A current file that
 * opens and is broken is an error; the old one is then not looked at.
 */
export function loadTower(
  files: { readonly current: Uint8Array | null; readonly old: Uint8Array | null },
  expectedPubkey: string,
): TowerLoad {
  if (files.current !== null) return loadTowerFile(files.current, 'current', expectedPubkey);
  if (files.old !== null) return loadTowerFile(files.old, 'old', expectedPubkey);
  return { ok: false, error: TOWER_NOT_FOUND };
}

function wrongTower(asked: string, found: string): TowerFileError {
  const text = `The tower does not match this validator: node_pubkey is ${asked} but found tower for ${found}`;
  return { kind: 'WrongTower', text };
}

/**
 * Signs a tower with the key of its owner. Throws for another key: Agave raises WrongTower there, and the process ends.
 */
export function signTower(file: TowerFile, key: Keypair): TowerFile {
  const node = toBase58(file.node);
  if (node !== key.address) throw new Error(wrongTower(key.address, node).text);
  return { ...file, signature: signBytes(key, encodeTowerData(file)) };
}

/** The message of a tower that has not voted: an empty TowerSync. */
export const EMPTY_VOTE: SavedVote = {
  variant: 'TowerSync',
  lockouts: [],
  root: null,
  hash: toBase58(new Uint8Array(32)),
  timestamp: null,
  blockId: toBase58(new Uint8Array(32)),
};

/** VOTE_THRESHOLD_DEPTH and VOTE_THRESHOLD_SIZE of Agave core/src/consensus.rs. */
const THRESHOLDS = { thresholdDepth: 8, thresholdSize: 2 / 3 };

/**
 * The tower in the layout in which Agave 2.2 and newer save it (4.2: `lastVote` a TowerSync), unsigned. Thresholds
 * default to Agave's. Throws RangeError for slots that are no safe integers and for hashes that are not base58 of
 * 32 bytes.
 */
export function savedTower(tower: Omit<SavedTower, keyof typeof THRESHOLDS> & Partial<typeof THRESHOLDS>): TowerFile {
  const { node, votes, root, lastVote, lastTimestamp, thresholdDepth, thresholdSize } = { ...THRESHOLDS, ...tower };
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, thresholdSize);
  return {
    layout: 'current',
    signature: new Uint8Array(64),
    node: key32(node),
    thresholdDepth: BigInt(thresholdDepth),
    thresholdSizeBits: bits.getBigUint64(0),
    voteState: {
      node: new Uint8Array(32),
      authorizedWithdrawer: new Uint8Array(32),
      commission: 0,
      votes: votes.map(widen),
      root: root === null ? null : wideSlot(root),
      authorizedVoters: [],
      priorVoters: new Uint8Array(32 * 48),
      // A ring of 32 whose next entry is the first.
      priorVotersIndex: 31n,
      priorVotersEmpty: true,
      epochCredits: [],
      lastTimestamp: { slot: 0n, timestamp: 0n },
    },
    lastVote: widenVote(lastVote),
    lastTimestamp: { slot: wideSlot(lastTimestamp.slot), timestamp: BigInt(lastTimestamp.timestamp) },
    slack: new Uint8Array(0),
  };
}

function narrowTower(file: TowerFile): SavedTower {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setBigUint64(0, file.thresholdSizeBits);
  const { slot, timestamp } = file.lastTimestamp;
  return {
    node: toBase58(file.node),
    thresholdDepth: Number(file.thresholdDepth),
    thresholdSize: bits.getFloat64(0),
    votes: file.voteState.votes.map(narrow),
    root: file.voteState.root === null ? null : Number(file.voteState.root),
    lastVote: narrowVote(file.lastVote),
    lastTimestamp: { slot: Number(slot), timestamp: Number(timestamp) },
  };
}

function narrowVote(vote: WideVote): SavedVote {
  const { variant } = vote;
  const hash = toBase58(vote.hash);
  const timestamp = vote.timestamp === null ? null : Number(vote.timestamp);
  if (variant === 'Vote') {
    const { slots } = vote;
    const lockouts = slots.map((slot, i) => ({ slot: Number(slot), confirmationCount: slots.length - i }));
    return { variant, lockouts, root: null, hash, timestamp, blockId: null };
  }
  const root = vote.root === null ? null : Number(vote.root);
  const blockId = variant === 'TowerSync' ? toBase58(vote.blockId) : null;
  return { variant, lockouts: vote.lockouts.map(narrow), root, hash, timestamp, blockId };
}

function widenVote(vote: SavedVote): WideVote {
  const { variant } = vote;
  const parts = { hash: key32(vote.hash), timestamp: vote.timestamp === null ? null : BigInt(vote.timestamp) };
  if (variant === 'Vote') return { variant, slots: vote.lockouts.map(({ slot }) => wideSlot(slot)), ...parts };
  const stack = { lockouts: vote.lockouts.map(widen), root: vote.root === null ? null : wideSlot(vote.root), ...parts };
  if (variant !== 'TowerSync') return { variant, ...stack };
  return { variant, ...stack, blockId: vote.blockId === null ? new Uint8Array(32) : key32(vote.blockId) };
}

function narrow({ slot, confirmationCount }: WideLockout): Lockout {
  return { slot: Number(slot), confirmationCount };
}

function widen({ slot, confirmationCount }: Lockout): WideLockout {
  return { slot: wideSlot(slot), confirmationCount };
}

function wideSlot(slot: number): bigint {
  if (!Number.isSafeInteger(slot) || slot < 0) throw new RangeError(`${slot} is not a slot`);
  return BigInt(slot);
}

function key32(text: string): Uint8Array {
  const bytes = pubkeyBytes(text);
  if (bytes === null) throw new RangeError(`"${text}" is not base58 of 32 bytes`);
  return bytes;
}
