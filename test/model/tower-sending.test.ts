/** What a validator sends besides new votes, and what stops it: refresh, gossip places, the etcd lock. */
import { describe, expect, test } from 'vitest';
import { etcdLoad, etcdStore } from '../../src/model/etcd-lock.ts';
import { emptyStore } from '../../src/model/etcd-store.ts';
import { pushGossipVote, refreshGossipVote } from '../../src/model/tower-gossip.ts';
import { refreshDecision } from '../../src/model/tower-refresh.ts';
import type { RefreshInput } from '../../src/model/tower-refresh.ts';

describe('refreshDecision', () => {
  const due: RefreshInput = {
    votes: false,
    bankOnVotedFork: 130,
    landed: 99,
    lastVoted: 100,
    lastTransaction: { kind: 'sent', blockhashAge: 17 },
    msSinceRefresh: 5000,
  };

  test('a vote that has not landed in 17 blocks is sent again', () => {
    expect(refreshDecision(due)).toBe(true);
  });

  test.each<[string, Partial<RefreshInput>]>([
    ['it has landed', { landed: 100 }],
    ['this iteration votes', { votes: true }],
    ['no bank of its fork exists', { bankOnVotedFork: null }],
    ['the account has never voted on that fork', { landed: null }],
    ['there is no last vote', { lastVoted: null }],
    ['its blockhash is 16 blocks old', { lastTransaction: { kind: 'sent', blockhashAge: 16 } }],
    ['the node was a hot spare', { lastTransaction: { kind: 'hot-spare' } }],
    ['the node could not sign', { lastTransaction: { kind: 'non-voting' } }],
    ['the last refresh was 4999 ms ago', { msSinceRefresh: 4999 }],
  ])('not when %s', (_, change) => {
    expect(refreshDecision({ ...due, ...change })).toBe(false);
  });

  test('a restored vote is sent at once, whatever its age', () => {
    expect(refreshDecision({ ...due, lastTransaction: { kind: 'uninitialized' }, msSinceRefresh: Infinity })).toBe(true);
  });
});

describe('places in gossip', () => {
  const full = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31];

  test('the oldest of twelve gives way', () => {
    expect(pushGossipVote(full, 32)).toEqual({ index: 0, evicted: 20 });
    expect(pushGossipVote([], 32)).toEqual({ index: 0, evicted: null });
  });

  test('a vote of the former holder on a newer slot is enough for the panic', () => {
    expect(pushGossipVote([5, 90, 6], 89)).toBe('panic');
  });

  test('a refresh takes the place of the same slot', () => {
    expect(refreshGossipVote(full, 25)).toEqual({ index: 5, evicted: 25 });
  });

  test('a refresh of a vote that gossip has lost takes a new place, but never panics', () => {
    expect(refreshGossipVote([20], 25)).toEqual({ index: 1, evicted: null });
    expect(refreshGossipVote([26], 25)).toBe('ignored');
  });
});

test('who loads from etcd last shuts out the one before at its next store', () => {
  const first = etcdLoad<string | number>(emptyStore(), 'K', 1);
  expect(first.error).toBe('saved tower response missing');
  const saved = etcdStore(first.store, 'K', 1, 'T1');
  const { store, tower } = etcdLoad(saved.store, 'K', 2);
  expect(tower).toBe('T1');
  const refused = etcdStore(store, 'K', 1, 'T2');
  expect(refused).toEqual({ store, error: 'lost instance lock' });
  expect(etcdLoad(etcdStore(store, 'K', 2, 'T3').store, 'K', 3).tower).toBe('T3');
});
