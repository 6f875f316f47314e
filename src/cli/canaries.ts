/**
 * `solevoter canaries`: the checker is checked. Bugs that the search must notice, faults that must matter, situations that
 * must be reached.
 */
import { availableParallelism } from 'node:os';
import { flyAll } from '../canaries/aviary.ts';
import { CANARIES } from '../canaries/flock.ts';
import { DIST } from '../canaries/package-root.ts';
import { loadProduct } from '../canaries/product.ts';
import { reach } from '../canaries/situations.ts';
import { canaryLines, situationLines, witnessLines } from '../canaries/table.ts';
import { findWitnesses } from '../canaries/witnesses.ts';
import type { NamedRun } from '../canaries/witnesses.ts';
import { InputError } from '../model/diagnostic.ts';
import { EXIT } from '../model/exit-code.ts';
import { printLines } from './terminal.ts';

export interface CanariesOptions {
  /** Only the canaries whose name has these words; then no witnesses and no situations. */
  readonly only?: string;
  /** A replay token for each witness and situation. */
  readonly tokens?: boolean;
  readonly workers?: number;
}

/** Prints the tables; exit code 1 when a bug survived, or a witness or a situation is missing. Throws InputError. */
export async function canariesCommand({ only, tokens, workers }: CanariesOptions): Promise<number> {
  const canaries = CANARIES.filter(({ name }) => name.includes(only ?? ''));
  if (canaries.length === 0) throw new InputError([{ file: '--only', message: `no canary has "${only}" in its name`, expected: 'words of a name in the table of "solevoter canaries"' }]);
  const results = await flyAll(canaries, workers ?? availableParallelism());
  printLines(['+ the bug shows itself as this finding; - the finding that must be there is missing', '', ...canaryLines(results)]);
  const bad = results.filter(({ caught, twinClean }) => !caught || !twinClean).length;
  const missing = only === undefined ? await tellRuns(tokens === true) : 0;
  printLines([`${results.length - bad} of ${results.length} canaries caught with a clean twin, ${bad} not`]);
  return bad + missing > 0 ? EXIT.violation : EXIT.holds;
}

/** Witnesses and situations; returns how many are missing. */
async function tellRuns(tokens: boolean): Promise<number> {
  const product = await loadProduct(DIST);
  const { encodeToken, siteDifference, stepsFingerprint } = product;
  const token = (name: string, { procedure, params, subject, spec }: NamedRun): string =>
    `${name}\n  ${encodeToken({ procedure, params, site: siteDifference(subject.site), steps: stepsFingerprint(subject.procedure), spec })}`;
  const witnesses = findWitnesses(product);
  const situations = reach(product);
  printLines(['', ...witnessLines(witnesses), '', ...situationLines(situations)]);
  if (tokens) printLines(['', ...witnesses.flatMap(({ kind, found }) => (found === null ? [] : [token(kind, found.run)])), ...situations.flatMap(({ situation, run }) => (run === null ? [] : [token(situation.name, run)]))]);
  const withoutWitness = witnesses.filter(({ found }) => found === null).length;
  const unknown = situations.filter(({ run }) => run === null).length;
  printLines(['', `${witnesses.length - withoutWitness} of ${witnesses.length} kinds of faults have a witness; ${situations.length - unknown} of ${situations.length} situations are reached`]);
  return withoutWitness + unknown;
}
