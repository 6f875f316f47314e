/**
 * What the vote program accepts. Pure.
 *
 * Rules: agave programs/vote/src/vote_state/{mod,handler}.rs (4.3; the same from 2.1 on) and the error codes of
 * solana-sdk vote-interface/src/error.rs. The program knows one fork only, through SlotHashes.
 */
import { MAX_LOCKOUT_HISTORY, isLockedOutAtSlot, lastVotedSlot, processNextVoteSlot } from './lockout.ts';
import type { Lockout, VoteStack } from './lockout.ts';

/** The n of Custom(n). */
export const VoteError = {
  VoteTooOld: 0,
  SlotsMismatch: 1,
  SlotHashMismatch: 2,
  EmptySlots: 3,
  TimestampTooOld: 4,
  TooSoonToReauthorize: 5,
  LockoutConflict: 6,
  NewVoteStateLockoutMismatch: 7,
  SlotsNotOrdered: 8,
  ConfirmationsNotOrdered: 9,
  ZeroConfirmations: 10,
  ConfirmationTooLarge: 11,
  RootRollBack: 12,
  ConfirmationRollBack: 13,
  SlotSmallerThanRoot: 14,
  TooManyVotes: 15,
  VotesTooOldAllFiltered: 16,
  RootOnDifferentFork: 17,
  ActiveVoteAccountClose: 18,
  CommissionUpdateTooLate: 19,
  AssertionFailed: 20,
} as const;

export type VoteErrorName = keyof typeof VoteError;
const errorNames = Object.keys(VoteError) as readonly VoteErrorName[];

/** Name of a Custom(n), undefined for a number that the vote program does not use. */
export function voteErrorName(code: number): VoteErrorName | undefined {
  return errorNames[code];
}

/** Entries of the SlotHashes sysvar. */
export const SLOT_HASHES_ENTRIES = 512;

/**
 * The SlotHashes of a bank: its strict ancestors, oldest first, in the window [from, to) of arrays that may be longer
 * and shared by all banks of a fork.
 */
