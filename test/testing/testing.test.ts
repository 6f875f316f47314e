/** `solevoter/testing`, and by its means what holds for any run. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf } from '../../src/check/event-order.ts';
import { judge } from '../../src/check/judge.ts';
import { fittingFaults } from '../../src/explore/fault-space.ts';
import { traceHash } from '../../src/report/trace-file.ts';
import { MILDEST, arbitraryFault, arbitraryProcedure, arbitrarySchedule, arbitraryWorld, loadSubject, rehearseOnce } from '../../src/testing/index.ts';
import type { Procedure, RunSpec, Step, Subject, Trace } from '../../src/testing/index.ts';

const subject = loadSubject('guide-hot-swap');
const { site } = subject;
const doing = (lines: readonly string[]): Procedure => ({
  name: 'nothing', title: 'Nothing', params: {}, starts: 'prepared',
  steps: lines.map((run, i): Step => ({ kind: 'run', id: `step-${i + 1}`, host: 'active', run, onFailure: 'continue' })),
});

/** Any run of the hot swap, and of other procedures in the mildest world. */
const anyRun: fc.Arbitrary<readonly [Subject, RunSpec]> = fc.oneof(
  fc.tuple(arbitraryWorld(subject), arbitrarySchedule({ ...subject, atMost: 4 })).map(([world, faults]) => [subject, { ...world, faults }] as const),
  fc.tuple(arbitraryProcedure(subject.procedure, site), arbitrarySchedule({ ...subject, atMost: 2 }))
    .map(([procedure, faults]) => [{ site, procedure }, { ...MILDEST, faults: fittingFaults(procedure, faults) }] as const),
);

/** What is left of a value that fails whatever it is. */
const leastOf = <T>(arbitrary: fc.Arbitrary<T>, fails: (value: T) => boolean = () => true): T => {
  const { counterexample } = fc.check(fc.property(arbitrary, (value) => !fails(value)), { seed: 3, numRuns: 300 });
  return counterexample![0];
};

describe('what is drawn shrinks', () => {
  it('to no fault, and a fault to its mildest', () => {
    expect(leastOf(arbitrarySchedule({ ...subject, atMost: 5 }))).toEqual([]);
    expect(leastOf(arbitrarySchedule({ ...subject, atMost: 5 }), (faults) => faults.length > 1)).toHaveLength(2);
    expect(leastOf(arbitraryFault({ ...subject, kinds: ['freeze'] }))).toEqual({ kind: 'freeze', on: 'active', at: { kind: 'step', index: 0, when: 'before' }, heal: 1 });
    expect(leastOf(arbitraryFault({ ...subject, kinds: ['crash', 'stall'] }), ({ kind }) => kind === 'stall')).toEqual({ kind: 'stall', on: 'cluster', at: { kind: 'step', index: 0, when: 'before' }, heal: 1 });
  });

  it('to a world without fork and skips, at the mildest timing', () => {
    expect(leastOf(arbitraryWorld(subject))).toEqual(MILDEST);
    const { fork, draws, skips } = leastOf(arbitraryWorld(subject), (world) => world.fork !== null && world.fork.losing > 2);
    expect(fork).toMatchObject({ losing: 3, skipped: 0, firstSeen: { active: 'winning', inactive: 'winning' }, winner: 'second' });
    expect({ draws, skips }).toEqual({ draws: {}, skips: undefined });
  });

  it('to the given procedure, or to one step that does nothing', () => {
    expect(leastOf(arbitraryProcedure(subject.procedure))).toEqual(subject.procedure);
    expect(leastOf(arbitraryProcedure(subject.procedure), ({ steps }) => steps.length < subject.procedure.steps.length).steps.length).toBeLessThan(subject.procedure.steps.length);
    const { steps } = leastOf(arbitraryProcedure(doing([])), (procedure) => procedure.steps.length > 1);
    expect(steps.map((step) => step.kind === 'run' && step.run)).toEqual(['true', 'true']);
  });
});

