/**
 * The shortest sequence that still shows a disagreement: votes are left out, then what is in them, until nothing can be
 * left out any more. Each vote carries the fork that it sees, so any part of a sequence is a sequence.
 */
import { compare } from './compare.ts';
import type { Disagreement } from './compare.ts';
import { isEncodable } from './landing-vote.ts';
import type { LandingVote } from './landing-vote.ts';
import type { Program } from './our-program.ts';

/** Shrinks a disagreement. Any disagreement counts as well as the first one: they mostly have one cause. */
export function shrinkDisagreement(ours: Program, real: Program, found: Disagreement): Disagreement {
  let smallest = found;
  const keep = (votes: readonly LandingVote[]): boolean => {
    if (!votes.every(isEncodable)) return false;
    const still = compare(ours, real, votes);
    if (still === null) return false;
    smallest = still;
    return true;
  };
  for (let shrunk = true; shrunk; ) shrunk = withoutVotes(() => smallest.votes, keep) || withSmallerVotes(() => smallest.votes, keep);
  return smallest;
}

type Keep = (votes: readonly LandingVote[]) => boolean;

/** Leaves out halves, then smaller parts, down to single votes. */
function withoutVotes(votes: () => readonly LandingVote[], keep: Keep): boolean {
  let shrunk = false;
  for (let size = Math.ceil(votes().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = votes().length - size; at >= 0; at = Math.min(at - size, votes().length - size)) {
      if (keep(votes().toSpliced(at, size))) shrunk = true;
    }
  }
  return shrunk;
}

function withSmallerVotes(votes: () => readonly LandingVote[], keep: Keep): boolean {
  for (let i = votes().length - 1; i >= 0; i--) {
    for (const smaller of smallerVotes(votes()[i]!)) if (keep(votes().with(i, smaller))) return true;
  }
  return false;
}

function* smallerVotes(vote: LandingVote): Generator<LandingVote> {
  const { sync, slotHashes, bank } = vote;
  const { slots, hashes, from, to } = slotHashes;
  if (sync.timestamp !== null) yield { ...vote, sync: { ...sync, timestamp: null } };
  if (sync.root !== null) yield { ...vote, sync: { ...sync, root: null } };
  for (const [i] of sync.lockouts.entries()) yield { ...vote, sync: { ...sync, lockouts: sync.lockouts.toSpliced(i, 1) } };
  for (let size = to - from; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = from; at < to; at += size) {
      const kept = slots.slice(from, to).toSpliced(at - from, size);
      yield { ...vote, slotHashes: { slots: kept, hashes: hashes.slice(from, to).toSpliced(at - from, size), from: 0, to: kept.length } };
    }
  }
  const newest = sync.lockouts.at(-1)?.slot ?? 0;
  if (bank.slot !== newest + 1) yield { ...vote, bank: { ...bank, slot: newest + 1 } };
  if (bank.epoch !== 0) yield { ...vote, bank: { ...bank, epoch: 0 } };
}
