/**
 * The places that one identity has for its votes in gossip, and the guard on them. Pure.
 *
 * Rules: agave gossip/src/cluster_info.rs `push_vote`, `refresh_vote`, `find_vote_index_to_evict` (4.3; 12 places
 * since 2.3, 32 in 2.1 and 2.2).
 */
export const MAX_GOSSIP_VOTES = 12;

export interface GossipPlace {
  /** Position in the list of held votes that is written; its length when a place is still free. */
  readonly index: number;
  /** Slot of the vote that gives way, null when none does. */
  readonly evicted: number | null;
}

/**
 * Where a new vote on `slot` goes: a free place, or that of the oldest vote. `held` are the slots that this identity's
 * places hold in the local table, whoever sent them, oldest wallclock first.
 *
 * 'panic': the table holds an equal or newer slot, and the process dies ("Submitting old vote").
 */
export function pushGossipVote(held: readonly number[], slot: number, places = MAX_GOSSIP_VOTES): GossipPlace | 'panic' {
  if (held.some((other) => other >= slot)) return 'panic';
  return held.length < places ? { index: held.length, evicted: null } : { index: 0, evicted: held[0] ?? null };
}

/**
 * Where a refreshed vote goes: the place that holds the same slot, else that of a new vote. 'ignored': only newer votes
 * stand there, and Agave just warns.
 */
export function refreshGossipVote(held: readonly number[], slot: number, places = MAX_GOSSIP_VOTES): GossipPlace | 'ignored' {
  const same = held.indexOf(slot);
  if (same >= 0) return { index: same, evicted: slot };
  const place = pushGossipVote(held, slot, places);
  return place === 'panic' ? 'ignored' : place;
}
