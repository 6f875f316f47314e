/** Kinds about lockouts and predicates of a tower. */
import { lockoutsOf, pairsOf, recordedTower, slotRange, stackNotation, stackOf, u64Notation, u64Of } from './notation.ts';
import type { Pair, StackNotation } from './notation.ts';
import type { Executor, Executors } from './run.ts';
import type { Rules } from './rules.ts';

const lockout: Executor<
  { slot: number | string; confirmation_count: number },
  { locked_at?: Readonly<Record<string, boolean>> }
> = (input, rules, expect) => {
  const vote = { slot: u64Of(input.slot), confirmationCount: input.confirmation_count };
  const asked = Object.keys(expect.locked_at ?? {});
  return {
    lockout: rules.lockoutOf(vote.confirmationCount),
    last_locked_out_slot: u64Notation(rules.lastLockedOutSlot(vote)),
    locked_at: Object.fromEntries(asked.map((slot) => [slot, rules.isLockedOutAtSlot(vote, Number(slot))])),
  };
};

const vote_state_apply: Executor<{ initial: StackNotation; slots: readonly number[] }> = ({ initial, slots }, rules) =>
  stackNotation(slots.reduce((stack, slot) => rules.processNextVoteSlot(stack, slot), stackOf(initial)));

const nth_recent_lockout: Executor<{ votes: readonly Pair[]; positions: readonly number[] }> = (input, rules) => {
  const stack = { votes: lockoutsOf(input.votes), root: null };
  return { slots: input.positions.map((position) => rules.nthRecentLockout(stack, position)?.slot ?? null) };
};

interface Recorded {
  readonly recorded_slots: readonly number[] | string;
  readonly root?: number;
  /** What the stack must then be. */
  readonly tower?: StackNotation;
}

function towerFrom(rules: Rules, { recorded_slots, root, tower: wanted }: Recorded) {
  const slots = typeof recorded_slots === 'string' ? slotRange(recorded_slots) : recorded_slots;
  const tower = recordedTower(rules, slots, root ?? 0);
  const stack = JSON.stringify(pairsOf(tower.stack.votes));
  if (wanted !== undefined && stack !== JSON.stringify(wanted.votes)) throw new Error(`recording gives the stack ${stack}`);
  return tower;
}

const is_locked_out: Executor<Recorded & { candidate: number; ancestors: readonly number[] }> = (input, rules) => ({
  locked_out: rules.isLockedOut(towerFrom(rules, input), input.candidate, (slot) => input.ancestors.includes(slot)),
});

const has_voted: Executor<Recorded & { queries: readonly number[] }> = (input, rules) => ({
  has_voted: input.queries.map((slot) => rules.hasVoted(towerFrom(rules, input), slot)),
});

const is_recent: Executor<
  Recorded & { queries: readonly number[]; before_recording?: Readonly<Record<string, boolean>> }
> = (input, rules) => {
  for (const [slot, recent] of Object.entries(input.before_recording ?? {})) {
    if (rules.isRecent(rules.newTower('node'), Number(slot)) !== recent) throw new Error(`before recording, slot ${slot}`);
  }
  return { is_recent: input.queries.map((slot) => rules.isRecent(towerFrom(rules, input), slot)) };
};

const check_vote_stake_thresholds: Executor<
  Recorded & {
    threshold_depth: number;
    threshold_size: number;
    candidate: number;
    voted_stakes: Readonly<Record<string, number>>;
    total_stake: number;
  }
> = (input, rules) => {
  const tower = {
    ...towerFrom(rules, input),
    thresholdDepth: input.threshold_depth,
    thresholdSize: input.threshold_size,
  };
  const failures = rules.thresholdFailures(tower, input.candidate, (slot) => input.voted_stakes[slot], input.total_stake);
  return {
    failures: failures.map(({ depth, stake }) => ['FailedThreshold', depth, stake]),
    blocks_voting: failures.some(({ depth }) => depth >= input.threshold_depth),
  };
};

