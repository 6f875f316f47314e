/** Findings and the runbook as part of the result document. */
import type { CauseGroup } from '../../explore/causes.ts';
import type { RunSpec } from '../../explore/run-spec.ts';
import type { Trace } from '../../model/trace.ts';
import type { FindingClass, Judgement } from '../../model/verdict.ts';
import type { Procedure } from '../../transition/procedure.ts';
import { waitSentence } from '../runbook.ts';
import type { DocumentFinding, RunbookStep, Subject } from './schema.ts';
import { replayOf, stepOf } from './story.ts';
import type { Origin } from './story.ts';
import type { Story } from './story-schema.ts';

/** What is said of a finding by its id: that it is waived. */
export type Notes = ReadonlyMap<string, string>;

const NO_FAULT = 'no fault';

/** The causes of many runs. A told cause has the token of the run that is told. */
export function findingsOf(groups: readonly CauseGroup[], origin: Origin, notes: Notes, stories: readonly Story[]): DocumentFinding[] {
  return groups.map(({ id, class: grade, kind, title, cause, runs, example, faults }) => ({
    id, class: grade, kind, title, cause, ...partsOf(cause),
    place: placeOf(cause, origin),
    runs, faults: faults.map(([kinds, count]) => ({ kinds, runs: count })),
    waived: notes.get(id) ?? null,
    ...told(id, stories, replayOf(origin, example)),
  }));
}

/** The findings of one run, each cause once; `spec`: of the run, null when it cannot be replayed. */
export function findingsOfRun({ findings }: Judgement, spec: RunSpec | null, origin: Origin, notes: Notes, stories: readonly Story[]): DocumentFinding[] {
  const first = new Map(findings.toReversed().map((finding) => [finding.id, finding]));
  return [...first.values()].toReversed().map(({ id, class: grade, kind, title, cause, faults }) => ({
    id, class: grade, kind, title, cause, ...partsOf(cause),
    place: placeOf(cause, origin),
    runs: 1, faults: [{ kinds: faults.length === 0 ? NO_FAULT : faults.join(' + '), runs: 1 }],
    waived: notes.get(id) ?? null,
    ...told(id, stories, spec === null ? null : replayOf(origin, spec)),
  }));
}

/** The findings of one run, one by one. */
export function foundOnceEach({ findings }: Judgement): Subject['run']['findings'] {
  return findings.map(({ id, slot, title }) => ({ finding: id, slot, title }));
}

function told(id: string, stories: readonly Story[], example: DocumentFinding['replay']): Pick<DocumentFinding, 'replay' | 'story'> {
  const story = stories.findIndex(({ finding }) => finding === id);
  return story < 0 ? { replay: example, story: null } : { replay: stories[story]!.replay, story };
}

/** A cause is "class kind; hosts; step S; mechanism". */
function partsOf(cause: string): Pick<DocumentFinding, 'hosts' | 'step' | 'mechanism'> {
  const [, hosts, step = '', ...mechanism] = cause.split('; ');
  return { hosts: hosts === 'same host' ? 'same host' : 'other host', step: stepOf(step.replace(/^step /, '')), mechanism: mechanism.join('; ') };
}

function placeOf(cause: string, origin: Origin): DocumentFinding['place'] {
  const { step } = partsOf(cause);
  return step === null ? null : origin.placeOf(step);
}

/** How many causes of each class. */
export function causesOf(findings: readonly { readonly class: FindingClass }[]): Subject['counts']['causes'] {
  const count = (grade: FindingClass) => findings.filter((finding) => finding.class === grade).length;
  return { violation: count('violation'), hazard: count('hazard'), 'lost-state': count('lost-state'), downtime: count('downtime') };
}

/** The steps of a procedure, as they are written. */
export function runbookOf({ source, starts, steps }: Procedure, origin: Origin, findings: readonly DocumentFinding[], stories: readonly Story[]): Subject['runbook'] {
  return {
    source: source ?? null, starts, failing: stories[0]?.step ?? null,
    steps: steps.map((step, i): RunbookStep => ({
      n: i + 1, id: step.id, host: step.host,
      command: step.kind === 'run' ? step.run : null,
      wait: step.kind === 'wait' ? waitSentence(step) : null,
      why: step.why ?? null, onFailure: step.onFailure,
      place: origin.placeOf(step.id),
      findings: violationsAt(step.id, findings),
    })),
  };
}

/** The steps that a trace shows, when their procedure is not known; null when it shows none. */
export function runbookOfTrace({ events }: Trace, findings: readonly DocumentFinding[], stories: readonly Story[]): Subject['runbook'] {
  const steps = new Map<string, RunbookStep>();
  for (const event of events) {
    if (event.type !== 'command' || event.phase !== 'start' || event.step === 0 || steps.has(event.id)) continue;
    steps.set(event.id, {
      n: event.step, id: event.id, host: event.host, command: event.line, wait: null, why: null, onFailure: null, place: null,
      findings: violationsAt(event.id, findings),
    });
  }
  return steps.size === 0 ? null : { source: null, starts: null, failing: stories[0]?.step ?? null, steps: [...steps.values()] };
}

function violationsAt(step: string, findings: readonly DocumentFinding[]): string[] {
  return findings.filter((finding) => finding.class === 'violation' && finding.step === step).map(({ id }) => id);
}
