/** What the real programs have answered, kept so that the simulation is held against it where they are not at hand. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CommandAnswer } from './answer.ts';

export const CASES = fileURLToPath(new URL('../commands.yaml', import.meta.url));
const FILE = new URL('../../fixtures/fidelity/commands.json', import.meta.url);

/** Answers by the name of their case. */
export function readRecorded(): Map<string, CommandAnswer> {
  return new Map(Object.entries(JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, CommandAnswer>));
}

/** Writes the answers, one case a line. */
export function writeRecorded(answers: ReadonlyMap<string, CommandAnswer>): void {
  const lines = [...answers].map(([name, answer]) => `${JSON.stringify(name)}: ${JSON.stringify(answer)}`);
  writeFileSync(FILE, `{\n${lines.join(',\n')}\n}\n`);
}
