/** `solevoter inspect TOWER.bin`: exit 0 for any file that it can explain. */
import { inspectTower } from '../report/inspect.ts';
import { inspectionText } from '../report/inspect-text.ts';
import { readInputFile } from '../transition/input-file.ts';
import { EXIT } from '../model/exit-code.ts';
import { printLines } from './terminal.ts';

/** Largest file that is looked at, bytes: a tower has some 2,000. */
const LARGEST_TOWER = 1_000_000;

/** Throws InputError when the file cannot be read. */
export function inspectCommand(file: string): number {
  printLines(inspectionText(inspectTower(readInputFile(file, LARGEST_TOWER), file)));
  return EXIT.holds;
}
