/**
 * Explains a tower file, whatever is in it: what it says, whether its signature holds, and what an Agave validator
 * does with it when it starts and when it takes the identity over.
 */
import { toBase58 } from '../model/identity.ts';
import { MAX_LOCKOUT_HISTORY } from '../model/lockout.ts';
import { decodeEnvelope, decodeTowerData, decodeTowerFile } from '../model/tower-codec.ts';
import type { TowerEnvelope, TowerFile, TowerLayout, TowerName, WideVote } from '../model/tower-codec.ts';
import { loadTowerFile, oldTowerFileName, parseTowerFileName, TOWER_NOT_FOUND, towerFileName } from '../model/tower-file.ts';
import type { TowerFileError } from '../model/tower-file.ts';

export interface TowerInspection {
  /** Without directories. */
  readonly fileName: string;
  /** Size in bytes. */
  readonly size: number;
  /** What the name means to Agave; null: it opens no file of this name. */
  readonly name: { readonly name: TowerName; readonly address: string } | null;
  /** null: not even the outer layout can be read. */
  readonly layout: TowerLayout | null;
  /** Identity in the file, base58; null where the file does not reach that far. */
  readonly owner: string | null;
  /** Against the identity in the name, or against the owner when the name has none. */
  readonly signature: 'valid' | 'invalid' | 'unchecked';
  /** What the loader says; of a name that Agave does not open: what it would say under the right name. */
  readonly error: TowerFileError | null;
  /** The content, whether or not the loader accepts it. */
  readonly file: TowerFile | null;
  /** Bytes behind the tower, which the loader ignores. */
  readonly trailing: number;
  /** Whatever else is worth knowing about this file, one sentence each. */
  readonly notes: readonly string[];
  /** What a validator does that meets this file under this name. */
  readonly outcomes: readonly Outcome[];
}

export interface Outcome {
  readonly situation: string;
  readonly outcome: string;
}

/** Inspects the bytes of a file. Of `path` only the last part counts. Never throws, whatever the bytes. */
export function inspectTower(bytes: Uint8Array, path: string): TowerInspection {
  const fileName = path.slice(path.lastIndexOf('/') + 1);
  const name = parseTowerFileName(fileName);
  const outerName = name?.name ?? fittingName(bytes);
  const outer = decodeEnvelope(bytes, outerName);
  const envelope = outer.ok ? outer.envelope : null;
  const inner = envelope === null ? null : decodeTowerData(envelope);
  const file = inner?.ok ? inner.file : null;
  const owner = ownerOf(bytes, outerName, envelope);
  const asked = name?.address ?? owner;
  const load = asked === null ? decodeTowerFile(bytes, outerName) : loadTowerFile(bytes, outerName, asked);
  const error = load.ok ? null : load.error;
  const checked = envelope !== null && asked !== null;
  return {
    fileName,
    size: bytes.length,
    name,
    layout: envelope?.layout ?? null,
    owner,
    signature: !checked ? 'unchecked' : error?.kind === 'InvalidSignature' ? 'invalid' : 'valid',
    error,
    file,
    trailing: envelope?.trailing ?? 0,
    notes: [
      ...nameNotes(fileName, name, owner),
      ...byteNotes(bytes, outerName, envelope),
      ...(error?.kind === 'InvalidSignature' ? [signatureNote(bytes, outerName, asked, owner)] : []),
      ...(file === null ? [] : contentNotes(file)),
    ],
    outcomes: outcomes(name, owner, error, file),
  };
}

/** Under a name that tells nothing: the layout that fits, else the current one. */
function fittingName(bytes: Uint8Array): TowerName {
  return !decodeTowerFile(bytes, 'current').ok && decodeTowerFile(bytes, 'old').ok ? 'old' : 'current';
}

function otherName(name: TowerName): TowerName {
  return name === 'old' ? 'current' : 'old';
}

