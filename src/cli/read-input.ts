/** Reading what the user names: a missing, unreadable or huge file is a diagnostic, not a stack trace. */
import { readFileSync, statSync } from 'node:fs';
import { InputError } from '../model/diagnostic.ts';

/** Largest file that is read, bytes. */
export const LARGEST_INPUT = 512 * 1024 * 1024;

export function readInput(path: string): Uint8Array {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new InputError([{ file: path, message: 'is a folder', expected: 'a file' }]);
    if (stat.size > LARGEST_INPUT) throw new InputError([{ file: path, message: `has ${stat.size} bytes`, expected: `at most ${LARGEST_INPUT}` }]);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError([{ file: path, message: code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code ?? 'unknown error'})` }]);
  }
}
