/** Small traces for tests: a chain of blocks, votes with real stacks, and what the hosts do. */
import { processNextVoteSlot } from '../../src/model/lockout.ts';
import type { VoteStack } from '../../src/model/lockout.ts';
import { toRuns } from '../../src/model/lockout-runs.ts';
import { TRACE_SCHEMA } from '../../src/model/trace.ts';
import type { Trace, TraceEvent, TraceHeader, VoteEvent } from '../../src/model/trace.ts';

export const STAKED = 'staked';

export const header: TraceHeader = {
  type: 'header',
  schema: TRACE_SCHEMA,
  product: '0.1.0',
  source: 'simulation',
  hosts: ['active', 'inactive'],
  voteAccount: 'vote',
  stakedIdentity: STAKED,
  client: 'agave 4.2.0',
  consensus: 'tower',
  slotMs: 400,
  stakeShare: 0.01,
};

export const SLOT = 400_000;

/** Hash of the block of a slot on a fork: "x" is told apart from the main fork "". */
export const hashOf = (slot: number, fork = ''): string => `h${slot}${fork}`;

/** Collects events; times follow the slots (400 ms), with an offset in µs within the slot. */
export class TraceBuilder {
  readonly events: TraceEvent[] = [];
  private votes = 0;

  block(slot: number, parent: number, fork = '', parentFork = fork, leader = 'other'): this {
    const parentHash = parent < 0 ? '' : hashOf(parent, parentFork);
    this.events.push({ type: 'block', t: slot * SLOT, slot, parent, hash: hashOf(slot, fork), parentHash, leader });
    return this;
  }

  /** Blocks first..last, each on its predecessor; the first on `parent` of the main fork. */
  chain(first: number, last: number, parent = -1, fork = ''): this {
    for (let slot = first; slot <= last; slot++) {
      if (slot === first) this.block(slot, parent, fork, '');
      else this.block(slot, slot - 1, fork);
    }
    return this;
  }

  /** A sent vote with the stack as given; returns its id. */
  send(host: string, slot: number, stack: VoteStack, more: Partial<VoteEvent> = {}, fork = ''): number {
    const id = this.votes++;
    this.events.push({
      type: 'vote',
      t: slot * SLOT + 50_000,
      id,
      host,
      identity: STAKED,
      slot,
      hash: hashOf(slot, fork),
      lockouts: toRuns(stack.votes),
      root: stack.root,
      refresh: false,
      ...more,
    });
    return id;
  }

  landed(vote: number, bank: number, error: number | null = null, fork = ''): this {
    this.events.push({ type: 'landed', t: bank * SLOT, vote, bank, bankHash: hashOf(bank, fork), error });
    return this;
  }

  /** Vote slot by slot from a stack; each vote lands in the next slot. Returns the last stack. */
  voteRun(host: string, slots: readonly number[], stack: VoteStack = EMPTY, fork = '', landing = true): VoteStack {
    let next = stack;
    for (const slot of slots) {
      next = processNextVoteSlot(next, slot);
      const id = this.send(host, slot, next, {}, fork);
      if (landing) this.landed(id, slot + 1, null, fork);
    }
    return next;
  }

  add(event: TraceEvent): this {
    this.events.push(event);
    return this;
  }

  /** The trace, with the events sorted by time (stable). */
  trace(more: Partial<TraceHeader> = {}): Trace {
    return { header: { ...header, ...more }, events: [...this.events].sort((a, b) => a.t - b.t) };
  }
}

export const EMPTY: VoteStack = { votes: [], root: null };

export const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);
