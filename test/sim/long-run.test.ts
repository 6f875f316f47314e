import { describe, expect, it } from 'vitest';
import { judge } from '../../src/check/judge.ts';
import { MILDEST, configOf, runSpec } from '../../src/explore/run-spec.ts';
import type { Subject } from '../../src/explore/run-spec.ts';
import { traceHash } from '../../src/report/trace-file.ts';
import { run } from '../../src/sim/run.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const SUBJECT: Subject = { site: GUIDE_SITE, procedure: loadProcedure('guide-hot-swap', GUIDE_SITE, {}) };

describe('a long run', () => {
  const { trace, world } = run({ ...configOf(SUBJECT, MILDEST), tailSlots: 4000, maxSlots: 5000 });

  it('votes on for every block, without a conflict', () => {
    const { result, downtime, liveness } = judge(trace);
    expect({ result, voters: liveness.voters }).toEqual({ result: 'holds', voters: ['inactive'] });
    expect(downtime.slots).toBe(runSpec(SUBJECT, MILDEST).judgement.downtime.slots);
  });

  it('forgets blocks far below the roots, and keeps those near them', () => {
    let known = 0;
    for (let block = world.cluster.tips.main.parent; block !== null; block = block.parent) known++;
    expect(known).toBeGreaterThan(31 + 64);
    expect(known).toBeLessThan(31 + 3 * 64);
  });
});

describe('worlds of one process', () => {
  it('share nothing that a run changes', () => {
    const first = traceHash(run(configOf(SUBJECT, MILDEST)).trace);
    const faults = [
      { kind: 'key-missing', on: 'inactive', at: 'before-start' },
      { kind: 'power-loss', on: 'active', at: { kind: 'step', index: 1, when: 'after' }, heal: 'end' },
    ] as const;
    expect(traceHash(run(configOf(SUBJECT, { ...MILDEST, faults }), faults).trace)).not.toBe(first);
    expect(traceHash(run(configOf(SUBJECT, MILDEST)).trace)).toBe(first);
  });
});
