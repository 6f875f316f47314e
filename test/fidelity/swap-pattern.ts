/**
 * The order of events of one hot swap in short: which of them the two hosts had, in which order, votes in a row told once.
 */
import type { Trace } from '../../src/model/trace.ts';

/** Around the moment at which the old holder's identity is set to another one, until the new holder's first vote. */
export function swapPatterns({ header, events }: Trace): string[] {
  const staked = header.stakedIdentity;
  const patterns: string[] = [];
  events.forEach((event, at) => {
    if (event.type !== 'identity' || event.layer !== 'gossip' || event.from !== staked) return;
    const old = event.host;
    const words: string[] = ['old set'];
    let noticed = 0;
    let voted = false;
    for (const next of events.slice(at + 1)) {
      if (noticed === 2 && voted) break;
      const word = wordOf(next, old);
      if (next.type === 'identity' && next.layer === 'voting') noticed++;
      if (next.type === 'vote' && next.host !== old) voted = true;
      if (next.type === 'identity' && next.layer === 'gossip' && next.from === staked) break;
      if (word !== null && words.at(-1) !== word) words.push(word);
    }
    if (noticed === 2 && voted) patterns.push(words.join(', '));
  });
  return patterns;

  function wordOf(event: Trace['events'][number], old: string): string | null {
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
