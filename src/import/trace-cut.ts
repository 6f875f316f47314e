/** Leaves out what came before a time, and tells the state of the hosts at that time instead. */
import type { IdentityEvent, Micros, ProcessEvent, TraceEvent } from '../model/trace.ts';

/** `events` by time. Kept: all from `from` on, and the blocks on which they stand. Landings of votes left out go too. */
export function cutBefore(events: readonly TraceEvent[], from: Micros): readonly TraceEvent[] {
  const kept = events.filter(({ t }) => t >= from);
  const before = events.filter(({ t }) => t < from);
  if (before.length === 0) return events;
  const votes = new Set(kept.flatMap((event) => (event.type === 'vote' ? [event.id] : [])));
  const lowest = kept.reduce((slot, event) => (event.type === 'vote' || event.type === 'unsent' || event.type === 'block' ? Math.min(slot, event.slot) : slot), Number.POSITIVE_INFINITY);
  const blocks = before.filter((event) => event.type === 'block' && event.slot >= lowest).map((event) => ({ ...event, t: from }));
  const [first] = [...blocks, ...kept.filter((event) => event.type === 'block')];
  const rest = kept.filter((event) => (event.type !== 'landed' || votes.has(event.vote)) && (event.type !== 'skipped' || event.slot > (first?.type === 'block' ? first.slot : -1)));
  return [...blocks, ...stateBefore(before, from), ...rest].map((event) => (event === first && event.type === 'block' ? { ...event, parent: -1, parentHash: '' } : event));
}

function stateBefore(before: readonly TraceEvent[], from: Micros): TraceEvent[] {
  const processes = new Map<string, ProcessEvent>();
  const identities = new Map<string, IdentityEvent>();
  for (const event of before) {
    if (event.type === 'process') {
      processes.set(event.host, event);
      if (event.state === 'started' || event.state === 'exited') for (const layer of ['gossip', 'voting']) identities.delete(`${event.host} ${layer}`);
      if (event.state === 'started' && event.identity !== undefined) identities.set(`${event.host} gossip`, { type: 'identity', t: from, host: event.host, layer: 'gossip', from: null, to: event.identity });
    } else if (event.type === 'identity') {
      identities.set(`${event.host} ${event.layer}`, event);
    }
  }
  const inferred = 'the state when the trace begins';
  return [
    ...[...processes.values()].map((event) => ({ ...event, t: from, inferred })),
    ...[...identities.values()].map((event) => ({ ...event, t: from, from: null, inferred })),
  ];
}
