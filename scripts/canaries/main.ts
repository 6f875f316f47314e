/**
 * The checker is checked: bugs that the search must notice, faults that must matter, situations that must be reached.
 * `npm run canaries` builds the product and prints the tables; exit code 1 when something survived or is missing.
 *
 *     npm run canaries                  all
 *     npm run canaries -- --tokens      and a replay token for each witness and situation
 *     npm run canaries -- --only=WORDS  the canaries whose name has the words
 */
import { flyAll } from './aviary.ts';
import { BLIND_JUDGES, IDLE_SEARCHES } from './blind-judges.ts';
import { DIST } from './canary.ts';
import { loadProduct } from './product.ts';
import { SEEDED_RULES, SEEDED_WORLD } from './seeded-bugs.ts';
import { reach } from './situations.ts';
import { canaryLines, situationLines, witnessLines } from './table.ts';
import { findWitnesses } from './witnesses.ts';
import type { NamedRun } from './witnesses.ts';

const AT_ONCE = 2;

const args = process.argv.slice(2);
const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
const print = (lines: readonly string[]): boolean => process.stdout.write(`${lines.join('\n')}\n`);

const canaries = [...SEEDED_RULES, ...SEEDED_WORLD, ...BLIND_JUDGES, ...IDLE_SEARCHES].filter(({ name }) => name.includes(only ?? ''));
const results = await flyAll(canaries, AT_ONCE);
print(['+ the bug shows itself as this finding; - the finding that must be there is missing', '', ...canaryLines(results)]);
const bad = results.filter(({ caught, twinClean }) => !caught || !twinClean).length;
let missing = 0;
if (only === undefined) {
  const product = await loadProduct(DIST);
  const { encodeToken, siteDifference, stepsFingerprint } = product;
  const token = (name: string, { procedure, params, subject, spec }: NamedRun): string =>
    `${name}\n  ${encodeToken({ procedure, params, site: siteDifference(subject.site), steps: stepsFingerprint(subject.procedure), spec })}`;
  const witnesses = findWitnesses(product);
  const situations = reach(product);
  print(['', ...witnessLines(witnesses), '', ...situationLines(situations)]);
  if (args.includes('--tokens')) {
    print(['', ...witnesses.flatMap(({ kind, found }) => (found === null ? [] : [token(kind, found.run)])), ...situations.flatMap(({ situation, run }) => (run === null ? [] : [token(situation.name, run)]))]);
  }
  const withoutWitness = witnesses.filter(({ found }) => found === null).length;
  const unknown = situations.filter(({ run }) => run === null).length;
  missing = withoutWitness + unknown;
  print(['', `${witnesses.length - withoutWitness} of ${witnesses.length} kinds of faults have a witness; ${situations.length - unknown} of ${situations.length} situations are reached`]);
}
print([`${results.length - bad} of ${results.length} canaries caught with a clean twin, ${bad} not`]);
process.exitCode = bad + missing > 0 || results.length === 0 ? 1 : 0;
