/** Kinds about votes on chain: acceptance, credits, timestamps, lockout violations. */
import type { SeenLockout } from '../../src/check/lockouts-seen.ts';
import type { CreditedStack } from '../../src/model/vote-credits.ts';
import { lockoutsOf, outcomeNotation, pairsOf, recordedTower, slotHashesOf, slotRange, stackOf } from './notation.ts';
import type { Pair, StackNotation } from './notation.ts';
import type { Executor, Executors } from './run.ts';
import type { Rules } from './rules.ts';

type NewestFirst = readonly (readonly [slot: number, hash: string])[];

const tower_sync: Executor<{
  onchain: StackNotation;
  slot_hashes_newest_first: NewestFirst;
  proposed: { lockouts: readonly Pair[]; root: number | null; hash: string };
}> = ({ onchain, slot_hashes_newest_first, proposed }, rules) => {
  const state = stackOf(onchain);
  const proposal = { lockouts: lockoutsOf(proposed.lockouts), root: proposed.root, hash: proposed.hash };
  const slotHashes = slotHashesOf(slot_hashes_newest_first);
  const filtered = rules.checkAndFilterProposed(state, proposal, slotHashes);
  const applied = rules.applyTowerSync(state, proposal, slotHashes);
  if (typeof filtered === 'number') {
    if (applied.error !== filtered) throw new Error(`the instruction ends with ${applied.error}, its filter with ${filtered}`);
    return { filter: { ok: false, error: rules.voteErrorName(filtered) }, apply: null };
  }
  return { filter: { ok: true, lockouts: pairsOf(filtered.votes), root: filtered.root }, apply: outcomeNotation(applied) };
};

const process_new_vote_state: Executor<{
  onchain: StackNotation;
  proposed: { lockouts: readonly Pair[]; root: number | null };
}> = ({ onchain, proposed }, rules) => {
  const state = stackOf(onchain);
  const next = stackOf({ votes: proposed.lockouts, root: proposed.root });
  const error = rules.checkNewVoteState(state, next);
  return outcomeNotation({ error, state: error === null ? next : state });
};

interface LegacyInput {
  readonly onchain: StackNotation;
  readonly vote: { slots: readonly number[]; hash: string };
  readonly slot_hashes_newest_first: NewestFirst;
}

const process_vote: Executor<LegacyInput> = ({ onchain, vote, slot_hashes_newest_first }, rules) =>
  outcomeNotation(rules.applyLegacyVote(stackOf(onchain), vote, slotHashesOf(slot_hashes_newest_first)));

const check_slots_are_valid: Executor<LegacyInput> = ({ onchain, vote, slot_hashes_newest_first }, rules) => {
  const state = stackOf(onchain);
  return outcomeNotation({ error: rules.checkSlotsAreValid(state, vote, slotHashesOf(slot_hashes_newest_first)), state });
};

/** Consecutive votes of a local tower against what is on chain, on one fork. */
const failover_sequence: Executor<{
  onchain: StackNotation;
  local: StackNotation;
  local_votes: string;
  slot_hashes: string;
}> = (input, rules) => {
  const match = /from (\d+) to (\d+)/.exec(input.local_votes);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  const entries = Number(/(\d+) newest/.exec(input.slot_hashes)?.[1]);
  const slots = Array.from({ length: last + 1 }, (_, slot) => slot);
  const hashes = slots.map((slot) => `H${slot}`);
  let onchain = stackOf(input.onchain);
  let tower = { ...recordedTower(rules, []), stack: stackOf(input.local) };
  const runs: [string, number, number][] = [];
  for (let slot = first; slot <= last; slot++) {
    tower = rules.recordVote(tower, slot, hashes[slot]!);
    const window = { slots, hashes, from: Math.max(0, slot + 1 - entries), to: slot + 1 };
    const { error, state } = rules.applyTowerSync(onchain, tower.lastVote!, window);
    onchain = state;
    const result = error === null ? 'ok' : rules.voteErrorName(error)!;
    const run = runs.at(-1);
    if (run?.[0] === result) run[2] = slot;
    else runs.push([result, slot, slot]);
  }
  return { outcome_runs: runs };
};

const EMPTY_ACCOUNT: CreditedStack = { votes: [], root: null, latencies: [], epochCredits: [] };

const credits: Executor<{ slots_first: string; then: readonly number[]; current_slot: number }> = (input, rules) => {
  const bank = { slot: input.current_slot, epoch: 0 };
  const vote = (state: CreditedStack, slot: number) => rules.creditNextVoteSlot(state, slot, bank);
  let state = slotRange(input.slots_first).reduce(vote, EMPTY_ACCOUNT);
  const credits_before = rules.totalCredits(state.epochCredits);
  const credits_after_each = input.then.map((slot) => rules.totalCredits((state = vote(state, slot)).epochCredits));
  return { credits_before, credits_after_each };
};

