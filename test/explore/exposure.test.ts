import { expect, test } from 'vitest';
import { isExposure } from '../../src/explore/exposure.ts';
import { MILDEST, configOf, runSpec } from '../../src/explore/run-spec.ts';
import type { RunSpec } from '../../src/explore/run-spec.ts';
import type { Finding, Judgement } from '../../src/model/verdict.ts';
import type { Fault } from '../../src/sim/faults.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const procedure = loadProcedure('strict-hot-swap', GUIDE_SITE, {});
const subject = { site: GUIDE_SITE, procedure };

function fault(kind: string, on: string, step: string, when: 'before' | 'after'): Fault {
  return { kind, on, at: { kind: 'step', index: procedure.steps.findIndex(({ id }) => id === step), when }, heal: 32 } as Fault;
}

/** The votes of the new voter are late, and it loses power when the swap is over. */
const LATE: RunSpec = { ...MILDEST, faults: [fault('delay-votes', 'inactive', 'link-inactive', 'before'), fault('power-loss', 'inactive', 'start-spare', 'after')] };
const { world, judgement, fired } = runSpec(subject, LATE);
const violations = judgement.findings.filter((finding) => finding.class === 'violation');

const withViolation = (change: Partial<Finding>): Judgement => ({ ...judgement, findings: violations.map((finding) => ({ ...finding, ...change }) as Finding) });

test('a violation of the new voter alone is exposure, where a voter that was never moved gives it too', () => {
  expect(fired).toEqual([true, true]);
  expect(violations.map(({ kind }) => kind)).toEqual(['lockout-violation-stack']);
  expect(isExposure(world, configOf(subject, LATE), judgement)).toBe(true);
});

test('another kind of violation than that voter gives is not exposure, nor is one in which the old voter takes part', () => {
  expect(isExposure(world, configOf(subject, LATE), withViolation({ kind: 'lockout-violation-fork' }))).toBe(false);
  const ofOld = world.votes.findIndex(({ host }) => host === 'active');
  expect(ofOld).toBeGreaterThanOrEqual(0);
  expect(isExposure(world, configOf(subject, LATE), withViolation({ votes: [ofOld, ...violations[0]!.votes] }))).toBe(false);
});

test('nothing is exposure of a procedure that does not say from which step it protects', () => {
  const { protectsFrom: _, ...bare } = procedure;
  expect(isExposure(world, configOf({ site: GUIDE_SITE, procedure: bare }, LATE), judgement)).toBe(false);
});

/** The fault at the step of the run that is made again for the `resume`th time. */
const again = ({ at, ...rest }: Fault, resume: number): Fault => ({ ...rest, at: { ...(at as object), resume } }) as Fault;

test('what does its worst long after it struck is exposure too: nothing is done for as long', () => {
  const fixed: Fault = { kind: 'identity-not-a-link', on: 'inactive', at: 'before-start' };
  const spec: RunSpec = { ...MILDEST, faults: [fixed, again({ ...fault('restart', 'inactive', 'check-inactive', 'before'), heal: 1 } as Fault, 2)] };
  const run = runSpec(subject, spec);
  expect(run.fired).toEqual([true, true]);
  expect(run.judgement.result).toBe('violated');
  const struck = run.trace.events.find((event) => event.type === 'fault' && event.t > 0)!;
  expect(run.judgement.findings.find((finding) => finding.class === 'violation')!.t - struck.t).toBeGreaterThan(30_000_000);
  expect(isExposure(run.world, configOf(subject, spec), run.judgement)).toBe(true);
});

test('a silence is exposure when the host that comes back as the staked one does so without the procedure too, at the same slot', () => {
  const loss = fault('power-loss', 'inactive', 'check-inactive', 'before');
  const swapped: Fault = { kind: 'keys-swapped', on: 'inactive', at: 'before-start' };
  for (const resume of [1, 2]) {
    const spec: RunSpec = { ...MILDEST, faults: [swapped, again(loss, resume)] };
    const run = runSpec(subject, spec);
    expect(run.fired).toEqual([true, true]);
    expect(run.judgement).toMatchObject({ result: 'holds', liveness: { live: false } });
    expect(isExposure(run.world, configOf(subject, spec), run.judgement)).toBe(true);
  }
});

test('a loss of power between the acts of one moment strikes at the same act when nothing is done', () => {
  const guarded = { site: GUIDE_SITE, procedure: loadProcedure('guarded-hot-swap', GUIDE_SITE, {}) };
  const loss: Fault = { kind: 'power-loss', on: 'active', at: { kind: 'point', host: 'active', point: 'vote-sent', slot: 0 }, heal: 1 };
  const spec: RunSpec = { ...MILDEST, faults: [loss], draws: { 'latency/setIdentity': 5, 'latency/votingStall': 2, 'latency/skipsAfterDemotion': 1 } };
  const run = runSpec(guarded, spec);
  expect([run.fired, run.judgement.result]).toEqual([[true], 'violated']);
  expect(isExposure(run.world, configOf(guarded, spec), run.judgement)).toBe(true);
});
