/** After healing, exactly one host must vote: "never vote" is no safety. */
import type { Finding, Judgement } from '../model/verdict.ts';
import { descendsFrom } from './ancestry.ts';
import type { Evidence } from './evidence.ts';
import { makeFinding } from './finding.ts';

/** Slots before the end of a run in which the one voter must show itself, unless told otherwise. */
export const LIVENESS_BOUND_SLOTS = 16;

export type Liveness = Judgement['liveness'];

/** The hosts whose votes banks of the winning fork accepted in the last `boundSlots` slots after healing. */
export function livenessOf(evidence: Evidence, boundSlots: number): Liveness {
  const { forks, tip, votes, phases } = evidence;
  const heal = phases.findLast(({ event }) => event.phase === 'heal')?.event.slot;
  const end = phases.findLast(({ event }) => event.phase === 'end')?.event.slot ?? tip?.slot ?? 0;
  const from = Math.max(end - boundSlots + 1, heal ?? 0);
  const voters = new Set<string>();
  for (const vote of votes) {
    for (const { error, bank, bankHash } of vote.landed) {
      if (error !== null || bank < from || bank > end) continue;
      const block = forks.find(bank, bankHash);
      if (tip !== null && block !== null && descendsFrom(tip, block)) voters.add(vote.event.host);
    }
  }
  const names = [...voters].sort();
  const window = `slots ${from}–${end}${heal === undefined ? '' : `, healed at slot ${heal}`}`;
  const why =
    names.length === 1
      ? `votes of ${names[0]} are accepted (${window})`
      : names.length === 0
        ? `no vote is accepted (${window})`
        : `votes of ${names.join(' and ')} are accepted (${window})`;
  return { live: names.length === 1, voters: names, why };
}

/** A finding when nobody votes. */
export function nobodyVotes(evidence: Evidence, liveness: Liveness): Finding[] {
  if (liveness.voters.length > 0) return [];
  const slot = evidence.tip?.slot ?? 0;
  return [
    makeFinding(evidence, {
      class: 'downtime',
      kind: 'nobody-votes',
      title: 'nobody votes after healing',
      position: evidence.positionAfter(evidence.endTime),
      t: evidence.endTime,
      slot,
      hosts: [],
      mechanism: 'no accepted vote at the end',
      arithmetic: [liveness.why],
    }),
  ];
}
