import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastLockedOutSlot, processNextVoteSlot } from '../../src/model/lockout.ts';
import type { Lockout, VoteStack } from '../../src/model/lockout.ts';
import { VoteError, applyTowerSync, checkAndFilterProposed, checkNewVoteState } from '../../src/model/vote-program.ts';
import type { SlotHashes, TowerSync } from '../../src/model/vote-program.ts';

const EMPTY: VoteStack = { votes: [], root: null };
const hashOf = (slot: number): string => `H${slot}`;

/** Banks of one fork, and the ones voted for. */
const voting = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 40 }), votes: fc.boolean() }), { minLength: 1, maxLength: 90 }).map((banks) => {
  let slot = 0;
  return banks.map(({ gap, votes }) => ({ slot: (slot += gap), votes }));
});

test('legal voting on one fork is always accepted, also when some votes never land', () => {
  fc.assert(
    fc.property(voting, fc.array(fc.boolean(), { minLength: 90, maxLength: 90 }), (banks, lands) => {
      const slots = banks.map(({ slot }) => slot);
      const hashes = slots.map(hashOf);
      let local = EMPTY;
      let onChain = EMPTY;
      banks.forEach(({ slot, votes }, i) => {
        if (!votes) return;
        local = processNextVoteSlot(local, slot);
        if (lands[i] !== true) return;
        const proposal = { lockouts: local.votes, root: local.root, hash: hashOf(slot) };
        const { error, state } = applyTowerSync(onChain, proposal, { slots, hashes, from: Math.max(0, i - 511), to: i + 1 });
        expect(error).toBeNull();
        expect(state).toEqual(local);
        onChain = state;
      });
    }),
  );
});

const smallSlots = fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 12 }).map((slots) => slots.toSorted((a, b) => a - b));
const looseLockouts = fc.array(fc.record({ slot: fc.nat({ max: 30 }), confirmationCount: fc.nat({ max: 33 }) }), { maxLength: 7 });
const orderedLockouts = smallSlots.chain((slots) =>
  fc.constantFrom(0, 1, 3).map((extra) => slots.map((slot, i) => ({ slot, confirmationCount: slots.length - i + extra }))),
);
const lockouts = fc.oneof({ weight: 3, arbitrary: orderedLockouts }, looseLockouts);
const root = fc.option(fc.nat({ max: 30 }));

/** An instruction of any kind against SlotHashes that stand in a window of longer arrays. */
const instruction = fc.record({
  state: fc.record({ votes: orderedLockouts, root }),
  lockouts,
  root,
  hashes: smallSlots,
  newestHash: fc.boolean(),
  before: fc.nat({ max: 3 }),
  after: fc.nat({ max: 3 }),
});

/** The two-pointer walk exactly as the program's text describes it, one step at a time. */
function literalFilter(state: VoteStack, proposal: TowerSync, ascending: readonly number[]): VoteStack | number {
  const { lockouts: proposed } = proposal;
  if (proposed.length === 0) return VoteError.EmptySlots;
  const newest = proposed.at(-1)!.slot;
  if (state.votes.length > 0 && newest <= state.votes.at(-1)!.slot) return VoteError.VoteTooOld;
  if (ascending.length === 0) return VoteError.SlotsMismatch;
  const oldest = ascending[0]!;
  if (newest < oldest) return VoteError.VoteTooOld;
  let newRoot = proposal.root;
  if (newRoot !== null && newRoot < oldest) {
    const asked = newRoot;
    newRoot = state.root;
    for (const vote of state.votes) if (vote.slot <= asked) newRoot = vote.slot;
  }
  const dropped = new Set<number>();
  let rootToCheck = newRoot;
  let i = 0;
  let at = 0;
  while (i < proposed.length && at < ascending.length) {
    const slot = rootToCheck ?? proposed[i]!.slot;
    if (rootToCheck === null && i > 0 && slot <= proposed[i - 1]!.slot) return VoteError.SlotsNotOrdered;
    const ancestor = ascending[at]!;
    if (slot > ancestor) at++;
    else if (slot === ancestor) {
      if (rootToCheck === null) {
        i++;
        at++;
      }
      rootToCheck = null;
    } else if (at > 0) return rootToCheck === null ? VoteError.SlotsMismatch : VoteError.RootOnDifferentFork;
    else {
      if (rootToCheck === null) {
        if (!state.votes.some((vote) => vote.slot === slot)) dropped.add(i);
        i++;
      }
      rootToCheck = null;
    }
  }
  if (i < proposed.length) return VoteError.SlotsMismatch;
  if (hashOf(ascending[at - 1]!) !== proposal.hash) return VoteError.SlotHashMismatch;
  return { votes: proposed.filter((_, index) => !dropped.has(index)), root: newRoot };
}