const timely_credits: Executor<{
  groups: readonly { vote_slots: readonly number[]; landed_in_slot: number }[];
}> = ({ groups }, rules) => {
  let state = EMPTY_ACCOUNT;
  const states = groups.map(({ vote_slots, landed_in_slot }) => {
    for (const slot of vote_slots) state = rules.creditNextVoteSlot(state, slot, { slot: landed_in_slot, epoch: 0 });
    return state;
  });
  return {
    cumulative_credits: states.map(({ epochCredits }) => rules.totalCredits(epochCredits)),
    root_after_each: states.map(({ root }) => root),
  };
};

const timely_credits_tower_sync: Executor<{
  updates: readonly { lockouts: readonly Pair[]; landed_in_slot: number; root: number | null }[];
}> = ({ updates }, rules) => {
  let state = EMPTY_ACCOUNT;
  const cumulative_credits = updates.map(({ lockouts, landed_in_slot, root }) => {
    const outcome = rules.creditNewVoteState(state, stackOf({ votes: lockouts, root }), { slot: landed_in_slot, epoch: 0 });
    if (outcome.error !== null) throw new Error(`update refused with ${rules.voteErrorName(outcome.error)}`);
    state = outcome.state;
    return rules.totalCredits(state.epochCredits);
  });
  return { cumulative_credits };
};

const vote_latency: Executor<{ cases: readonly (readonly [voted: number, landed: number])[] }> = ({ cases }, rules) => ({
  latency: cases.map(([voted, landed]) => rules.voteLatency(voted, landed)),
});

const credits_by_latency: Executor<{ latencies: readonly number[] }> = ({ latencies }, rules) => ({
  credits: latencies.map((latency) => rules.creditsForLatency(latency)),
});

const epoch_credits: Executor<{ rule: string; max_history: number }> = (input, rules) => {
  if (input.max_history !== rules.MAX_EPOCH_CREDITS_HISTORY) throw new Error(`history of ${input.max_history} epochs`);
  let { epochCredits } = EMPTY_ACCOUNT;
  for (const epoch of slotRange(input.rule)) {
    for (let i = 0; i < epoch; i++) epochCredits = rules.addCredits(epochCredits, epoch, 1);
  }
  return { len: epochCredits.length, first: epochCredits[0], last: epochCredits.at(-1) };
};

const process_timestamp: Executor<{
  last: readonly [slot: number, timestamp: number];
  attempts: readonly (readonly [slot: number, timestamp: number])[];
}> = ({ last: [slot, timestamp], attempts }, rules) => {
  let last = { slot, timestamp };
  const results = attempts.map(([nextSlot, nextTimestamp]) => {
    if (!rules.acceptsTimestamp(last, nextSlot, nextTimestamp)) return rules.voteErrorName(rules.VoteError.TimestampTooOld);
    last = { slot: nextSlot, timestamp: nextTimestamp };
    return 'ok';
  });
  return { results };
};

interface SignedVote {
  readonly root: number | null;
  /** Pairs, or "slots a, b, c" of consecutive votes. */
  readonly lockouts: readonly Pair[] | string;
}

function votedStack({ lockouts, root }: SignedVote) {
  if (typeof lockouts !== 'string') return stackOf({ votes: lockouts, root });
  const slots = [...lockouts.matchAll(/\d+/g)].map(Number);
  return stackOf({ votes: slots.map((slot, i) => [slot, slots.length - i]), root });
}

/** Slots that the later vote lacks although an earlier vote locks them out. Prose asks whether one slot is to blame. */
/** A lockout with its last slot; who voted is nothing to the rule. */
function seenLockouts(rules: Rules, vote: SignedVote): SeenLockout[] {
  return votedStack(vote).votes.map(
    (lockout) => ({ ...lockout, end: rules.lastLockedOutSlot(lockout), block: null }) as SeenLockout,
  );
}

/** Slots that the later vote lacks although an earlier vote locks them out. Prose asks whether one slot is to blame. */
const lockout_violation: Executor<
  { votes_in_order: readonly SignedVote[]; later: SignedVote },
  { violation: boolean | string }
> = (input, rules, { violation: asked }) => {
  const later = votedStack(input.later);
  const earlier = input.votes_in_order.flatMap((vote) => seenLockouts(rules, vote));
  const blamed = earlier.filter((seen) => {
    const next = later.votes.find(({ slot }) => slot >= seen.slot);
    return next !== undefined && next.slot > seen.slot && rules.lacksLockedOut(seen, later.root ?? -1, next.slot);
  });
  if (typeof asked === 'boolean') return { violation: blamed.length > 0 };
  const slot = Number(/\d+$/.exec(asked)?.[0]);
  return { violation: `${blamed.some((vote) => vote.slot === slot) ? '' : 'not '}because of ${slot}` };
};

export const programKinds: Executors = {
  tower_sync,
  process_new_vote_state,
  process_vote,
  check_slots_are_valid,
  failover_sequence,
  credits,
  timely_credits,
  timely_credits_tower_sync,
  vote_latency,
  credits_by_latency,
  epoch_credits,
  process_timestamp,
  lockout_violation,
};
