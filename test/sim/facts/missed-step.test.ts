/** A fault of a command that the operator does not come to type. */
import { describe, expect, it } from 'vitest';
import { MILDEST, runSpec } from '../../../src/explore/run-spec.ts';
import type { Fault } from '../../../src/sim/faults.ts';
import { loadProcedure } from '../../../src/transition/procedure-file.ts';
import { SITE } from './world.ts';

const subject = { site: SITE, procedure: loadProcedure('strict-hot-swap', SITE) };
const before = (kind: string, on: string): Fault => ({ kind, on, at: { kind: 'step', index: 5, when: 'before' }, heal: 1 });
const stops = before('operator-stops', 'operator');

describe('an operator who stops before a step', () => {
  it.each(['command-fails', 'copy-torn'])('meets no %s there, and comes back', (kind) => {
    for (const faults of [[before(kind, 'step'), stops], [stops, before(kind, 'step')]]) {
      const { fired, judgement, world } = runSpec(subject, { ...MILDEST, faults });
      expect(faults.map((fault, i) => [fault.kind, fired[i]])).toEqual(faults.map((fault) => [fault.kind, fault === stops]));
      expect(world.operator.resumes).toBe(1);
      expect(judgement.liveness).toMatchObject({ live: true, voters: ['inactive'] });
    }
  });

  it('comes back when a command would have hung, too', () => {
    const faults = [before('command-hangs', 'step'), stops];
    const { fired, judgement } = runSpec(subject, { ...MILDEST, faults });
    expect(fired).toEqual([true, true]);
    expect(judgement.liveness.live).toBe(true);
  });
});
