/** 100,000 byte strings through the decoder: it answers with data, and never throws, reads past the end or reserves
 * what a length only announces. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { throwawayKey } from '../../src/model/identity.ts';
import { decodeTowerFile, encodeTowerFile, loadTowerFile } from '../../src/model/tower-file.ts';

const RUNS = 50_000;

const vectors = JSON.parse(readFileSync(new URL('../fixtures/vectors/tower.json', import.meta.url), 'utf8')) as {
  readonly kind: string;
  readonly expect: { readonly hex: string };
}[];
const LAYOUTS = vectors
  .filter(({ kind }) => kind === 'tower_file')
  .map(({ expect: { hex } }) => new Uint8Array(Buffer.from(hex, 'hex')));

/** Where the lengths, tags and options of a tower with two votes stand, counted from the start of the data. */
const DATA_OFFSETS = [113, 145, 154, 1698, 1706, 1707, 1731, 1735, 1743];

const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), position, byte: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), position }),
  fc.record({ kind: fc.constant('insert' as const), position, bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }) }),
  fc.record({
    kind: fc.constant('number' as const),
    at: fc.constantFrom(0, 64, 68, ...DATA_OFFSETS.flatMap((offset) => [72 + offset, 76 + offset])),
    value: fc.constantFrom(0n, 1n, 2n, 255n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
  }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(bytes: Uint8Array, step: Mutation): Uint8Array {
  if (bytes.length === 0) return bytes;
  if (step.kind === 'number') {
    if (step.at + 8 > bytes.length) return bytes;
    const copy = bytes.slice();
    new DataView(copy.buffer).setBigUint64(step.at, step.value, true);
    return copy;
  }
  const at = Math.floor(step.position * bytes.length);
  if (step.kind === 'flip') return bytes.with(at, bytes[at]! ^ step.byte);
  if (step.kind === 'cut') return bytes.slice(0, at);
  return new Uint8Array([...bytes.subarray(0, at), ...step.bytes, ...bytes.subarray(at)]);
}

/** What cannot be read, or a length for which no machine has the memory: that ends the process (docs/fidelity.md). */
function isKnown({ kind, text }: { readonly kind: string; readonly text: string }): boolean {
  return kind === 'Abort' ? /^memory allocation of \d+ bytes failed$/.test(text) : text.startsWith('Serialization Error: ');
}

/** The decoder sees a window in a larger buffer, so that reading past its end would give other bytes, not an error. */
function decodeBoth(bytes: Uint8Array): number {
  const surrounded = new Uint8Array(bytes.length + 64).fill(0xa5);
  surrounded.set(bytes, 32);
  let accepted = 0;
  for (const name of ['current', 'old'] as const) {
    const result = decodeTowerFile(surrounded.subarray(32, 32 + bytes.length), name);
    if (result.ok) {
      accepted++;
      // What was accepted is a prefix of the input, to the byte: nothing came from outside.
      const again = encodeTowerFile(result.file);
      if (Buffer.compare(again, bytes.subarray(0, bytes.length - result.trailing)) !== 0) throw new Error('not the input');
    } else if (result.error.offset < 0 || result.error.offset > bytes.length || !isKnown(result.error)) {
      throw new Error(`bad error: ${JSON.stringify(result.error)}`);
    }
  }
  return accepted;
}

describe('the decoder', () => {
  it(`survives ${RUNS} mutated towers`, () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...LAYOUTS), fc.array(mutation, { minLength: 1, maxLength: 3 }), (bytes, steps) => {
        accepted += decodeBoth(steps.reduce(mutate, bytes));
      }),
      { numRuns: RUNS },
    );
    // The mutations must reach both sides of the decoder.
    expect(accepted).toBeGreaterThan(RUNS / 20);
    expect(accepted).toBeLessThan(RUNS);
  }, 30_000);

  it(`survives ${RUNS} random byte strings, half of them with a plausible head`, () => {
    let seen = 0;
    const tagged = fc.tuple(fc.constantFrom(0, 1), fc.uint8Array({ maxLength: 400 }), fc.bigInt({ min: 0n, max: 400n }));
    const headed = tagged.map(([tag, data, length]) => {
      const bytes = new Uint8Array(76 + data.length);
      bytes[0] = tag;
      new DataView(bytes.buffer).setBigUint64(68, length, true);
      bytes.set(data, 76);
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), headed), (bytes) => {
        decodeBoth(bytes);
        seen++;
      }),
      { numRuns: RUNS },
    );
    expect(seen).toBe(RUNS);
  }, 30_000);

  it('is not led to reserve memory by a huge length', () => {
    const before = process.memoryUsage().arrayBuffers;
    const bytes = LAYOUTS[1]!.slice();
    for (const at of [68, 189, 230, 1783]) {
      const huge = bytes.slice();
      new DataView(huge.buffer).setBigUint64(at, 2n ** 40n, true);
      expect(decodeTowerFile(huge, 'current').ok).toBe(false);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it('behind the signature check: mutated towers never load with the signature of the old content', () => {
    const { address } = throwawayKey('nobody');
    fc.assert(
      fc.property(fc.constantFrom(...LAYOUTS), mutation, (bytes, step) => {
        expect(loadTowerFile(mutate(bytes, step), 'current', address).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
