/** Worlds: what may happen to a procedure besides faults. */
import type fc from 'fast-check';
import { MILDEST, runSpec } from '../explore/run-spec.ts';
import type { RunSpec, Subject } from '../explore/run-spec.ts';
import { stepSlots } from '../explore/single-faults.ts';
import { LATENCY_NAMES, LONGEST_FORK, drawFork, drawSkips, drawTimings } from '../explore/world-space.ts';
import { arbitraryChooser } from './choices.ts';

const MOST_SKIPS = 4;

/** The labels under which forks, skips and timings are asked for. */
const LABELS = [
  ...['losing', 'skipped', 'near', 'back', 'active-sees', 'inactive-sees', 'winner'].map((label) => `fork/${label}`),
  'skips/count', ...Array.from({ length: MOST_SKIPS }, (_, i) => [`skips/${i}/anywhere`, `skips/${i}/slot`]).flat(),
  ...LATENCY_NAMES.map((name) => `latency/${name}`),
];

/**
 * A run without faults: a fork near the procedure, skipped slots, latencies of the measured tables. Shrinks to no fork,
 * no skipped slot, the mildest latencies. A schedule of faults is added as `{ ...world, faults }`.
 */
export function arbitraryWorld(subject: Subject): fc.Arbitrary<RunSpec> {
  const slots = stepSlots(runSpec(subject, MILDEST).trace);
  return arbitraryChooser(LABELS, 'mild').map((chooser) => {
    const skips = drawSkips(slots, MOST_SKIPS, chooser);
    return { faults: [], fork: drawFork(slots, LONGEST_FORK, chooser), draws: drawTimings(LATENCY_NAMES, chooser), ...(skips.length === 0 ? {} : { skips }) };
  });
}
