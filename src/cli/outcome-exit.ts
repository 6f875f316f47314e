/** From what was found to the exit code. */
import type { CauseGroup } from '../explore/causes.ts';
import { EXIT, worstExit } from '../model/exit-code.ts';
import { resultOf } from '../model/verdict.ts';
import type { FindingClass, Judgement, Result } from '../model/verdict.ts';
import { withoutWaived } from '../waiver/waiver.ts';
import type { Failure } from '../report/document/schema.ts';
import type { WaiverNotes } from '../waiver/waiver.ts';

/** What a command found, as far as its exit code goes. */
export interface Outcome {
  readonly result: Result;
  readonly findings: readonly { readonly id: string; readonly class: FindingClass; readonly title: string }[];
  readonly gaps: readonly string[];
  /** Exactly one host votes at the end, in every run. */
  readonly live: boolean;
  /** Slots without a vote, without faults. */
  readonly downtime: number;
}

/** What counts of a judgement: neither waived findings, nor the silence or the slots that a waived one is about. */
export function outcomeOf(judgement: Judgement, waived: WaiverNotes): Outcome {
  const { findings, gaps, liveness, downtime } = judgement;
  const taken = findings.filter(({ id }) => waived.has(id));
  const missed = taken.reduce((slots, { kind, count = 0 }) => slots + (kind === 'missed-votes' ? count : 0), 0);
  const { result, findings: counting } = withoutWaived(judgement, waived);
  return { result, findings: counting, gaps, live: liveness.live || taken.some(({ kind }) => kind === 'nobody-votes'), downtime: downtime.slots - missed };
}

/** What many runs found: of each cause in how many runs, and how many runs did not end with exactly one voter. */
export interface CountedRuns {
  readonly groups: readonly CauseGroup[];
  readonly gaps: readonly string[];
  readonly unknown: readonly string[];
  readonly dead: number;
}

/**
 * What counts of many runs. A run in which nobody votes at the end has one finding of that: waived causes say how many such
 * runs are taken.
 */
export function outcomeOfRuns({ groups, gaps, unknown, dead }: CountedRuns, waived: WaiverNotes): Omit<Outcome, 'downtime'> {
  const findings = groups.filter(({ id }) => !waived.has(id));
  const violated = findings.some((group) => group.class === 'violation');
  const taken = groups.filter(({ id, kind }) => kind === 'nobody-votes' && waived.has(id)).reduce((runs, group) => runs + group.runs, 0);
  return { result: resultOf(violated, unknown), findings, gaps, live: dead <= taken };
}

/** What fails: findings of the `failing` classes, and whatever else has an exit code. `budget`: more slots of downtime than this fail, if it is given. */
export function failuresOf({ result, findings, gaps, live, downtime }: Outcome, failing: readonly FindingClass[], budget?: number): Failure[] {
  return [
    ...findings.filter((finding) => failing.includes(finding.class)).map(({ id, title }): Failure => ({ code: EXIT.violation, what: 'finding', finding: id, sentence: title })),
    ...gaps.map((gap): Failure => ({ code: EXIT.gap, what: 'gap', finding: null, sentence: `not modelled: ${gap}` })),
    ...(result === 'unknown' && gaps.length === 0 ? [{ code: EXIT.unknown, what: 'unknown' as const, finding: null, sentence: 'the result is unknown' }] : []),
    ...(live ? [] : [{ code: EXIT.downtime, what: 'voters' as const, finding: null, sentence: 'not exactly one host votes at the end' }]),
    ...(budget !== undefined && downtime > budget ? [{ code: EXIT.downtime, what: 'downtime' as const, finding: null, sentence: `${downtime} slots without an accepted vote, ${budget} are allowed` }] : []),
  ];
}

/** The exit code of what fails. */
export function exitCode(failures: readonly Failure[]): number {
  return worstExit(failures.map(({ code }) => code));
}

/** The exit code of an outcome, see `failuresOf`. */
export function outcomeExit(outcome: Outcome, failing: readonly FindingClass[], budget?: number): number {
  return exitCode(failuresOf(outcome, failing, budget));
}
