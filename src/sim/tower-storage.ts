/**
 * Towers on the simulated disk: written the way agave core/src/consensus/tower_storage.rs does (`.bin.new`, then
 * rename, no fsync), loaded with its fallback and its errors. Files stay objects until somebody reads their bytes.
 */
import { createHash } from 'node:crypto';
import { throwawayKeyOf, toBase58 } from '../model/identity.ts';
import { lastVotedSlot } from '../model/lockout.ts';
import { newTower } from '../model/tower.ts';
import type { Tower } from '../model/tower.ts';
import { EMPTY_VOTE, encodeTowerFile, loadTowerFile, oldTowerFileName, savedTower, signTower, towerFileName } from '../model/tower-file.ts';
import type { SavedTower } from '../model/tower-file.ts';
import { towerErrorPolicy } from '../model/tower-error.ts';
import type { TowerError } from '../model/tower-error.ts';
import { adjustAfterReplay, rebuildFromBank } from '../model/tower-restore.ts';
import { isOnFork } from './block.ts';
import type { Block } from './block.ts';
import { rebuildSource } from './fork-choice.ts';
import type { LazyBytes } from './disk-inode.ts';
import { DiskError, attempt, rustMessage } from './disk-error.ts';
import type { Machine, Validator } from './machine.ts';
import type { World } from './world.ts';

/** Saves the tower of a vote; null, or the error that ends the process. */
export function storeTower(world: World, validator: Validator, tower: Tower): string | null {
  const { towerTargets, flags } = validator;
  let target = towerTargets.get(tower.node);
  if (target === undefined) {
    const { disk, user } = world.hosts[validator.host];
    target = disk.openTarget(flags.towerDir, towerFileName(tower.node), { user, cwd: '/' });
    towerTargets.set(tower.node, target);
  }
  try {
    target.replace(lazyTower(tower), world.now);
    return null;
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return `IO Error: ${rustMessage(error.code)}`;
  }
}

/** A tower as file content that is rendered only when its bytes are read. */
export function lazyTower(tower: Tower): LazyBytes {
  return { value: tower, render: renderValue };
}

/** One function for all: each vote saves a tower, and hardly any is read as bytes. */
function renderValue(this: LazyBytes): Uint8Array {
  return renderTower(this.value as Tower);
}

/** The file's bytes, signed with the throwaway key of its node; as today, or as Agave before 1.10 wrote them under the old name. */
export function renderTower(tower: Tower, layout: 'current' | 'old-name' = 'current'): Uint8Array {
  const key = throwawayKeyOf(tower.node);
  if (key === null) throw new Error(`no throwaway key for ${tower.node}`);
  const last = tower.lastVote;
  const message = layout === 'current' ? EMPTY_VOTE : ({ ...EMPTY_VOTE, variant: 'Vote', blockId: null } as const);
  const lastVote =
    last === null
      ? message
      : { ...message, lockouts: last.lockouts, root: last.root, hash: bankHash(last.hash), timestamp: last.timestamp };
  const file = savedTower({
    node: tower.node, votes: tower.stack.votes, root: tower.stack.root, lastVote, lastTimestamp: tower.lastTimestamp,
  });
  return encodeTowerFile(signTower({ ...file, layout }, key));
}

const names = new Map<string, string>();

/** Blocks have short names in the simulation; in a file a name becomes 32 bytes, and is found again by them. */
function bankHash(name: string): string {
  const hash = toBase58(new Uint8Array(createHash('sha256').update(name).digest()));
  names.set(hash, name);
  return hash;
}

export type TowerRead =
  | { readonly ok: true; readonly tower: Tower; readonly source: 'file' | 'old-name' | 'etcd' }
  | { readonly ok: false; readonly error: TowerError; readonly text: string };

/** What the loader finds for an identity: the current name first; if that cannot be opened for any reason, the old one. */
export function readTower(machine: Machine, dir: string, identity: string): TowerRead {
  const current = readOne(machine, `${dir}/${towerFileName(identity)}`, 'current', identity);
  return current ?? readOne(machine, `${dir}/${oldTowerFileName(identity)}`, 'old', identity) ?? missing;
}

