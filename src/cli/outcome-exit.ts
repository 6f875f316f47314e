/** From what was found to the exit code. */
import { EXIT, worstExit } from '../model/exit-code.ts';
import type { FindingClass, Result } from '../model/verdict.ts';

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

/** `failing`: the classes that fail; `budget`: more slots of downtime than this are a failure, if it is given. */
export function outcomeExit({ result, findings, gaps, live, downtime }: Outcome, failing: readonly FindingClass[], budget?: number): number {
  const codes: number[] = [];
  if (findings.some((finding) => failing.includes(finding.class))) codes.push(EXIT.violation);
  if (gaps.length > 0) codes.push(EXIT.gap);
  if (result === 'unknown' && gaps.length === 0) codes.push(EXIT.unknown);
  if (!live || (budget !== undefined && downtime > budget)) codes.push(EXIT.downtime);
  return worstExit(codes);
}
