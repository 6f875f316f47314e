import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromRuns, newestSlotOf, nextRuns, sameRuns, toRuns } from '../../src/model/lockout-runs.ts';
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

  it('take the next vote as the stack does, from an empty one to a full one with gaps', () => {
    const gap = fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 5 }), fc.integer({ min: 6, max: 300 }));
    let rooted = 0;
    let popped = 0;
    fc.assert(
      fc.property(fc.array(gap, { maxLength: 120, size: 'max' }), (gaps) => {
        let stack: VoteStack = { votes: [], root: null };
        let runs = toRuns([]);
        let slot = 10;
        for (const step of gaps) {
          slot += step;
          const before = stack;
          stack = processNextVoteSlot(before, slot);
          const next = nextRuns(runs, before.root, slot);
          expect(next).toEqual({ runs: toRuns(stack.votes), root: stack.root });
          if (stack.root !== before.root) rooted++;
          if (stack.votes.length < before.votes.length) popped++;
          runs = next.runs;
        }
      }),
      { numRuns: 200, seed: 3 },
    );
    expect(rooted).toBeGreaterThan(100);
    expect(popped).toBeGreaterThan(100);
  });

  it('take the next vote as the stack does, whatever the counts', () => {
    const votes = fc
      .array(fc.record({ gap: fc.integer({ min: 1, max: 3 }), confirmationCount: fc.nat(33) }), { maxLength: 34, size: 'max' })
      .map((list) => {
        let slot = 0;
        return list.map(({ gap, confirmationCount }) => ({ slot: (slot += gap), confirmationCount }));
      });
    fc.assert(
      fc.property(votes, fc.nat(200), (lockouts, gap) => {
        const slot = (lockouts.at(-1)?.slot ?? 0) + 1 + gap;
        const stack = processNextVoteSlot({ votes: lockouts, root: 0 }, slot);
        const next = nextRuns(toRuns(lockouts), 0, slot);
        expect({ votes: fromRuns(next.runs), root: next.root }).toEqual(stack);
      }),
      { numRuns: 1000, seed: 4 },
    );
  });

  it('are the same only with the same lockouts', () => {
    const lockouts = fc.array(fc.record({ slot: fc.nat(3), confirmationCount: fc.nat(3) }), { maxLength: 3 });
    fc.assert(
      fc.property(lockouts, lockouts, (a, b) => {
        expect(sameRuns(toRuns(a), toRuns(b))).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { numRuns: 2000, seed: 5 },
    );
  });
});
