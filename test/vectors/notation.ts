/** How the vector file writes stacks, slots and forks. */
import type { ParentOf } from '../../src/model/ancestry.ts';
import { U64_MAX } from '../../src/model/lockout.ts';
import type { Lockout, VoteStack } from '../../src/model/lockout.ts';
import type { SwitchDecision } from '../../src/model/tower-switch.ts';
import type { Tower } from '../../src/model/tower.ts';
import { TowerPanic } from '../../src/model/tower.ts';
import type { VoteFailure } from '../../src/model/vote-gate.ts';
import { voteErrorName } from '../../src/model/vote-program.ts';
import type { SlotHashes, VoteOutcome } from '../../src/model/vote-program.ts';
import type { Rules } from './rules.ts';

/** [slot, count] */
export type Pair = readonly [slot: number, count: number];

export interface StackNotation {
  readonly votes: readonly Pair[];
  readonly root: number | null;
}

/** child → parent */
export type Parents = Readonly<Record<string, number>>;

export const NODE = 'node';

export function lockoutsOf(pairs: readonly Pair[]): Lockout[] {
  return pairs.map(([slot, confirmationCount]) => ({ slot, confirmationCount }));
}

export function pairsOf(lockouts: readonly Lockout[]): Pair[] {
  return lockouts.map(({ slot, confirmationCount }) => [slot, confirmationCount]);
}

export function stackOf({ votes, root }: StackNotation): VoteStack {
  return { votes: lockoutsOf(votes), root };
}

export function stackNotation({ votes, root }: VoteStack): StackNotation {
  return { votes: pairsOf(votes), root };
}

/** u64: a number, or text above 2^53. */
export function u64Of(value: number | string): number {
  return Number(value);
}

export function u64Notation(value: number): number | string {
  if (value === U64_MAX) return '18446744073709551615';
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${value} is neither exact nor the greatest u64`);
}

/** [slot, label] newest first, as the sysvar holds them. */
export function slotHashesOf(newestFirst: readonly (readonly [number, string])[]): SlotHashes {
  const oldestFirst = newestFirst.toReversed();
  const slots = oldestFirst.map(([slot]) => slot);
  return { slots, hashes: oldestFirst.map(([, hash]) => hash), from: 0, to: slots.length };
}

/** The outcome of an instruction as the file writes it. */
export function outcomeNotation({ error, state }: VoteOutcome): unknown {
  return error === null ? { ok: true, ...stackNotation(state) } : { ok: false, error: voteErrorName(error) };
}

/** A tower that has voted for these slots, in order, upon `root`. */
export function recordedTower(rules: Rules, slots: readonly number[], root = 0): Tower {
  const empty = { ...rules.newTower(NODE), stack: { votes: [], root } };
  return slots.reduce((tower: Tower, slot) => rules.recordVote(tower, slot, `H${slot}`), empty);
}

/** A tower with a given stack and last vote. */
export function towerOf(rules: Rules, stack: StackNotation, lastVote: number | null): Tower {
  const tower = { ...rules.newTower(NODE), stack: stackOf(stack) };
  if (lastVote === null) return tower;
  const { votes, root } = tower.stack;
  return { ...tower, lastVote: { lockouts: votes, root, hash: `H${lastVote}`, slot: lastVote, timestamp: null } };
}

/** Parent links of the banks that descend from `root`; all others are purged. */
export function parentLinks(parents: Parents, root: number): ParentOf {
  return (slot) => {
    if (slot === root) return null;
    for (let at: number | undefined = slot; at !== undefined; at = parents[at]) if (at === root) return parents[slot];
    return undefined;
  };
}

/** Slots of a parents object, its first ancestor included, ascending. */
export function slotsOf(parents: Parents): number[] {
  return [...new Set([...Object.keys(parents).map(Number), ...Object.values(parents)])].toSorted((a, b) => a - b);
}

export function decisionNotation(decision: SwitchDecision): readonly unknown[] {
  if (decision.kind === 'FailedSwitchThreshold') return [decision.kind, decision.stake, decision.total];
  if (decision.kind === 'FailedSwitchDuplicateRollback') return [decision.kind, decision.ancestor];
  return [decision.kind];
}

export function failureNotation(failure: VoteFailure): readonly unknown[] {
  if (failure.kind === 'FailedSwitchThreshold') return [failure.kind, failure.slot, failure.stake, failure.total];
  if (failure.kind === 'FailedThreshold') return [failure.kind, failure.slot, failure.depth, failure.stake];
  return [failure.kind, failure.slot];
}

/** The result, or the message of the panic. */
export function catchPanic<Result>(run: () => Result): Result | TowerPanic {
  try {
    return run();
  } catch (error) {
    if (error instanceof TowerPanic) return error;
    throw error;
  }
}

/** "a..b", both included, possibly inside a sentence. */
export function slotRange(text: string): number[] {
  const match = /(\d+)\.\.(\d+)/.exec(text);
  if (match === null) throw new Error(`no range of slots in "${text}"`);
  const [first, last] = [Number(match[1]), Number(match[2])];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
