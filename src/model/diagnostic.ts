/** What is told to people about bad input: what, where, what was expected, the nearest valid word. Exit code 3. */
export interface Diagnostic {
  readonly file: string;
  /** From 1; absent when the whole file is meant. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly expected?: string;
  readonly nearest?: string;
}

export class InputError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(describeDiagnostic).join('\n'));
    this.name = 'InputError';
    this.diagnostics = diagnostics;
  }
}

/** A problem with the nearest valid word, when one is near. */
export function withNearest<Problem extends object>(problem: Problem, nearest: string | undefined): Problem & Pick<Diagnostic, 'nearest'> {
  return nearest === undefined ? problem : { ...problem, nearest };
}

/** "file:line:column: message; expected …; did you mean …?" */
export function describeDiagnostic(d: Diagnostic): string {
  const place = [d.file, d.line, d.column].filter((part) => part !== undefined).join(':');
  const expected = d.expected === undefined ? '' : `; expected ${d.expected}`;
  const nearest = d.nearest === undefined ? '' : `; did you mean "${d.nearest}"?`;
  return `${place}: ${d.message}${expected}${nearest}`;
}

/** The word of `candidates` nearest to `word` by edit distance, or undefined when none is near. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
