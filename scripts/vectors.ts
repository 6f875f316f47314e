/**
 * `npm run vectors -- FILE`: runs a vector file through the rules, prints each failure with expected and got, then
 * "N passed, M failed". Exit code 0: none failed; 1: some failed; 3: no vector file.
 */
import { readFileSync } from 'node:fs';
import { InputError } from '../src/model/diagnostic.ts';
import { kinds } from '../test/vectors/kinds.ts';
import { RULES } from '../test/vectors/rules.ts';
import { describeFailure, runVectors } from '../test/vectors/run.ts';
import { parseVectors } from '../test/vectors/vector.ts';
import { worldExecutors } from '../test/vectors/world.ts';

function main(args: readonly string[]): number {
  const [file, ...rest] = args;
  if (file === undefined || rest.length > 0) {
    console.error('usage: npm run vectors -- FILE');
    return 3;
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    console.error(`${file}: cannot be read: ${(error as Error).message}`);
    return 3;
  }
  try {
    const vectors = parseVectors(file, text);
    const failures = runVectors(vectors, RULES, kinds, worldExecutors);
    for (const failure of failures) console.log(describeFailure(failure));
    console.log(`${vectors.length - failures.length} passed, ${failures.length} failed`);
    return failures.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    return 3;
  }
}

process.exitCode = main(process.argv.slice(2));
