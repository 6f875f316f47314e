/** Waiver files: YAML to waivers that count today. */
import * as v from 'valibot';
import { InputError } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { checkYaml, readTextFile } from '../transition/yaml.ts';
import type { Path } from '../transition/yaml.ts';
import type { Waiver } from './waiver.ts';

const waiversSchema = v.strictObject({
  waivers: v.array(v.strictObject({
    id: v.pipe(v.string(), v.regex(/^SV-[0-9a-f]{8}$/, 'the id of a finding, as SV-1a2b3c4d')),
    reason: v.pipe(v.string(), v.check((text) => text.trim() !== '', 'a sentence')),
    expires: v.pipe(v.string(), v.check(isCalendarDate, 'a date, as 2027-03-01')),
  })),
});

/** Reads a file of waivers; `today` is a date as "2026-11-23". Throws InputError with every problem. */
export function loadWaivers(path: string, today: string): Waiver[] {
  return parseWaivers(readTextFile(path), path, today);
}

/** As loadWaivers, of a text; `file` is its name in errors. */
export function parseWaivers(text: string, file: string, today: string): Waiver[] {
  const yaml = checkYaml(text, file, waiversSchema);
  const problems: Diagnostic[] = [];
  const first = new Map<string, number>();
  const latest = `${String(Number(today.slice(0, 4)) + 1).padStart(4, '0')}${today.slice(4)}`;
  const waivers = yaml.value.waivers.map(({ id, reason, expires }, i): Waiver => {
    const place = (key: string) => ({ file, ...yaml.at(['waivers', i, key] satisfies Path) });
    const before = first.get(id);
    if (before === undefined) first.set(id, i);
    else problems.push({ ...place('id'), message: `"${id}" is waived already in line ${yaml.at(['waivers', before, 'id']).line}`, expected: 'one waiver of each finding' });
    // Dates of this form stand in the order of their letters.
    if (expires < today) problems.push({ ...place('expires'), message: `the waiver of "${id}" expired on ${expires}; today is ${today}`, expected: 'a cure, or a later date with its reason' });
    if (expires > latest) problems.push({ ...place('expires'), message: `the waiver of "${id}" expires on ${expires}, more than a year ahead`, expected: `a date up to ${latest}` });
    return { id, reason: reason.trim(), expires, place: place('id') };
  });
  if (problems.length > 0) throw new InputError(problems);
  return waivers;
}

/** Whether a text is a day of the calendar in the form of ISO 8601, as "2028-02-29". */
export function isCalendarDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}
