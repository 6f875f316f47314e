/**
 * Stacks in little memory, for traces with many votes. A tower that votes for every block holds one run, however deep
 * it is; a skipped slot begins another one.
 */
import { MAX_LOCKOUT_HISTORY, isLockedOutAtSlot } from './lockout.ts';
import type { Lockout } from './lockout.ts';

/** Consecutive slots whose confirmation counts fall by one from slot to slot. */
export interface LockoutRun {
  /** Oldest slot. */
  readonly slot: number;
  /** Count of the oldest slot. */
  readonly confirmationCount: number;
  /** Number of slots, from 1. */
  readonly length: number;
}

/** Oldest first. */
export type LockoutRuns = readonly LockoutRun[];

/** The lockouts in as few runs as possible; their order is kept. */
export function toRuns(lockouts: readonly Lockout[]): LockoutRuns {
  const size = lockouts.length;
  if (size === 0) return [];
  let end = endOfRun(lockouts, 0);
  const runs = [runFrom(lockouts, 0, end)];
  while (end < size) {
    const from = end;
    end = endOfRun(lockouts, from);
    runs.push(runFrom(lockouts, from, end));
  }
  return runs;
}

function endOfRun(lockouts: readonly Lockout[], from: number): number {
  const { slot, confirmationCount } = lockouts[from]!;
  let length = 1;
  for (; from + length < lockouts.length; length++) {
    const next = lockouts[from + length]!;
    if (next.slot !== slot + length || next.confirmationCount !== confirmationCount - length) break;
  }
  return from + length;
}

function runFrom(lockouts: readonly Lockout[], from: number, end: number): LockoutRun {
  const { slot, confirmationCount } = lockouts[from]!;
  return { slot, confirmationCount, length: end - from };
}

/** The lockouts of the runs, one by one. */
export function fromRuns(runs: LockoutRuns): Lockout[] {
  const lockouts: Lockout[] = [];
  for (const { slot, confirmationCount, length } of runs) {
    for (let i = 0; i < length; i++) lockouts.push({ slot: slot + i, confirmationCount: confirmationCount - i });
  }
  return lockouts;
}

/** Newest slot of a run. */
export function lastSlotOf(run: LockoutRun): number {
  return run.slot + run.length - 1;
}

/** Whether both hold the same lockouts, provided that both are of as few runs as possible. */
export function sameRuns(a: LockoutRuns, b: LockoutRuns): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const run = a[i]!;
    const other = b[i]!;
    if (run.slot !== other.slot || run.confirmationCount !== other.confirmationCount || run.length !== other.length) return false;
  }
  return true;
}

/** Newest slot of runs, null when there are none. */
export function newestSlotOf(runs: LockoutRuns): number | null {
  const newest = runs.at(-1);
  return newest === undefined ? null : lastSlotOf(newest);
}

/**
 * `processNextVoteSlot` on runs: the stack and root after a vote on `slot`, which must be newer than the runs.
 *
 * Within a run, place in the stack and count add up to the same number, so that its counts are raised all or none.
 */
export function nextRuns(runs: LockoutRuns, root: number | null, slot: number): { readonly runs: LockoutRuns; readonly root: number | null } {
  const next = runs.map((run) => ({ slot: run.slot, confirmationCount: run.confirmationCount, length: run.length }));
  let depth = next.reduce((sum, run) => sum + run.length, 1);
  for (let newest = next.at(-1); newest !== undefined && !isLockedOutAtSlot(newestLockout(newest), slot); newest = next.at(-1)) {
    newest.length--;
    depth--;
    if (newest.length === 0) next.pop();
  }
  let newRoot = root;
  if (depth === MAX_LOCKOUT_HISTORY + 1) {
    const oldest = next[0]!;
    newRoot = oldest.slot++;
    oldest.confirmationCount--;
    oldest.length--;
    depth--;
    if (oldest.length === 0) next.shift();
  }
  let place = 0;
  for (const run of next) {
    if (depth > place + run.confirmationCount) run.confirmationCount++;
    place += run.length;
  }
  const newest = next.at(-1);
  if (newest !== undefined && lastSlotOf(newest) === slot - 1 && newest.confirmationCount - newest.length === 1) newest.length++;
  else next.push({ slot, confirmationCount: 1, length: 1 });
  return { runs: next, root: newRoot };
}

function newestLockout(run: LockoutRun): Lockout {
  return { slot: lastSlotOf(run), confirmationCount: run.confirmationCount - run.length + 1 };
}
