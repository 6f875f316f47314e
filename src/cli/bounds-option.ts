/** `--bounds NAME|FILE`. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadBounds } from '../explore/bounds.ts';
import type { Bounds } from '../explore/bounds.ts';
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';

/** Shipped bounds by name, or those of a file. Throws InputError. */
export function boundsOf(given: string): Bounds {
  const names = shippedBounds();
  if (!names.includes(given) && !/\/|\.ya?ml$/.test(given) && !existsSync(given)) {
    throw new InputError([withNearest({ file: '--bounds', message: `there are no bounds "${given}"`, expected: `${names.join(', ')}, or a file` }, nearestWord(given, names))]);
  }
  return loadBounds(given);
}

function shippedBounds(): string[] {
  return readdirSync(fileURLToPath(new URL('../../bounds/', import.meta.url))).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length)).sort();
}