/** The first 32 bytes of the data, also of a file that is cut behind them. */
function ownerOf(bytes: Uint8Array, name: TowerName, envelope: TowerEnvelope | null): string | null {
  if (envelope !== null) return envelope.data.length < 32 ? null : toBase58(envelope.data.subarray(0, 32));
  const misnamed = decodeTowerFile(bytes, otherName(name));
  if (misnamed.ok) return toBase58(misnamed.file.node);
  const at = headSize(name);
  if (bytes.length < at + 32 || (name === 'current' && tagOf(bytes) > 1)) return null;
  return toBase58(bytes.subarray(at, at + 32));
}

/** Bytes before the data: tag (current name only), signature, length. */
function headSize(name: TowerName): number {
  return (name === 'current' ? 4 : 0) + 64 + 8;
}

function tagOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
}

function nameNotes(fileName: string, name: TowerInspection['name'], owner: string | null): string[] {
  if (name === null) {
    if (fileName.endsWith('.bin.new')) {
      return ['This is the temporary name under which Agave writes before it renames; it never reads it.'];
    }
    const right = owner === null ? 'tower-1_9-<identity>.bin' : towerFileName(owner);
    return [`Agave opens no file of this name. It reads ${right}, and if that cannot be opened, the same without "1_9-".`];
  }
  if (name.name === 'current') return [];
  return [`Agave reads this name only while ${towerFileName(name.address)} cannot be opened, and never writes it.`];
}

function byteNotes(bytes: Uint8Array, name: TowerName, envelope: TowerEnvelope | null): string[] {
  if (bytes.length === 0) {
    return ['The file is empty. Agave does not flush the tower to the disk: a power loss can leave it so.'];
  }
  if (bytes.every((byte) => byte === 0)) return ['Every byte is zero: the content never got to the disk.'];
  if (bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d))) {
    return ['The file is text, not a tower.'];
  }
  if (envelope !== null) return [];
  const misnamed = decodeTowerFile(bytes, otherName(name));
  if (misnamed.ok) {
    const address = toBase58(misnamed.file.node);
    const right = name === 'current' ? oldTowerFileName(address) : towerFileName(address);
    return [`The bytes have the layout of the other name: they can be read as ${right}.`];
  }
  if (name === 'current' && bytes.length >= 4 && tagOf(bytes) > 1) {
    return ['The first four bytes are no tag of a tower (0 or 1): this is no tower, or its start is damaged.'];
  }
  const head = headSize(name);
  if (bytes.length < head) return [`The file is cut: already what stands before the data takes ${head} bytes.`];
  const announced = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(head - 8, true);
  return [`The file is cut, or its length is damaged: it announces ${announced} bytes of data, ${bytes.length - head} follow.`];
}

function signatureNote(bytes: Uint8Array, name: TowerName, asked: string | null, owner: string | null): string {
  if (owner === null || owner === asked) return 'The signature or what it covers was changed after the owner signed.';
  const holds = loadTowerFile(bytes, name, owner).ok ? 'holds' : 'does not hold either';
  return `The file belongs to ${owner}, and the signature is checked with the key in the name. With the owner's key it ${holds}.`;
}

function contentNotes(file: TowerFile): string[] {
  const { votes } = file.voteState;
  const notes: string[] = [];
  if (votes.length === 0) notes.push('The stack is empty: nothing is locked out.');
  if (votes.length > MAX_LOCKOUT_HISTORY) notes.push(`${votes.length} votes: a stack holds at most ${MAX_LOCKOUT_HISTORY}.`);
  const stackEnd = describeEnd(votes.at(-1)?.slot);
  const messageEnd = describeEnd(messageSlots(file.lastVote).at(-1));
  if (stackEnd !== messageEnd) notes.push(`The last vote message ${messageEnd}, the stack ${stackEnd}.`);
  if (file.voteState.node.some((byte) => byte !== 0)) {
    notes.push('The vote state carries its own node key: written by Agave 2.1 or older.');
  }
  if (file.slack.length > 0) notes.push(`${file.slack.length} signed bytes stand behind the tower; the loader ignores them.`);
  return notes;
}

function describeEnd(slot: bigint | undefined): string {
  return slot === undefined ? 'is empty' : `ends at slot ${slot}`;
}

