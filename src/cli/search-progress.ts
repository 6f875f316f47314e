/**
 * What a search has done, in a file, so that the next one goes on from there. JSON Lines: the search, then each part that
 * was done to its end. Parts are added as they end; a last line that is not whole, of a search that was killed, is lost.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import type { Bounds } from '../explore/bounds.ts';
import { MILDEST, runSpec } from '../explore/run-spec.ts';
import type { Subject } from '../explore/run-spec.ts';
import type { UnitResult } from '../explore/search.ts';
import { InputError } from '../model/diagnostic.ts';
import { PRODUCT_VERSION } from '../model/version.ts';
import { traceHash } from '../report/trace-file.ts';
import { readInputFile, utf8Text } from '../transition/input-file.ts';
import { writeWhole } from './write-whole.ts';

const SCHEMA = 'solevoter.search/1';
/** Bytes. */
const LARGEST_FILE = 2 ** 29;

export interface SearchProgress {
  /** By the place of the part. */
  readonly done: ReadonlyMap<number, UnitResult>;
  readonly add: (place: number, result: UnitResult) => void;
}

/** Opens the file, or makes it. Throws InputError when it is of another search, or of another build of the simulation. */
export function openProgress(file: string, subject: Subject, bounds: Bounds, most: number): SearchProgress {
  const trace = traceHash(runSpec(subject, MILDEST).trace);
  const what = createHash('sha256').update(text({ subject, bounds, most, trace })).digest('hex');
  const header = JSON.stringify({ schema: SCHEMA, product: PRODUCT_VERSION, procedure: subject.procedure.name, bounds: bounds.name, faults: most, what });
  const done = new Map<number, UnitResult>();
  if (existsSync(file)) {
    const [first = '', ...lines] = utf8Text(readInputFile(file, LARGEST_FILE), file).split('\n');
    if (first !== header) {
      throw new InputError([{ file, line: 1, message: 'this is the progress of another search, or of another version', expected: `a new file, or that of an earlier ${subject.procedure.name} --faults ${most} within the same bounds` }]);
    }
    // What follows the last line end was not written to its end.
    for (const line of lines.slice(0, -1)) {
      const { place, result } = JSON.parse(line, revived) as { readonly place: number; readonly result: UnitResult };
      done.set(place, result);
    }
  }
  writeWhole(file, [header, ...[...done].map(([place, result]) => text({ place, result })), ''].join('\n'));
  return { done, add: (place, result) => appendFileSync(file, `${text({ place, result })}\n`) };
}

/** As JSON, maps and sets too. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (item instanceof Map ? { map: [...item] } : item instanceof Set ? { set: [...item] } : item));
}

function revived(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length !== 1) return value;
  if (keys[0] === 'map') return new Map((value as { map: [unknown, unknown][] }).map);
  return keys[0] === 'set' ? new Set((value as { set: unknown[] }).set) : value;
}
