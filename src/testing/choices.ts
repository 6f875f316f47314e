/** Labelled choices as fast-check draws them: each is a number of its own, so that shrinking one leaves the others. */
import fc from 'fast-check';
import type { Chooser } from '../sim/chooser.ts';

const RANGE = 2 ** 16;

/** A part of the range, held against a bound only when it is asked for. Shrinks to 0, the mildest choice. */
const even = fc.noBias(fc.nat({ max: RANGE - 1 }));
const mild = fc.oneof(fc.constant(0), even);

/**
 * Choosers that know these labels, and make the mildest choice for any other. `even`: all choices of a label are as
 * likely; `mild`: half of all choices are the mildest.
 */
export function arbitraryChooser(labels: readonly string[], spread: 'even' | 'mild'): fc.Arbitrary<Chooser> {
  const part = spread === 'even' ? even : mild;
  return fc.record(Object.fromEntries(labels.map((label) => [label, part]))).map((parts) => ({
    // A smaller part is never a larger choice.
    choose: (bound, label) => Math.floor(((parts[label] ?? 0) * bound) / RANGE),
  }));
}
