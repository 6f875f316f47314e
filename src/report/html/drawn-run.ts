/** A told run, indexed once for everything that is drawn of it. */
import { voteErrorName } from '../../model/vote-program.ts';
import type { DocumentEvent } from '../document/event-schema.ts';
import type { Story } from '../document/story-schema.ts';

type EventOf<T extends DocumentEvent['type']> = Extract<DocumentEvent, { type: T }>;

export type BlockEvent = EventOf<'block'>;

export interface DrawnVote {
  readonly id: number;
  /** Index in the trace's events. */
  readonly index: number;
  readonly t: number;
  readonly host: string;
  /** Signed by the staked identity. */
  readonly staked: boolean;
  readonly slot: number;
  readonly hash: string;
  readonly root: number | null;
  readonly refresh: boolean;
  readonly fate: 'accepted' | 'refused' | 'not landed';
  /** Bank that accepted it, or else the first that refused it. */
  readonly bank: number | null;
  readonly bankHash: string | null;
  /** Name of the error of a refused vote. */
  readonly error: string | null;
  /** The two that conflict; others of the finding; null for the rest. */
  readonly role: 'earlier' | 'later' | 'concerned' | null;
}

/** A command on its host; `to` and `exit` are null when it does not return. */
export interface CommandSpan {
  readonly step: number;
  readonly id: string;
  readonly host: string;
  readonly line: string;
  readonly from: number;
  readonly to: number | null;
  readonly exit: number | null;
}

/** A fault from its start to its end; null when it lasts. One that needs no healing has no end: it is over at once. */
export interface FaultSpan {
  readonly fault: number;
  readonly kind: string;
  readonly on: string;
  readonly sentence: string;
  readonly from: number;
  readonly to: number | null;
}

export interface DrawnRun {
  readonly story: Story;
  readonly hosts: readonly string[];
  readonly staked: string;
  readonly events: readonly DocumentEvent[];
  /** Time of the last event. */
  readonly end: number;
  readonly slotMicros: number;
  readonly votes: readonly DrawnVote[];
  readonly voteById: ReadonlyMap<number, DrawnVote>;
  readonly commands: readonly CommandSpan[];
  readonly faults: readonly FaultSpan[];
  /** In order of time. */
  readonly blocks: readonly BlockEvent[];
  /** Newest slot of which a block, or its absence, is known at a time; 0 before the first. */
  readonly slotAt: (t: number) => number;
}

/** Index the run of a story. Linear in its events. */
export function drawnRun(story: Story): DrawnRun {
  const { header, events } = story.trace;
  const votes = votesOf(story, events);
  const slots: { readonly t: number; readonly slot: number }[] = [];
  for (const event of events) {
    if ((event.type === 'block' || event.type === 'skipped') && event.slot > (slots.at(-1)?.slot ?? -1)) slots.push({ t: event.t, slot: event.slot });
  }
  return {
    story, events, votes,
    hosts: header.hosts,
    staked: header.stakedIdentity,
    end: events.at(-1)?.t ?? 0,
    slotMicros: header.slotMs * 1000,
    voteById: new Map(votes.map((vote) => [vote.id, vote])),
    commands: commandsOf(events),
    faults: faultsOf(events),
    blocks: events.filter((event) => event.type === 'block'),
    slotAt: (t) => slots[lastAt(slots, t)]?.slot ?? 0,
  };
}

/** Index in the story's choices of what makes a fault; null for a trace whose choices are not known. */
export function choiceOf({ story }: DrawnRun, { fault }: FaultSpan): number | null {
  const index = story.choices.findIndex(({ what, name }) => what === 'fault' && name === String(fault));
  return index < 0 ? null : index;
}

/** Index of the last entry at or before a time; −1 for none. Entries stand in order of time. */
export function lastAt(entries: readonly { readonly t: number }[], t: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.t <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function votesOf(story: Story, events: readonly DocumentEvent[]): DrawnVote[] {
  const landings = new Map<number, EventOf<'landed'>>();
  for (const event of events) {
    if (event.type !== 'landed') continue;
    const before = landings.get(event.vote);
    if (before === undefined || (before.error !== null && event.error === null)) landings.set(event.vote, event);
  }
  const concerned = new Set(story.votes);
  const roleOf = (id: number): DrawnVote['role'] =>
    id === story.conflict?.earlier.id ? 'earlier' : id === story.conflict?.later.id ? 'later' : concerned.has(id) ? 'concerned' : null;
  return events.flatMap((event, index): DrawnVote[] => {
    if (event.type !== 'vote') return [];
    const { id, t, host, slot, hash, root, refresh } = event;
    const landed = landings.get(id);
    return [{
      id, index, t, host, slot, hash, root, refresh,
      staked: event.identity === story.trace.header.stakedIdentity,
      fate: landed === undefined ? 'not landed' : landed.error === null ? 'accepted' : 'refused',
      bank: landed?.bank ?? null,
      bankHash: landed?.bankHash ?? null,
      error: landed === undefined || landed.error === null ? null : (voteErrorName(landed.error) ?? `error ${landed.error}`),
      role: roleOf(id),
    }];
  });
}

function commandsOf(events: readonly DocumentEvent[]): CommandSpan[] {
  const spans: { -readonly [K in keyof CommandSpan]: CommandSpan[K] }[] = [];
  const open = new Map<string, (typeof spans)[number]>();
  for (const event of events) {
    if (event.type !== 'command') continue;
    const key = `${event.step} ${event.id} ${event.host}`;
    const span = open.get(key);
    if (event.phase === 'start') {
      const { step, id, host, line, t } = event;
      const begun = { step, id, host, line, from: t, to: null, exit: null };
      spans.push(begun);
      open.set(key, begun);
    } else if (span !== undefined) {
      span.to = event.t;
      span.exit = event.exit ?? null;
      open.delete(key);
    }
  }
  return spans;
}

function faultsOf(events: readonly DocumentEvent[]): FaultSpan[] {
  const spans: { -readonly [K in keyof FaultSpan]: FaultSpan[K] }[] = [];
  for (const event of events) {
    if (event.type !== 'fault') continue;
    const { fault, kind, on, sentence, t } = event;
    if (event.phase === 'start') spans.push({ fault, kind, on, sentence, from: t, to: null });
    else {
      const span = spans.findLast((candidate) => candidate.fault === fault && candidate.to === null);
      if (span !== undefined) span.to = t;
    }
  }
  if (events.some((event) => event.type === 'phase' && event.phase === 'heal')) for (const span of spans) span.to ??= span.from;
  return spans;
}
