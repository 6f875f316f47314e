/** `--waivers FILE`: the file is read before anything is run. */
import { InputError } from '../model/diagnostic.ts';
import { isCalendarDate, loadWaivers } from '../waiver/load.ts';
import type { Waiver } from '../waiver/waiver.ts';

/** The waivers of a file that count today; none without a file. Throws InputError. */
export function waiversOf(path: string | undefined): Waiver[] {
  return path === undefined ? [] : loadWaivers(path, today());
}

/** Today in UTC, as "2026-11-23"; SOLEVOTER_TODAY takes its place. */
function today(): string {
  const set = process.env['SOLEVOTER_TODAY'];
  if (set === undefined) return new Date().toISOString().slice(0, 10);
  if (!isCalendarDate(set)) throw new InputError([{ file: 'SOLEVOTER_TODAY', message: `"${set}" is no date`, expected: 'a date, as 2027-03-01' }]);
  return set;
}
