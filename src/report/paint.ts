/** The word of a verdict in its colour. */
import { styleText } from 'node:util';
import type { ReportDocument } from './document/schema.ts';

type Word = ReportDocument['verdict']['word'];

const PAINT = { HOLDS: 'green', VIOLATED: 'red', UNKNOWN: 'yellow', 'AS EXPECTED': 'green', 'NOT AS EXPECTED': 'red', OPEN: 'green', CLOSED: 'red' } as const;

/** With the codes of a terminal, or as it is. */
export function painted(word: Word, colour: boolean): string {
  return colour ? styleText(['bold', PAINT[word]], word, { validateStream: false }) : word;
}
