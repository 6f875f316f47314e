import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fittingFaults } from '../../src/explore/fault-space.ts';
import { MILDEST, runSpec } from '../../src/explore/run-spec.ts';
import type { RunSpec, Subject } from '../../src/explore/run-spec.ts';
import { runSeed } from '../../src/explore/seed.ts';
import { countChoices, shrink } from '../../src/explore/shrink.ts';
import { stepSlots } from '../../src/explore/single-faults.ts';
import { swarmSpec } from '../../src/explore/swarm.ts';
import type { Fault } from '../../src/sim/faults.ts';
import type { ForkPlan } from '../../src/sim/fork-plan.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const guide: Subject = { site: GUIDE_SITE, procedure: loadProcedure('guide-hot-swap', GUIDE_SITE) };
const slots = stepSlots(runSpec(guide, MILDEST).trace);
const ids = (spec: RunSpec): string[] => runSpec(guide, spec).judgement.findings.map(({ id }) => id);

/** Every run with one choice less. */
function deletions({ faults, fork, draws, skips = [] }: RunSpec): RunSpec[] {
  const labels = Object.keys(draws);
  return [
    ...faults.map((_, i) => ({ faults: faults.toSpliced(i, 1), fork, draws, skips })),
    ...(fork === null ? [] : [{ faults, fork: null, draws, skips }]),
    ...skips.map((_, i) => ({ faults, fork, draws, skips: skips.toSpliced(i, 1) })),
    ...labels.map((label) => ({ faults, fork, draws: { ...draws, [label]: 0 }, skips })),
  ];
}

describe('a drawn run that has a finding', () => {
  test('is shrunk to one that has it, and of which nothing can be left out; shrunk again it stays', () => {
    let shrunk = 0;
    fc.assert(fc.property(fc.nat(100_000), (seed) => {
      const spec = swarmSpec(guide, slots, runSeed(11, seed));
      const [finding] = runSpec(guide, spec).judgement.findings;
      if (finding === undefined || countChoices(spec) < 3) return;
      const result = shrink(guide, spec, finding.id);
      shrunk++;
      expect(result.finished).toBe(true);
      expect(ids(result.spec)).toContain(finding.id);
      expect(countChoices(result.spec)).toBeLessThanOrEqual(countChoices(spec));
      for (const smaller of deletions(result.spec)) {
        // Without a step typed twice there may be no step at which another fault strikes.
        if (fittingFaults(guide.procedure, smaller.faults).length === smaller.faults.length) expect(ids(smaller)).not.toContain(finding.id);
      }
      expect(shrink(guide, result.spec, finding.id).spec).toEqual(result.spec);
    }), { numRuns: 25, seed: 5 });
    expect(shrunk).toBeGreaterThan(10);
  });
});

const noise: Fault[] = [
  { kind: 'cut-gossip', on: 'inactive', at: { kind: 'slot', slot: 40 }, heal: 'end' },
  { kind: 'clock-back', on: 'active', at: { kind: 'step', index: 0, when: 'before' }, heal: 32 },
];
const fork: ForkPlan = { at: 30, losing: 4, skipped: 2, firstSeen: { active: 'winning', inactive: 'winning' }, winner: 'second' };
const STACK = 'SV-cf0a89a0';

test('what has nothing to do with the finding goes: faults, fork, skipped slots, timings', () => {
  const spec: RunSpec = { faults: noise, fork, draws: { 'latency/scp': 1, 'latency/turbineInactive': 2 }, skips: [34, 35] };
  expect(ids(spec)).toContain(STACK);
  const { spec: shrunk, tried } = shrink(guide, spec, STACK);
  expect(shrunk).toEqual({ faults: [], fork: null, draws: { 'latency/scp': 1 } });
  expect(tried).toBeLessThan(20);
});

test('what stays is as mild as can be: heals sooner, is at a step', () => {
  const late: Fault = { kind: 'disk-stall', on: 'active', at: { kind: 'point', host: 'active', point: 'bank-frozen', slot: 0 }, heal: 64 };
  const spec: RunSpec = { ...MILDEST, faults: [late, ...noise] };
  const id = runSpec(guide, spec).judgement.findings[0]!.id;
  const { spec: shrunk } = shrink(guide, spec, id);
  expect(ids({ ...MILDEST })).not.toContain(id);
  expect(shrunk.faults).toMatchObject([{ kind: 'disk-stall', at: { kind: 'step' } }]);
  expect(shrunk.faults[0]).not.toMatchObject({ heal: 64 });
});

test('it ends when its runs are used up, and says so', () => {
  const spec: RunSpec = { faults: noise, fork, draws: { 'latency/scp': 1 } };
  const { spec: shrunk, tried, finished } = shrink(guide, spec, STACK, 2);
  expect({ tried, finished }).toEqual({ tried: 2, finished: false });
  expect(countChoices(shrunk)).toBe(2);
  expect(ids(shrunk)).toContain(STACK);
});
