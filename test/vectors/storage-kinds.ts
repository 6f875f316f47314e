/** Kinds about the stored tower: its bytes, loading, what errors lead to, and etcd. */
import { createHash } from 'node:crypto';
import { keypairFromSeed, throwawayKey, toBase58 } from '../../src/model/identity.ts';
import type { Keypair } from '../../src/model/identity.ts';
import { VOTE_VARIANTS } from '../../src/model/tower-codec.ts';
import type { TowerLayout } from '../../src/model/tower-codec.ts';
import { askStore, emptyStore } from '../../src/model/etcd-store.ts';
import type { EtcdStore } from '../../src/model/etcd-store.ts';
import type { TowerError } from '../../src/model/tower-error.ts';
import type { SavedVote, TowerFileError } from '../../src/model/tower-file.ts';
import { lockoutsOf, pairsOf, towerOf } from './notation.ts';
import type { Pair } from './notation.ts';
import type { Executor, Executors } from './run.ts';
import type { Rules } from './rules.ts';

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

interface DecodedVote {
  readonly tag: number;
  readonly lockouts: readonly Pair[];
  readonly root: number | null;
  readonly hash: string;
  readonly timestamp: number | null;
  readonly block_id?: string;
}

/** The bare legacy Vote of the old layouts is described in words; hash and timestamp are those of the other vectors. */
function savedVote(vote: DecodedVote | string): SavedVote {
  if (typeof vote === 'string') {
    const slots = JSON.parse(/\[.*\]/.exec(vote)![0]) as number[];
    const lockouts = slots.map((slot, i) => ({ slot, confirmationCount: slots.length - i }));
    const hash = toBase58(fromHex('11'.repeat(32)));
    return { variant: 'Vote', lockouts, root: null, hash, timestamp: 1_700_000_000, blockId: null };
  }
  return {
    variant: VOTE_VARIANTS[vote.tag]!,
    lockouts: lockoutsOf(vote.lockouts),
    root: vote.root,
    hash: toBase58(fromHex(vote.hash)),
    timestamp: vote.timestamp,
    blockId: vote.block_id === undefined ? null : toBase58(fromHex(vote.block_id)),
  };
}

function layoutOf(variant: string): TowerLayout {
  if (variant === 'Current') return 'current';
  return variant.includes('tag 0') ? 'tag-0' : 'old-name';
}

/** Writes the file from its description, and reads it back. */
const tower_file: Executor<{
  identity_seed_hex: string;
  identity_pubkey_hex: string;
  identity_base58: string;
  file_name: string;
  decoded: {
    variant: string;
    votes: readonly Pair[];
    root: number;
    last_vote: DecodedVote | string;
    last_timestamp: readonly [slot: number, timestamp: number];
  };
}> = ({ decoded, ...input }, rules) => {
  const key = keypairFromSeed(fromHex(input.identity_seed_hex));
  if (key.address !== input.identity_base58) throw new Error(`the seed gives ${key.address}`);
  if (Buffer.from(key.publicKey).toString('hex') !== input.identity_pubkey_hex) throw new Error('another public key');
  const named = rules.parseTowerFileName(input.file_name);
  if (named?.address !== key.address) throw new Error(`the name is that of ${named?.address}`);
  const [slot, timestamp] = decoded.last_timestamp;
  const saved = {
    node: key.address,
    votes: lockoutsOf(decoded.votes),
    root: decoded.root,
    lastVote: savedVote(decoded.last_vote),
    lastTimestamp: { slot, timestamp },
  };
  const file = rules.signTower({ ...rules.savedTower(saved), layout: layoutOf(decoded.variant) }, key);
  const bytes = rules.encodeTowerFile(file);
  const loaded = rules.loadTowerFile(bytes, named.name, key.address);
  if (!loaded.ok) throw new Error(`reading it back: ${loaded.error.text}`);
  const reread = JSON.stringify([pairsOf(loaded.tower.votes), loaded.tower.root, loaded.tower.lastVote]);
  if (reread !== JSON.stringify([decoded.votes, decoded.root, saved.lastVote])) throw new Error(`read back as ${reread}`);
  return {
    length: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    hex: Buffer.from(bytes).toString('hex'),
  };
};