export interface SlotHashes {
  readonly slots: readonly number[];
  readonly hashes: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** A TowerSync instruction: the whole stack, oldest first, and the bank hash of its newest slot. */
export interface TowerSync {
  readonly lockouts: readonly Lockout[];
  readonly root: number | null;
  readonly hash: string;
}

/** The part of a vote account on which acceptance depends. */
export type VoteState = VoteStack;

export interface VoteOutcome {
  /** Custom(n), or null when accepted. */
  readonly error: number | null;
  /** The new state; the old object when refused. */
  readonly state: VoteState;
}

/** Executes a TowerSync whose authorised voter has signed: first against SlotHashes, then against the old state. */
export function applyTowerSync(state: VoteState, proposal: TowerSync, slotHashes: SlotHashes): VoteOutcome {
  const proposed = checkAndFilterProposed(state, proposal, slotHashes);
  if (typeof proposed === 'number') return { error: proposed, state };
  const error = checkNewVoteState(state, proposed);
  return error === null ? { error, state: proposed } : { error, state };
}

/**
 * Agave `check_and_filter_proposed_vote_state`: is every proposed slot on this fork? Slots older than SlotHashes cannot
 * be checked: they are dropped unless already on chain. Returns the filtered stack, or a Custom(n).
 *
 * Agave's sanity check AssertionFailed cannot be reached: what is below the oldest entry is below the oldest entry.
 */
export function checkAndFilterProposed(state: VoteState, proposal: TowerSync, slotHashes: SlotHashes): VoteStack | number {
  const { lockouts } = proposal;
  const { slots, hashes, from, to } = slotHashes;
  if (lockouts.length === 0) return VoteError.EmptySlots;
  const newest = lockouts[lockouts.length - 1]!.slot;
  const last = lastVotedSlot(state);
  if (last !== null && newest <= last) return VoteError.VoteTooOld;
  if (from >= to) return VoteError.SlotsMismatch;
  const oldest = slots[from]!;
  if (newest < oldest) return VoteError.VoteTooOld;

  let { root } = proposal;
  if (root !== null && root < oldest) root = newestVoteUpTo(state, root);

  let at = from;
  if (root !== null) {
    at = firstFrom(slots, root, at, to);
    if (at === to) return VoteError.SlotsMismatch;
    if (slots[at]! > root && at > from) return VoteError.RootOnDifferentFork;
  }
  let filtered: Lockout[] | null = null;
  for (let i = 0; i < lockouts.length; i++) {
    const vote = lockouts[i]!;
    // Off the newest end of SlotHashes: some proposed slot is not on this fork.
    if (at === to) return VoteError.SlotsMismatch;
    if (i > 0 && vote.slot <= lockouts[i - 1]!.slot) return VoteError.SlotsNotOrdered;
    at = firstFrom(slots, vote.slot, at, to);
    if (at === to) return VoteError.SlotsMismatch;
    const known = slots[at]! === vote.slot;
    if (!known && at > from) return VoteError.SlotsMismatch;
    if (known) {
      at++;
      filtered?.push(vote);
    } else if (state.votes.some((held) => held.slot === vote.slot)) {
      filtered?.push(vote);
    } else {
      filtered ??= lockouts.slice(0, i);
    }
  }
  // The newest slot is not below the oldest entry, so the walk ended by finding it.
  if (hashes[at - 1]! !== proposal.hash) return VoteError.SlotHashMismatch;
  return { votes: filtered ?? lockouts, root };
}

/** The newest on-chain vote not above `slot`, else the on-chain root: stands in for a root older than SlotHashes. */
function newestVoteUpTo(state: VoteState, slot: number): number | null {
  return state.votes.findLast((vote) => vote.slot <= slot)?.slot ?? state.root;
}

/** Index in [at, to) of the first entry >= slot, `to` if none. Near entries are tried first: most walks are dense. */
function firstFrom(slots: readonly number[], slot: number, at: number, to: number): number {
  if (at === to || slots[at]! >= slot) return at;
  if (at + 1 === to || slots[at + 1]! >= slot) return at + 1;
  let low = at + 2;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (slots[middle]! < slot) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Agave `process_new_vote_state` without credits and timestamp: may `proposed` replace `current`? Returns null, or a
 * Custom(n) in the program's order of checks.
 *
 * A vote above the new root may be missing only when its lockout ends before the next proposed slot. Slots that the old
 * state lacks are legal (retroactive votes), and so are stacks that voting slot by slot could never build.
 */
export function checkNewVoteState(current: VoteState, proposed: VoteStack): number | null {
  const { votes, root } = proposed;
  if (votes.length > MAX_LOCKOUT_HISTORY) return VoteError.TooManyVotes;
  if (current.root !== null && (root === null || root < current.root)) return VoteError.RootRollBack;
  let previous: Lockout | null = null;
  for (const vote of votes) {
    if (vote.confirmationCount === 0) return VoteError.ZeroConfirmations;
    if (vote.confirmationCount > MAX_LOCKOUT_HISTORY) return VoteError.ConfirmationTooLarge;
    // Root 0 is exempt: a cluster's first votes may be on slot 0.
    if (root !== null && root !== 0 && vote.slot <= root) return VoteError.SlotSmallerThanRoot;
    if (previous !== null) {
      if (previous.slot >= vote.slot) return VoteError.SlotsNotOrdered;
      if (previous.confirmationCount <= vote.confirmationCount) return VoteError.ConfirmationsNotOrdered;
      if (!isLockedOutAtSlot(previous, vote.slot)) return VoteError.NewVoteStateLockoutMismatch;
    }
    previous = vote;
  }
  let c = 0;
  if (root !== null) while (c < current.votes.length && current.votes[c]!.slot <= root) c++;
  for (let n = 0; c < current.votes.length && n < votes.length; ) {
    const held = current.votes[c]!;
    const vote = votes[n]!;
    if (held.slot < vote.slot) {
      if (isLockedOutAtSlot(held, vote.slot)) return VoteError.LockoutConflict;
      c++;
    } else if (held.slot === vote.slot) {
      if (vote.confirmationCount < held.confirmationCount) return VoteError.ConfirmationRollBack;
      c++;
      n++;
    } else {
      n++;
    }
  }
  return null;
}

/** A legacy Vote instruction: slots, oldest first, and the bank hash of the newest. */
export interface LegacyVote {
  readonly slots: readonly number[];
  readonly hash: string;
}

/** Executes a legacy Vote: slots older than SlotHashes are dropped, the others applied one by one. */
export function applyLegacyVote(state: VoteState, vote: LegacyVote, slotHashes: SlotHashes): VoteOutcome {
  if (vote.slots.length === 0) return { error: VoteError.EmptySlots, state };
  const oldest = slotHashes.from < slotHashes.to ? slotHashes.slots[slotHashes.from]! : 0;
  const slots = vote.slots.filter((slot) => slot >= oldest);
  if (slots.length === 0) return { error: VoteError.VotesTooOldAllFiltered, state };
  const error = checkSlotsAreValid(state, { slots, hash: vote.hash }, slotHashes);
  return error === null ? { error, state: slots.reduce(processNextVoteSlot, state) } : { error, state };
}

/** Agave `check_slots_are_valid`: each slot newer than the last vote must be in SlotHashes. Null, or a Custom(n). */
export function checkSlotsAreValid(state: VoteState, vote: LegacyVote, slotHashes: SlotHashes): number | null {
  const { slots, hashes, from, to } = slotHashes;
  const last = lastVotedSlot(state);
  let i = 0;
  let at = from;
  while (i < vote.slots.length && at < to) {
    const slot = vote.slots[i]!;
    if (last !== null && slot <= last) i++;
    else if (slots[at++]! === slot) i++;
  }
  if (at === from) return VoteError.VoteTooOld;
  if (i < vote.slots.length) return VoteError.SlotsMismatch;
  return hashes[at - 1]! === vote.hash ? null : VoteError.SlotHashMismatch;
}
