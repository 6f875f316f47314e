/** One run or one trace as the subject of a result document: of check, replay, and each side of a scenario. */
import type { RunSpec } from '../../explore/run-spec.ts';
import { SCOPE } from '../../model/verdict.ts';
import type { Judgement } from '../../model/verdict.ts';
import type { Trace } from '../../model/trace.ts';
import type { Procedure } from '../../transition/procedure.ts';
import { traceHash } from '../trace-file.ts';
import { causesOf, findingsOfRun, foundOnceEach, runbookOf, runbookOfTrace } from './findings.ts';
import type { Notes } from './findings.ts';
import type { Failure, Method, Subject } from './schema.ts';
import { downtimeOf, storyOf } from './story.ts';
import type { Origin, StoryFacts } from './story.ts';
import { exitOf, verdictOfOne } from './verdict.ts';

export interface OneFacts {
  readonly kind: Subject['kind'];
  readonly name: string;
  readonly title: string | null;
  readonly file: Subject['file'];
  readonly trace: Trace;
  readonly judgement: Judgement;
  /** Null when it cannot be replayed. */
  readonly spec: RunSpec | null;
  /** Null when it is not known. */
  readonly procedure: Procedure | null;
  readonly origin: Origin;
  readonly stories: readonly StoryFacts[];
  readonly method: Method;
  readonly bounds: readonly string[];
  readonly notes: Notes;
  /** What fails, and the exit code of it. */
  readonly failures: readonly Failure[];
  readonly exit: number;
}

/** The subject: its findings, each cause once, and its story. */
export function subjectOfOne(facts: OneFacts): Subject {
  const { kind, name, title, file, trace, judgement, spec, procedure, origin, method, bounds, notes, failures, exit } = facts;
  const { header } = trace;
  const { result, downtime, liveness, unknown, gaps } = judgement;
  const stories = facts.stories.map((story) => storyOf(story, origin));
  const findings = findingsOfRun(judgement, spec, origin, notes, stories);
  const own = facts.stories.findIndex(({ run }) => run.trace === trace);
  return {
    kind, name, title, file,
    site: { client: header.client, slotMs: header.slotMs, stakeShare: header.stakeShare, hosts: [...header.hosts] },
    verdict: { result, sentence: verdictOfOne(result, judgement.findings, unknown) },
    exit: exitOf(exit),
    failures: [...failures],
    counts: {
      runs: 1, unit: 'run', violated: result === 'violated' ? 1 : 0, withoutOneVoter: liveness.live ? 0 : 1, worstDowntime: downtime.slots,
      causes: causesOf(findings), waived: findings.filter(({ waived }) => waived !== null).length,
    },
    method,
    run: {
      what: 'the run itself', result, traceHash: stories[own]?.trace.hash ?? traceHash(trace), findings: foundOnceEach(judgement),
      downtime: downtimeOf(downtime, header.slotMs), liveness: { ...liveness, voters: [...liveness.voters] },
    },
    findings, exposures: [], exceptions: [], stories,
    runbook: procedure === null ? runbookOfTrace(trace, findings, stories) : runbookOf(procedure, origin, findings, stories),
    bounds: [...bounds], assumptions: [...(header.assumptions ?? [])], unknown: [...unknown],
    notCovered: [...gaps.map((gap) => `not modelled: ${gap}`), 'everything but this one run: another timing, another fault', `beyond this: ${SCOPE}`],
  };
}
