/** Reads a validator's log from a file, plain or packed with gzip, line by line: logs are larger than a string may be. */
import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { InputError } from '../model/diagnostic.ts';
import { logReader } from '../import/log-reader.ts';
import type { LogContent } from '../import/log-reader.ts';

/** `to`: lines after this time are left out, wall clock in µs. `progress`: told the lines read so far, now and then. Throws InputError. */
export async function readLogFile(path: string, to: number | null, progress: (lines: number) => void): Promise<LogContent> {
  refuseNoFile(path);
  const bytes = createReadStream(path);
  const text = path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  let failed: NodeJS.ErrnoException | null = null;
  for (const stream of [bytes, text]) stream.on('error', (error: NodeJS.ErrnoException) => (failed ??= error));
  const reader = logReader(path, to);
  let lines = 0;
  try {
    for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (++lines % 200_000 === 0) progress(lines);
      reader.take(line);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    failed ??= error as NodeJS.ErrnoException;
  } finally {
    bytes.destroy();
  }
  if (failed !== null) {
    const { code } = failed as NodeJS.ErrnoException;
    throw new InputError([{ file: path, message: `the log cannot be read (${code ?? 'unknown error'})`, expected: path.endsWith('.gz') ? 'a file packed with gzip that is whole' : 'a file that may be read' }]);
  }
  return reader.finish();
}

function refuseNoFile(path: string): void {
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind === undefined) throw new InputError([{ file: path, message: 'there is no such file', expected: 'the log of a validator, plain or .gz' }]);
  if (!kind.isFile()) throw new InputError([{ file: path, message: 'this is not a file', expected: 'the log of a validator, plain or .gz' }]);
}
