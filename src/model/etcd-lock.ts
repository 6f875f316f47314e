/**
 * The tower in etcd: two keys per identity, and one compare that fences the writer which loaded last. Pure.
 *
 * Rules: agave core/src/consensus/tower_storage.rs `EtcdTowerStorage` (1.9 to 3.0). There is no lease and no expiry.
 */
import { askStore } from './etcd-store.ts';
import type { EtcdAnswer, EtcdRequest, EtcdStore } from './etcd-store.ts';

/** Both are an IoError of kind Other; a failed store ends the process before the vote is sent. */
export type EtcdLockError = 'lost instance lock' | 'saved tower response missing';

/** Keys of an identity: who holds the lock (milliseconds at which the storage object was made), and the saved tower. */
export const instanceKey = (identity: string): string => `${identity}/instance`;
export const towerKey = (identity: string): string => `${identity}/tower`;

/** First transaction of a load: takes the lock without asking. */
export function takeLock<Value>(identity: string, instance: Value): EtcdRequest<Value> {
  return { op: 'txn', compare: [], success: [{ op: 'put', key: instanceKey(identity), value: instance }], failure: [] };
}

/** Second transaction of a load: reads the tower while the lock holds the own value. */
export function readTower<Value>(identity: string, instance: Value): EtcdRequest<Value> {
  return { op: 'txn', compare: [isMine(identity, instance)], success: [{ op: 'range', key: towerKey(identity) }], failure: [] };
}

/** The transaction of a store: writes the tower while the lock holds the own value. Equal values do not fence each other. */
export function writeTower<Value>(identity: string, instance: Value, tower: Value): EtcdRequest<Value> {
  return { op: 'txn', compare: [isMine(identity, instance)], success: [{ op: 'put', key: towerKey(identity), value: tower }], failure: [] };
}

function isMine<Value>(identity: string, instance: Value) {
  return { key: instanceKey(identity), target: 'value', result: 'equal', operand: instance } as const;
}

/** What `readTower` has brought: the tower, or why there is none. */
export function towerIn<Value>(answer: EtcdAnswer<Value>): { readonly tower: Value; readonly error: null } | { readonly tower: null; readonly error: EtcdLockError } {
  if (!answer.ok || answer.op !== 'txn') throw new Error('not an answer to the second transaction of a load');
  if (!answer.succeeded) return { tower: null, error: 'lost instance lock' };
  const [range] = answer.answers;
  const pair = range?.op === 'range' ? range.pairs[0] : undefined;
  return pair === undefined ? { tower: null, error: 'saved tower response missing' } : { tower: pair.value, error: null };
}

/** Why a store has failed; null: it has not. */
export function storeError(answer: EtcdAnswer<unknown>): EtcdLockError | null {
  return answer.ok && answer.op === 'txn' && answer.succeeded ? null : 'lost instance lock';
}

/** A load without anything between its two transactions. The lock is taken even when no tower is there. */
export function etcdLoad<Value>(store: EtcdStore<Value>, identity: string, instance: Value): ReturnType<typeof towerIn<Value>> & { readonly store: EtcdStore<Value> } {
  const locked = askStore(store, takeLock(identity, instance)).store;
  return { ...towerIn(askStore(locked, readTower(identity, instance)).answer), store: locked };
}

/** A store: refused when another one has loaded since. */
export function etcdStore<Value>(store: EtcdStore<Value>, identity: string, instance: Value, tower: Value): { readonly store: EtcdStore<Value>; readonly error: EtcdLockError | null } {
  const asked = askStore(store, writeTower(identity, instance, tower));
  return { store: asked.store, error: storeError(asked.answer) };
}
