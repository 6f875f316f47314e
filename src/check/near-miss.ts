/**
 * Near misses: both hosts voted with the staked identity and nothing conflicts, by luck. Either for the same slot and
 * block, or interleaved: one voted, then the other, then the first again without having given the identity back.
 */
import { slotRanges } from '../model/slot-ranges.ts';
import type { Finding } from '../model/verdict.ts';
import type { Evidence, SentVote } from './evidence.ts';
import { makeFinding, voteWords } from './finding.ts';

type Form = 'same slot and block' | 'interleaved';

/** One finding per form and run of such votes; `violating`: ids of votes that are told as violations already. */
export function nearMisses(evidence: Evidence, violating: ReadonlySet<number>): Finding[] {
  const misses = new Map<Form, { vote: SentVote; other: SentVote }[]>();
  const shared = sharedSlots(evidence);
  const bySlot = new Map<number, SentVote[]>();
  /** Per host its newest vote when the other began to vote. */
  const leftAt = new Map<string, SentVote>();
  let last: SentVote | undefined;
  const note = (form: Form, vote: SentVote, other: SentVote): void => {
    if (violating.has(vote.event.id) || violating.has(other.event.id)) return;
    const list = misses.get(form);
    if (list === undefined) misses.set(form, [{ vote, other }]);
    else list.push({ vote, other });
  };
  for (const vote of evidence.votes) {
    const { host, slot, hash, refresh } = vote.event;
    // A re-sent vote is the same vote, whoever sends it.
    if (refresh) continue;
    if (shared.has(slot)) {
      const same = bySlot.get(slot) ?? [];
      const other = same.find(({ event }) => event.host !== host && event.hash === hash);
      if (other !== undefined) note('same slot and block', vote, other);
      bySlot.set(slot, [...same, vote]);
    }
    if (last !== undefined && last.event.host !== host) {
      leftAt.set(last.event.host, last);
      if (leftAt.get(host)?.tenure === vote.tenure) note('interleaved', vote, last);
    }
    last = vote;
  }
  return [...misses].map(([form, list]) => findingOf(evidence, form, list));
}

/** Slots for which more than one host voted. */
function sharedSlots({ votesBySlot }: Evidence): ReadonlySet<number> {
  const slots = new Set<number>();
  for (let i = 1; i < votesBySlot.length; i++) {
    const { slot, host } = votesBySlot[i]!.event;
    const before = votesBySlot[i - 1]!.event;
    if (before.slot === slot && before.host !== host) slots.add(slot);
  }
  return slots;
}

function findingOf(evidence: Evidence, form: Form, misses: readonly { vote: SentVote; other: SentVote }[]): Finding {
  const { vote, other } = misses[0]!;
  const slots = slotRanges(misses.map((miss) => miss.vote.event.slot));
  return makeFinding(evidence, {
    class: 'hazard',
    kind: 'near-miss',
    title:
      form === 'interleaved'
        ? `${vote.event.host} and ${other.event.host} voted by turns without conflict (slots ${slots})`
        : `${vote.event.host} and ${other.event.host} both voted for the same block (slots ${slots})`,
    position: vote.position,
    t: vote.event.t,
    slot: vote.event.slot,
    hosts: [vote.event.host, other.event.host],
    mechanism: form,
    arithmetic: [
      voteWords(evidence, other),
      voteWords(evidence, vote),
      form === 'interleaved' ? 'sent by turns: on another fork it would be a violation' : 'same slot, same hash: with another block it would be a double vote',
    ],
    votes: [...new Set(misses.flatMap((miss) => [miss.other.event.id, miss.vote.event.id]))],
    count: misses.length,
  });
}
