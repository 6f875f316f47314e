import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_LOCKOUT_HISTORY, isLockedOutAtSlot, lastLockedOutSlot, lastVotedSlot, processNextVoteSlot } from '../../src/model/lockout.ts';
import type { VoteStack } from '../../src/model/lockout.ts';

const EMPTY: VoteStack = { votes: [], root: null };

/** Slots of votes in order: mostly consecutive, with gaps that let lockouts expire. */
const votedSlots = fc
  .array(fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, { weight: 3, arbitrary: fc.integer({ min: 1, max: 9 }) }, fc.integer({ min: 1, max: 5000 })), {
    maxLength: 120,
  })
  .map((gaps) => gaps.reduce<number[]>((slots, gap) => [...slots, (slots.at(-1) ?? 0) + gap], []));

/** The stack before and after each vote. */
function steps(slots: readonly number[]): { slot: number; before: VoteStack; after: VoteStack }[] {
  let stack = EMPTY;
  return slots.map((slot) => {
    const before = stack;
    stack = processNextVoteSlot(before, slot);
    return { slot, before, after: stack };
  });
}

test('slots rise and counts fall from the oldest vote to the newest, above the root', () => {
  fc.assert(
    fc.property(votedSlots, (slots) => {
      for (const { slot, after } of steps(slots)) {
        const { votes, root } = after;
        expect(votes.length).toBeLessThanOrEqual(MAX_LOCKOUT_HISTORY);
        expect(votes.at(-1)).toEqual({ slot, confirmationCount: 1 });
        expect(votes[0]!.slot).toBeGreaterThan(root ?? -1);
        for (let i = 1; i < votes.length; i++) {
          expect(votes[i]!.slot).toBeGreaterThan(votes[i - 1]!.slot);
          expect(votes[i]!.confirmationCount).toBeLessThan(votes[i - 1]!.confirmationCount);
        }
      }
    }),
  );
});

test('a lockout never shrinks while its vote is in the stack, and grows by one count at a time', () => {
  fc.assert(
    fc.property(votedSlots, (slots) => {
      for (const { before, after } of steps(slots)) {
        for (const held of before.votes) {
          const now = after.votes.find((vote) => vote.slot === held.slot);
          if (now === undefined) continue;
          expect(lastLockedOutSlot(now)).toBeGreaterThanOrEqual(lastLockedOutSlot(held));
          expect(now.confirmationCount - held.confirmationCount).toBeLessThanOrEqual(1);
        }
      }
    }),
  );
});

test('a vote leaves the stack only by expiry or as root', () => {
  fc.assert(
    fc.property(votedSlots, (slots) => {
      for (const { slot, before, after } of steps(slots)) {
        const gone = before.votes.filter((held) => !after.votes.some((vote) => vote.slot === held.slot));
        for (const vote of gone) expect(!isLockedOutAtSlot(vote, slot) || vote.slot === after.root).toBe(true);
        if (after.root !== before.root) expect(before.votes[0]!.slot).toBe(after.root);
      }
    }),
  );
});

test('a slot that is not newer changes nothing, and gives back the same object', () => {
  fc.assert(
    fc.property(votedSlots, fc.nat({ max: 6000 }), (slots, back) => {
      const stack = steps(slots).at(-1)?.after ?? EMPTY;
      const last = lastVotedSlot(stack);
      if (last !== null) expect(processNextVoteSlot(stack, Math.max(0, last - back))).toBe(stack);
    }),
  );
});

test('the stack given is not changed', () => {
  fc.assert(
    fc.property(votedSlots, (slots) => {
      for (const { slot, before } of steps(slots)) {
        const copy = structuredClone(before);
        processNextVoteSlot(before, slot);
        expect(before).toEqual(copy);
      }
    }),
  );
});

test('32 consecutive votes make the first root', () => {
  const all = steps(Array.from({ length: 33 }, (_, i) => 10 + i));
  expect(all.map(({ after }) => after.root)).toEqual([...Array<null>(31).fill(null), 10, 11]);
});