test('the filter finds what the literal walk finds', () => {
  const outcomes = new Set<unknown>();
  fc.assert(
    fc.property(instruction, (drawn) => {
      const hash = drawn.newestHash ? hashOf(drawn.lockouts.at(-1)?.slot ?? 0) : 'another';
      const proposal = { lockouts: drawn.lockouts, root: drawn.root, hash };
      const padded = [...Array<number>(drawn.before).fill(-7), ...drawn.hashes, ...Array<number>(drawn.after).fill(99)];
      const slotHashes: SlotHashes = {
        slots: padded,
        hashes: padded.map(hashOf),
        from: drawn.before,
        to: drawn.before + drawn.hashes.length,
      };
      const expected = literalFilter(drawn.state, proposal, drawn.hashes);
      expect(checkAndFilterProposed(drawn.state, proposal, slotHashes)).toEqual(expected);
      outcomes.add(typeof expected === 'number' ? expected : 'ok');
    }),
    { numRuns: 3000, seed: 1 },
  );
  const { EmptySlots, VoteTooOld, SlotsMismatch, SlotsNotOrdered, RootOnDifferentFork, SlotHashMismatch } = VoteError;
  for (const outcome of ['ok', EmptySlots, VoteTooOld, SlotsMismatch, SlotsNotOrdered, RootOnDifferentFork, SlotHashMismatch]) {
    expect(outcomes).toContain(outcome);
  }
});

/** Votes above the new root that are missing although locked out at the next proposed slot. */
function conflicting(current: VoteStack, proposed: VoteStack): Lockout[] {
  return current.votes.filter((held) => {
    if (held.slot <= (proposed.root ?? -1) || proposed.votes.some(({ slot }) => slot === held.slot)) return false;
    const next = proposed.votes.find(({ slot }) => slot > held.slot);
    return next !== undefined && next.slot <= lastLockedOutSlot(held);
  });
}

test('an accepted state lacks no locked-out vote and lowers no count', () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.record({ votes: orderedLockouts, root }), fc.record({ votes: lockouts, root }), (current, proposed) => {
      const error = checkNewVoteState(current, proposed);
      const missing = conflicting(current, proposed);
      if (error === null) {
        accepted++;
        expect(missing).toEqual([]);
        for (const held of current.votes) {
          const now = proposed.votes.find(({ slot }) => slot === held.slot);
          if (now !== undefined) expect(now.confirmationCount).toBeGreaterThanOrEqual(held.confirmationCount);
        }
        expect(proposed.root ?? -1).toBeGreaterThanOrEqual(current.root ?? -1);
      }
      if (error === VoteError.LockoutConflict) expect(missing).not.toEqual([]);
    }),
    { numRuns: 2000, seed: 1 },
  );
  expect(accepted).toBeGreaterThan(50);
});

test('a refused instruction gives back the same state', () => {
  const state = { votes: [{ slot: 5, confirmationCount: 1 }], root: null };
  const outcome = applyTowerSync(state, { lockouts: [], root: null, hash: '' }, { slots: [], hashes: [], from: 0, to: 0 });
  expect(outcome.error).toBe(VoteError.EmptySlots);
  expect(outcome.state).toBe(state);
});
