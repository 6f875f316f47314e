/** Kinds about sending: refresh, and the places for votes in gossip. */
import { slotRange } from './notation.ts';
import type { Executor, Executors } from './run.ts';
import type { Rules } from './rules.ts';

const refresh_decision: Executor<{
  refresh_blockheight: number;
  min_interval_ms: number;
  cases: readonly {
    last_voted: number;
    landed: number;
    blockhash_age_blocks: number;
    ms_since_refresh: number;
  }[];
}> = (input, rules) => {
  if (input.refresh_blockheight !== rules.REFRESH_VOTE_BLOCKHEIGHT) throw new Error('refresh_blockheight differs');
  if (input.min_interval_ms !== rules.MAX_VOTE_REFRESH_INTERVAL_MS) throw new Error('min_interval_ms differs');
  const refresh = input.cases.map(({ last_voted, landed, blockhash_age_blocks, ms_since_refresh }) =>
    rules.refreshDecision({
      votes: false,
      bankOnVotedFork: last_voted + 1,
      landed,
      lastVoted: last_voted,
      lastTransaction: { kind: 'sent', blockhashAge: blockhash_age_blocks },
      msSinceRefresh: ms_since_refresh,
    }),
  );
  return { refresh };
};

/** The slots held after a push, oldest wallclock first; null when the process panics. */
function push(rules: Rules, held: readonly number[], slot: number, places: number): number[] | null {
  const place = rules.pushGossipVote(held, slot, places);
  return place === 'panic' ? null : [...held.filter((_, i) => i !== place.index), slot];
}

const gossip_push_vote: Executor<{
  max_votes: number;
  held_slots?: readonly number[];
  push?: number;
  pushes?: string;
  then_push?: number;
}> = (input, rules) => {
  const places = input.max_votes;
  if (input.push !== undefined) {
    const place = rules.pushGossipVote(input.held_slots ?? [], input.push, places);
    return place === 'panic' ? { result: 'panic' } : { result: 'ok', index: place.index };
  }
  let held: number[] = [];
  for (const slot of slotRange(input.pushes ?? '')) {
    held = push(rules, held, slot, places) ?? [];
    const expected = slotRange(`${Math.max(0, slot - 11)}..${slot}`);
    if (JSON.stringify(held) !== JSON.stringify(expected)) throw new Error(`after slot ${slot}: ${JSON.stringify(held)}`);
  }
  const last = push(rules, held, input.then_push!, places);
  return { after_push_k: 'slots max(0,k-11)..k are held', last: last === null ? /^panic\b/ : 'stored' };
};

const gossip_refresh_vote: Executor<{ max_votes: number; held_slots: readonly number[]; refresh_slot: number }> = (
  input,
  rules,
) => ({
  result:
    rules.refreshGossipVote(input.held_slots, input.refresh_slot, input.max_votes) === 'ignored' ? /^ignored\b/ : 'stored',
});

export const gossipKinds: Executors = { refresh_decision, gossip_push_vote, gossip_refresh_vote };