/** Slots of the last vote message, oldest first. */
export function messageSlots(vote: WideVote): readonly bigint[] {
  return vote.variant === 'Vote' ? vote.slots : vote.lockouts.map(({ slot }) => slot);
}

/** The policy of `load_tower` in core/src/replay_stage.rs and `post_process_restored_tower` in core/src/validator.rs. */
function outcomes(
  name: TowerInspection['name'],
  owner: string | null,
  loadError: TowerFileError | null,
  file: TowerFile | null,
): Outcome[] {
  const [start, startRequired, swap, swapRequired] = [
    'start-up',
    'start-up --require-tower',
    'set-identity',
    'set-identity --require-tower',
  ];
  const error = name === null ? TOWER_NOT_FOUND : loadError;
  if (error === null && file !== null) {
    const panic = panicOf(file);
    const uses = panic === null ? 'uses this tower' : `loads it and panics: ${panic}`;
    const unless = name?.name === 'old' ? ', while the current name is absent' : '';
    const outcome = uses + unless;
    const same = [start, startRequired, swap].map((situation) => ({ situation, outcome }));
    const accepted = [...same, { situation: swapRequired, outcome: `accepts it, exit 0; ${outcome}` }];
    if (panic !== null) return accepted;
    const newest = messageSlots(file.lastVote).at(-1);
    if (newest === undefined) {
      return [...accepted, { situation: 'if its root is not that of the bank', outcome: 'panics: it has no last vote' }];
    }
    // SlotHistory holds 1,048,576 slots; a tower whose root is ahead of the bank is kept with its root.
    return [
      ...accepted,
      {
        situation: `if slot ${newest} is more than 1,048,576 slots ago`,
        outcome: `rebuilds the tower, ${startRequired} refuses to start, ${swapRequired} does not notice`,
      },
      { situation: 'if its root is ahead of the bank', outcome: `keeps it, and does not vote until after slot ${newest}` },
    ];
  }
  const rebuilds = 'rebuilds the tower from the vote account in a bank; votes that have not landed are forgotten';
  const text = error?.text ?? TOWER_NOT_FOUND.text;
  if (error?.kind === 'Abort') {
    const aborts = `the process aborts at once: ${text}`;
    return [start, startRequired, swap, swapRequired].map((situation) => ({ situation, outcome: situation === swap ? `exit 0, and then ${aborts}` : situation === swapRequired ? `exit 1, "oneshot canceled"; ${aborts}` : aborts }));
  }
  const identity = name?.address ?? owner ?? '<identity>';
  return [
    { situation: start, outcome: rebuilds },
    { situation: startRequired, outcome: 'refuses to start if the vote account has votes, else rebuilds' },
    {
      situation: swap,
      outcome:
        error?.kind === 'NotFound'
          ? `exit 0, keeps running; ${rebuilds}`
          : 'exit 0, and then the process ends: its voting loop cannot load the tower',
    },
    {
      situation: swapRequired,
      outcome: `exit 1 and nothing changes: "Unable to load tower file for identity ${identity}: ${text}"`,
    },
  ];
}

/** The assertions of `adjust_lockouts_after_replay` (core/src/consensus.rs) that need no bank. null: none fails. */
function panicOf(file: TowerFile): string | null {
  const { votes, root } = file.voteState;
  const ordered = votes.every(({ slot }, i) => (i === 0 ? root === null || slot >= root : slot > votes[i - 1]!.slot));
  if (!ordered) return 'the slots do not increase from the root on';
  if (votes.length === 0 && !isDefaultVote(file.lastVote)) return 'the stack is empty, the last vote message is not';
  return null;
}

function isDefaultVote(vote: WideVote): boolean {
  if (vote.variant !== 'TowerSync' && vote.variant !== 'VoteStateUpdate') return false;
  const hashes = vote.variant === 'TowerSync' ? [vote.hash, vote.blockId] : [vote.hash];
  const zero = hashes.every((hash) => hash.every((byte) => byte === 0));
  return zero && vote.lockouts.length === 0 && vote.root === null && vote.timestamp === null;
}
