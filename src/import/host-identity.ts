/** Which identity a host has, where its log tells it: in passing, or at the start of the process. */
import type { Micros } from '../model/trace.ts';
import type { HostFact } from './host-fact.ts';

/** The first identity that a log names in passing; null when it names none. */
export function firstIdentity(facts: readonly HostFact[], host: string): string | null {
  for (const { host: of, fact } of facts) {
    if (of !== host) continue;
    if (fact.kind === 'identity-seen' || (fact.kind === 'new-root' && fact.identity !== null)) return fact.identity;
    if (fact.kind === 'identity-changed') return fact.from;
    if (fact.kind === 'cannot-vote' && fact.own !== null) return fact.own;
  }
  return null;
}

/** The identity of the process that starts at `t`. */
export function startIdentity(facts: readonly HostFact[], host: string, t: Micros): string | null {
  for (const { host: of, fact, t: at } of facts) {
    if (of !== host || at < t) continue;
    if (fact.kind === 'start-identity') return fact.identity;
    if (fact.kind === 'started' && at > t) return null;
  }
  return null;
}