const threshold_with_vote_accounts: Executor<{
  chain: string;
  threshold_depth: number;
  threshold_size: number;
  total_stake: number;
  vote_accounts: readonly { stake: number; votes: readonly number[] }[];
  my_recorded_slots: readonly number[];
  candidates: readonly number[];
}> = (input, rules) => {
  if (!input.chain.includes('single fork')) throw new Error(`unknown chain "${input.chain}"`);
  const tower = {
    ...recordedTower(rules, input.my_recorded_slots),
    thresholdDepth: input.threshold_depth,
    thresholdSize: input.threshold_size,
  };
  const accounts = input.vote_accounts.map(({ stake, votes }) => ({
    stake,
    stack: votes.reduce((stack, slot) => rules.processNextVoteSlot(stack, slot), stackOf({ votes: [], root: null })),
  }));
  const passes = input.candidates.map((candidate) => {
    const stakes = rules.votedStakes(accounts, candidate, (slot) => (slot === 0 ? null : slot - 1));
    return rules.thresholdFailures(tower, candidate, (slot) => stakes.get(slot), input.total_stake).length === 0;
  });
  return { passes };
};

interface ConfirmationCases {
  readonly cases: readonly { voted_stakes: Readonly<Record<string, number>>; slot: number; total: number }[];
}

const is_slot_confirmed: Executor<ConfirmationCases & { threshold_size: number }> = ({ cases, threshold_size }, rules) => ({
  confirmed: cases.map(({ voted_stakes, slot, total }) => rules.isConfirmed(voted_stakes[slot], total, threshold_size)),
});

const is_slot_duplicate_confirmed: Executor<ConfirmationCases> = ({ cases }, rules) => ({
  confirmed: cases.map(({ voted_stakes, slot, total }) =>
    rules.isConfirmed(voted_stakes[slot], total, rules.DUPLICATE_THRESHOLD),
  ),
  f64_threshold: String(rules.DUPLICATE_THRESHOLD),
});

const maybe_timestamp: Executor<{
  start: { last_timestamp_slot: number; last_timestamp: number };
  calls: readonly { slot?: number; adjust_last_timestamp?: number }[];
}> = ({ start, calls }, rules) => {
  const clock = 1_700_000_000;
  let last = { slot: start.last_timestamp_slot, timestamp: start.last_timestamp };
  const some = calls.map(({ slot, adjust_last_timestamp }) => {
    if (slot === undefined) {
      last = { ...last, timestamp: last.timestamp + (adjust_last_timestamp ?? 0) };
      return null;
    }
    const next = rules.nextTimestamp(last, slot, clock);
    last = next ?? last;
    return next !== null;
  });
  return { some };
};

const refresh_timestamp: Executor<{
  heaviest_slot_on_same_fork: number;
  cases: readonly {
    last_vote_slots: readonly number[];
    last_vote_timestamp: number | null;
    last_timestamp: readonly [slot: number, timestamp: number];
  }[];
}> = (input, rules) => {
  const towers = input.cases.map(({ last_vote_slots, last_vote_timestamp, last_timestamp: [slot, timestamp] }) => {
    const voted = recordedTower(rules, last_vote_slots);
    const lastVote = voted.lastVote === null ? null : { ...voted.lastVote, timestamp: last_vote_timestamp };
    const tower = { ...voted, lastVote, lastTimestamp: { slot, timestamp } };
    return rules.refreshTimestamp(tower, input.heaviest_slot_on_same_fork);
  });
  return {
    vote_timestamp: towers.map((tower) => tower.lastVote?.timestamp ?? null),
    last_timestamp: towers.map(({ lastTimestamp: { slot, timestamp } }) => [slot, timestamp]),
  };
};

export const lockoutKinds: Executors = {
  lockout,
  vote_state_apply,
  nth_recent_lockout,
  is_locked_out,
  has_voted,
  is_recent,
  check_vote_stake_thresholds,
  threshold_with_vote_accounts,
  is_slot_confirmed,
  is_slot_duplicate_confirmed,
  maybe_timestamp,
  refresh_timestamp,
};
