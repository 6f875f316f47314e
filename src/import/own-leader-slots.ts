/** Leader slots of the staked identity: a host names its next one; what the cluster then has shows whether it was used. */
import type { LeaderEvent } from '../model/trace.ts';
import type { HostFact } from './host-fact.ts';
import type { SeenBlocks } from './seen-blocks.ts';

/** Slots of a leader in a row (`NUM_CONSECUTIVE_LEADER_SLOTS`). */
const WINDOW = 4;

/** One event a slot of every window that the logs name and the blocks cover. */
export function ownLeaderSlots(facts: readonly HostFact[], staked: string, blocks: SeenBlocks): LeaderEvent[] {
  const windows = new Set<number>();
  const skips: { t: number; host: string }[] = [];
  for (const { fact, t, host } of facts) {
    if (fact.kind === 'identity-seen' && fact.identity === staked && fact.nextLeaderSlot !== null) windows.add(fact.nextLeaderSlot - (fact.nextLeaderSlot % WINDOW));
    else if (fact.kind === 'leader-change' && fact.leader === staked) windows.add(fact.slot - (fact.slot % WINDOW));
    else if (fact.kind === 'leader-skips') skips.push({ t, host });
  }
  for (const slot of blocks.makers.keys()) windows.add(slot - (slot % WINDOW));
  const known = blocks.blocks;
  const [first, last] = [known[0]?.slot ?? 0, known.at(-1)?.slot ?? -1];
  return [...windows].sort((a, b) => a - b).flatMap((window) =>
    Array.from({ length: WINDOW }, (_, i) => window + i).flatMap((slot): LeaderEvent[] => {
      if (slot <= first || slot >= last) return [];
      const makers = blocks.makers.get(slot);
      const block = known.find((candidate) => candidate.slot === slot);
      if (block !== undefined) {
        return (makers ?? [null]).map((host): LeaderEvent => ({ type: 'leader', t: block.t, slot, outcome: 'produced', host, hash: block.hash }));
      }
      const before = known.findLast((candidate) => candidate.slot < slot)!;
      const after = known.find((candidate) => candidate.slot > slot)!;
      const skipped = skips.some(({ t }) => t >= before.t && t <= after.t);
      return [{
        type: 'leader', t: after.t, slot, outcome: 'missed', host: null, inferred: 'missed: no block of this slot is in the logs',
        ...(skipped ? { why: 'no vote of the holder was rooted yet' } : { why: 'no block came' }),
      }];
    }),
  );
}
