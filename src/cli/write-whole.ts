/** Output files appear whole or not at all. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { InputError } from '../model/diagnostic.ts';

/** Writes beside the target and renames over it. An error leaves the old file as it was. Throws InputError. */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, 'wx');
    try {
      const bytes = Buffer.from(text);
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new InputError([{ file: path, message: `cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, expected: 'a path in a writable folder with free space' }]);
  }
}
