/**
 * The tower in etcd: two keys per identity, and one compare that fences the writer which loaded last. Pure.
 *
 * Rules: agave core/src/consensus/tower_storage.rs `EtcdTowerStorage` (1.9 to 3.0). There is no lease and no expiry.
 */

/** The two values of an identity; null while the key does not exist. `Saved` is whatever is stored as a tower. */
export interface EtcdTower<Saved> {
  /** Milliseconds at which the storage object of the lock's holder was made. */
  readonly instance: number | null;
  readonly tower: Saved | null;
}

/** Both are an IoError of kind Other; a failed store ends the process before the vote is sent. */
export type EtcdError = 'lost instance lock' | 'saved tower response missing';

/** Load: takes the lock without asking, then reads the tower. The lock is taken even when no tower is there. */
export function etcdLoad<Saved>(
  store: EtcdTower<Saved>,
  instance: number,
): { readonly store: EtcdTower<Saved>; readonly error: EtcdError | null; readonly tower: Saved | null } {
  const error = store.tower === null ? 'saved tower response missing' : null;
  return { store: { ...store, instance }, error, tower: store.tower };
}

/** Store: succeeds only while the lock holds the own instance value. Equal values do not fence each other. */
export function etcdStore<Saved>(
  store: EtcdTower<Saved>,
  instance: number,
  tower: Saved,
): { readonly store: EtcdTower<Saved>; readonly error: EtcdError | null } {
  if (store.instance !== instance) return { store, error: 'lost instance lock' };
  return { store: { ...store, tower }, error: null };
}
