/**
 * Stacks in little memory, for traces with many votes. A tower that votes for every block holds one run, however deep
 * it is; a skipped slot begins another one.
 */
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
  return runs.flatMap(({ slot, confirmationCount, length }) =>
    Array.from({ length }, (_, i) => ({ slot: slot + i, confirmationCount: confirmationCount - i })));
}

/** Newest slot of a run. */
export function lastSlotOf(run: LockoutRun): number {
  return run.slot + run.length - 1;
}

/** Newest slot of runs, null when there are none. */
export function newestSlotOf(runs: LockoutRuns): number | null {
  const newest = runs.at(-1);
  return newest === undefined ? null : lastSlotOf(newest);
}
