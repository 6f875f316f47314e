/** What of a trace is drawn: who holds the identity over time, and which blocks are of the fork that wins. */
import type { Trace } from '../model/trace.ts';
import { descendsFrom } from './ancestry.ts';
import { gatherEvidence } from './evidence.ts';
import { holdersOverTime } from './holders.ts';
import type { HoldersAt } from './holders.ts';

export interface Overview {
  readonly holders: readonly HoldersAt[];
  /** Hash of the newest block of the winning fork; null for a trace without blocks. */
  readonly tip: string | null;
  /** Hashes of the blocks that are not on it, by slot. */
  readonly losing: readonly string[];
}

/** The overview of a trace. */
export function overviewOf(trace: Trace): Overview {
  const evidence = gatherEvidence(trace);
  const { tip, forks } = evidence;
  const losing = tip === null ? [] : forks.blocks.filter((block) => !descendsFrom(tip, block));
  return {
    holders: holdersOverTime(evidence),
    tip: tip?.event.hash ?? null,
    losing: losing.map(({ event }) => event.hash),
  };
}
