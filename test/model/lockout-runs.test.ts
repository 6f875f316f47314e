import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromRuns, newestSlotOf, toRuns } from '../../src/model/lockout-runs.ts';
import { processNextVoteSlot } from '../../src/model/lockout.ts';
import type { VoteStack } from '../../src/model/lockout.ts';

function voted(slots: readonly number[]): VoteStack {
  return slots.reduce(processNextVoteSlot, { votes: [], root: null } as VoteStack);
}

describe('stacks as runs', () => {
  it('hold one run for consecutive votes, however many', () => {
    const { votes } = voted(Array.from({ length: 80 }, (_, i) => 100 + i));
    expect(toRuns(votes)).toEqual([{ slot: 149, confirmationCount: 31, length: 31 }]);
  });

  it('begin another run after a skipped slot', () => {
    expect(toRuns(voted([10, 11, 13, 14, 15]).votes)).toEqual([
      { slot: 10, confirmationCount: 5, length: 2 },
      { slot: 13, confirmationCount: 3, length: 3 },
    ]);
  });

  it('begin another run where counts fall by more than one', () => {
    const { votes } = voted([10, 11, 12, 17]);
    expect(toRuns(votes)).toEqual([{ slot: 10, confirmationCount: 3, length: 1 }, { slot: 17, confirmationCount: 1, length: 1 }]);
  });

  it('give back every list of lockouts, ordered or not', () => {
    const lockout = fc.record({ slot: fc.nat(12), confirmationCount: fc.nat(12) });
    fc.assert(
      fc.property(fc.array(lockout, { maxLength: 20 }), (lockouts) => {
        expect(fromRuns(toRuns(lockouts))).toEqual(lockouts);
        expect(newestSlotOf(toRuns(lockouts))).toBe(lockouts.at(-1)?.slot ?? null);
      }),
    );
  });
});
