import { describe, expect, test } from 'vitest';
import { parseBounds } from '../../src/explore/bounds.ts';
import { certify } from '../../src/explore/certify.ts';
import { countChoices } from '../../src/explore/shrink.ts';
import { MILDEST, runSpec } from '../../src/explore/run-spec.ts';
import type { RunSpec, Subject } from '../../src/explore/run-spec.ts';
import { searchUnit, unitsOf } from '../../src/explore/search.ts';
import { Sum } from '../../src/explore/tally.ts';
import type { Fault } from '../../src/sim/faults.ts';
import type { ForkPlan } from '../../src/sim/fork-plan.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const guide: Subject = { site: GUIDE_SITE, procedure: loadProcedure('guide-hot-swap', GUIDE_SITE) };
const small = parseBounds(
  'bounds: small\nkinds: [crash, tower-stale, cut-votes, operator-drops]\nsteps: [before, after]\nslots-around: 0\nheals: [1, end]\n' +
  'forks: { losing: [0, 1], skipped: [0, 4], first-seen: [losing], winners: [second] }\ntimings: [{}]\n', 'small.yaml');
const step = (kind: string, on: string, index: number, when: 'before' | 'during' | 'after', heal = 1): Fault => ({ kind, on, at: { kind: 'step', index, when }, heal });
const forkOf = (at: number, losing: number, skipped: number, active: 'losing' | 'winning', inactive: 'losing' | 'winning', winner: 'first' | 'second'): ForkPlan => ({ at, losing, skipped, firstSeen: { active, inactive }, winner });
const violation = (spec: RunSpec): string => runSpec(guide, spec).judgement.findings.find((finding) => finding.class === 'violation')!.id;

describe('a certificate', () => {
  test('of one fault takes one run, that without it', () => {
    const spec = { ...MILDEST, faults: [step('tower-stale', 'inactive', 4, 'before')] };
    expect(certify(guide, small, spec, violation(spec))).toMatchObject({ choices: 1, schedules: 1, open: null, milder: null });
  });

  test('of a fault and a fork takes every schedule with one of the bounds, in the world of the run', () => {
    const spec = { ...MILDEST, faults: [step('lose-turbine', 'active', 3, 'before')], fork: forkOf(0, 4, 2, 'losing', 'losing', 'first'), skips: [60] };
    const id = violation(spec);
    const sum = new Sum();
    for (const unit of unitsOf(guide, small, 1)) sum.add(searchUnit(guide, small, 1, unit, () => false).tally);
    const { schedules, causes } = sum.end();
    expect(causes.has(id)).toBe(false);
    expect(schedules).toBeGreaterThan(300);
    expect(certify(guide, small, spec, id)).toEqual({ id, choices: 2, schedules, parts: 3, open: null, milder: null });
  });

  test('is not given when one of its parts is enough', () => {
    const stale = step('tower-stale', 'inactive', 4, 'before');
    const spec = { ...MILDEST, faults: [stale, step('clock-back', 'active', 0, 'before')] };
    const { milder } = certify(guide, small, spec, violation(spec));
    expect(milder).toEqual({ ...MILDEST, faults: [stale] });
  });

  test('is not given when one other choice is enough, which is named', () => {
    const spec = { ...MILDEST, faults: [step('command-hangs', 'step', 1, 'before', 8)], fork: forkOf(4, 5, 1, 'winning', 'losing', 'first') };
    const id = violation(spec);
    const { milder, parts } = certify(guide, small, spec, id);
    expect(parts).toBe(3);
    expect(countChoices(milder!)).toBe(1);
    expect(runSpec(guide, milder!).judgement.findings.map((finding) => finding.id)).toContain(id);
  });

  test('is not given for want of tries, with the reason', () => {
    const spec = { ...MILDEST, faults: [step('lose-turbine', 'active', 3, 'before')], fork: forkOf(0, 4, 2, 'losing', 'losing', 'first') };
    const id = violation(spec);
    expect(certify(guide, small, spec, id, 100)).toMatchObject({ schedules: 0, parts: 3, milder: null, open: expect.stringMatching(/^there are \d{3} schedules with fewer than 2 faults, more than the 100/) });
    expect(certify(guide, small, spec, id, 2).open).toContain('more parts than the 2');
    const three = { ...spec, faults: [...spec.faults, step('cut-votes', 'inactive', 1, 'before')] };
    expect(certify(guide, small, three, 'SV-00000000')).toMatchObject({ choices: 3, parts: 7, open: 'the schedules with 2 faults are too many to try' });
  });

  test('is of a run with faults: without any there is nothing to certify', () => {
    expect(certify(guide, small, { ...MILDEST, draws: { 'latency/scp': 1 } }, 'SV-cf0a89a0')).toMatchObject({ choices: 0, schedules: 0, parts: 0 });
  });
});
