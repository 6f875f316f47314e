/**
 * The conflicts between a vote and all votes before it, "before" by newest slot and not by time on the wire.
 *
 * It is enough to keep, per voted block, the strictest lockout seen (the greatest confirmation count): each of the
 * rules V2 to V5 that a pair of votes breaks is also broken against it. What no later vote can break any more is
 * dropped from the oldest end, so that a vote costs no more than the lockouts between its root and its slot. A lawful
 * step costs less: it is not compared, and its lockouts are taken in only when a vote comes that is none.
 */
import type { Lockout } from '../model/lockout.ts';
import { lastLockedOutSlot } from '../model/lockout.ts';
import { lastSlotOf, sameRuns } from '../model/lockout-runs.ts';
import { blockOnFork, commonAncestor, descendsFrom } from './ancestry.ts';
import type { Block, Forks } from './ancestry.ts';
import type { SentVote } from './evidence.ts';
import { isLawfulStep, isSound } from './lawful-step.ts';
import { breaksFork, isOffFork } from './lockout-fork.ts';
import { reducesLockout } from './lockout-reduced.ts';
import { lacksLockedOut } from './lockout-stack.ts';
import { rootOf, rootWentBack } from './root.ts';

/** The strictest lockout of a voted block among the votes so far. */
export interface SeenLockout extends Lockout {
  /** Null when the trace has no such block on the vote's fork. */
  readonly block: Block | null;
  /** Last locked-out slot. */
  readonly end: number;
  /** The first vote that gave it this count. */
  readonly vote: SentVote;
}

type Growing = { -readonly [K in keyof SeenLockout]: SeenLockout[K] };

export type Rule = 'lockout-violation-fork' | 'lockout-violation-stack' | 'lockout-reduced' | 'root-went-back';

/** From the gravest. */
export const RULES: readonly Rule[] = ['lockout-violation-fork', 'lockout-violation-stack', 'lockout-reduced', 'root-went-back'];

/** One rule broken by a vote against a slot of an earlier vote. */
export type Conflict =
  | { readonly rule: 'lockout-violation-fork'; readonly seen: SeenLockout }
  | { readonly rule: 'lockout-violation-stack'; readonly seen: SeenLockout; readonly next: number; readonly offFork: boolean }
  | { readonly rule: 'lockout-reduced'; readonly seen: SeenLockout; readonly count: number }
  | { readonly rule: 'root-went-back'; readonly earlier: SentVote };

/** The slot of the earlier vote about which two votes conflict. */
export function conflictSlot(conflict: Conflict): number {
  return conflict.rule === 'root-went-back' ? rootOf(conflict.earlier) : conflict.seen.slot;
}

/**
 * Every vote that breaks V2 to V5 against an earlier one, with its conflicts, one per slot and rule.
 * Where a slot breaks V2, it is not told again as V3 or V4.
 *
 * @param votes by newest slot
 */
export function conflictsOf(forks: Forks, votes: readonly SentVote[]): Map<SentVote, readonly Conflict[]> {
  const found = new Map<SentVote, readonly Conflict[]>();
  let future: ReturnType<typeof futuresOf> | null = null; // only where a vote is no lawful step
  const seen: Growing[] = [];
  let first = 0; // seen[first…] are live
  let taken = 0; // votes[…taken − 1] are taken into `seen`
  let highestRoot: SentVote | null = null;
  let lawful: SentVote | null = null; // the vote before, when a lawful step from it breaks nothing

  for (let i = 0; i < votes.length; ) {
    const { slot } = votes[i]!.event;
    let end = i + 1;
    while (end < votes.length && votes[end]!.event.slot === slot) end++;
    const alone = end === i + 1;
    if (alone && lawful !== null && isLawfulStep(lawful, votes[i]!)) {
      lawful = votes[i]!;
      i = end;
      continue;
    }
    if (taken < i) {
      future ??= futuresOf(votes);
      const ahead = future(i);
      for (; taken < i; taken++) {
        const vote = votes[taken]!;
        if (highestRoot === null || rootOf(vote) > rootOf(highestRoot)) highestRoot = vote;
        remember(forks, seen, first, vote, ahead);
      }
      while (first < seen.length && isSpent(forks, seen[first]!, ahead)) first++;
    }
    for (let k = i; k < end; k++) {
      const vote = votes[k]!;
      if (isRepetition(votes, k, i, end)) continue;
      const conflicts = conflictsWith(forks, seen, first, vote);
      if (rootWentBack(vote, highestRoot)) conflicts.push({ rule: 'root-went-back', earlier: highestRoot! });
      if (conflicts.length > 0) found.set(vote, conflicts);
    }
    lawful = alone && !found.has(votes[i]!) && isSound(forks, votes[i]!, seen.at(-1)?.slot ?? -1) ? votes[i]! : null;
    i = end;
  }
  return found;
}

/** A re-sent vote (same slots, hash and root as another of votes[from…to−1]) is harmless and no vote of its own. */
function isRepetition(votes: readonly SentVote[], at: number, from: number, to: number): boolean {
  const vote = votes[at]!;
  if (!vote.event.refresh) return false;
  for (let k = from; k < to; k++) {
    if ((k < at || !votes[k]!.event.refresh) && sameContent(votes[k]!, vote)) return true;
  }
  return false;
}

