/**
 * The tower of a validator in etcd (agave core/src/consensus/tower_storage.rs `EtcdTowerStorage`, 1.9 to 2.3): a load takes
 * the lock without asking, then reads; a store writes while the lock is its own. Nothing of it has a time-out.
 *
 * The connection is made at the first request: a validator starts without etcd, rebuilds its tower from the bank, and ends
 * at its first vote (seen with 2.3.13).
 */
import { readTower, storeError, takeLock, towerIn, writeTower } from '../model/etcd-lock.ts';
import type { EtcdAnswer } from '../model/etcd-store.ts';
import type { Tower } from '../model/tower.ts';
import { attempt, rustMessage } from './disk-error.ts';
import { certificateIn, keyIn } from './etcd-certificates.ts';
import type { Credentials } from './etcd-certificates.ts';
import { askEtcd } from './etcd.ts';
import type { EtcdReply, EtcdValue } from './etcd.ts';
import type { EtcdFlags, Machine, Validator } from './machine.ts';
import type { ProcessAct } from './queue.ts';
import type { TowerRead } from './tower-storage.ts';
import type { World } from './world.ts';

/** A load under way: `next` is told what came of it, and `data`. */
interface Load {
  readonly identity: string;
  readonly next: ProcessAct<Loaded<never>>;
  readonly data: unknown;
}

/** What a load has brought. */
export interface Loaded<Data> {
  readonly read: TowerRead;
  readonly data: Data;
}

/** Loads the tower of an identity: two requests, one after the other. */
export function loadFromEtcd<Data>(world: World, validator: Validator, identity: string, next: ProcessAct<Loaded<Data>>, data: Data): void {
  const load: Load = { identity, next: next as ProcessAct<Loaded<never>>, data };
  askEtcd(world, validator, takeLock<EtcdValue>(identity, validator.instance), readNext, load);
}

function readNext(world: World, validator: Validator, { reply, data: load }: { readonly reply: EtcdReply; readonly data: Load }): void {
  const { identity } = load;
  const refused = refusalIn(reply);
  if (refused !== null) return finish(world, validator, load, { ok: false, error: OTHER, text: `IO Error: ${refused}` });
  askEtcd(world, validator, readTower<EtcdValue>(identity, validator.instance), finishRead, load);
}

function finishRead(world: World, validator: Validator, { reply, data: load }: { readonly reply: EtcdReply; readonly data: Load }): void {
  finish(world, validator, load, towerOf(reply, load.identity));
}

const OTHER = { kind: 'IoError', cause: 'Other' } as const;

function towerOf(reply: EtcdReply, identity: string): TowerRead {
  const refused = refusalIn(reply);
  if (refused !== null) return { ok: false, error: OTHER, text: `IO Error: ${refused}` };
  const { tower, error } = towerIn(answerIn(reply));
  if (error === 'lost instance lock') return { ok: false, error: OTHER, text: `IO Error: ${lostLock(identity)}` };
  if (error !== null) return { ok: false, error: OTHER, text: 'IO Error: Saved tower response missing' };
  if (typeof tower !== 'object') return { ok: false, error: { kind: 'SerializeError' }, text: 'Serialization Error: io error: failed to fill whole buffer' };
  return { ok: true, tower, source: 'etcd' };
}

function finish(world: World, validator: Validator, { next, data }: Load, read: TowerRead): void {
  (next as ProcessAct<Loaded<unknown>>)(world, validator, { read, data });
}

/** Stores the tower of a vote; `next` gets null and `data`, or the error that ends the process. */
export function storeInEtcd<Data>(world: World, validator: Validator, tower: Tower, next: ProcessAct<{ readonly error: string | null; readonly data: Data }>, data: Data): void {
  askEtcd(world, validator, writeTower<EtcdValue>(tower.node, validator.instance, tower), stored, { identity: tower.node, next: next as ProcessAct<Stored>, data });
}

interface Stored {
  readonly error: string | null;
  readonly data: unknown;
}

/** As the voting service prints it: Debug of the error. */
function stored(world: World, validator: Validator, { reply, data: { identity, next, data } }: { readonly reply: EtcdReply; readonly data: { readonly identity: string; readonly next: ProcessAct<Stored>; readonly data: unknown } }): void {
  const refused = refusalIn(reply) ?? (storeError(answerIn(reply)) === null ? null : lostLock(identity));
  next(world, validator, { error: refused === null ? null : `IoError(Custom { kind: Other, error: ${JSON.stringify(refused)} })`, data });
}

function lostLock(identity: string): string {
  return `Lost etcd instance lock for ${identity}`;
}

/** Why there is no answer, or the store's own error; null: there is one. */
function refusalIn(reply: EtcdReply): string | null {
  if (!reply.ok) return reply.error;
  return reply.answer.ok ? null : `grpc request error: status: ${reply.answer.error.code}, message: "${reply.answer.error.message}"`;
}

function answerIn(reply: EtcdReply): EtcdAnswer<EtcdValue> {
  if (!reply.ok) throw new Error('an answer of etcd that did not come');
  return reply.answer;
}

/** The certificates that a validator reads at its start; in words why it ends there (seen: "unable to read FILE: …"). */
export function readCredentials(machine: Machine, flags: EtcdFlags): { readonly credentials: Credentials } | { readonly error: string } {
  const texts: string[] = [];
  for (const file of [flags.authorityFile, flags.certificateFile, flags.keyFile]) {
    const content = attempt(() => machine.disk.readFile(file, { user: machine.user, cwd: `/home/${machine.user}` }));
    if (!content.ok) return { error: `Validator command failed: unable to read ${file}: ${rustMessage(content.code)}` };
    texts.push(new TextDecoder().decode(content.value));
  }
  const [authority, certificate, key] = [certificateIn(texts[0]!), certificateIn(texts[1]!), keyIn(texts[2]!)];
  if (authority === null || certificate === null || key === null) return { error: 'Validator command failed: failed to connect to etcd: transport error' };
  return { credentials: { authority, certificate, key } };
}

