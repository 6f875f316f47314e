/** Scenarios as subjects of a result document: each is two, itself and its twin. */
import type { ScenarioOutcome } from '../scenario/run.ts';
import { encodeToken, siteDifference, stepsFingerprint } from '../explore/token.ts';
import { worstExit } from '../model/exit-code.ts';
import { subjectOfOne } from '../report/document/one.ts';
import type { Subject } from '../report/document/schema.ts';
import type { WaiverNotes } from '../waiver/waiver.ts';
import { fileOf, originOf, storyOfRun } from './facts.ts';

/** Both sides. Where something is not as expected, the worst finding of the side is told. */
export function subjectsOfScenario({ scenario, run, twin, unmet }: ScenarioOutcome, notes: WaiverNotes): Subject[] {
  return (['scenario', 'twin'] as const).map((side) => {
    const setup = side === 'scenario' ? scenario.run : scenario.twin;
    const { judgement, trace, outcome, unmet: own } = side === 'scenario' ? run : twin;
    const open = side === 'scenario' ? [...own, ...unmet] : own;
    const { subject, spec, given } = setup;
    const steps = stepsFingerprint(subject.procedure);
    const origin = originOf(subject.procedure, (other) => encodeToken({
      procedure: procedureOf(subject.procedure.file, given.procedure), params: given.params ?? {}, site: siteDifference(subject.site), steps, spec: other,
    }));
    const [worst] = judgement.findings;
    const story = open.length === 0 || worst === undefined ? null : storyOfRun(subject, spec, worst.id, null);
    return subjectOfOne({
      kind: 'scenario', name: scenario.name, title: scenario.title, file: fileOf(scenario.file),
      trace, judgement, spec, procedure: subject.procedure, origin, stories: story === null ? [] : [story],
      method: {
        kind: 'scenario', side, shows: [...scenario.shows], why: setup.why ?? scenario.why, outcome,
        met: open.length === 0, unmet: open.map(({ sentence }) => sentence),
      },
      bounds: ['one run, made twice'], notes,
      failures: open.map(({ code, sentence }) => ({ code, what: 'expectation' as const, finding: null, sentence })),
      exit: worstExit(open.map(({ code }) => code)),
    });
  });
}

/** The procedure as a token names it: a path of a scenario is relative to the scenario, that of a token is not. */
function procedureOf(file: string | undefined, given: string): string {
  if (file === undefined || !/\/|\.ya?ml$/.test(given)) return given;
  const { path } = fileOf(file);
  return path.includes('/') ? path : `./${path}`;
}
