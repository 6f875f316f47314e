import { describe, expect, it } from 'vitest';
import { MILDEST, runSpec } from '../../src/explore/run-spec.ts';
import type { RunSpec, Subject } from '../../src/explore/run-spec.ts';
import { FULL, STANDARD, singleFaults, stepSlots } from '../../src/explore/single-faults.ts';
import { FAULT_KINDS, faultKindsIn } from '../../src/sim/fault-kinds.ts';
import { OPERATOR_KINDS, mutatedProcedure } from '../../src/sim/faults.ts';
import { preparationKindsIn } from '../../src/sim/preparation.ts';
import { fillProcedure, loadProcedure, parseProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const guide = loadProcedure('guide-hot-swap', GUIDE_SITE);
const demotion = fillProcedure(parseProcedure(`procedure: mine
title: Demote, then wait
starts: prepared
steps:
  - { id: demote, host: active, run: 'agave-validator -l {ledger} set-identity {junk-key}' }
  - { id: pause, host: active, wait: { slots: 2, since: here } }
`, 'mine.yaml'), GUIDE_SITE, {});

const setOf = (set: typeof FULL, subject: Subject): RunSpec[] => singleFaults(set, subject.procedure, stepSlots(runSpec(subject, MILDEST).trace));

describe('the single faults', () => {
  it.each([STANDARD, FULL])('of the set "$name" are of every kind, each run once, in a fixed order', (set) => {
    const specs = setOf(set, { site: GUIDE_SITE, procedure: guide });
    const kinds = new Set(specs.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    const inRun = faultKindsIn(guide).filter((kind) => !set.without.has(kind));
    // No step of the guide stops at a failure that could be ignored.
    const operator = OPERATOR_KINDS.filter((kind) => kind !== 'operator-ignores-failure');
    expect([...kinds].sort()).toEqual([...inRun, ...operator, ...preparationKindsIn(guide)].sort());
    expect([...set.without].filter((kind) => FAULT_KINDS[kind] === undefined)).toEqual([]);
    expect(FULL.without.size).toBe(0);
    expect(new Set(specs.map((spec) => JSON.stringify(spec))).size).toBe(specs.length);
    expect(setOf(set, { site: GUIDE_SITE, procedure: guide })).toEqual(specs);
  });

  it('name only mistakes that an operator can make: nobody types a wait on the wrong host', () => {
    const specs = setOf(FULL, { site: GUIDE_SITE, procedure: demotion });
    const mistakes = specs.filter(({ faults }) => OPERATOR_KINDS.includes(faults[0]?.kind ?? ''));
    expect(mistakes.length).toBeGreaterThan(5);
    for (const { faults } of mistakes) expect(mutatedProcedure(demotion, faults).steps.length).toBeLessThanOrEqual(3);
  });

  it('let a validator start again whose newest block was on the fork that lost', () => {
    const spec: RunSpec = {
      faults: [{ kind: 'same-junk-key', on: 'active', at: 'before-start' }],
      fork: { at: 0, losing: 1, skipped: 0, firstSeen: { active: 'losing', inactive: 'winning' }, winner: 'second' },
      draws: {},
    };
    const { trace } = runSpec({ site: GUIDE_SITE, procedure: demotion }, spec);
    const states = trace.events.flatMap((event) => (event.type === 'process' && event.host === 'active' ? [event.state] : []));
    expect(states.slice(-3)).toEqual(['exited', 'started', 'running']);
  });
});
