/** The judgement of a recorded run: imported as `solevoter import` does it, and judged as `solevoter check` does. */
import { judge } from '../../src/check/judge.ts';
import { readRecording } from '../../src/cli/import.ts';
import type { Judgement } from '../../src/model/verdict.ts';

/** Judges the recording in a folder. Throws InputError when it cannot be imported. */
export async function verdictOf(folder: string, stakeShare: number): Promise<{ readonly judgement: Judgement; readonly disagreements: readonly string[] }> {
  const { trace, disagreements } = await readRecording(folder, { output: '', stakeShare });
  return { judgement: judge(trace), disagreements };
}

/** Result and kinds of findings in one line. */
export function verdictText({ result, findings, liveness }: Judgement): string {
  const kinds = [...new Set(findings.map(({ class: kindOf, kind, count }) => (kindOf === 'violation' ? `${kind} (${count ?? 1})` : kind)))];
  return `${result}; ${kinds.join(', ') || 'no finding'}; live: ${liveness.live ? `yes, ${liveness.voters.join(' and ')}` : 'no'}`;
}
