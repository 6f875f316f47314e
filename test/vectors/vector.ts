/** The vector file: an array of {source, name, kind, input, expect}, where `kind` says which rule is asked. */
import { InputError } from '../../src/model/diagnostic.ts';

export interface Vector {
  readonly name: string;
  readonly kind: string;
  readonly input: unknown;
  readonly expect: unknown;
}

/** Reads the text of a vector file. Throws InputError for anything that is no vector file. */
export function parseVectors(file: string, text: string): Vector[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new InputError([{ file, message: `not JSON: ${(error as Error).message}`, expected: 'an array of vectors' }]);
  }
  if (!Array.isArray(parsed)) throw new InputError([{ file, message: 'not an array', expected: 'an array of vectors' }]);
  const diagnostics = parsed.flatMap((entry: unknown, i) => {
    const missing = ['name', 'kind', 'input', 'expect'].filter((key) => !isRecord(entry) || entry[key] === undefined);
    const unnamed = isRecord(entry) && (typeof entry['name'] !== 'string' || typeof entry['kind'] !== 'string');
    if (missing.length === 0 && !unnamed) return [];
    const message = missing.length > 0 ? `vector ${i} lacks ${missing.join(', ')}` : `name or kind of vector ${i} is not text`;
    return [{ file, message, expected: '{name, kind, input, expect}' }];
  });
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  return parsed as Vector[];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
