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
  /** The usual duration of a slot, µs. */
  readonly slotMicros: Micros;
}

interface Growing {
  slot: number;
  hash: string;
  t: Micros;
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
  for (const { fact, host, t } of facts) {
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
      if (known === undefined) seen.set(`${slot} ${hash}`, { slot, hash, t, parent, before: newest.get(host) ?? null });
      else known.parent ??= parent;
      if (!byHost.has(`${host} ${slot}`)) byHost.set(`${host} ${slot}`, { hash, t });
      if (!bySlot.has(slot)) bySlot.set(slot, { hash, t });
      newest.set(host, slot);
    }
  }
  leaders.sort((a, b) => a.slot - b.slot);
  const ordered = [...seen.values()].sort((a, b) => a.slot - b.slot || a.t - b.t);
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

function inferredOf({ parent: told }: Growing, parent: number, parentKnown: boolean): string {
  if (parent === -1) return '';
  if (!parentKnown) return 'parent: the next older block in the logs';
  return told === null ? 'parent: the bank that was replayed before it' : '';
}

/** The usual time from slot to slot (median) while a host follows the cluster, µs. A bank that another host had first was made up for. */
function slotDuration(facts: readonly HostFact[]): Micros {
  const last = new Map<string, { slot: number; t: Micros }>();
  const steps: Micros[] = [];
  let newest = -1;
  for (const { host, fact, t } of facts) {
    if (fact.kind === 'started' || fact.kind === 'running') last.delete(host);
    if (fact.kind !== 'frozen') continue;
    const before = last.get(host);
    if (before !== undefined && fact.slot > before.slot && fact.slot >= newest) steps.push((t - before.t) / (fact.slot - before.slot));
    last.set(host, { slot: fact.slot, t });
    newest = Math.max(newest, fact.slot);
  }
  const median = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)];
  return median === undefined ? 400_000 : Math.max(1000, Math.round(median));
}
