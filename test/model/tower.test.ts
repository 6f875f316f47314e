import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { processNextVoteSlot } from '../../src/model/lockout.ts';
import { adoptOnChainTower } from '../../src/model/tower-adopt.ts';
import { TowerPanic, hasVoted, isLockedOut, isRecent, newTower, recordVote } from '../../src/model/tower.ts';
import type { Tower } from '../../src/model/tower.ts';

const CLOCK = 1_700_000_000;

function voted(slots: readonly number[], root: number | null = 0): Tower {
  const empty = { ...newTower('node'), stack: { votes: [], root } };
  return slots.reduce((tower: Tower, slot) => recordVote(tower, slot, `H${slot}`), empty);
}

describe('recordVote', () => {
  test('makes a message of the whole stack, and leaves the old tower as it was', () => {
    const before = voted([1, 2]);
    const after = recordVote(before, 3, 'H3');
    expect(after.lastVote).toEqual({ lockouts: after.stack.votes, root: 0, hash: 'H3', slot: 3, timestamp: null });
    expect(before.stack.votes.map(({ slot }) => slot)).toEqual([1, 2]);
  });

  test('panics on a slot that is not newer', () => {
    expect(() => recordVote(voted([1, 2]), 2, 'H2')).toThrow(TowerPanic);
    expect(() => recordVote(voted([1, 2]), 1, 'H1')).toThrow('Error while recording vote 1');
  });

  test('stamps the slot of the previous message', () => {
    const first = recordVote(newTower('node'), 100, 'H100', CLOCK);
    expect(first.lastTimestamp).toEqual({ slot: 0, timestamp: CLOCK });
    const second = recordVote(first, 101, 'H101', CLOCK + 1);
    expect(second.lastTimestamp).toEqual({ slot: 100, timestamp: CLOCK + 1 });
    expect(second.lastVote?.timestamp).toBe(CLOCK + 1);
  });

  test('attaches no timestamp when the clock went backwards', () => {
    const first = recordVote(newTower('node'), 100, 'H100', CLOCK);
    const second = recordVote(first, 101, 'H101', CLOCK - 1);
    expect(second.lastVote?.timestamp).toBeNull();
    expect(second.lastTimestamp).toEqual(first.lastTimestamp);
  });
});

describe('isLockedOut', () => {
  test('an older vote of another fork counts, also below a newest vote that is an ancestor', () => {
    const tower: Tower = { ...newTower('node'), stack: { votes: [{ slot: 5, confirmationCount: 4 }, { slot: 7, confirmationCount: 1 }], root: 0 } };
    expect(isLockedOut(tower, 8, (slot) => [0, 7].includes(slot))).toBe(true);
    expect(isLockedOut(tower, 8, (slot) => [0, 5, 7].includes(slot))).toBe(false);
  });

  test('panics when the root is no ancestor', () => {
    expect(() => isLockedOut(voted([], 4), 8, () => false)).toThrow(TowerPanic);
  });

  test('panics when the oldest vote, about to be root, is no ancestor', () => {
    const tower = voted(Array.from({ length: 31 }, (_, i) => i + 1));
    expect(() => isLockedOut(tower, 32, (slot) => slot !== 1)).toThrow('root 1 of the tower');
    expect(isLockedOut(tower, 32, (slot) => slot !== 0)).toBe(false);
  });

  test('agrees with voting in thought and looking at what remains', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 50 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 80 }), fc.integer({ min: 0, max: 200 }), (steps, ahead, forkedAt) => {
        let at = 0;
        const tower = voted(steps.map((gap) => (at += gap)));
        const slot = at + ahead;
        const isAncestor = (asked: number) => asked === 0 || asked === tower.stack.root || asked <= forkedAt;
        const { votes, root } = processNextVoteSlot(tower.stack, slot);
        fc.pre(root === null || isAncestor(root));
        const expected = votes.some((vote) => vote.slot !== slot && !isAncestor(vote.slot));
        expect(isLockedOut(tower, slot, isAncestor)).toBe(expected);
      }),
    );
  });
});

test('an empty tower without a root takes any slot as recent', () => {
  const tower = voted([], null);
  expect(isRecent(tower, 0)).toBe(true);
  expect(hasVoted(tower, 0)).toBe(false);
});

describe('adoptOnChainTower', () => {
  const bank = { votes: [{ slot: 8, confirmationCount: 2 }, { slot: 9, confirmationCount: 1 }], root: 3 };
  const hashOf = (slot: number) => `H${slot}`;

  test('an equal newest slot leaves the same object, whatever stands below', () => {
    const tower = voted([9], 4);
    expect(adoptOnChainTower(tower, bank, hashOf, () => true)).toBe(tower);
  });

  test('the message is made anew for the newest vote of the bank', () => {
    const adopted = adoptOnChainTower(voted([5], 2), bank, hashOf, () => true);
    expect(adopted.stack).toEqual(bank);
    expect(adopted.lastVote).toEqual({ lockouts: bank.votes, root: 3, hash: 'H9', slot: 9, timestamp: null });
  });

  test('a local root beyond the votes of the bank empties the stack and the message', () => {
    const adopted = adoptOnChainTower(voted([], 20), bank, hashOf, () => true);
    expect(adopted.stack).toEqual({ votes: [], root: 20 });
    expect(adopted.lastVote).toBeNull();
  });

  test('panics when the kept votes do not descend from the local root', () => {
    expect(() => adoptOnChainTower(voted([], 7), bank, hashOf, () => false)).toThrow(TowerPanic);
  });
});
