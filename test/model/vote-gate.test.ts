import { describe, expect, test } from 'vitest';
import type { SwitchDecision } from '../../src/model/tower-switch.ts';
import { selectVoteAndReset } from '../../src/model/vote-gate.ts';
import type { Candidate, SelectionInput } from '../../src/model/vote-gate.ts';

const candidate = (slot: number): Candidate => ({
  slot,
  isLockedOut: false,
  thresholdFailures: [],
  isLeaderSlot: false,
  leaderSlotPropagated: true,
});
const failed: SwitchDecision = { kind: 'FailedSwitchThreshold', stake: 1, total: 10 };
const base: SelectionInput = {
  heaviest: candidate(20),
  heaviestOnVotedFork: candidate(15),
  thresholdDepth: 8,
  decision: { kind: 'SameFork' },
  lastVoteAbleToLand: true,
};

describe('selectVoteAndReset', () => {
  test('votes on the heaviest bank and resets to it', () => {
    expect(selectVoteAndReset(base)).toEqual({ vote: 20, reset: 20, decision: base.decision, failures: [] });
  });

  test('a failed switch resets to the voted fork and does not vote', () => {
    const { vote, reset, failures } = selectVoteAndReset({ ...base, decision: failed });
    expect([vote, reset]).toEqual([null, 15]);
    expect(failures).toEqual([{ kind: 'FailedSwitchThreshold', slot: 20, stake: 1, total: 10 }]);
  });

  test('a failed switch without a voted fork keeps the present reset', () => {
    expect(selectVoteAndReset({ ...base, decision: failed, heaviestOnVotedFork: null }).reset).toBeNull();
  });

  test('a last vote that can no longer land is cast again on its own fork', () => {
    const selection = selectVoteAndReset({ ...base, decision: failed, lastVoteAbleToLand: false });
    expect(selection).toEqual({ vote: 15, reset: 15, decision: { kind: 'SameFork' }, failures: [] });
  });

  test('a duplicate rollback resets to the heaviest bank and does not vote', () => {
    const { vote, reset, failures } = selectVoteAndReset({
      ...base,
      decision: { kind: 'FailedSwitchDuplicateRollback', ancestor: 12 },
    });
    expect([vote, reset]).toEqual([null, 20]);
    expect(failures).toEqual([{ kind: 'FailedSwitchThreshold', slot: 20, stake: 0, total: 0 }]);
  });

  test('a shallow threshold failure is told and does not block', () => {
    const heaviest = { ...candidate(20), thresholdFailures: [{ depth: 4, stake: 0 }] };
    const { vote, failures } = selectVoteAndReset({ ...base, heaviest });
    expect(vote).toBe(20);
    expect(failures).toEqual([{ kind: 'FailedThreshold', slot: 20, depth: 4, stake: 0 }]);
  });

  test('an own leader block needs no propagation', () => {
    const own = { ...candidate(20), isLeaderSlot: true, leaderSlotPropagated: false };
    expect(selectVoteAndReset({ ...base, heaviest: own }).vote).toBe(20);
  });
});