/** A tower of this key as Agave saves it, on 31 consecutive slots from `first`. */
function fullTowerFile(rules: Rules, key: Keypair, first: number, thresholds = {}) {
  const votes = Array.from({ length: 31 }, (_, i) => ({ slot: first + i, confirmationCount: 31 - i }));
  const root = first - 1;
  const lastVote: SavedVote = { ...rules.EMPTY_VOTE, lockouts: votes, root, timestamp: 1_700_000_000 };
  const lastTimestamp = { slot: first + 29, timestamp: 1_700_000_000 };
  return rules.savedTower({ node: key.address, votes, root, lastVote, lastTimestamp, ...thresholds });
}

const tower_load: Executor<{ file: string; threshold_depth?: number; threshold_size?: number }> = (input, rules) => {
  const key = throwawayKey('tower owner');
  const thresholds =
    input.threshold_depth === undefined
      ? {}
      : { thresholdDepth: input.threshold_depth, thresholdSize: input.threshold_size };
  const file = rules.signTower(fullTowerFile(rules, key, 100, thresholds), key);
  let bytes = rules.encodeTowerFile(file);
  if (input.file.startsWith('truncated to 0')) bytes = bytes.slice(0, 0);
  else if (input.file.includes('offset 4')) bytes[4] = bytes[4]! ^ 0xff;
  else if (!input.file.startsWith('valid, signed')) throw new Error(`unknown file "${input.file}"`);
  const loaded = rules.loadTower({ current: bytes, old: null }, key.address);
  if (!loaded.ok) return { error: loaded.error.kind };
  const same = Buffer.from(rules.encodeTowerFile(loaded.file)).equals(Buffer.from(bytes));
  const { thresholdDepth, thresholdSize } = loaded.tower;
  const thresholdsKept = thresholdDepth === input.threshold_depth && thresholdSize === input.threshold_size;
  return { result: 'Ok', equal_to_saved: same && thresholdsKept };
};

/** Saving with a key that is not the tower's own. */
const tower_save: Executor<{ tower_node_pubkey: string; keypair: string }> = (input, rules) => {
  if (input.tower_node_pubkey !== 'all zero') throw new Error(`tower of "${input.tower_node_pubkey}"`);
  const owner = { ...throwawayKey('other'), address: toBase58(new Uint8Array(32)) };
  try {
    rules.signTower(fullTowerFile(rules, owner, 100), throwawayKey('some other identity'));
  } catch (error) {
    return { error: /does not match this validator/.test((error as Error).message) ? 'WrongTower' : String(error) };
  }
  return { result: 'Ok' };
};

function towerError(error: TowerFileError): TowerError {
  return error.kind === 'NotFound' ? { kind: 'IoError', cause: 'NotFound' } : { kind: error.kind };
}

/** How Agave's replay thread comes to a tower after set-identity. */
const load_tower_on_set_identity: Executor<{ file: string; bank_root?: number }> = (input, rules) => {
  const key = throwawayKey('tower owner');
  const root = input.bank_root ?? 0;
  if (input.file === 'missing') {
    const loaded = rules.loadTower({ current: null, old: null }, key.address);
    if (loaded.ok) throw new Error('a missing file was loaded');
    const policy = rules.towerErrorPolicy(towerError(loaded.error), { at: 'set-identity-replay' });
    if (policy !== 'rebuild') return { result: policy };
    const { stack, thresholdDepth, thresholdSize } = rules.rebuildFromBank(key.address, null, root);
    return {
      result: 'Ok',
      tower: { votes: pairsOf(stack.votes), root: stack.root },
      threshold_depth: thresholdDepth,
      threshold_size: thresholdSize === 2 / 3 ? '2/3' : thresholdSize,
    };
  }
  if (!input.file.includes('far ahead of the bank root 0')) throw new Error(`unknown file "${input.file}"`);
  const file = rules.signTower(fullTowerFile(rules, key, 2 ** 40), key);
  const loaded = rules.loadTower({ current: rules.encodeTowerFile(file), old: null }, key.address);
  if (!loaded.ok) return { result: loaded.error.kind };
  const { votes, root: towerRoot, lastVote } = loaded.tower;
  const tower = towerOf(rules, { votes: pairsOf(votes), root: towerRoot }, lastVote.lockouts.at(-1)!.slot);
  const adjusted = rules.adjustAfterReplay(tower, root, rules.slotHistoryOf([root]));
  if ('error' in adjusted) return { result: rules.describeTowerError(adjusted.error) };
  return {
    result: 'Ok',
    votes_and_root_unchanged: JSON.stringify(adjusted.tower.stack) === JSON.stringify(tower.stack),
  };
};

