/** Output files appear whole or not at all. */
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { InputError } from '../model/diagnostic.ts';
import { readInputFile } from '../transition/input-file.ts';

/** Writes beside the target and renames over it. An error leaves the old file as it was. Throws InputError. */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    refuseTarget(path);
    const file = openSync(temporary, 'wx');
    try {
      const bytes = Buffer.from(text);
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError([{ file: path, message: `cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, expected: 'a path in a writable folder with free space' }]);
  }
}

/** A rename puts the file in the place of whatever is there: that must not be a link, a device or a key. */
function refuseTarget(path: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isFile()) throw new InputError([{ file: path, message: 'this is there, and is not a file', expected: 'a new path, or a file to write over' }]);
  readInputFile(path, Number.POSITIVE_INFINITY);
}
