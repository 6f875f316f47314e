/** Reading what the user names: what is missing, no file, unreadable, too large, a private key or no text is told. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';
import { refuseForeignKey } from '../model/foreign-key.ts';

/** The bytes of a file of at most `largest` bytes. Throws InputError. */
export function readInputFile(path: string, largest: number): Uint8Array {
  const refuse = (message: string, expected: string): never => {
    throw new InputError([{ file: path, message, expected }]);
  };
  let bytes: Uint8Array;
  try {
    const kind = statSync(path);
    if (!kind.isFile()) return refuse('this is not a file', 'a file');
    if (kind.size > largest) return refuse(`the file has ${kind.size} bytes`, `at most ${largest}`);
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new InputError([withNearest({ file: path, message: 'there is no such file', expected: 'a file that is there' }, nearestFile(path))]);
    return refuse(`the file cannot be read (${code ?? String(error)})`, 'a file that may be read');
  }
  refuseForeignKey(bytes, path);
  return bytes;
}

/** What stands in the same folder under nearly the same name. */
function nearestFile(path: string): string | undefined {
  const folder = dirname(path);
  try {
    const near = nearestWord(basename(path), readdirSync(folder));
    return near === undefined || folder === '.' ? near : join(folder, near);
  } catch {
    return undefined;
  }
}

/** Bytes as UTF-8; `file` is the name in the error. Throws InputError. */
export function utf8Text(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError([{ file, message: 'the file is not UTF-8 text', expected: 'text in UTF-8' }]);
  }
}
