/** The rules of the product against the real Vote program, and mistakes in the rules that this must find. */
import { describe, expect, test } from 'vitest';
import type { Lockout } from '../../../src/model/lockout.ts';
import { VoteError } from '../../../src/model/vote-program.ts';
import type { TowerSync, VoteOutcome, VoteState } from '../../../src/model/vote-program.ts';
import { RULES } from '../../vectors/rules.ts';
import type { Rules } from '../../vectors/rules.ts';
import { newCampaign, runCampaign } from './campaign.ts';
import { answerCounts, describeDisagreement } from './describe.ts';
import { voteSequence } from './generate.ts';
import { ourProgram } from './our-program.ts';
import { realProgram } from './real-program.ts';
import { shrinkDisagreement } from './shrink.ts';

const real = realProgram();

/**
 * Errors that no TowerSync can give. Of the others each must come up often.
 *
 * 5, 18 and 19 belong to Authorize, Withdraw and UpdateCommission; 16 to the legacy Vote. 20, AssertionFailed: the
 * program gives it for a slot that is below the SlotHashes entry looked at while that entry is the oldest one, and is
 * not below the oldest one: both are the same entry (agave programs/vote/src/vote_state/mod.rs,
 * check_and_filter_proposed_vote_state).
 */
const UNREACHABLE = ['TooSoonToReauthorize', 'VotesTooOldAllFiltered', 'ActiveVoteAccountClose', 'CommissionUpdateTooLate', 'AssertionFailed'];

describe('the Vote program of Agave', () => {
  const campaign = newCampaign(1, 20_000);
  const found = runCampaign(campaign, ourProgram(RULES), real);
  const counts = new Map(answerCounts(campaign.tally));

  test('answers 20,000 votes as the rules do: acceptance, error, votes, root, latencies, credits, timestamp', () => {
    expect(found === null ? [] : describeDisagreement(shrinkDisagreement(ourProgram(RULES), real, found))).toEqual([]);
    expect(campaign.done).toBe(20_000);
  });

  test('accepts three in ten of them at least', () => {
    expect(counts.get('accepted')).toBeGreaterThanOrEqual(6000);
  });

  test.each(Object.keys(VoteError).filter((name) => !UNREACHABLE.includes(name)))('answers %s at least 100 times', (name) => {
    expect(counts.get(name)).toBeGreaterThanOrEqual(100);
  });

  test('answers nothing else', () => {
    expect([...counts.keys()].filter((name) => name !== 'accepted' && (!(name in VoteError) || UNREACHABLE.includes(name)))).toEqual([]);
  });
});

test('a sequence depends on its seed and number alone', () => {
  expect(voteSequence(7, 3)).toEqual(voteSequence(7, 3));
  expect(voteSequence(7, 3)).not.toEqual(voteSequence(7, 4));
  expect(voteSequence(7, 3)).not.toEqual(voteSequence(8, 3));
});

test('an interrupted campaign ends as one that was not', () => {
  const whole = newCampaign(3, 600);
  runCampaign(whole, ourProgram(RULES), real);
  let kept = newCampaign(3, 600);
  const stop = new Error('interrupted');
  try {
    runCampaign(kept, ourProgram(RULES), real, () => {
      if (kept.done > 200) throw stop;
    });
  } catch (error) {
    expect(error).toBe(stop);
  }
  kept = JSON.parse(JSON.stringify(kept));
  expect(kept.done).toBeLessThan(600);
  runCampaign(kept, ourProgram(RULES), real);
  expect(kept).toEqual(whole);
});

/** The rules with one answer of the vote program changed. */
const answering = (change: (outcome: VoteOutcome, state: VoteState, sync: TowerSync) => VoteOutcome): Partial<Rules> => ({
  applyTowerSync: (state, sync, slotHashes) => change(RULES.applyTowerSync(state, sync, slotHashes), state, sync),
});
/** The rules without one of their checks. */
const accepting = (code: number): Partial<Rules> => ({
  ...answering((outcome, _, { lockouts, root }) => (outcome.error === code ? { error: null, state: { votes: lockouts, root } } : outcome)),
  creditNewVoteState: (state, proposed, bank) => {
    const outcome = RULES.creditNewVoteState(state, proposed, bank);
    return outcome.error === code ? { error: null, state: { ...state, ...proposed, latencies: proposed.votes.map(() => 1) } } : outcome;
  },
});

