/** The blocks of the cluster as the hosts have frozen them: slot, hash, parent, leader, and when the first host had it. */
import type { BlockEvent, Micros } from '../model/trace.ts';
import type { HostFact } from './host-fact.ts';

/** Leader of a block of which no log tells it. */
export const UNKNOWN_LEADER = 'unknown';

export interface SeenBlocks {
  /** By slot. */
  readonly blocks: readonly BlockEvent[];
  /** Bank hash of a slot as this host froze it, or as any host did. */
  readonly hashOf: (slot: number, host?: string) => string | null;
  /** When a host froze the bank of a slot first; of all hosts without a name. µs. */
  readonly frozenAt: (slot: number, host?: string) => Micros | null;
  /** Hosts that made the block of a slot. */
  readonly makers: ReadonlyMap<number, readonly string[]>;
  /** Slots whose parent no log names: the next older block is taken for it. */
  readonly guessedParents: readonly number[];
  /** Mean duration of a slot, µs. */
  readonly slotMicros: Micros;
}

interface Growing {
  slot: number;
  hash: string;
  t: Micros;
  /** A host froze it as it came, not when it replayed its ledger at start-up. */
  live: boolean;
  parent: number | null;
  /** What the host had frozen just before. */
  before: number | null;
}

/** `facts` of all hosts by time, on one clock. `staked`: who signs the blocks that a host makes as its own. */
export function seenBlocks(facts: readonly HostFact[], staked: string): SeenBlocks {
  const slotMicros = slotDuration(facts);
  const seen = new Map<string, Growing>();
  const byHost = new Map<string, { hash: string; t: Micros }>();
  const bySlot = new Map<number, { hash: string; t: Micros }>();
  const parents = new Map<string, number>();
  const newest = new Map<string, number>();
  const makers = new Map<number, string[]>();
  const leaders: { slot: number; leader: string }[] = [];
  const replayed = replayedFreezes(facts, slotMicros);
  for (const item of facts) {
    const { fact, host, t } = item;
    if (fact.kind === 'new-bank') {
      parents.set(`${host} ${fact.slot}`, fact.parent);
      if (fact.own) makers.set(fact.slot, [...new Set([...(makers.get(fact.slot) ?? []), host])]);
    } else if (fact.kind === 'leader-change') {
      leaders.push({ slot: fact.slot, leader: fact.leader });
    } else if (fact.kind === 'started') {
      newest.delete(host);
    } else if (fact.kind === 'frozen') {
      const { slot, hash } = fact;
      const parent = parents.get(`${host} ${slot}`) ?? null;
      const known = seen.get(`${slot} ${hash}`);
      const live = !replayed.has(item);
      if (known === undefined) seen.set(`${slot} ${hash}`, { slot, hash, t, live, parent, before: newest.get(host) ?? null });
      else {
        known.parent ??= parent;
        if (live && !known.live) Object.assign(known, { t, live });
      }
      if (!byHost.has(`${host} ${slot}`)) byHost.set(`${host} ${slot}`, { hash, t });
      if (!bySlot.has(slot)) bySlot.set(slot, { hash, t });
      newest.set(host, slot);
    }
  }
  leaders.sort((a, b) => a.slot - b.slot);
  const ordered = [...seen.values()].sort((a, b) => a.slot - b.slot || a.t - b.t);
  estimateTimes(ordered, slotMicros);
  const guessedParents: number[] = [];
  const blocks = ordered.map((block, i): BlockEvent => {
    const told = block.parent ?? block.before;
    const parentKnown = told !== null && bySlot.has(told);
    let parent = parentKnown ? told : -1;
    if (!parentKnown && i > 0 && ordered[0]!.slot < block.slot) {
      parent = ordered.findLast((older) => older.slot < block.slot)!.slot;
      guessedParents.push(block.slot);
    }
    const leader = makers.has(block.slot) ? staked : (leaders.findLast(({ slot }) => slot <= block.slot)?.leader ?? UNKNOWN_LEADER);
    const inferred = inferredOf(block, parent, parentKnown);
    return {
      type: 'block', t: block.t, slot: block.slot, parent, hash: block.hash, parentHash: parent === -1 ? '' : bySlot.get(parent)!.hash, leader,
      ...(inferred === '' ? {} : { inferred }),
    };
  });
  const anyHost = (slot: number, host?: string) => (host === undefined ? undefined : byHost.get(`${host} ${slot}`)) ?? bySlot.get(slot);
  return {
    blocks,
    hashOf: (slot, host) => anyHost(slot, host)?.hash ?? null,
    frozenAt: (slot, host) => (host === undefined ? bySlot.get(slot) : byHost.get(`${host} ${slot}`))?.t ?? null,
    makers,
    guessedParents,
    slotMicros,
  };
}

function inferredOf({ live, parent: told }: Growing, parent: number, parentKnown: boolean): string {
  const of = [];
  if (parent !== -1 && !parentKnown) of.push('parent: the next older block in the logs');
  else if (parent !== -1 && told === null) of.push('parent: the bank that was replayed before it');
  if (!live) of.push('time: counted back from the first block that came live');
  return of.join('; ');
}

/** Mean time from bank to bank in the second half of the longest log, µs: the first half may hold a start-up. */
function slotDuration(facts: readonly HostFact[]): Micros {
  const byHost = new Map<string, { slot: number; t: Micros }[]>();
  for (const { host, fact, t } of facts) {
    if (fact.kind === 'frozen') byHost.set(host, [...(byHost.get(host) ?? []), { slot: fact.slot, t }]);
  }
  const longest = [...byHost.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  const [first, last] = [longest[Math.floor(longest.length / 2)], longest.at(-1)];
  return first === undefined || last === undefined || last.slot <= first.slot ? 400_000 : Math.max(1000, Math.round((last.t - first.t) / (last.slot - first.slot)));
}

/**
 * Banks on the way from the snapshot to the tip come one after another at once: they are no news of the cluster. So are
 * all banks before the end of start-up, which has pauses of its own.
 */
function replayedFreezes(facts: readonly HostFact[], slotMicros: Micros): ReadonlySet<HostFact> {
  const replayed = new Set<HostFact>();
  /** Banks frozen since the end of start-up; null before it. Absent once the host follows the cluster. */
  const catchingUp = new Map<string, HostFact[] | null>();
  for (const item of facts) {
    const { host, fact, t } = item;
    if (fact.kind === 'started') catchingUp.set(host, null);
    else if (fact.kind === 'running' && catchingUp.get(host) === null) catchingUp.set(host, []);
    if (fact.kind !== 'frozen' || !catchingUp.has(host)) continue;
    const list = catchingUp.get(host) ?? [];
    replayed.add(item);
    list.push(item);
    const before = list.at(-1 - LIVE_BANKS);
    if (before === undefined || t - before.t < (LIVE_BANKS * slotMicros) / 2) continue;
    for (const live of list.slice(-1 - LIVE_BANKS)) replayed.delete(live);
    catchingUp.delete(host);
  }
  return replayed;
}

/** So many banks in a row at the pace of the cluster end the catching up. */
const LIVE_BANKS = 8;

function estimateTimes(ordered: readonly Growing[], slotMicros: Micros): void {
  let next: Growing | null = null;
  for (const block of ordered.toReversed()) {
    if (!block.live && next !== null) block.t = Math.min(block.t, next.t - (next.slot - block.slot) * slotMicros);
    next = block;
  }
}
