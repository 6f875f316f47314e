/** Votes that were sent and that the tower loaded by the next voter does not know. */
import { slotRanges } from '../model/slot-ranges.ts';
import { fromRuns } from '../model/lockout-runs.ts';
import type { TowerLoadedEvent } from '../model/trace.ts';
import type { Finding } from '../model/verdict.ts';
import type { Evidence, Placed, SentVote } from './evidence.ts';
import { makeFinding, voteWords } from './finding.ts';

/** One finding per load of the staked identity's tower that lacks votes. Adoption from a bank is no load. */
export function lostState(evidence: Evidence): Finding[] {
  const findings: Finding[] = [];
  for (const load of evidence.loads) {
    const { event } = load;
    if (event.identity !== evidence.header.stakedIdentity || event.source === 'adopted') continue;
    const lacking = lackingVotes(evidence, load);
    if (lacking.length === 0) continue;
    const slots = lacking.map((vote) => vote.event.slot);
    const newest = lacking.reduce((best, vote) => (vote.event.slot > best.event.slot ? vote : best));
    const sentence = lacking.length === 1 ? `the vote for slot ${slots[0]}` : `${lacking.length} votes, for slots ${slotRanges(slots)}`;
    findings.push(
      makeFinding(evidence, {
        class: 'lost-state',
        kind: 'tower-lacks-votes',
        title: `the tower loaded on ${event.host} (${event.source}) lacks ${sentence}`,
        position: load.position,
        t: event.t,
        slot: newest.event.slot,
        hosts: [event.host, ...lacking.map((vote) => vote.event.host)],
        mechanism: `tower from ${event.source}`,
        arithmetic: [
          `loaded on ${event.host} from ${event.source}: newest slot ${event.slot ?? 'none'}, root ${event.root ?? 'none'}`,
          `sent before and lacking: slots ${slotRanges(slots)}`,
          `newest of them: ${voteWords(evidence, newest)}`,
        ],
        votes: lacking.map((vote) => vote.event.id),
        count: lacking.length,
      }),
    );
  }
  return findings;
}

/**
 * The votes sent before a load that the loaded tower should hold and does not: newer than its newest slot, or, where the
 * loaded stack is known, in the newest sent stack and missing. Votes at or below the root of the loaded tower, or of
 * the newest sent vote, are no loss. By slot, each slot once.
 */
export function lackingVotes(evidence: Evidence, load: Placed<TowerLoadedEvent>): SentVote[] {
  const sent = new Map<number, SentVote>();
  let newest: SentVote | undefined;
  for (const vote of evidence.votes) {
    if (vote.position >= load.position) break;
    sent.set(vote.event.slot, vote);
    if (newest === undefined || vote.event.slot > newest.event.slot) newest = vote;
  }
  if (newest === undefined) return [];
  const { slot, lockouts } = load.event;
  const root = Math.max(load.event.root ?? -1, newest.event.root ?? -1);
  const loadedTo = slot ?? load.event.root ?? -1;
  const held = lockouts === undefined ? null : new Set(fromRuns(lockouts).map((loaded) => loaded.slot));
  const expected = held === null ? null : new Set(fromRuns(newest.stack).map((stacked) => stacked.slot));
  const lacking: SentVote[] = [];
  for (const [voted, vote] of sent) {
    if (voted <= root) continue;
    if (voted > loadedTo || (held !== null && !held.has(voted) && expected!.has(voted))) lacking.push(vote);
  }
  return lacking.sort((a, b) => a.event.slot - b.event.slot);
}
