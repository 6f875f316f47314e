/** The store against what etcd 3.4.23 answers; the same is asked of a real one where there is one. */
import { describe, expect, test } from 'vitest';
import { askStore, autoCompaction, emptyStore } from '../../src/model/etcd-store.ts';
import type { EtcdRequest, EtcdStore } from '../../src/model/etcd-store.ts';

function asked(...requests: EtcdRequest<string>[]) {
  let store: EtcdStore<string> = emptyStore();
  const answers = requests.map((request) => {
    const next = askStore(store, request);
    store = next.store;
    return next.answer;
  });
  return { store, answers };
}

const put = (key: string, value: string): EtcdRequest<string> => ({ op: 'put', key, value });
const message = (answer: ReturnType<typeof asked>['answers'][number] | undefined) => (answer?.ok === false ? answer.error.message : null);

describe('revisions', () => {
  test('begin at 1; each writing request adds one, whatever it writes', () => {
    const { answers } = asked({ op: 'range', key: 'a' }, put('a', '1'), { op: 'txn', compare: [], success: [{ op: 'put', key: 'b', value: '2' }, { op: 'put', key: 'c', value: '3' }], failure: [] }, { op: 'delete', key: 'nothing' });
    expect(answers.map((answer) => answer.ok && answer.revision)).toEqual([1, 2, 3, 3]);
  });

  test('count the puts of a key since it was made', () => {
    const { answers } = asked(put('a', '1'), put('a', '2'), { op: 'delete', key: 'a' }, put('a', '3'), { op: 'range', key: 'a' }, { op: 'range', key: 'a', revision: 3 });
    expect(answers.at(-2)).toMatchObject({ pairs: [{ value: '3', createRevision: 5, modRevision: 5, version: 1 }] });
    expect(answers.at(-1)).toMatchObject({ revision: 5, pairs: [{ value: '2', createRevision: 2, modRevision: 3, version: 2 }] });
  });

  test('of the future, and compacted ones, are refused; the compacted one itself can be read', () => {
    const { answers } = asked(put('a', '1'), put('a', '2'), put('a', '3'), { op: 'compact', revision: 3 }, { op: 'range', key: 'a', revision: 2 }, { op: 'range', key: 'a', revision: 3 }, { op: 'range', key: 'a', revision: 5 }, { op: 'compact', revision: 3 }, { op: 'compact', revision: 5 });
    const compacted = 'etcdserver: mvcc: required revision has been compacted';
    const future = 'etcdserver: mvcc: required revision is a future revision';
    expect(answers.slice(4).map(message)).toEqual([compacted, null, future, compacted, future]);
    expect(answers[5]).toMatchObject({ pairs: [{ value: '2' }] });
  });

  test('are compacted but for the newest ones, once', () => {
    const { store } = asked(put('a', '1'), put('a', '2'), put('a', '3'));
    const request = autoCompaction(store, 2)!;
    expect(request).toEqual({ op: 'compact', revision: 2 });
    expect(autoCompaction(askStore(store, request).store, 2)).toBeNull();
    expect(autoCompaction(emptyStore(), 2)).toBeNull();
  });

  test('a deleted key is gone after the compaction', () => {
    const { store } = asked(put('a', '1'), { op: 'delete', key: 'a' }, { op: 'compact', revision: 3 });
    expect(store.keys.size).toBe(0);
  });
});

describe('a transaction', () => {
  const isOne = { key: 'a', target: 'value', result: 'equal', operand: '1' } as const;

  test('writes when its compares hold, otherwise what it has for that', () => {
    const txn: EtcdRequest<string> = { op: 'txn', compare: [isOne], success: [{ op: 'put', key: 'b', value: 'yes' }], failure: [{ op: 'range', key: 'a' }] };
    const { answers } = asked(txn, put('a', '1'), txn);
    expect(answers).toMatchObject([{ succeeded: false, revision: 1 }, { revision: 2 }, { succeeded: true, revision: 3, answers: [{ op: 'put' }] }]);
  });

  test('no compare of a value holds for a missing key, "not equal" neither; its version is 0', () => {
    const compare = (how: object): EtcdRequest<string> => ({ op: 'txn', compare: [{ ...isOne, ...how }], success: [], failure: [] });
    const { answers } = asked(compare({}), compare({ result: 'not-equal' }), compare({ target: 'version', operand: 0 }), compare({ target: 'create', result: 'greater', operand: 0 }));
    expect(answers.map((answer) => answer.ok && answer.op === 'txn' && answer.succeeded)).toEqual([false, false, true, false]);
  });

  test('sees what it has written itself', () => {
    const { answers } = asked({ op: 'txn', compare: [], success: [{ op: 'put', key: 'a', value: '1' }, { op: 'range', key: 'a' }], failure: [] });
    expect(answers[0]).toMatchObject({ answers: [{ op: 'put' }, { pairs: [{ value: '1', modRevision: 2 }] }] });
  });

  test('is refused when it puts a key twice, or puts and deletes it, or names none', () => {
    const a = { op: 'put', key: 'a', value: '1' } as const;
    const txn = (...success: (typeof a | { op: 'delete'; key: string; end?: string })[]): EtcdRequest<string> => ({ op: 'txn', compare: [], success, failure: [] });
    const duplicate = 'etcdserver: duplicate key given in txn request';
    expect(asked(txn(a, a), txn(a, { op: 'delete', key: 'A', end: '\0' }), txn({ op: 'delete', key: '' }), put('', '1')).answers.map(message)).toEqual([duplicate, duplicate, 'etcdserver: key is not provided', 'etcdserver: key is not provided']);
  });
});

test('a range has an end, a limit and an order', () => {
  const { answers } = asked(put('b', '2'), put('a', '1'), put('c', '3'), { op: 'range', key: 'a', end: 'c', limit: 1 }, { op: 'delete', key: 'b', end: '\0' });
  expect(answers[3]).toMatchObject({ pairs: [{ key: 'a' }], count: 2, more: true });
  expect(answers[4]).toMatchObject({ deleted: 2 });
});
