/** What the world may do to a procedure besides faults: fork, skip slots, be slow. Drawn by labelled choices, 0 being the mildest. */
import type { Chooser } from '../sim/chooser.ts';
import { recording } from '../sim/chooser.ts';
import type { ForkPlan } from '../sim/fork-plan.ts';
import { LATENCY_TABLES, drawLatencies } from '../sim/latency.ts';
import { drawSlot, pick } from './fault-space.ts';
import type { StepSlots } from './single-faults.ts';

const SEES = ['winning', 'losing'] as const;

/** The longest losing branch and the most slots without a block in a fork. The threshold check stops the ninth own vote. */
export const LONGEST_FORK = 8;

/** Latencies by name, e.g. "scp". */
export const LATENCY_NAMES: readonly string[] = Object.keys(LATENCY_TABLES);

/**
 * A fork near a slot in which an identity switches or a step begins or ends, with up to `longest` blocks on the losing
 * branch and as many skipped slots; null when both are 0.
 */
export function drawFork(slots: StepSlots, longest: number, chooser: Chooser): ForkPlan | null {
  const losing = chooser.choose(longest + 1, 'fork/losing');
  const skipped = chooser.choose(longest + 1, 'fork/skipped');
  if (losing === 0 && skipped === 0) return null;
  // Switches twice: there the last votes of the old identity stand on a branch.
  const near = [...slots.anchors, ...slots.anchors, ...slots.busy];
  const end = pick(chooser, near.length === 0 ? [0] : near, 'fork/near');
  // From beginning after that slot to ending with it.
  const at = end + 1 - chooser.choose(Math.max(1, losing) + 1, 'fork/back');
  if (losing === 0) return { at, losing, skipped, firstSeen: { active: 'winning', inactive: 'winning' }, winner: 'second' };
  const firstSeen = { active: pick(chooser, SEES, 'fork/active-sees'), inactive: pick(chooser, SEES, 'fork/inactive-sees') };
  return { at, losing, skipped, firstSeen, winner: pick(chooser, ['second', 'first'] as const, 'fork/winner') };
}

/** Up to `most` slots that the cluster skips, ascending. */
export function drawSkips(slots: StepSlots, most: number, chooser: Chooser): number[] {
  const count = chooser.choose(most + 1, 'skips/count');
  return [...new Set(Array.from({ length: count }, (_, i) => drawSlot(slots, chooser, `skips/${i}`)))].sort((a, b) => a - b);
}

/** Values of the measured tables for the latencies that `vary`, by label; the others are the mildest. */
export function drawTimings(vary: readonly string[], chooser: Chooser): Readonly<Record<string, number>> {
  const { draws, ...recorder } = recording({ choose: (bound, label) => (vary.includes(label.replace('latency/', '')) ? chooser.choose(bound, label) : 0) });
  drawLatencies(recorder);
  return draws;
}
