/** A run without one of its faults, for `replay --without`. */
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';
import type { RunSpec } from '../explore/run-spec.ts';

/** `name`: the number of a fault in the plan, from 1, its kind (all faults of it), or "fork". Throws InputError when there is none. */
export function withoutFault(spec: RunSpec, name: string): RunSpec {
  const { faults, fork } = spec;
  const rest = faults.filter(({ kind }, i) => name !== kind && name !== String(i + 1));
  if (rest.length < faults.length) return { ...spec, faults: rest };
  if (name === 'fork' && fork !== null) return { ...spec, fork: null };
  const words = [...new Set(faults.map(({ kind }) => kind)), ...(fork === null ? [] : ['fork'])];
  const numbers = faults.length === 0 ? '' : faults.length === 1 ? '1, ' : `1 to ${faults.length}, `;
  throw new InputError([withNearest({
    file: '--without', message: `the run of the token has no fault "${name}"`,
    expected: words.length === 0 ? 'a token with a fault or a fork: this run has none' : `${numbers}${words.join(', ')}`,
  }, nearestWord(name, words))]);
}