/** Each condition is brought about, and the error that arises is the one that is judged. */
function errorOf(condition: string, rules: Rules): TowerError {
  const key = throwawayKey('tower owner');
  const load = (current: Uint8Array | null): TowerError => {
    const loaded = rules.loadTower({ current, old: null }, key.address);
    if (loaded.ok) throw new Error(`"${condition}" was loaded`);
    return towerError(loaded.error);
  };
  switch (condition) {
    case 'file missing':
    case 'permission denied on new-name file, no old-name file':
      return load(null);
    case 'bad signature':
      return load(rules.encodeTowerFile(fullTowerFile(rules, key, 100)));
    case 'last voted slot older than slot history': {
      const newest = 2 * rules.SLOT_HISTORY_ENTRIES;
      const tower = towerOf(rules, { votes: [[5, 1]], root: 4 }, 5);
      const adjusted = rules.adjustAfterReplay(tower, newest, rules.slotHistoryOf([newest]));
      if ('error' in adjusted) return adjusted.error;
      throw new Error('an ancient tower was accepted');
    }
    case 'etcd: no tower value stored': {
      const { error } = rules.etcdLoad(emptyStore<string | number>(), 'K', 1);
      if (error !== null) return { kind: 'IoError', cause: 'Other' };
      throw new Error('etcd gave a tower that was never stored');
    }
    default:
      throw new Error(`unknown condition "${condition}"`);
  }
}

const tower_error_policy: Executor<{ condition: string }> = ({ condition }, rules) => {
  const error = errorOf(condition, rules);
  const start = (requireTower: boolean, votedBefore: boolean) =>
    rules.towerErrorPolicy(error, { at: 'startup', requireTower, votedBefore });
  const lenient = [start(false, true), start(false, false), start(true, false)].every((policy) => policy === 'rebuild');
  const strict = start(true, true) === 'abort-startup';
  const described = rules.describeTowerError(error).replace(/^(TooOldTower)\(.*$/, '$1');
  const escaped = described.replace(/[()]/g, '\\$&');
  return {
    error: new RegExp(`^${escaped}( |$)`),
    set_identity: {
      rebuild: 'rebuild from bank forks',
      exit: 'replay thread returns, validator exits',
      'abort-startup': '',
      'refuse-request': '',
      ignore: '',
    }[rules.towerErrorPolicy(error, { at: 'set-identity-replay' })],
    startup: lenient && strict ? /^rebuild; with --require-tower and .*history: abort startup$/ : { lenient, strict },
  };
};

/** Operations such as "P.load(id)" or "S admin … = S.load(id)", with remarks in brackets. */
const etcd_sequence: Executor<{ ops: readonly string[] }> = ({ ops }, rules) => {
  const text = ops.join('; ');
  const instances = { P: 1000, S: text.includes('same instance value') ? 1000 : 1001 };
  let store: EtcdStore<string | number> = emptyStore();
  if (!text.includes('no tower key')) ({ store } = askStore(store, { op: 'put', key: 'K/tower', value: 'T0' }));
  const results = ops.map((op) => {
    const match = /\b([PS])\.(load|store)\((\w+)\)/.exec(op);
    if (match === null) throw new Error(`unknown operation "${op}"`);
    const instance = instances[match[1] as 'P' | 'S'];
    const done =
      match[2] === 'load' ? rules.etcdLoad(store, 'K', instance) : rules.etcdStore(store, 'K', instance, match[3]!);
    store = done.store;
    if (done.error === null) return 'ok';
    const consequence = match[2] === 'load' ? ' (IoError kind Other)' : ' -> process exit(1)';
    return `error: ${done.error}${consequence}`;
  });
  return { results };
};

export const storageKinds: Executors = {
  tower_file,
  tower_load,
  tower_save,
  load_tower_on_set_identity,
  tower_error_policy,
  etcd_sequence,
};
