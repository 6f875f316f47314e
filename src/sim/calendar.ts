/** Dates of the proleptic Gregorian calendar in UTC, from Unix time, without a clock. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const DAY = 86_400_000_000;
/** Half of a mean Gregorian year, µs: what ls calls recent. */
const RECENT = (31_556_952 / 2) * 1_000_000;

/** A time as ls shows it: "Nov  2 21:28", or "Nov  2  2025" when not of the last six months. Both in Unix µs. */
export function formatTime(unixMicros: number, now: number): string {
  const days = Math.floor(unixMicros / DAY);
  const { year, month, day } = civilDate(days);
  const date = `${MONTHS[month - 1]!} ${String(day).padStart(2)}`;
  if (unixMicros > now || unixMicros <= now - RECENT) return `${date}  ${year}`;
  const minutes = Math.floor((unixMicros - days * DAY) / 60_000_000);
  return `${date} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** Days since 1970-01-01, counted in years that begin in March, so that the leap day is the last. */
export function civilDate(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const sinceMarch0000 = days + 719_468;
  const cycle = Math.floor(sinceMarch0000 / 146_097);
  const dayOfCycle = sinceMarch0000 - cycle * 146_097;
  const yearOfCycle = Math.floor((dayOfCycle - Math.floor(dayOfCycle / 1_460) + Math.floor(dayOfCycle / 36_524) - Math.floor(dayOfCycle / 146_096)) / 365);
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}
