/** How a run was shrunk, and what is certified of it, in words. */
import type { Certificate } from '../explore/certify.ts';
import type { SearchedCause } from '../explore/exhaustive.ts';
import type { Shrunk } from '../explore/shrink.ts';
import { plural } from './count.ts';

/** Without a full stop. */
function certified(schedules: number, choices: number, id: string): string {
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

/** What a search itself certifies of a cause that it found: one sentence; none for a cause without faults. */
export function describeSearched({ certifiedBy, example, id }: SearchedCause): string[] {
  const choices = example.faults.length + (example.fork === null ? 0 : 1);
  if (choices === 0) return [];
  return [certifiedBy === null ? `Not certified: not every schedule with fewer than ${plural(choices, 'fault')} was tried.` : `${certified(certifiedBy, choices, id)}.`];
}
