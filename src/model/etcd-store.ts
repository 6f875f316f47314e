/**
 * The key-value store of etcd (3.4 and 3.5, v3 protocol): revisions, transactions, compaction, and the errors in its own
 * words. Pure: a store never changes, an answer comes with the store that follows. So a backup is the store itself, and
 * what one shares with its copies costs nothing.
 *
 * Rules: etcd mvcc/kvstore.go, mvcc/kvstore_txn.go, etcdserver/apply.go, etcdserver/api/v3rpc/key.go (3.4). Leases, watches
 * and users are left out: the tower storage of Agave uses none of them.
 */

/** A key as one revision left it. `before` is what the key was; null where that is compacted or was nothing. */
interface KeyState<Value> {
  /** Null: deleted by this revision. */
  readonly value: Value | null;
  readonly createRevision: number;
  readonly modRevision: number;
  /** Counts the puts since the key was made; 0 of a deleted one. */
  readonly version: number;
  readonly before: KeyState<Value> | null;
}

export interface EtcdStore<Value> {
  /** 1 while nothing was ever written; each writing request adds one. */
  readonly revision: number;
  /** Revisions below this one are gone; −1: no compaction yet. */
  readonly compacted: number;
  readonly keys: ReadonlyMap<string, KeyState<Value>>;
}

/** A key-value pair as a range answers it. */
export interface KeyValue<Value> {
  readonly key: string;
  readonly value: Value;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
}

/**
 * Requests. Keys are ASCII text. `end`: the keys from `key` to before `end`; "\0" stands for no end. Of a range,
 * `revision` 0 is now, `limit` 0 is none.
 */
export type EtcdOperation<Value> =
  | { readonly op: 'range'; readonly key: string; readonly end?: string; readonly revision?: number; readonly limit?: number }
  | { readonly op: 'put'; readonly key: string; readonly value: Value }
  | { readonly op: 'delete'; readonly key: string; readonly end?: string };

/** All compares must hold for `success`. A compare of the value of a key that does not exist never holds. */
export interface EtcdCompare<Value> {
  readonly key: string;
  readonly target: 'value' | 'version' | 'create' | 'mod';
  readonly result: 'equal' | 'not-equal' | 'greater' | 'less';
  /** Values are told apart by === and ordered by <, as strings of bytes are. */
  readonly operand: Value | number;
}

export interface EtcdTransaction<Value> {
  readonly op: 'txn';
  readonly compare: readonly EtcdCompare<Value>[];
  readonly success: readonly EtcdOperation<Value>[];
  readonly failure: readonly EtcdOperation<Value>[];
}

export type EtcdRequest<Value> = EtcdOperation<Value> | EtcdTransaction<Value> | { readonly op: 'compact'; readonly revision: number };

export type OperationAnswer<Value> =
  | { readonly op: 'range'; readonly pairs: readonly KeyValue<Value>[]; /** Keys in the range, whatever the limit. */ readonly count: number; readonly more: boolean }
  | { readonly op: 'put' }
  | { readonly op: 'delete'; readonly deleted: number };

/** The gRPC status and its message. */
export interface EtcdError {
  readonly code: 'InvalidArgument' | 'OutOfRange';
  readonly message: string;
}

/** `revision`: that of the answer's header. */
export type EtcdAnswer<Value> =
  | ({ readonly ok: true; readonly revision: number } & OperationAnswer<Value>)
  | { readonly ok: true; readonly revision: number; readonly op: 'txn'; readonly succeeded: boolean; readonly answers: readonly OperationAnswer<Value>[] }
  | { readonly ok: true; readonly revision: number; readonly op: 'compact' }
  | { readonly ok: false; readonly error: EtcdError };

