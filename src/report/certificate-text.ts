/** How a run was shrunk, and what is certified of it, in words. */
import type { Certificate } from '../explore/certify.ts';
import type { Shrunk } from '../explore/shrink.ts';
import { plural } from './count.ts';

/** Of all schedules with fewer choices, none gives the finding; without a full stop. */
export function certified(schedules: number, choices: number, id: string): string {
  return `Certified: none of the ${plural(schedules, 'schedule')} with fewer than ${plural(choices, 'fault')} at the same boundaries gives ${id}`;
}

/** `from`, `to`: choices before and after. One sentence. */
export function describeShrunk({ tried, finished }: Shrunk, from: number, to: number): string[] {
  const end = finished ? 'nothing more can be left out' : 'then the runs were used up: more might be left out';
  return [`Shrunk from ${plural(from, 'choice')} to ${to} in ${plural(tried, 'run')}; ${end}.`];
}

/** One sentence; none for a run without faults. `bounds`: name of the bounds. */
export function describeCertificate({ id, choices, schedules, parts, open, milder }: Certificate, bounds: string): string[] {
  if (choices === 0) return [];
  if (milder !== null) return [`Not certified: a run with fewer than ${plural(choices, 'fault')} gives ${id} too.`];
  const own = `${plural(parts, 'part')} of its own`;
  if (open !== null) return [`Not certified (bounds "${bounds}"): ${open}. None of the ${own} that were tried gives ${id}.`];
  const rest = choices === 1 ? '' : `, nor does one of the ${own} (bounds "${bounds}", the same timing)`;
  return [`${certified(schedules, choices, id)}${rest}.`];
}
