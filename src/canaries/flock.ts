/** Every canary that there is, and a few of them drawn by a seed. */
import { seeded } from '../sim/chooser.ts';
import { BLIND_JUDGES, IDLE_SEARCHES } from './blind-judges.ts';
import type { Canary } from './canary.ts';
import { SEEDED_RULES, SEEDED_WORLD } from './seeded-bugs.ts';

const PARTS: readonly (readonly Canary[])[] = [SEEDED_RULES, SEEDED_WORLD, BLIND_JUDGES, IDLE_SEARCHES];

export const CANARIES: readonly Canary[] = PARTS.flat();

/** So many canaries, without repetition: bugs of rules, of the world, of judges and of searches by turns, as far as each goes. */
export function drawCanaries(count: number, seed: number): Canary[] {
  const { choose } = seeded(seed);
  const left = PARTS.map((part) => [...part]);
  const drawn: Canary[] = [];
  for (let turn = 0; drawn.length < count && left.some((part) => part.length > 0); turn++) {
    const part = left[turn % left.length]!;
    if (part.length > 0) drawn.push(...part.splice(choose(part.length, 'canary'), 1));
  }
  return drawn;
}
