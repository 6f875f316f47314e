/** `solevoter mutants PROCEDURE`. */
import { availableParallelism } from 'node:os';
import { MISTAKE_KINDS } from '../explore/mistake.ts';
import { mutantTable } from '../explore/mutants.ts';
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';
import { EXIT, worstExit } from '../model/exit-code.ts';
import { describeMutants } from '../report/mutants-text.ts';
import { worldAssumptions } from '../sim/assumptions.ts';
import type { MutationKind } from '../transition/mutation.ts';
import { loadSubject, tokenOf } from './subject.ts';
import type { SubjectOptions } from './subject.ts';
import { printLines, progressLine } from './terminal.ts';

export interface MutantsOptions extends SubjectOptions {
  readonly workers?: number;
  readonly all?: boolean;
  readonly failOnUseless?: boolean;
  readonly step?: readonly string[];
  readonly mistake?: readonly MutationKind[];
}

/** Prints what each step prevents, and returns the exit code. Throws InputError. */
export async function mutantsCommand(name: string, options: MutantsOptions): Promise<number> {
  const subject = loadSubject(name, options);
  refuseUnknown('step', options.step, subject.procedure.steps.map(({ id }) => id));
  refuseUnknown('mistake', options.mistake, MISTAKE_KINDS);
  const table = await mutantTable(subject, {
    ...(options.step === undefined ? {} : { only: options.step }),
    ...(options.mistake === undefined ? {} : { kinds: options.mistake }),
    workers: options.workers ?? availableParallelism(),
    onProgress: (phase, done, of) => progressLine(`${phase}: ${done} of ${of}`),
  });
  progressLine('');
  printLines(describeMutants(table, {
    all: options.all === true,
    tokenOf: ({ spec }) => tokenOf(subject, spec),
    assumptions: worldAssumptions(subject.site, subject.procedure),
  }));
  const useless = table.steps.some(({ step, prevents }) => step.why !== undefined && prevents === null);
  return worstExit([
    ...(table.gaps.length > 0 ? [EXIT.gap] : []),
    ...(options.failOnUseless === true && useless ? [EXIT.violation] : []),
  ]);
}

function refuseUnknown(what: string, words: readonly string[] | undefined, known: readonly string[]): void {
  const unknown = words?.find((word) => !known.includes(word));
  if (unknown !== undefined) throw new InputError([withNearest({ file: `--${what}`, message: `there is no ${what} "${unknown}"`, expected: `one of ${known.join(', ')}` }, nearestWord(unknown, known))]);
}
