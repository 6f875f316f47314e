/** Runs vectors through executors and says which fail. */
import { nearestWord } from '../../src/model/diagnostic.ts';
import type { Rules } from './rules.ts';
import { isRecord } from './vector.ts';
import type { Vector } from './vector.ts';

/**
 * Computes what a vector expects from its input; `expect` is passed only for the questions that some kinds ask there.
 * The result may hold more than is expected. A RegExp in it stands for a sentence: what the expected prose must say.
 */
export type Executor<Input, Expect = unknown> = (input: Input, rules: Rules, expect: Expect) => unknown;

/** Executors by kind. Each knows the shape of its own input. */
export type Executors = Readonly<Record<string, Executor<never, never>>>;

/** Executors of single vectors by name, which need a whole simulated world. */
export type WorldExecutors = Readonly<Record<string, () => unknown>>;

export interface Failure {
  readonly vector: Vector;
  readonly problem: string;
  readonly got?: unknown;
}

/** The failures among `vectors`. An unknown kind and an executor that throws are failures. */
export function runVectors(vectors: readonly Vector[], rules: Rules, kinds: Executors, world: WorldExecutors): Failure[] {
  return vectors.flatMap((vector): Failure[] => {
    const execute = own(world, vector.name) ?? own(kinds, vector.kind);
    if (execute === undefined) return [{ vector, problem: noExecutor(vector.kind, Object.keys(kinds)) }];
    let got: unknown;
    try {
      got = execute(vector.input as never, rules, vector.expect as never);
    } catch (error) {
      return [{ vector, problem: `the executor threw: ${String(error)}` }];
    }
    const problem = difference(got, vector.expect, '');
    return problem === null ? [] : [{ vector, problem, got }];
  });
}

function own<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function noExecutor(kind: string, kinds: readonly string[]): string {
  const nearest = nearestWord(kind, kinds);
  return `no executor for kind "${kind}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`;
}

/** The first place where `got` is not what is expected, null when there is none. */
function difference(got: unknown, expected: unknown, path: string): string | null {
  const at = path === '' ? 'the result' : path;
  if (got instanceof RegExp && typeof expected === 'string') {
    return got.test(expected) ? null : `${at}: the rules say ${String(got)}, not ${JSON.stringify(expected)}`;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) return mismatch(at, got, expected);
    return firstOf(expected.map((value, i) => difference(got[i], value, `${path}[${i}]`)));
  }
  if (isRecord(expected)) {
    if (!isRecord(got)) return mismatch(at, got, expected);
    return firstOf(Object.entries(expected).map(([key, value]) => difference(got[key], value, `${path}.${key}`)));
  }
  return Object.is(got, expected) ? null : mismatch(at, got, expected);
}

function firstOf(problems: readonly (string | null)[]): string | null {
  return problems.find((problem) => problem !== null) ?? null;
}

function mismatch(at: string, got: unknown, expected: unknown): string {
  return `${at}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`;
}

/** One failure for people: place, expected and got. */
export function describeFailure({ vector, problem, got }: Failure): string {
  const lines = [`FAIL ${vector.kind}: ${vector.name}`, `  ${problem}`, `  expected ${JSON.stringify(vector.expect)}`];
  if (got !== undefined) lines.push(`  got      ${JSON.stringify(got, (_, value: unknown) => (value instanceof RegExp ? String(value) : value))}`);
  return lines.join('\n');
}
