/** Cuts of a run: the first event of each slot at which the world can be copied, and known again. */
import { canBeCopied } from '../sim/copy-world.ts';
import { fingerprint } from '../sim/fingerprint.ts';
import { stepWorld } from '../sim/world.ts';
import type { World } from '../sim/world.ts';

/** Runs to the next cut; false when the run has ended. */
export function runToCut(world: World): boolean {
  let { slot } = world;
  while (world.slot <= world.endSlot) {
    stepWorld(world);
    if (world.slot === slot) continue;
    // Nowhere else: a moment that comes twice in a slot belongs to one stretch.
    ({ slot } = world);
    if (canBeCopied(world)) return slot <= world.endSlot;
  }
  return false;
}

/** The fingerprints that were looked up on the way, and what is known of the world that ended it; undefined: the run has ended. */
export interface Way<T> {
  readonly keys: readonly string[];
  readonly known: T | undefined;
}

/** Runs a world at a cut to its end, or to one that is known. Looks at once, and then more and more seldom: late merges are too rare to pay for more. */
export function runToKnown<T extends object>(world: World, memory: ReadonlyMap<string, T>): Way<T> {
  const keys: string[] = [];
  for (let cuts = 0, due = 0; ; cuts++) {
    if (cuts >= due) {
      due = 4 * cuts + 1;
      const key = fingerprint(world);
      const known = memory.get(key);
      if (known !== undefined) return { keys, known };
      keys.push(key);
    }
    if (!runToCut(world)) return { keys, known: undefined };
  }
}
