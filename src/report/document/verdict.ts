/** Verdicts and exit codes in words: what stands at the top of every report. */
import { EXIT } from '../../model/exit-code.ts';
import type { Result } from '../../model/verdict.ts';
import { plural } from '../count.ts';
import type { DocumentFinding, Exit, ReportDocument, Subject } from './schema.ts';

const WORDS: Readonly<Record<Result, ReportDocument['verdict']['word']>> = { holds: 'HOLDS', violated: 'VIOLATED', unknown: 'UNKNOWN' };

const MEANINGS: readonly string[] = [
  'nothing that fails was found',
  'a violation, or what --fail-on names',
  'more downtime than the budget, or not exactly one voter at the end',
  'bad input',
  'something that is not modelled was met',
  'unknown, or nothing was exercised',
];

/** An exit code with what it means. */
export function exitOf(code: number): Exit {
  return { code, meaning: MEANINGS[code] ?? 'unknown' };
}

/** The word for a result. */
export function wordOf(result: Result): ReportDocument['verdict']['word'] {
  return WORDS[result];
}

/** The verdict of many runs: "guide-hot-swap: 17 causes of violation, 10 causes of hazard, in 6,125 runs". */
export function verdictOfMany(name: string, result: Result, { causes, runs, unit, waived }: Subject['counts'], notesGiven: boolean): string {
  const rest = `${plural(causes.hazard, 'cause')} of hazard, in ${plural(runs, unit)}${notesGiven ? `; ${waived} waived` : ''}`;
  return {
    violated: `${name}: ${plural(causes.violation, 'cause')} of violation, ${rest}`,
    unknown: `${name}: no violation found, but not all is known; ${rest}`,
    holds: `${name}: no violation within the bounds below; ${rest}`,
  }[result];
}

/** The verdict of one run or trace: "3 violations, 1 hazard". */
export function verdictOfOne(result: Result, findings: readonly Pick<DocumentFinding, 'class'>[], unknown: readonly string[]): string {
  const count = (grade: string) => findings.filter((finding) => finding.class === grade).length;
  const hazards = count('hazard') === 0 ? '' : `, ${plural(count('hazard'), 'hazard')}`;
  return {
    violated: `${plural(count('violation'), 'violation')}${hazards}`,
    unknown: `no violation found, but ${plural(unknown.length, 'reason')} not to rely on it${hazards}`,
    holds: `no violation in this trace${hazards}`,
  }[result];
}

/** The verdict of a gate. `codes`: of the parts that count. */
export function verdictOfGate(codes: readonly number[]): ReportDocument['verdict'] {
  const passed = codes.filter((code) => code === 0).length;
  return { word: codes.length > 0 && passed === codes.length ? 'OPEN' : 'CLOSED', sentence: `${plural(passed, 'part')} of ${codes.length} passed` };
}

/** How a part of a gate ended, by its exit code. */
export function wordOfPart(code: number | null): 'ok' | 'FAIL' | 'UNKNOWN' | 'told' {
  if (code === null) return 'told';
  return code === EXIT.holds ? 'ok' : code === EXIT.unknown ? 'UNKNOWN' : 'FAIL';
}

/** The verdict of a suite of scenarios. */
export function verdictOfSuite(met: number, all: number): ReportDocument['verdict'] {
  return { word: all > 0 && met === all ? 'AS EXPECTED' : 'NOT AS EXPECTED', sentence: `${met} of ${plural(all, 'scenario')} as expected` };
}
