/** What a rehearsal or a swarm found: the procedure's own, exposure, and what an exception of the procedure explains. */
import { describe, expect, it } from 'vitest';
import { MILDEST, summarize } from '../../src/explore/run-spec.ts';
import type { RunSpec } from '../../src/explore/run-spec.ts';
import { setApart } from '../../src/explore/set-apart.ts';
import type { Fault } from '../../src/sim/faults.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import type { Procedure } from '../../src/transition/procedure.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const early = (kind: string): Fault => ({ kind, on: 'active', at: 'before-start' });
const withFaults = (...faults: readonly Fault[]): RunSpec => ({ ...MILDEST, faults });
const READ_ONLY = withFaults(early('tower-folder-read-only'));
const TORN = withFaults({ kind: 'copy-torn', on: 'step', at: { kind: 'step', index: 3, when: 'before' }, heal: 1 });

function apart(name: string, specs: readonly RunSpec[], besides = 0, change = (procedure: Procedure): Procedure => procedure) {
  const subject = { site: GUIDE_SITE, procedure: change(loadProcedure(name, GUIDE_SITE, {})) };
  return setApart(specs, specs.map((spec) => summarize(subject, spec)), besides, true, subject.procedure);
}

describe('what many runs found', () => {
  it('counts a host whose tower could never be saved as exposure, for nobody votes when nothing is done either', () => {
    const found = apart('guarded-hot-swap', [MILDEST, READ_ONLY]);
    expect(found).toMatchObject({ exposedRuns: 1, violatedRuns: 0, deadRuns: 0, unknown: [] });
    expect(found.exposures.map(({ kind, runs }) => [kind, runs])).toContainEqual(['nobody-votes', 1]);
    expect(found.groups.some(({ kind }) => kind === 'nobody-votes')).toBe(false);
  });

  it('counts the same as its own where the procedure claims no protection', () => {
    const found = apart('guarded-hot-swap', [MILDEST, READ_ONLY], 0, ({ protectsFrom: _, ...procedure }) => procedure);
    expect(found).toMatchObject({ exposedRuns: 0, deadRuns: 1, exposures: [] });
    expect(found.unknown).toEqual(['no vote was sent: nothing was exercised']);
    expect(found.groups.map(({ kind, runs }) => [kind, runs])).toContainEqual(['nobody-votes', 1]);
  });

  it('sets apart what an exception explains, and nothing else', () => {
    const exception = { finding: 'nobody-votes' as const, scenario: 'torn-copy-refused', why: 'a test' };
    expect(apart('guide-hot-swap', [MILDEST, TORN])).toMatchObject({ deadRuns: 1, excepted: [] });
    const explained = apart('guide-hot-swap', [MILDEST, TORN], 0, (procedure) => ({ ...procedure, exceptions: [{ ...exception, with: 'copy-torn' }] }));
    expect(explained).toMatchObject({ deadRuns: 0, excepted: [{ runs: 1 }] });
    expect(apart('guide-hot-swap', [MILDEST, TORN], 0, (procedure) => ({ ...procedure, exceptions: [{ ...exception, with: 'crash' }] }))).toMatchObject({ deadRuns: 1, excepted: [] });
  });

  it('does not count the runs for comparison, and tells what they found', () => {
    const found = apart('guide-hot-swap', [TORN, MILDEST], 1);
    expect(found.deadRuns).toBe(0);
    expect(found.groups.map(({ kind }) => kind)).toContain('nobody-votes');
  });
});
