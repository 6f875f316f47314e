import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fittingFaults, kindsIn } from '../../src/explore/fault-space.ts';
import { MILDEST, runSpec } from '../../src/explore/run-spec.ts';
import type { Subject } from '../../src/explore/run-spec.ts';
import { runSeed, seedOf } from '../../src/explore/seed.ts';
import { stepSlots } from '../../src/explore/single-faults.ts';
import { drawSwarm, swarmSpec } from '../../src/explore/swarm.ts';
import type { SwarmRehearsal, rehearseSwarm as Rehearse } from '../../src/explore/swarm-rehearsal.ts';
import { decodeToken, encodeToken, stepsFingerprint } from '../../src/explore/token.ts';
import { traceHash } from '../../src/report/trace-file.ts';
import { mildest, seeded } from '../../src/sim/chooser.ts';
import { PREPARATION_KINDS } from '../../src/sim/preparation.ts';
import { loadProcedure, shippedProcedures } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const subjectOf = (name: string): Subject => ({ site: GUIDE_SITE, procedure: loadProcedure(name, GUIDE_SITE) });
const guide = subjectOf('guide-hot-swap');
const slots = stepSlots(runSpec(guide, MILDEST).trace);
const specs = Array.from({ length: 400 }, (_, i) => swarmSpec(guide, slots, runSeed(1, i)));

// The compiled one has threads.
const { rehearseSwarm } = (await import(new URL('dist/explore/swarm-rehearsal.js', pathToFileURL(`${process.cwd()}/`)).href)) as { rehearseSwarm: typeof Rehearse };
const swarm = (subject: Subject, runs: number, seed: number, workers = 2): Promise<SwarmRehearsal> => rehearseSwarm(subject, { runs, seed, workers });

describe('a seed', () => {
  it('is an integer of 32 bits as it is, and a commit or any other integer by its hash', () => {
    expect(['0', '1', '007', '4294967295'].map(seedOf)).toEqual([0, 1, 7, 4_294_967_295]);
    const commit = seedOf('9F2C1E00D4');
    expect(commit).toBe(seedOf('0x9f2c1e00d4'));
    const hashed = [commit, ...['4294967296', '-1', 'deadbeef', 'a'.repeat(40)].map(seedOf)];
    expect(new Set(hashed).size).toBe(5);
    for (const seed of hashed) expect(Number.isInteger(seed) && seed! >= 0 && seed! < 2 ** 32).toBe(true);
    expect(seedOf('deadbeef')).toBe(0x2baf1f40);
    expect(['', 'main', '1.5', '0x', '-a', ' 1'].map(seedOf)).toEqual(Array.from({ length: 6 }, () => null));
  });
});

describe('a run of a swarm', () => {
  it('is the run without faults when every choice is the mildest', () => {
    expect(drawSwarm(guide.procedure, slots, mildest)).toEqual(MILDEST);
  });

  it('is equal for equal seeds, and mostly another for others', () => {
    expect(specs.map((_, i) => swarmSpec(guide, slots, runSeed(1, i)))).toEqual(specs);
    expect(new Set(specs.map((spec) => JSON.stringify(spec))).size).toBeGreaterThan(370);
    const others = new Set(Array.from({ length: 400 }, (_, i) => JSON.stringify(swarmSpec(guide, slots, runSeed(2, i)))));
    // The mildest worlds come again.
    expect(specs.filter((spec) => others.has(JSON.stringify(spec))).length).toBeLessThan(20);
  });

  it('has from none to six faults, seldom a flaw of the preparation, and worlds of every sort', () => {
    expect(new Set(specs.map(({ faults }) => faults.length))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    const flawed = specs.filter(({ faults }) => faults.some(({ kind }) => PREPARATION_KINDS.includes(kind))).length;
    expect(flawed).toBeGreaterThan(20);
    expect(flawed).toBeLessThan(80);
    expect(new Set(specs.map(({ fork }) => fork?.losing ?? 0))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8]));
    expect(specs.filter(({ fork }) => fork === null).length).toBeGreaterThan(150);
    expect(specs.filter(({ draws }) => Object.keys(draws).length === 0).length).toBeGreaterThan(80);
    expect(specs.filter(({ skips }) => skips !== undefined).length).toBeGreaterThan(80);
  });

  it.each(shippedProcedures())('can be taken and written down: %s', (name) => {
    const { site, procedure } = subjectOf(name);
    const own = stepSlots(runSpec({ site, procedure }, MILDEST).trace);
    for (let i = 0; i < 300; i++) {
      const spec = drawSwarm(procedure, own, seeded(runSeed(3, i)));
      const token = { procedure: name, params: {}, site: {}, steps: stepsFingerprint(procedure), spec };
      expect(decodeToken(encodeToken(token))).toEqual(token);
      expect(fittingFaults(procedure, spec.faults)).toEqual(spec.faults);
    }
  });
});

describe('a swarm', () => {
  const large = swarm(guide, 400, 7);

  it('fires every kind of fault at least once in 400 runs of the hot swap', async () => {
    const { kinds, runs, firedRuns, result, bounds } = await large;
    expect(kinds.map(({ kind }) => kind)).toEqual(kindsIn(guide.procedure));
    expect(kinds.filter(({ fired }) => fired === 0)).toEqual([]);
    expect(kinds.filter(({ drawn, fired }) => fired > drawn)).toEqual([]);
    expect({ runs, result }).toEqual({ runs: 400, result: 'violated' });
    expect(firedRuns).toBeGreaterThan(300);
    expect(bounds[0]).toContain('400 runs drawn from seed 7');
  });

  it('finds the same with any number of threads, and something else with another seed', async () => {
    const found = async (seed: number, workers: number): Promise<unknown> => {
      const { baseline, ...rest } = await swarm(guide, 70, seed, workers);
      return { ...rest, baseline: traceHash(baseline.trace) };
    };
    const one = await found(7, 1) as SwarmRehearsal;
    expect(await found(7, 3)).toEqual(one);
    const other = await found(8, 1) as SwarmRehearsal;
    expect(one.groups.length).toBeGreaterThan(20);
    expect(other.groups.map(({ id }) => id)).not.toEqual(one.groups.map(({ id }) => id));
  });

  it('finds the hot swap without tower violated in 40 runs, which single timings do not', async () => {
    const { result, baseline, groups } = await swarm(subjectOf('guide-hot-swap-without-tower'), 40, 1);
    expect(baseline.judgement.result).toBe('holds');
    expect(result).toBe('violated');
    expect(groups[0]!.class).toBe('violation');
  });

  it("counts what a world gives without the faults as nobody's fault, and tells it by a run without faults", async () => {
    const { groups } = await large;
    const bare = groups.filter(({ faults, class: grade }) => grade === 'violation' && faults.some(([kinds]) => kinds === 'no fault'));
    expect(bare.length).toBeGreaterThan(0);
    for (const { example, id } of bare) {
      expect(example.faults).toEqual([]);
      expect(runSpec(guide, example).judgement.findings.map((finding) => finding.id)).toContain(id);
    }
  });
});
