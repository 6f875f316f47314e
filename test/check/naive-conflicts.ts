/** The rules V2 to V5 of every pair of votes, as the definitions read: slow, and what `conflictsOf` must equal. */
import { fromRuns } from '../../src/model/lockout-runs.ts';
import type { Trace, VoteEvent, BlockEvent } from '../../src/model/trace.ts';

/** Per vote id the broken rules as "rule slot", sorted; votes that break none are absent. */
export function naiveConflicts(trace: Trace): Map<number, string[]> {
  const blocks = trace.events.filter((event): event is BlockEvent => event.type === 'block');
  const blockOf = (slot: number, hash: string): BlockEvent | undefined => blocks.find((block) => block.slot === slot && block.hash === hash);
  const parentOf = (block: BlockEvent): BlockEvent | undefined => (block.parent < block.slot ? blockOf(block.parent, block.parentHash) : undefined);
  const forks = new Map<BlockEvent, BlockEvent[]>();
  const forkOf = (tip: BlockEvent): BlockEvent[] => {
    const known = forks.get(tip);
    if (known !== undefined) return known;
    const parent = parentOf(tip);
    const fork = parent === undefined ? [tip] : [tip, ...forkOf(parent)];
    forks.set(tip, fork);
    return fork;
  };
  const start = (block: BlockEvent): BlockEvent => forkOf(block).at(-1)!;
  const all = trace.events.filter((event): event is VoteEvent => event.type === 'vote');
  const same = (a: VoteEvent, b: VoteEvent): boolean =>
    a.slot === b.slot && a.hash === b.hash && a.root === b.root && JSON.stringify([...stackOf(a)]) === JSON.stringify([...stackOf(b)]);
  const votes = all.filter((vote, i) => !vote.refresh || !all.some((other, k) => (k < i || !other.refresh) && k !== i && same(other, vote)));

  const found = new Map<number, string[]>();
  for (const later of votes) {
    const broken = new Set<string>();
    const forkSlots = new Set<number>();
    const tip = blockOf(later.slot, later.hash);
    const fork = tip === undefined ? [] : forkOf(tip);
    const laterStack = stackOf(later);
    const root = later.root ?? -1;
    for (const earlier of votes) {
      if (earlier.slot >= later.slot) continue;
      if ((earlier.root ?? -1) > root) broken.add('root-went-back');
      const earlierTip = blockOf(earlier.slot, earlier.hash);
      const earlierFork = earlierTip === undefined ? [] : forkOf(earlierTip);
      for (const [slot, count] of stackOf(earlier)) {
        const end = slot + 2 ** Math.min(count, 31);
        const voted = earlierFork.find((block) => block.slot === slot);
        let off = false;
        if (tip !== undefined) {
          if (voted !== undefined) off = start(voted) === start(tip) && !fork.includes(voted);
          else off = blocks.some((block) => block.slot === slot && start(block) === start(tip)) && !fork.some((block) => block.slot === slot);
        }
        if (off && end >= later.slot) {
          broken.add(`lockout-violation-fork ${slot}`);
          forkSlots.add(slot);
        }
        const own = laterStack.get(slot);
        if (slot <= root) continue;
        if (own !== undefined) {
          if (own < count) broken.add(`lockout-reduced ${slot}`);
          continue;
        }
        const above = [...laterStack.keys()].filter((held) => held > slot);
        const next = above.length > 0 ? Math.min(...above) : later.slot;
        if (next > slot && next <= end) broken.add(`lockout-violation-stack ${slot}`);
      }
    }
    const told = [...broken].filter((line) => {
      const [rule, slot] = line.split(' ');
      return (rule !== 'lockout-violation-stack' && rule !== 'lockout-reduced') || !forkSlots.has(Number(slot));
    });
    if (told.length > 0) found.set(later.id, told.sort());
  }
  return found;
}

function stackOf(vote: VoteEvent): Map<number, number> {
  const stack = new Map<number, number>();
  for (const { slot, confirmationCount } of fromRuns(vote.lockouts)) stack.set(slot, Math.max(confirmationCount, stack.get(slot) ?? 0));
  return stack;
}
