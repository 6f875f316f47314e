/** Times in logs and records: UTC as RFC 3339 writes it, to and from microseconds since 1970. */
import type { Micros } from '../model/trace.ts';

const STAMP = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]00:?00)?$/;
const MICROS_PER_DAY = 86_400_000_000;

/** Microseconds since 1970 of "2026-11-22T19:57:12.029204596Z"; null when it is no such time. No zone means UTC. */
export function wallMicros(text: string): Micros | null {
  const match = STAMP.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  const fraction = Number((match[7] ?? '0').padEnd(6, '0').slice(0, 6));
  return daysSince1970(year, month, day) * MICROS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction;
}

/** The same to the millisecond, as "2026-11-22 19:57:12.029". */
export function wallText(micros: Micros): string {
  const days = Math.floor(micros / MICROS_PER_DAY);
  const rest = Math.floor((micros - days * MICROS_PER_DAY) / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1000) % 60];
  return `${dateText(days)} ${two(hours)}:${two(minutes)}:${two(seconds)}.${String(rest % 1000).padStart(3, '0')}`;
}

/** Civil days in the proleptic Gregorian calendar; the year begins in March, so that the leap day is its last. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
}

function dateText(days: number): string {
  let year = 1970 + Math.floor(days / 366);
  while (daysSince1970(year + 1, 1, 1) <= days) year++;
  let month = 1;
  while (month < 12 && daysSince1970(year, month + 1, 1) <= days) month++;
  const day = days - daysSince1970(year, month, 1) + 1;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