const EMPTY_KEY: EtcdError = { code: 'InvalidArgument', message: 'etcdserver: key is not provided' };
const DUPLICATE_KEY: EtcdError = { code: 'InvalidArgument', message: 'etcdserver: duplicate key given in txn request' };
const TOO_MANY: EtcdError = { code: 'InvalidArgument', message: 'etcdserver: too many operations in txn request' };
const COMPACTED: EtcdError = { code: 'OutOfRange', message: 'etcdserver: mvcc: required revision has been compacted' };
const FUTURE: EtcdError = { code: 'OutOfRange', message: 'etcdserver: mvcc: required revision is a future revision' };

/** `--max-txn-ops`. */
const MOST_OPERATIONS = 128;

/** A store in which nothing was ever written. */
export function emptyStore<Value>(): EtcdStore<Value> {
  return { revision: 1, compacted: -1, keys: new Map() };
}

/** What the store answers to a request, and the store that follows. A refused request changes nothing. */
export function askStore<Value>(store: EtcdStore<Value>, request: EtcdRequest<Value>): { readonly store: EtcdStore<Value>; readonly answer: EtcdAnswer<Value> } {
  const error = refusal(store, request);
  if (error !== null) return { store, answer: { ok: false, error } };
  if (request.op === 'compact') {
    const next = compact(store, request.revision);
    return { store: next, answer: { ok: true, revision: next.revision, op: 'compact' } };
  }
  const succeeded = request.op !== 'txn' || request.compare.every((compare) => holds(store, compare));
  const branch = request.op !== 'txn' ? [request] : succeeded ? request.success : request.failure;
  const late = branch.map((operation) => (operation.op === 'range' ? rangeError(store, operation.revision ?? 0, request.op === 'txn') : null)).find((found) => found !== null);
  if (late !== undefined) return { store, answer: { ok: false, error: late } };
  const write: Write<Value> = { keys: null, revision: store.revision + 1 };
  const answers = branch.map((operation) => perform(store, write, operation));
  const next = write.keys === null ? store : { ...store, keys: write.keys, revision: write.revision };
  const { revision } = next;
  return { store: next, answer: request.op === 'txn' ? { ok: true, revision, op: 'txn', succeeded, answers } : { ok: true, revision, ...answers[0]! } };
}

/**
 * What `--auto-compaction-mode revision` asks for every five minutes: all but the newest `retention` revisions. Null: there
 * is nothing to compact.
 */
export function autoCompaction({ revision, compacted }: EtcdStore<unknown>, retention: number): { readonly op: 'compact'; readonly revision: number } | null {
  const upTo = revision - retention;
  return upTo <= 0 || upTo <= compacted ? null : { op: 'compact', revision: upTo };
}

/** What of a request is refused before it is looked at any closer. */
function refusal<Value>(store: EtcdStore<Value>, request: EtcdRequest<Value>): EtcdError | null {
  if (request.op === 'compact') return request.revision <= store.compacted ? COMPACTED : request.revision > store.revision ? FUTURE : null;
  if (request.op !== 'txn') return request.key === '' ? EMPTY_KEY : null;
  const { compare, success, failure } = request;
  if (Math.max(compare.length, success.length, failure.length) > MOST_OPERATIONS) return TOO_MANY;
  if ([...compare, ...success, ...failure].some(({ key }) => key === '')) return EMPTY_KEY;
  return repeats(success) || repeats(failure) ? DUPLICATE_KEY : null;
}

/** A transaction may put a key once, and not also delete it. */
function repeats(operations: readonly EtcdOperation<unknown>[]): boolean {
  const puts = operations.filter(({ op }) => op === 'put').map(({ key }) => key);
  const deletes = operations.filter((operation) => operation.op === 'delete');
  return new Set(puts).size < puts.length || puts.some((key) => deletes.some((range) => isWithin(key, range)));
}

function isWithin(key: string, { key: from, end }: { readonly key: string; readonly end?: string }): boolean {
  if (end === undefined || end === '') return key === from;
  return key >= from && (end === '\0' || key < end);
}

