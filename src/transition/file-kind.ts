/** The kinds of YAML files, by a key that only one of them has: a file given in the place of another is told as what it is. */

interface FileKind {
  readonly keys: readonly string[];
  readonly what: string;
}

const KINDS: readonly FileKind[] = [
  { keys: ['scenario'], what: 'a scenario (solevoter run)' },
  { keys: ['starts'], what: 'a procedure (solevoter rehearse)' },
  { keys: ['hosts', 'ledger', 'tower-dir'], what: 'a site file (--site)' },
  { keys: ['waivers'], what: 'a waiver file (--waivers)' },
  { keys: ['bounds'], what: 'bounds of a search (--bounds)' },
];

/** What a file is and what it should be, by its keys and those that it may have; null when it is no file of another kind. */
export function otherKind(keys: readonly string[], allowed: readonly string[]): { readonly is: string; readonly expected: string } | null {
  const wanted = KINDS.find((kind) => kind.keys.some((key) => allowed.includes(key)));
  if (wanted === undefined || wanted.keys.some((key) => keys.includes(key))) return null;
  const given = KINDS.find((kind) => kind.keys.some((key) => keys.includes(key) && !allowed.includes(key)));
  return given === undefined ? null : { is: given.what, expected: wanted.what };
}
