/**
 * Stacks that are known whole: of votes that were rebuilt, of tower files, of landed votes. A log names the slots of a
 * tower that is loaded, not their counts; the same stack was voted before, somewhere.
 */
import { lastVotedSlot } from '../model/lockout.ts';
import type { VoteStack } from '../model/lockout.ts';
import type { LandedVote } from './landed-vote.ts';

export interface KnownStacks {
  readonly add: (stack: VoteStack) => void;
  /** The stack with just these slots on this root; null when none is known. */
  readonly withSlots: (slots: readonly number[], root: number) => VoteStack | null;
  /** The stack of the landed votes for a slot and bank hash, when they are of one mind; else null. */
  readonly landed: (slot: number, hash: string | null) => VoteStack | null;
  /** The vote account's stack in a bank, without what is at or below a root; null when no landed vote tells it. */
  readonly onChain: (bank: number, root: number) => VoteStack | null;
}

/** From tower files and landed votes; `add` takes more. */
export function knownStacks(towers: readonly VoteStack[], landed: readonly LandedVote[]): KnownStacks {
  const bySlots = new Map<string, VoteStack>();
  const keyOf = (slots: readonly number[], root: number | null): string => `${slots.join(' ')} on ${root}`;
  const add = (stack: VoteStack): void => {
    bySlots.set(keyOf(stack.votes.map(({ slot }) => slot), stack.root), stack);
  };
  const told = landed.flatMap(({ voted, bank, error }) => (voted === null ? [] : [{ bank, error, hash: voted.hash, stack: { votes: voted.lockouts, root: voted.root } satisfies VoteStack }]));
  for (const { stack } of told) add(stack);
  for (const stack of towers) add(stack);
  return {
    add,
    withSlots: (slots, root) => bySlots.get(keyOf(slots, root)) ?? null,
    landed(slot, hash) {
      const own = told.filter((vote) => lastVotedSlot(vote.stack) === slot && (hash === null || vote.hash === hash));
      const [first] = own;
      return first !== undefined && own.every(({ stack }) => keyOf(stack.votes.map((vote) => vote.slot), stack.root) === keyOf(first.stack.votes.map((vote) => vote.slot), first.stack.root)) ? first.stack : null;
    },
    onChain(bank, root) {
      const newest = told.findLast((vote) => vote.error === null && vote.bank <= bank);
      return newest === undefined ? null : { votes: newest.stack.votes.filter(({ slot }) => slot > root), root };
    },
  };
}
