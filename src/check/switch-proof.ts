/**
 * V6: a vote off the fork of the account's previous vote, whoever cast that, without more than 38 % of the stake shown on other forks
 * (agave core/src/consensus.rs, `SWITCH_FORK_THRESHOLD`, strictly greater). The vote transaction carries no proof (its
 * hash is always zero), so this is judged on what the world truly showed, where the trace tells it.
 */
import type { Finding } from '../model/verdict.ts';
import { descendsFrom } from './ancestry.ts';
import type { Evidence, SentVote } from './evidence.ts';
import { makeFinding, voteWords } from './finding.ts';

export const SWITCH_FORK_THRESHOLD = 0.38;

export function switchesWithoutProof(evidence: Evidence): Finding[] {
  const findings: Finding[] = [];
  let newest: SentVote | undefined;
  for (const vote of evidence.votes) {
    const { host, slot, switchStake, refresh } = vote.event;
    const before = newest;
    if (refresh || slot <= (before?.event.slot ?? -1)) continue;
    newest = vote;
    if (switchStake === undefined || switchStake > SWITCH_FORK_THRESHOLD || before === undefined) continue;
    if (vote.block === null || before.block === null || vote.block.tree !== before.block.tree) continue;
    if (descendsFrom(vote.block, before.block)) continue;
    findings.push(
      makeFinding(evidence, {
        class: 'violation',
        kind: 'switch-without-proof',
        title: `switch of forks without proof: from slot ${before.event.slot} to ${slot}`,
        position: vote.position,
        t: vote.event.t,
        slot,
        hosts: [before.event.host, host],
        mechanism: before.tenure === vote.tenure ? 'same tower' : 'after a new start or load',
        arithmetic: [
          `previous: ${voteWords(evidence, before)}`,
          `switch: ${voteWords(evidence, vote)}`,
          `slot ${before.event.slot} is not an ancestor of slot ${slot}`,
          `stake shown on other forks: ${percent(switchStake)} <= ${percent(SWITCH_FORK_THRESHOLD)} of the total`,
        ],
        votes: [before.event.id, vote.event.id],
        conflict: { earlier: before.event.id, later: vote.event.id, lockout: null },
      }),
    );
  }
  return findings;
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100} %`;
}
