import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSpec } from '../../src/explore/run-spec.ts';
import type { ForkPlan } from '../../src/sim/fork-plan.ts';
import type { Procedure } from '../../src/transition/procedure.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

/** Nothing is done to the hosts: what is found then is the world's fault, or the rules'. */
const NOTHING: Procedure = {
  name: 'nothing', title: 'nothing is done', params: {}, starts: 'prepared',
  steps: [{ kind: 'run', id: 'nothing', host: 'active', run: 'sleep 4', onFailure: 'continue' }],
};
const seen = fc.constantFrom('losing' as const, 'winning' as const);
const forks: fc.Arbitrary<ForkPlan> = fc.record({
  at: fc.integer({ min: -2, max: 6 }), losing: fc.integer({ min: 0, max: 8 }), skipped: fc.integer({ min: 0, max: 8 }),
  firstSeen: fc.record({ active: seen, inactive: seen }), winner: fc.constantFrom('first' as const, 'second' as const),
});

describe('a validator alone', () => {
  it('never violates its lockouts, whatever the cluster does, and votes again', () => {
    fc.assert(
      fc.property(forks, fc.constantFrom(0.005, 0.167), (fork, stakeShare) => {
        const { judgement } = runSpec({ site: { ...GUIDE_SITE, stakeShare }, procedure: NOTHING }, { faults: [], fork, draws: {} });
        expect(judgement.findings.filter((finding) => finding.class === 'violation' || finding.class === 'hazard')).toEqual([]);
        expect(judgement.unknown).toEqual([]);
        // Seven votes and more lock out for up to 249 slots: longer than the run goes on.
        if (fork.losing < 7) expect(judgement.liveness).toMatchObject({ live: true, voters: ['active'] });
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  // The vote cast n places before the last on a losing branch locks out for 2^n slots (vote-interface state/mod.rs).
  it.each([[1, 2], [3, 6], [8, 249]])('after %i votes on a losing branch waits until they have expired: %i slots', (losing, slots) => {
    const fork: ForkPlan = { at: 2, losing, skipped: 0, firstSeen: { active: 'losing', inactive: 'winning' }, winner: 'second' };
    const { judgement } = runSpec({ site: GUIDE_SITE, procedure: NOTHING }, { faults: [], fork, draws: {} });
    expect(judgement.downtime.slots).toBe(slots);
  });
});
