/** A path as it is seen from the working folder. */
import { isAbsolute, relative } from 'node:path';

/** Relative, with "/", for what lies within the working folder; else as it is. */
export function nameFromHere(path: string): string {
  const seen = isAbsolute(path) ? relative(process.cwd(), path) : path.replace(/^\.\//, '');
  return (seen === '' || (isAbsolute(path) && seen.startsWith('..')) ? path : seen).replaceAll('\\', '/');
}
