/** Output files appear whole or not at all. */
import { accessSync, closeSync, constants, fsyncSync, lstatSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
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

/**
 * Throws InputError when a file at this path could not be written, or must not be: a rename puts the file in the place of
 * whatever is there, and that must not be a link, a device or a key.
 */
export function refuseTarget(path: string): void {
  const there = entryAt(path);
  if (there !== undefined && !there.isFile()) throw new InputError([{ file: path, message: 'this is there, and is not a file', expected: 'a new path, or a file to write over' }]);
  if (there !== undefined) readInputFile(path, Number.POSITIVE_INFINITY);
  refuseFolder(dirname(path), path);
}

/** Throws InputError when files could not be written into a folder. One that is not there yet may be made within a folder that is; `file`: what is written there. */
export function refuseFolder(path: string, file?: string): void {
  const there = entryAt(path);
  const name = file ?? path;
  if (there === undefined && file === undefined && path !== dirname(path)) return refuseFolder(dirname(path));
  if (there === undefined) throw new InputError([{ file: name, message: `there is no folder ${path}`, expected: 'a path in a folder that is there' }]);
  if (!statSync(path).isDirectory()) throw new InputError([{ file: name, message: `${path} is not a folder`, expected: 'a path in a folder' }]);
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new InputError([{ file: name, message: `cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, expected: 'a path in a writable folder' }]);
  }
}

/** What is at a path; undefined when there is nothing, or a part of the path is no folder. */
function entryAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw new InputError([{ file: path, message: `cannot be looked at (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, expected: 'a path in a writable folder' }]);
  }
}
