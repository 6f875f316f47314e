import { describe, expect, test } from 'vitest';
import { TowerPanic, newTower, recordVote } from '../../src/model/tower.ts';
import { switchDecision } from '../../src/model/tower-switch.ts';
import type { SwitchInput } from '../../src/model/tower-switch.ts';

/** 0 - 1 - 2, and 1 - 3 - 4; the last vote is on 2. */
const parents = new Map<number, number | null>([
  [0, null],
  [1, 0],
  [2, 1],
  [3, 1],
  [4, 3],
]);
const tower = [1, 2].reduce((before, slot) => recordVote(before, slot, `H${slot}`), newTower('node'));
const base: SwitchInput = {
  tower,
  switchSlot: 4,
  parentOf: (slot) => parents.get(slot),
  tips: [2, 4],
  lockoutIntervals: () => [],
  gossipVotes: [],
  stakeOf: () => 20,
  totalStake: 100,
  invalidAncestor: null,
  lastVoteDumped: false,
};
const interval = (voter: string, start = 3, end = 5) => ({ voter, start, end });

describe('switchDecision', () => {
  test('each voter counts once, in banks and gossip together', () => {
    const input = {
      ...base,
      lockoutIntervals: () => [interval('a'), interval('a', 4)],
      gossipVotes: [{ voter: 'a', slot: 4 }],
    };
    expect(switchDecision(input)).toEqual({ kind: 'FailedSwitchThreshold', stake: 20, total: 100 });
    expect(switchDecision({ ...input, gossipVotes: [{ voter: 'b', slot: 4 }] })).toEqual({ kind: 'SwitchProof' });
  });

  test('a gossip vote not newer than the last vote, or for an unknown bank, proves nothing', () => {
    const decide = (slot: number) => switchDecision({ ...base, stakeOf: () => 90, gossipVotes: [{ voter: 'a', slot }] }).kind;
    expect([2, 3, 9].map(decide)).toEqual(['FailedSwitchThreshold', 'SwitchProof', 'FailedSwitchThreshold']);
  });

  test('a lockout that started at or below the root proves nothing', () => {
    const rooted = { ...tower, stack: { ...tower.stack, root: 3 } };
    const input = { ...base, stakeOf: () => 90, lockoutIntervals: () => [interval('a')] };
    expect(switchDecision(input).kind).toBe('SwitchProof');
    expect(switchDecision({ ...input, tower: rooted }).kind).toBe('FailedSwitchThreshold');
  });

  test('a bank of the last vote that was dumped as a duplicate frees the switch', () => {
    expect(switchDecision({ ...base, invalidAncestor: 2, lastVoteDumped: true })).toEqual({ kind: 'SwitchProof' });
    expect(switchDecision({ ...base, invalidAncestor: 2 }).kind).toBe('FailedSwitchThreshold');
  });

  test('a last vote that the ledger lacks is a panic, unless it was restored from a file', () => {
    const lost = recordVote(tower, 7, 'H7');
    expect(() => switchDecision({ ...base, tower: lost })).toThrow(TowerPanic);
    const stray = { ...lost, strayRestoredSlot: 7 };
    expect(switchDecision({ ...base, tower: stray }).kind).toBe('FailedSwitchThreshold');
    const proof = { ...base, tower: stray, stakeOf: () => 90, lockoutIntervals: () => [interval('a', 3, 7)] };
    expect(switchDecision(proof).kind).toBe('SwitchProof');
  });
});