const missing: TowerRead = {
  ok: false,
  error: { kind: 'IoError', cause: 'NotFound' },
  text: 'IO Error: No such file or directory (os error 2)',
};

function readOne(machine: Machine, path: string, name: 'current' | 'old', identity: string): TowerRead | null {
  const source = name === 'current' ? 'file' : 'old-name';
  const content = attempt(() => machine.disk.readContent(path, { user: machine.user, cwd: '/' }));
  if (!content.ok) return null;
  if (!(content.value instanceof Uint8Array)) {
    const tower = content.value.value as Tower;
    if (tower.node === identity && name === 'current') return { ok: true, tower, source };
  }
  const bytes = content.value instanceof Uint8Array ? content.value : content.value.render();
  const loaded = loadTowerFile(bytes, name, identity);
  if (loaded.ok) return { ok: true, tower: towerOf(loaded.tower), source };
  const kind = loaded.error.kind;
  const error: TowerError = kind === 'InvalidSignature' || kind === 'WrongTower' ? { kind } : { kind: 'SerializeError' };
  return { ok: false, error, text: loaded.error.text };
}

function towerOf(saved: SavedTower): Tower {
  const { lockouts, root, hash, timestamp } = saved.lastVote;
  const last = lockouts.at(-1);
  return {
    ...newTower(saved.node),
    thresholdDepth: saved.thresholdDepth,
    thresholdSize: saved.thresholdSize,
    stack: { votes: saved.votes, root: saved.root },
    lastVote: last === undefined ? null : { lockouts, root, hash: names.get(hash) ?? hash, slot: last.slot, timestamp },
    lastTimestamp: saved.lastTimestamp,
  };
}

export type TowerLoaded =
  | { readonly tower: Tower; readonly source: 'file' | 'old-name' | 'etcd' | 'rebuilt'; readonly why: string }
  | { readonly tower: null; readonly why: string };

/** What becomes of a tower that was read at start-up or when the loop has noticed a new identity: fitted to the ledger, or rebuilt, or fatal. */
export function fitTower(read: TowerRead, validator: Validator, identity: string, situation: 'start-up' | 'set-identity', bank: Block): TowerLoaded {
  const adjusted = read.ok ? adjustAfterReplay(fitEmpty(read.tower, validator.forksRoot), validator.forksRoot, historyOf(bank, validator.forksRoot)) : read;
  if ('tower' in adjusted && read.ok) return { tower: adjusted.tower, source: read.source, why: `from ${read.source === 'etcd' ? 'etcd' : 'the file'}, last vote ${lastVotedSlot(read.tower.stack) ?? 'none'}` };
  const error = 'error' in adjusted ? adjusted.error : null;
  const text = read.ok ? (error?.kind ?? '') : read.text;
  if (error === null) throw new Error('a tower is either loaded or has an error');
  const policy = towerErrorPolicy(
    error,
    situation === 'set-identity'
      ? { at: 'set-identity-replay' }
      : { at: 'startup', requireTower: validator.flags.requireTower, votedBefore: bank.voteState.votes.length > 0 },
  );
  if (policy !== 'rebuild') return { tower: null, why: text };
  const source = rebuildSource(validator.leaves);
  return { tower: rebuildFromBank(identity, source.voteState, validator.forksRoot), source: 'rebuilt', why: `rebuilt from bank ${source.slot}: ${text}` };
}

/** A saved tower always has a message; one without (none is saved by Agave) must have the replayed root. */
function fitEmpty(tower: Tower, root: number): Tower {
  return tower.lastVote === null ? { ...tower, stack: { votes: [], root } } : tower;
}

/** The slot history of the root bank. Slots before the simulated history count as present. */
function historyOf(bank: Block, root: number): { nextSlot: number; has: (slot: number) => boolean } {
  const oldest = bank.chain.slots[0] ?? 0;
  return { nextSlot: root + 1, has: (slot) => slot < oldest || isOnFork(bank, slot) };
}
