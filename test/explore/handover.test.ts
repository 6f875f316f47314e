/** The two procedures of our own: what they cost, that they are run again from the top, and faults that they must survive. */
import { describe, expect, test } from 'vitest';
import { MILDEST, runSpec } from '../../src/explore/run-spec.ts';
import type { RunSpec } from '../../src/explore/run-spec.ts';
import type { Fault } from '../../src/sim/faults.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const subjectOf = (name: string) => ({ site: GUIDE_SITE, procedure: loadProcedure(name, GUIDE_SITE) });
const guarded = subjectOf('guarded-hot-swap');
const strict = subjectOf('strict-hot-swap');
const at = (subject: typeof guarded, id: string) => subject.procedure.steps.findIndex((step) => step.id === id);

function play(subject: typeof guarded, spec: Partial<RunSpec>) {
  const { judgement, trace, fired } = runSpec(subject, { ...MILDEST, ...spec });
  const violations = judgement.findings.filter((finding) => finding.class === 'violation').map(({ title }) => title);
  const starts = trace.events.filter((event) => event.type === 'command' && event.phase === 'start' && event.id === 'check-inactive').length;
  return { violations, gaps: judgement.gaps, live: judgement.liveness.voters, slots: judgement.downtime.slots, starts, fired };
}

const safe = (voter: 'active' | 'inactive') => ({ violations: [], gaps: [], live: [voter] });

test('without a fault: the one costs little more than the guide, the other a root', () => {
  expect(play(guarded, {})).toMatchObject({ ...safe('inactive'), slots: 7, starts: 1 });
  expect(play(strict, {})).toMatchObject({ ...safe('inactive'), slots: 54, starts: 1 });
});

describe.each([['guarded', guarded], ['strict', strict]] as const)('%s', (_name, subject) => {
  test.each(subject.procedure.steps.slice(0, -1).map(({ id }) => id))('the operator stops after %s, and runs all of it again', (id) => {
    const fault: Fault = { kind: 'operator-stops', on: 'operator', at: { kind: 'step', index: at(subject, id), when: 'after' }, heal: 1 };
    expect(play(subject, { faults: [fault] })).toMatchObject({ ...safe('inactive'), starts: 2, fired: [true] });
  });

  test.each(['no-authorized-voter', 'identity-not-a-link', 'key-missing', 'key-unreadable', 'keys-swapped', 'other-staked-key', 'same-junk-key', 'tower-folder-read-only', 'junk-key-missing', 'require-tower-at-start'])(
    'the inactive has the flaw %s: refused while the active votes', (kind) => {
      const run = play(subject, { faults: [{ kind, on: 'inactive', at: 'before-start' }] });
      expect(run).toMatchObject({ ...safe('active'), slots: 0, starts: 3 });
    });

  test.each(['tower-stale', 'tower-torn', 'tower-corrupt', 'tower-removed', 'tower-foreign', 'tower-wrong-owner'])('%s on the dead active: the lockouts are waited out', (kind) => {
    const fault: Fault = { kind, on: 'active', at: { kind: 'step', index: at(subject, 'judge-active'), when: 'before' }, heal: 1 };
    const run = play(subject, { faults: [fault] });
    expect(run).toMatchObject({ ...safe('inactive'), fired: [true] });
    expect(run.slots).toBeGreaterThan(260);
  });

  test.each(['tower-stale', 'tower-torn', 'tower-removed'])('%s between the check of the tower and its load', (kind) => {
    const fault: Fault = { kind, on: 'inactive', at: { kind: 'step', index: at(subject, 'promote'), when: 'after' }, heal: 1 };
    expect(play(subject, { faults: [fault] })).toMatchObject({ ...safe('inactive'), fired: [true] });
  });

  test.each(['judge-active', 'promote', 'arm', 'confirm'].flatMap((id) => [['active', id], ['inactive', id]] as const))('power of the %s fails before %s', (on, id) => {
    const fault: Fault = { kind: 'power-loss', on, at: { kind: 'step', index: at(subject, id), when: 'before' }, heal: 'end' };
    expect(play(subject, { faults: [fault] })).toMatchObject({ ...safe('inactive'), fired: [true] });
  });
});
