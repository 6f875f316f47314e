/** Result documents for the tests of the HTML report: made by running, as the commands make them. */
import { judge } from '../../src/check/judge.ts';
import { NO_ORIGIN, fileOf, originOf, storyOfRun, storyOfTrace } from '../../src/cli/facts.ts';
import { loadBounds } from '../../src/explore/bounds.ts';
import { pointOfNoReturn } from '../../src/explore/no-return.ts';
import { MILDEST, configOf, runSpec } from '../../src/explore/run-spec.ts';
import type { RunSpec } from '../../src/explore/run-spec.ts';
import { encodeToken, stepsFingerprint } from '../../src/explore/token.ts';
import type { Trace } from '../../src/model/trace.ts';
import { documentOf } from '../../src/report/document/document.ts';
import { subjectOfOne } from '../../src/report/document/one.ts';
import type { ReportDocument, Subject } from '../../src/report/document/schema.ts';
import type { StoryFacts } from '../../src/report/document/story.ts';
import { run } from '../../src/sim/run.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const procedure = loadProcedure('guide-hot-swap', GUIDE_SITE, {});
const subject = { site: GUIDE_SITE, procedure };

/** The tower is copied before the last votes are in it, by timing alone. */
export const EARLY_COPY: RunSpec = { ...MILDEST, draws: { 'latency/votingStall': 3 } };

/** A removed tower file and a fork: two things that can be left out. */
export const REMOVED_TOWER: RunSpec = {
  faults: [{ kind: 'tower-removed', on: 'inactive', at: { kind: 'step', index: 4, when: 'after' }, heal: 1 }],
  fork: { at: 0, losing: 1, skipped: 0, firstSeen: { active: 'losing', inactive: 'winning' }, winner: 'second' },
  draws: {},
};

/** A vote on another fork. */
export const OTHER_FORK: RunSpec = { faults: [], fork: { at: 0, losing: 1, skipped: 4, firstSeen: { active: 'losing', inactive: 'winning' }, winner: 'first' }, draws: {} };

/** A root that goes back after a power loss. */
export const OLD_ROOT: RunSpec = { faults: [{ kind: 'power-loss', on: 'active', at: { kind: 'point', host: 'active', point: 'vote-recorded', slot: 7 }, heal: 'end' }], fork: null, draws: {} };

/** The document of a replay of each spec, as one subject whose stories are theirs; `noReturn`: of the first. */
export function replayed(specs: readonly RunSpec[], noReturn = false): ReportDocument {
  const [first = MILDEST] = specs;
  const origin = originOf(procedure, (spec) => encodeToken({ procedure: procedure.name, params: {}, site: {}, steps: stepsFingerprint(procedure), spec }));
  const { trace, judgement } = runSpec(subject, first);
  const [worst] = judgement.findings;
  const stories = specs.flatMap((spec, i): StoryFacts[] => {
    const id = runSpec(subject, spec).judgement.findings[0]?.id ?? null;
    const story = storyOfRun(subject, spec, id, null);
    if (story === null) return [];
    return [{ ...story, noReturn: noReturn && i === 0 && worst !== undefined ? pointOfNoReturn(subject, loadBounds('quick'), spec, worst.id) : null }];
  });
  const exit = judgement.result === 'violated' ? 1 : 0;
  return documentOf({
    command: 'replay', exit, problems: [],
    subjects: [subjectOfOne({
      kind: 'procedure', name: procedure.name, title: procedure.title, file: procedure.file === undefined ? null : fileOf(procedure.file),
      trace, judgement, spec: first, procedure, origin, stories,
      method: { kind: 'one run' }, bounds: ['one run'], notes: new Map(), failures: [], exit,
    })],
  });
}

/** The document of a check of a trace, without a procedure. */
export function checked(trace: Trace): ReportDocument {
  const judgement = judge(trace);
  const exit = judgement.result === 'violated' ? 1 : 0;
  const one: Subject = subjectOfOne({
    kind: 'trace', name: 'trace.jsonl', title: null, file: null, trace, judgement, spec: null, procedure: null, origin: NO_ORIGIN,
    stories: [storyOfTrace(trace, judgement, judgement.findings[0] ?? null)],
    method: { kind: 'one run' }, bounds: ['one trace'], notes: new Map(), failures: [], exit,
  });
  return documentOf({ command: 'check', exit, problems: [], subjects: [one] });
}

/** The early copy with a long tail: some 10,000 events. */
export function longTrace(): Trace {
  return run({ ...configOf(subject, EARLY_COPY), tailSlots: 2_500, maxSlots: 4_000 }, []).trace;
}