function rangeError({ revision, compacted }: EtcdStore<unknown>, asked: number, inTransaction: boolean): EtcdError | null {
  if (asked > revision) return FUTURE;
  // By itself a range takes a negative revision for now; a transaction looks at it.
  return asked < compacted && (asked > 0 || (inTransaction && asked < 0)) ? COMPACTED : null;
}

function holds<Value>(store: EtcdStore<Value>, { key, target, result, operand }: EtcdCompare<Value>): boolean {
  const state = store.keys.get(key);
  const exists = state !== undefined && state.value !== null;
  if (target === 'value' && !exists) return false;
  const found = target === 'value' ? state!.value! : !exists ? 0 : target === 'version' ? state.version : target === 'create' ? state.createRevision : state.modRevision;
  switch (result) {
    case 'equal': return found === operand;
    case 'not-equal': return found !== operand;
    case 'greater': return found > operand;
    case 'less': return found < operand;
  }
}

/** What a request has written so far: its keys, null while nothing; all of it has one revision. */
interface Write<Value> {
  keys: Map<string, KeyState<Value>> | null;
  readonly revision: number;
}

function perform<Value>(store: EtcdStore<Value>, write: Write<Value>, operation: EtcdOperation<Value>): OperationAnswer<Value> {
  const { revision } = write;
  switch (operation.op) {
    case 'range': {
      const pairs = pairsOf(write.keys ?? store.keys, operation, operation.revision ?? 0);
      const limit = operation.limit ?? 0;
      return { op: 'range', pairs: limit > 0 ? pairs.slice(0, limit) : pairs, count: pairs.length, more: limit > 0 && pairs.length > limit };
    }
    case 'put': {
      const keys = (write.keys ??= new Map(store.keys));
      const before = keys.get(operation.key) ?? null;
      const lives = before !== null && before.value !== null;
      keys.set(operation.key, {
        value: operation.value, createRevision: lives ? before.createRevision : revision, modRevision: revision, version: lives ? before.version + 1 : 1, before,
      });
      return { op: 'put' };
    }
    case 'delete': {
      const gone = pairsOf(write.keys ?? store.keys, operation, 0);
      if (gone.length > 0) write.keys ??= new Map(store.keys);
      for (const { key } of gone) write.keys!.set(key, { value: null, createRevision: 0, modRevision: revision, version: 0, before: write.keys!.get(key)! });
      return { op: 'delete', deleted: gone.length };
    }
  }
}

/** The pairs of a range at a revision (0 and below: now), by key. */
function pairsOf<Value>(keys: EtcdStore<Value>['keys'], range: { readonly key: string; readonly end?: string }, revision: number): KeyValue<Value>[] {
  const names = range.end === undefined || range.end === '' ? [range.key] : Array.from(keys.keys()).filter((key) => isWithin(key, range)).sort((a, b) => (a < b ? -1 : 1));
  return names.flatMap((key) => {
    let state = keys.get(key) ?? null;
    while (state !== null && revision > 0 && state.modRevision > revision) state = state.before;
    if (state === null || state.value === null) return [];
    const { value, createRevision, modRevision, version } = state;
    return [{ key, value, createRevision, modRevision, version }];
  });
}

/** Forgets what no range at `revision` or later can ask for. */
function compact<Value>(store: EtcdStore<Value>, revision: number): EtcdStore<Value> {
  const keys = new Map<string, KeyState<Value>>();
  for (const [key, state] of store.keys) {
    const kept = cut(state, revision);
    if (kept !== null) keys.set(key, kept);
  }
  return { ...store, compacted: revision, keys };
}

function cut<Value>(newest: KeyState<Value>, revision: number): KeyState<Value> | null {
  const later: KeyState<Value>[] = [];
  let state: KeyState<Value> | null = newest;
  for (; state !== null && state.modRevision > revision; state = state.before) later.push(state);
  let kept: KeyState<Value> | null = state === null || state.value === null ? null : { ...state, before: null };
  for (const one of later.reverse()) kept = { ...one, before: kept };
  return kept;
}
