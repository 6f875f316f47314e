/** `--fail-on CLASS`: what counts as a failure beyond violations. */
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';
import type { FindingClass } from '../model/verdict.ts';

const CLASSES: readonly FindingClass[] = ['violation', 'hazard', 'lost-state', 'downtime'];

/** Throws InputError for an unknown class. */
export function failOn(option: string | undefined): readonly FindingClass[] {
  if (option === undefined) return ['violation'];
  return ['violation', ...option.split(',').map((word) => {
    const found = CLASSES.find((cls) => cls === word);
    if (found !== undefined) return found;
    throw new InputError([withNearest({ file: '--fail-on', message: `"${word}" is no class of findings`, expected: CLASSES.join(', ') }, nearestWord(word, CLASSES))]);
  })];
}
