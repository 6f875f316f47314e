/** What was made of a recording, in words for a terminal. */
import type { Recording } from '../import/recording.ts';
import type { LandedEvent, TraceEvent } from '../model/trace.ts';
import { COLUMNS, bullet, wrap } from './wrap.ts';

/** Disagreements that are printed one by one. */
const MOST = 10;

/** Lines of at most 80 columns. `stamp`: the wall clock of a time of the trace, in words. */
export function recordingText({ trace, disagreements, origin }: Recording, file: string, stamp: (micros: number) => string): string[] {
  const { header, events } = trace;
  const at = (t: number) => `${stamp(origin + t).slice(11)}`;
  const sent = events.filter((event) => event.type === 'vote');
  const lines = wrap(`${file}: ${events.length} events, ${stamp(origin)} to ${at(events.at(-1)?.t ?? 0)} UTC, ${header.client}, slots of ${header.slotMs} ms`, COLUMNS, 2);
  lines.push(...wrap(`staked identity ${header.stakedIdentity}`, COLUMNS, 2));
  for (const host of header.hosts) {
    const own = sent.filter((event) => event.host === host);
    const ids = new Set(own.map(({ id }) => id));
    const landings = events.filter((event) => event.type === 'landed' && ids.has(event.vote)) as readonly LandedEvent[];
    const refused = landings.filter(({ error }) => error !== null).length;
    lines.push('', ...wrap(`${host}: ${own.length} votes sent, ${landings.length} seen on chain${refused === 0 ? '' : `, ${refused} of them refused`}`, COLUMNS, 2));
    for (const event of events) {
      const words = turningPoint(event, host);
      if (words !== null) lines.push(...wrap(`  ${at(event.t)}  ${words}`, COLUMNS, 16));
    }
  }
  lines.push('', disagreements.length === 0 ? 'Logs, chain and rebuilt stacks agree.' : `Logs, chain and rebuilt stacks disagree in ${disagreements.length} places:`);
  lines.push(...disagreements.slice(0, MOST).flatMap((words) => bullet(words)));
  if (disagreements.length > MOST) lines.push(`  and ${disagreements.length - MOST} more`);
  lines.push('', 'Said with the trace', ...(header.assumptions ?? []).flatMap((words) => bullet(words)));
  return lines;
}

function turningPoint(event: TraceEvent, host: string): string | null {
  if (!('host' in event) || event.host !== host) return null;
  switch (event.type) {
    case 'process':
      return `process ${event.state}${event.identity === undefined ? '' : ` as ${event.identity}`}${event.reason === undefined ? '' : `: ${event.reason.slice(0, 160)}`}`;
    case 'identity':
      return event.layer === 'gossip' ? `identity set to ${event.to}` : `voting loop has ${event.to}`;
    case 'tower-loaded':
      return event.source === 'adopted' ? null : `tower loaded (${event.source}): newest slot ${event.slot ?? 'none'}`;
    case 'gap':
      return `not known: ${event.what}`;
    default:
      return null;
  }
}
