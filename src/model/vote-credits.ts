/**
 * Credits, latencies and the timestamp of a vote account. Pure.
 *
 * Rules: agave programs/vote/src/vote_state/{mod,handler}.rs (4.3) and solana-sdk
 * vote-interface/src/state/vote_state_v4.rs; timely vote credits are SIMD-0033.
 */
import { MAX_LOCKOUT_HISTORY, processNextVoteSlot, unexpiredLength } from './lockout.ts';
import type { VoteStack } from './lockout.ts';
import { checkNewVoteState } from './vote-program.ts';

/** Latency in slots up to which a vote earns everything. */
const VOTE_CREDITS_GRACE_SLOTS = 2;
const VOTE_CREDITS_MAXIMUM_PER_SLOT = 16;
export const MAX_EPOCH_CREDITS_HISTORY = 64;
/** Latency is one byte on chain. */
const MAX_LATENCY = 255;

/** [epoch, credits at its end or now, credits before it], newest last. */
export type EpochCredits = readonly (readonly [epoch: number, credits: number, previous: number])[];

/** A vote account with what its credits depend on. */
export interface CreditedStack extends VoteStack {
  /** Latency of each vote, in the order of `votes`; 0 when it was never measured. */
  readonly latencies: readonly number[];
  readonly epochCredits: EpochCredits;
}

/** Where a vote lands. */
export interface LandingBank {
  readonly slot: number;
  readonly epoch: number;
}

/** Slots from the block voted for to the block in which the vote landed, at most 255. */
export function voteLatency(votedSlot: number, landedSlot: number): number {
  return Math.min(Math.max(landedSlot - votedSlot, 0), MAX_LATENCY);
}

/** Credits that a vote earns once it is rooted. */
export function creditsForLatency(latency: number): number {
  if (latency === 0) return 1;
  const late = Math.max(latency - VOTE_CREDITS_GRACE_SLOTS, 0);
  return Math.max(VOTE_CREDITS_MAXIMUM_PER_SLOT - late, 1);
}

/** The list after `credits` earned in `epoch`. An epoch that earned nothing gives its entry to the next one. */
export function addCredits(list: EpochCredits, epoch: number, credits: number): EpochCredits {
  const [lastEpoch, total, previous] = list.at(-1) ?? [epoch, 0, 0];
  if (lastEpoch === epoch) return [...list.slice(0, -1), [epoch, total + credits, previous]];
  const kept = total === previous ? list.slice(0, -1) : list;
  return [...kept, [epoch, total + credits, total] as const].slice(-MAX_EPOCH_CREDITS_HISTORY);
}

/** Credits of all epochs. */
export function totalCredits(list: EpochCredits): number {
  return list.at(-1)?.[1] ?? 0;
}

/** `processNextVoteSlot` with latency, and the credits of a vote that it roots: the legacy way, slot by slot. */
export function creditNextVoteSlot(state: CreditedStack, slot: number, bank: LandingBank): CreditedStack {
  const stack = processNextVoteSlot(state, slot);
  if (stack === state) return state;
  const kept = unexpiredLength(state.votes, slot);
  const rooted = kept === MAX_LOCKOUT_HISTORY ? 1 : 0;
  const epochCredits =
    rooted === 1
      ? addCredits(state.epochCredits, bank.epoch, creditsForLatency(state.latencies[0]!))
      : state.epochCredits;
  const latencies = [...state.latencies.slice(rooted, kept), voteLatency(slot, bank.slot)];
  return { ...stack, latencies, epochCredits };
}

/**
 * `checkNewVoteState` with latencies and credits. The current votes up to the new root are paid together, and only when
 * the root has moved.
 */
export function creditNewVoteState(
  state: CreditedStack,
  proposed: VoteStack,
  bank: LandingBank,
): { readonly error: number | null; readonly state: CreditedStack } {
  const error = checkNewVoteState(state, proposed);
  if (error !== null) return { error, state };
  const { votes, root } = proposed;
  const { epochCredits } = state;
  const latencyOf = new Map<number, number>();
  let earned = 0;
  state.votes.forEach(({ slot }, i) => {
    const latency = state.latencies[i]!;
    if (root !== null && slot <= root) earned += creditsForLatency(latency);
    else latencyOf.set(slot, latency);
  });
  // 0 means "not measured" to the program, also for a vote that landed in its own slot: it is measured again. So is slot
  // 0 above root 0, the one rooted vote that may stay.
  const latencies = votes.map(({ slot }) => latencyOf.get(slot) || voteLatency(slot, bank.slot));
  const moved = root !== null && root !== state.root;
  return { error: null, state: { votes, root, latencies, epochCredits: moved ? addCredits(epochCredits, bank.epoch, earned) : epochCredits } };
}

/** Whether a vote account takes a timestamp: neither slot nor time goes back, and a slot keeps its time. */
export function acceptsTimestamp(
  last: { readonly slot: number; readonly timestamp: number },
  slot: number,
  timestamp: number,
): boolean {
  if (slot < last.slot || timestamp < last.timestamp) return false;
  return slot !== last.slot || timestamp === last.timestamp || last.slot === 0;
}