const broken: Readonly<Record<string, Partial<Rules>>> = {
  'a locked-out vote may be missing': accepting(VoteError.LockoutConflict),
  'counts may shrink': accepting(VoteError.ConfirmationRollBack),
  'the root may go back': accepting(VoteError.RootRollBack),
  'slots of other forks are accepted': accepting(VoteError.SlotsMismatch),
  'any hash will do': accepting(VoteError.SlotHashMismatch),
  'an older slot is a mismatch': answering((outcome, state) => (outcome.error === VoteError.VoteTooOld ? { error: VoteError.SlotsMismatch, state } : outcome)),
  'slots older than the hashes stay': answering((outcome, _, { lockouts }) => (outcome.error === null ? { ...outcome, state: { ...outcome.state, votes: lockouts } } : outcome)),
  'a root older than the hashes stays': answering((outcome, _, { root }) => (outcome.error === null ? { ...outcome, state: { ...outcome.state, root } } : outcome)),
  'the end of a lockout is exclusive': answering((outcome, state, { lockouts, root }) => {
    const conflicts = ({ slot, confirmationCount }: Lockout) =>
      slot > (root ?? -1) && !lockouts.some((vote) => vote.slot === slot) && lockouts.some((vote) => vote.slot > slot && vote.slot < slot + 2 ** confirmationCount);
    return outcome.error === VoteError.LockoutConflict && !state.votes.some(conflicts) ? { error: null, state: { votes: lockouts, root } } : outcome;
  }),
  'late votes earn as much as others': {
    creditNewVoteState: (state, proposed, bank) => RULES.creditNewVoteState({ ...state, latencies: state.latencies.map(() => 1) }, proposed, bank),
  },
  'a latency is measured again': {
    creditNewVoteState: (state, proposed, bank) => RULES.creditNewVoteState({ ...state, latencies: state.latencies.map(() => 0) }, proposed, bank),
  },
  'a latency of zero stays': {
    creditNewVoteState: (state, proposed, bank) => {
      const next = RULES.creditNewVoteState(state, proposed, bank);
      const zero = new Set(state.votes.filter((_, i) => state.latencies[i] === 0).map(({ slot }) => slot));
      return { ...next, state: { ...next.state, latencies: next.state.latencies.map((latency, i) => (zero.has(next.state.votes[i]!.slot) ? 0 : latency)) } };
    },
  },
  'epochs without credits are kept': {
    creditNewVoteState: (state, proposed, bank) => {
      const next = RULES.creditNewVoteState(state, proposed, bank);
      const last = state.epochCredits.at(-1);
      const lost = last !== undefined && !next.state.epochCredits.some(([epoch]) => epoch === last[0]) && state.epochCredits.length < 64;
      return lost ? { ...next, state: { ...next.state, epochCredits: [...state.epochCredits, ...next.state.epochCredits.slice(-1)] } } : next;
    },
  },
  'a time may go back': { acceptsTimestamp: () => true },
  'a time must grow': { acceptsTimestamp: (last, slot, timestamp) => timestamp > last.timestamp && RULES.acceptsTimestamp(last, slot, timestamp) },
};

describe('a wrong rule', () => {
  test.each(Object.entries(broken))('is found within 20,000 votes, and shown by a short sequence: %s', (_, mistake) => {
    const wrong = ourProgram({ ...RULES, ...mistake });
    const first = runCampaign(newCampaign(2, 20_000), wrong, real);
    expect(first).not.toBeNull();
    const shortest = shrinkDisagreement(wrong, real, first!);
    expect(shortest.votes.length).toBeLessThanOrEqual(4);
    expect(describeDisagreement(shortest).length).toBeGreaterThan(5);
  });
});
