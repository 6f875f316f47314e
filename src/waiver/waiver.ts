/**
 * A waiver: a finding that somebody has looked at and takes for a time. It is still found and still printed; it no
 * longer fails. What was waived and has not been found is an error too, so that no waiver outlives its reason.
 */
import { nearestWord, withNearest } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { resultOf } from '../model/verdict.ts';
import type { Judgement } from '../model/verdict.ts';

export interface Waiver {
  /** Of the finding: "SV-" and 8 hexadecimal digits. */
  readonly id: string;
  readonly reason: string;
  /** Last day on which it counts, as "2027-03-01". */
  readonly expires: string;
  /** Where it stands. */
  readonly place: Pick<Diagnostic, 'file' | 'line' | 'column'>;
}

/** For each waived id "waived until 2027-03-01: ticket 123". */
export type WaiverNotes = ReadonlyMap<string, string>;

/** The note of each waiver, by the id of its finding. */
export function waiverNotes(waivers: readonly Waiver[]): WaiverNotes {
  return new Map(waivers.map(({ id, reason, expires }) => [id, `waived until ${expires}: ${reason}`]));
}

/** A problem for each waiver of which no finding has the id. */
export function unusedWaivers(waivers: readonly Waiver[], found: readonly string[]): Diagnostic[] {
  return waivers.filter(({ id }) => !found.includes(id)).map(({ id, place }) => withNearest({
    ...place, message: `the waiver of "${id}" is not used: nothing with this id was found`, expected: 'the id of a finding of this command, or no such waiver',
  }, nearestWord(id, found)));
}

/** The judgement that the findings which are not waived give. Downtime and liveness are facts and stay. */
export function withoutWaived(judgement: Judgement, waived: WaiverNotes): Judgement {
  const findings = judgement.findings.filter(({ id }) => !waived.has(id));
  const violated = findings.some((finding) => finding.class === 'violation');
  return { ...judgement, findings, result: resultOf(violated, judgement.unknown) };
}
