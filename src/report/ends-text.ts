/** Which processes ended in a trace, and why: no finding by itself, and often the first thing to know. */
import type { TellableEvent } from './event-words.ts';
import { COLUMNS, wrap } from './wrap.ts';

/** Lines of at most 80 columns; none when no process ended. */
export function endsText({ events }: { readonly events: readonly TellableEvent[] }): string[] {
  let slot = 0;
  const lines: string[] = [];
  for (const event of events) {
    if (event.type === 'block') slot = Math.max(slot, event.slot);
    if (event.type !== 'process' || (event.state !== 'exited' && event.state !== 'power-lost')) continue;
    const why = event.state === 'power-lost' ? 'power lost' : (event.reason ?? 'no reason told');
    lines.push(...wrap(`  slot ${slot}  ${event.host} ended: ${why}`, COLUMNS, 4));
  }
  return lines.length === 0 ? [] : ['', 'Processes that ended', ...lines];
}
