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

test('what strikes long before the first protective step has ended is exposure too: nothing is done for as long', () => {
  const lost = (step: string, resume?: number): Fault => {
    const loss = fault('power-loss', 'active', step, 'before');
    return { ...loss, at: { ...(loss.at as object), ...(resume === undefined ? {} : { resume }) } } as Fault;
  };
  const spec: RunSpec = { ...MILDEST, faults: [lost('check-active'), lost('reset-inactive', 1)] };
  const twice = runSpec(subject, spec);
  expect(twice.fired).toEqual([true, true]);
  expect(twice.judgement.result).toBe('violated');
  expect(isExposure(twice.world, configOf(subject, spec), twice.judgement)).toBe(true);
});
