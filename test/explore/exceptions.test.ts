/** What no procedure can prevent is told apart, with exactly the schedules that it explains. */
import { describe, expect, it } from 'vitest';
import type { CauseGroup } from '../../src/explore/causes.ts';
import { checkExceptions, partExceptions } from '../../src/explore/exceptions.ts';
import { MILDEST } from '../../src/explore/run-spec.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import type { Exception } from '../../src/transition/procedure.ts';
import { fillProcedure, loadProcedure, parseProcedure, shippedProcedures } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';
import { DEMOTION } from '../cli/samples.ts';

const group = (id: string, kind: CauseGroup['kind'], faults: CauseGroup['faults']): CauseGroup => ({
  id, kind, class: 'downtime', title: id, cause: id, runs: faults.reduce((sum, [, count]) => sum + count, 0), example: MILDEST, faults,
});
const CLOCK: Exception = { finding: 'nobody-votes', with: 'clock-forward', scenario: 'clock', why: 'because' };

describe('exceptions', () => {
  it('take the schedules with their fault, and leave the others where they are', () => {
    const silent = group('SV-1', 'nobody-votes', [['clock-forward + disk-full', 3], ['crash + cut-ssh', 2]]);
    const slow = group('SV-2', 'missed-votes', [['clock-forward', 7]]);
    const { left, excepted } = partExceptions([silent, slow], [CLOCK]);
    expect(left).toEqual([{ ...silent, runs: 2, faults: [['crash + cut-ssh', 2]] }, slow]);
    expect(excepted).toEqual([{ exception: CLOCK, runs: 3, groups: [{ ...silent, runs: 3, faults: [['clock-forward + disk-full', 3]] }] }]);
  });

  it('do not take a kind whose name only begins alike, and tell nothing of an exception that explains nothing', () => {
    const silent = group('SV-1', 'nobody-votes', [['clock-forward-twice', 3]]);
    expect(partExceptions([silent], [CLOCK])).toEqual({ left: [silent], excepted: [] });
  });

  it('of the shipped procedures name a kind of fault, and a scenario that shows it in a run of that procedure', () => {
    const all = shippedProcedures().map((name) => loadProcedure(name, GUIDE_SITE)).flatMap((procedure) => {
      checkExceptions(procedure);
      return (procedure.exceptions ?? []).map((exception) => ({ procedure, exception }));
    });
    expect(all.length).toBeGreaterThan(0);
    for (const { procedure, exception } of all) {
      const { run, twin } = loadScenario(`scenarios/${exception.scenario}.yaml`);
      expect(run.subject.procedure.name).toBe(procedure.name);
      expect(run.spec.faults.map(({ kind }) => kind)).toContain(exception.with);
      expect(twin.spec.faults.map(({ kind }) => kind)).not.toContain(exception.with);
      expect(run.expect.findings?.map(({ kind }) => kind)).toContain(exception.finding);
    }
  });

  it('with a kind of fault that there is not are bad input, with its place and the nearest kind', () => {
    const text = `${DEMOTION}exceptions:\n  - finding: nobody-votes\n    with: clock-foward\n    scenario: clock\n    why: because\n`;
    expect(() => checkExceptions(fillProcedure(parseProcedure(text, 'mine.yaml'), GUIDE_SITE, {}))).toThrow(
      'mine.yaml:13:11: there is no kind of fault "clock-foward"; expected a kind of docs/model.md, or "fork"; did you mean "clock-forward"?');
  });
});