describe('what is drawn', () => {
  it('is of the kinds that were asked for; one that there is not, or cannot be here, is refused', () => {
    const kinds = ['cut-ssh', 'operator-drops', 'key-missing'];
    const drawn = fc.sample(arbitraryFault({ ...subject, kinds }), { numRuns: 100, seed: 1 });
    expect(new Set(drawn.map(({ kind }) => kind))).toEqual(new Set(kinds));
    expect(() => arbitraryFault({ ...subject, kinds: ['cut-shs'] })).toThrow('there is no kind of fault "cut-shs"; did you mean "cut-ssh"?');
    expect(() => arbitraryFault({ site, procedure: doing(['true']), kinds: ['operator-swaps'] })).toThrow('none of these kinds of faults can strike');
  });

  it('has faults in every place', () => {
    const moments = fc.sample(arbitraryFault(subject), { numRuns: 500, seed: 1 }).map(({ at }) => (at === 'before-start' ? at : at.kind === 'point' ? at.point : at.kind));
    expect(new Set(moments)).toEqual(new Set(['before-start', 'step', 'slot', 'bank-frozen', 'vote-recorded', 'identity-noticed', 'tower-loaded', 'tower-saved', 'vote-sent', 'identity-set']));
  });

  it('loads a site by its path, and refuses a procedure that is not there', () => {
    expect(loadSubject('guide-hot-swap', { ...site, ledger: '/data' }).procedure.steps[1]).toMatchObject({ run: expect.stringContaining('-l /data') });
    expect(() => loadSubject('guide-hot-swap', './no-such-site.yaml')).toThrow('./no-such-site.yaml: there is no such file');
    expect(() => loadSubject('no-such-procedure')).toThrow('there is no procedure of this name');
  });
});

describe('whatever happens', () => {
  it('every check comes to an end, and every command is known', () => {
    fc.assert(fc.property(anyRun, ([of, spec]) => {
      const { unknown, gaps } = rehearseOnce(of, spec).judgement;
      expect(unknown.filter((why) => why.startsWith('the check'))).toEqual([]);
      expect(gaps).toEqual([]);
    }), { numRuns: 120, seed: 21 });
  });

  it('the verdict does not depend on the order in which hosts record what is simultaneous', () => {
    const crowded = (trace: Trace): Trace => ({ ...trace, events: trace.events.map((event) => ({ ...event, t: Math.floor(event.t / 50_000) * 50_000 })) });
    fc.assert(fc.property(anyRun, fc.constantFrom<readonly string[]>(['inactive', 'active', ''], ['', 'inactive', 'active'], ['active', '', 'inactive']), ([of, spec], order) => {
      for (const trace of [rehearseOnce(of, spec).trace, crowded(rehearseOnce(of, spec).trace)]) {
        const place = (event: Trace['events'][number]): number => order.indexOf(placeOf(event));
        const reordered: Trace = { ...trace, events: [...trace.events].sort((a, b) => a.t - b.t || place(a) - place(b)) };
        expect(judge(reordered)).toEqual(judge(trace));
      }
    }), { numRuns: 60, seed: 22 });
  });

  it('a tower file is cut short on a full disk too', () => {
    const at = { kind: 'step', index: 1, when: 'before' } as const;
    const full = { kind: 'disk-full', on: 'active', at, heal: 'end' } as const;
    const { trace } = rehearseOnce(subject, { ...MILDEST, faults: [full, { kind: 'tower-torn', on: 'active', at, heal: 1 }] });
    expect(trace.events.flatMap((event) => (event.type === 'fault' && event.phase === 'start' ? [event.kind] : []))).toEqual(['disk-full', 'tower-torn']);
  });

  it('the same run gives the same trace', () => {
    fc.assert(fc.property(anyRun, ([of, spec]) => {
      const copy = JSON.parse(JSON.stringify([of, spec])) as [Subject, RunSpec];
      expect(traceHash(rehearseOnce(...copy).trace)).toBe(traceHash(rehearseOnce(of, spec).trace));
    }), { numRuns: 60, seed: 23 });
  });

  it.each([[[]], [['true']]])('a procedure that does nothing breaks no rule: %j', (lines) => {
    const nothing: Subject = { site, procedure: doing(lines) };
    fc.assert(fc.property(arbitraryWorld(nothing), (world) => {
      const { judgement } = rehearseOnce(nothing, world);
      expect(judgement.result).toBe('holds');
      // Eight own votes on a branch that loses lock out for longer than a run lasts.
      if (world.fork === null || world.fork.losing < 8) expect(judgement.liveness).toMatchObject({ live: true, voters: ['active'] });
    }), { numRuns: 100, seed: 24 });
  });
});
