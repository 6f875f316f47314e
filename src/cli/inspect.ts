/** `solevoter inspect TOWER.bin`: exit 0 for any file that it can explain. */
import { inspectTower } from '../report/inspect.ts';
import { inspectionText } from '../report/inspect-text.ts';
import { readInput } from './read-input.ts';
import { EXIT } from './exit-code.ts';
import { printLines } from './terminal.ts';

/** Throws InputError when the file cannot be read. */
export function inspectCommand(file: string): number {
  printLines(inspectionText(inspectTower(readInput(file), file)));
  return EXIT.holds;
}
