/** From what was found to the exit code. */
import type { CauseGroup } from '../explore/causes.ts';
import { EXIT, worstExit } from '../model/exit-code.ts';
import { resultOf } from '../model/verdict.ts';
import type { FindingClass, Judgement, Result } from '../model/verdict.ts';
import { withoutWaived } from '../waiver/waiver.ts';
import type { WaiverNotes } from '../waiver/waiver.ts';

/** What a command found, as far as its exit code goes. */
export interface Outcome {
  readonly result: Result;
  readonly findings: readonly { readonly class: FindingClass }[];
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
export interface Found {
  readonly groups: readonly CauseGroup[];
  readonly gaps: readonly string[];
  readonly unknown: readonly string[];
  readonly dead: number;
}

/**
 * What counts of many runs. A run in which nobody votes at the end has one finding of that: waived causes say how many such
 * runs are taken.
 */
export function outcomeOfRuns({ groups, gaps, unknown, dead }: Found, waived: WaiverNotes): Omit<Outcome, 'downtime'> {
  const findings = groups.filter(({ id }) => !waived.has(id));
  const violated = findings.some((group) => group.class === 'violation');
  const taken = groups.filter(({ id, kind }) => kind === 'nobody-votes' && waived.has(id)).reduce((runs, group) => runs + group.runs, 0);
  return { result: resultOf(violated, unknown), findings, gaps, live: dead <= taken };
}

/** `failing`: the classes that fail; `budget`: more slots of downtime than this are a failure, if it is given. */
export function outcomeExit({ result, findings, gaps, live, downtime }: Outcome, failing: readonly FindingClass[], budget?: number): number {
  const codes: number[] = [];
  if (findings.some((finding) => failing.includes(finding.class))) codes.push(EXIT.violation);
  if (gaps.length > 0) codes.push(EXIT.gap);
  if (result === 'unknown' && gaps.length === 0) codes.push(EXIT.unknown);
  if (!live || (budget !== undefined && downtime > budget)) codes.push(EXIT.downtime);
  return worstExit(codes);
}
