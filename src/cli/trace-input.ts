/** A trace file as it is given on the command line. */
import type { Trace } from '../model/trace.ts';
import { parseTrace } from '../report/trace-file.ts';
import { readInputFile, utf8Text } from '../transition/input-file.ts';

/** Largest trace that is read, bytes: a text of Node may not be much longer. */
const LARGEST_TRACE = 400_000_000;

/** Throws InputError. */
export function readTrace(file: string): Trace {
  return parseTrace(utf8Text(readInputFile(file, LARGEST_TRACE), file), file);
}
