/**
 * The order of events of one hot swap in short: which of them the two hosts had, in which order, votes in a row told once.
 */
import type { Trace, TraceEvent } from '../../src/model/trace.ts';

/**
 * One pattern a swap: from the moment at which the old holder's identity is set to another one, until both loops have
 * switched and the new holder has voted. `voteLag`: see episodes.ts.
 */
export function swapPatterns({ header, events: told }: Trace, voteLag = 0): string[] {
  const staked = header.stakedIdentity;
  const at = (event: TraceEvent): number => (event.type === 'vote' ? event.t - (voteLag === 0 ? 0 : voteLag + 1) : event.t);
  const events = voteLag === 0 ? told : [...told].sort((a, b) => at(a) - at(b));
  const patterns: string[] = [];
  events.forEach((event, i) => {
    if (event.type !== 'identity' || event.layer !== 'gossip' || event.from !== staked) return;
    const old = event.host;
    const words: string[] = ['old set'];
    let noticed = 0;
    let voted = false;
    for (const next of events.slice(i + 1)) {
      if ((noticed === 2 && voted) || (next.type === 'identity' && next.layer === 'gossip' && next.from === staked)) break;
      if (next.type === 'identity' && next.layer === 'voting') noticed++;
      if (next.type === 'vote' && next.host !== old) voted = true;
      const word = wordOf(next, old);
      if (word !== null && words.at(-1) !== word) words.push(word);
    }
    if (noticed === 2 && voted) patterns.push(words.join(', '));
  });
  return patterns;

  function wordOf(event: TraceEvent, old: string): string | null {
    if (!('host' in event)) return null;
    const who = event.host === old ? 'old' : 'new';
    switch (event.type) {
      case 'vote':
        return event.refresh ? null : `${who} votes`;
      case 'tower-loaded':
        return event.identity === staked && event.source !== 'adopted' ? `${who} loads` : null;
      case 'identity':
        return event.layer === 'gossip' ? `${who} set` : `${who} notices`;
      default:
        return null;
    }
  }
}
