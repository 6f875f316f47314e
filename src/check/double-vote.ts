/** V1: two sent votes with the same newest slot and different blocks. */
import type { Finding } from '../model/verdict.ts';
import type { Evidence, SentVote } from './evidence.ts';
import { makeFinding, voteWords } from './finding.ts';

/** One finding per run of slots voted twice by the same pair of hosts, with nothing voted once between. */
export function doubleVotes(evidence: Evidence): Finding[] {
  const runs: { pair: string; votes: (readonly [SentVote, SentVote])[] }[] = [];
  const { votesBySlot } = evidence;
  let open = false;
  for (let i = 0; i < votesBySlot.length; ) {
    const first = votesBySlot[i]!;
    let end = i + 1;
    while (end < votesBySlot.length && votesBySlot[end]!.event.slot === first.event.slot) end++;
    let rival: SentVote | undefined;
    for (let k = i + 1; k < end && rival === undefined; k++) {
      if (votesBySlot[k]!.event.hash !== first.event.hash) rival = votesBySlot[k]!;
    }
    if (rival !== undefined) {
      const pair = [first.event.host, rival.event.host].sort().join(' ');
      const run = runs.at(-1);
      if (open && run?.pair === pair) run.votes.push([first, rival]);
      else runs.push({ pair, votes: [[first, rival]] });
    }
    open = rival !== undefined;
    i = end;
  }
  return runs.map(({ votes }) => findingOf(evidence, votes));
}

function findingOf(evidence: Evidence, votes: readonly (readonly [SentVote, SentVote])[]): Finding {
  const [first, rival] = votes[0]!;
  const { slot } = first.event;
  const later = rival.position > first.position ? rival : first;
  const known = first.block !== null && rival.block !== null;
  return makeFinding(evidence, {
    class: 'violation',
    kind: 'double-vote',
    title: votes.length === 1 ? `double vote: two blocks of slot ${slot}` : `double votes for ${votes.length} slots from ${slot}`,
    position: later.position,
    t: later.event.t,
    slot,
    hosts: [first.event.host, rival.event.host],
    mechanism: known ? 'two blocks of one slot' : 'two hashes for one slot',
    arithmetic: [
      `${voteWords(evidence, first)}: block ${first.event.hash}`,
      `${voteWords(evidence, rival)}: block ${rival.event.hash}`,
      `slot ${slot} = ${slot}, hashes differ`,
    ],
    votes: votes.flatMap(([a, b]) => [a.event.id, b.event.id]),
    conflict: { earlier: (later === rival ? first : rival).event.id, later: later.event.id, lockout: null },
    count: votes.length,
  });
}
