/**
 * The one source of chance. Every draw is bounded and labelled; 0 is always the mildest choice. Because draws carry
 * labels, a replay survives unrelated changes of code, and a mismatch names the first draw that differs.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Chooser {
  /** An integer in [0, bound). Drawn afresh at each call. */
  choose(bound: number, label: string): number;
}

/** Always the mildest choice. */
export const mildest: Chooser = { choose: () => 0 };

/** Draws from a seed. */
export function seeded(seed: number): Chooser {
  const generator = xoroshiro128plus(seed);
  return {
    choose(bound) {
      // The modulo bias is below 2^-20 for the bounds in use (< 4096).
      return (generator.next() >>> 0) % bound;
    },
  };
}

/** Given draws by label, the mildest choice elsewhere. An out-of-range value is an error that names its label. */
export function scripted(draws: Readonly<Record<string, number>>): Chooser {
  return {
    choose(bound, label) {
      const value = draws[label] ?? 0;
      if (!Number.isInteger(value) || value < 0 || value >= bound) {
        throw new RangeError(`choice "${label}" is ${value}; it must be an integer from 0 to ${bound - 1}`);
      }
      return value;
    },
  };
}

/** Passes draws on and keeps them, so that they can be written into a token. Draws of 0 are not kept. */
export function recording(inner: Chooser): Chooser & { readonly draws: Record<string, number> } {
  const draws: Record<string, number> = {};
  return {
    draws,
    choose(bound, label) {
      const value = inner.choose(bound, label);
      if (value !== 0) draws[label] = value;
      return value;
    },
  };
}