function sameContent(a: SentVote, b: SentVote): boolean {
  return (
    a.event.slot === b.event.slot &&
    a.event.hash === b.event.hash &&
    a.event.root === b.event.root &&
    sameRuns(a.stack, b.stack)
  );
}

function conflictsWith(forks: Forks, seen: readonly SeenLockout[], first: number, vote: SentVote): Conflict[] {
  const conflicts: Conflict[] = [];
  const { stack } = vote;
  const root = rootOf(vote);
  let r = 0;
  for (let k = first; k < seen.length; k++) {
    const lockout = seen[k]!;
    const { slot } = lockout;
    while (r < stack.length && lastSlotOf(stack[r]!) < slot) r++;
    if (breaksFork(forks, lockout, vote)) {
      conflicts.push({ rule: 'lockout-violation-fork', seen: { ...lockout } });
      continue;
    }
    const run = stack[r];
    const next = run === undefined ? vote.event.slot : Math.max(run.slot, slot);
    if (next === slot && run !== undefined) {
      const count = run.confirmationCount - (slot - run.slot);
      if (reducesLockout(lockout, count, root)) conflicts.push({ rule: 'lockout-reduced', seen: { ...lockout }, count });
    } else if (next > slot && lacksLockedOut(lockout, root, next)) {
      conflicts.push({ rule: 'lockout-violation-stack', seen: { ...lockout }, next, offFork: isOffFork(forks, lockout, vote) });
    }
  }
  return conflicts.length < 2 ? conflicts : withoutEchoes(conflicts);
}

/** Two blocks of one slot may both be locked out: V2 of the slot hides V3 and V4 of it. */
function withoutEchoes(conflicts: readonly Conflict[]): Conflict[] {
  const forkSlots = new Set<number>();
  for (const conflict of conflicts) if (conflict.rule === 'lockout-violation-fork') forkSlots.add(conflict.seen.slot);
  return conflicts.filter(
    (conflict) => conflict.rule === 'root-went-back' || conflict.rule === 'lockout-violation-fork' || !forkSlots.has(conflict.seen.slot),
  );
}

/** Take the lockouts of a vote into the strictest ones. */
function remember(forks: Forks, seen: Growing[], first: number, vote: SentVote, ahead: Future): void {
  const tip = vote.block;
  let k = seen.length - 1;
  for (let r = vote.stack.length - 1; r >= 0; r--) {
    const run = vote.stack[r]!;
    for (let i = run.length - 1; i >= 0; i--) {
      const slot = run.slot + i;
      const confirmationCount = run.confirmationCount - i;
      while (k >= first && seen[k]!.slot > slot) k--;
      let known: Growing | null = null;
      for (let at = k; at >= first && seen[at]!.slot === slot && known === null; at--) {
        if (isOnForkOf(forks, seen[at]!, tip)) known = seen[at]!;
      }
      if (known !== null) {
        if (known.confirmationCount >= confirmationCount) continue;
        known.confirmationCount = confirmationCount;
        known.end = lastLockedOutSlot(known);
        known.vote = vote;
      } else {
        const block = tip === null ? null : blockOnFork(forks, slot, tip);
        const lockout = { slot, confirmationCount, block, end: lastLockedOutSlot({ slot, confirmationCount }), vote };
        if (!isSpent(forks, lockout, ahead)) seen.splice(k + 1, 0, lockout);
      }
    }
  }
}

/** Whether a seen lockout is for the block that the fork of `tip` has at its slot. */
function isOnForkOf(forks: Forks, { block, slot }: SeenLockout, tip: Block | null): boolean {
  if (block !== null) return tip !== null && descendsFrom(tip, block);
  return tip === null || blockOnFork(forks, slot, tip) === null;
}

/** What all votes from a place on have in common. */
interface Future {
  /** Their lowest slot; infinite when there are none. */
  readonly lowestSlot: number;
  /** Their lowest root; infinite when there are none. */
  readonly lowestRoot: number;
  /** The newest block from which all their blocks descend; 'any' when none of them has a known block. */
  readonly ancestor: Block | null | 'any';
}

/** The common part of the votes from a position on. Their lowest slot is that of the first of them. */
function futuresOf(votes: readonly SentVote[]): (from: number) => Future {
  const roots: number[] = Array(votes.length + 1).fill(Infinity);
  const ancestors: Future['ancestor'][] = Array(votes.length + 1).fill('any');
  for (let i = votes.length - 1; i >= 0; i--) {
    const { block } = votes[i]!;
    const ancestor = ancestors[i + 1]!;
    roots[i] = Math.min(roots[i + 1]!, rootOf(votes[i]!));
    ancestors[i] = block === null || ancestor === null ? ancestor : ancestor === 'any' ? block : commonAncestor(block, ancestor);
  }
  return (from) => ({ lowestSlot: votes[from]?.event.slot ?? Infinity, lowestRoot: roots[from]!, ancestor: ancestors[from]! });
}

/** Whether no later vote can conflict with the lockout: below every root, and expired or on every fork. */
function isSpent(forks: Forks, lockout: SeenLockout, { lowestSlot, lowestRoot, ancestor }: Future): boolean {
  if (lockout.slot > lowestRoot) return false;
  if (lockout.end < lowestSlot || ancestor === 'any') return true;
  if (lockout.block === null) return forks.at(lockout.slot) === null;
  return ancestor !== null && descendsFrom(ancestor, lockout.block);
}
