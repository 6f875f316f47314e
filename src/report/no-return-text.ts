/** The point of no return in words: which event, what follows from there, and what was tried. */
import type { NoReturn } from '../explore/no-return.ts';
import { number, plural } from './count.ts';
import type { NoReturnPoint } from './document/story-schema.ts';
import { eventWords, placeOf } from './event-words.ts';
import { COLUMNS, wrap } from './wrap.ts';

/** Lines of at most 80 columns. */
export function describeNoReturn({ sentence, tried }: NoReturnPoint): string[] {
  return [...wrap(sentence, COLUMNS, 2), ...wrap(`  ${tried}`, COLUMNS, 2)];
}

/** Where it is, and why there. `stakedIdentity`: that of the trace. */
export function noReturnSentence({ id, what, event, slot, continuations, more, finished }: NoReturn, stakedIdentity: string): string {
  if (event === null) return `Point of no return of ${id}: none was found; not every continuation of its last cut ends in ${what}.`;
  const further = `at most ${plural(more, 'further fault')} at the boundaries after it`;
  const where = `Point of no return of ${id}${finished ? '' : ', at the latest'}: slot ${slot}, ${(event.t / 1_000_000).toFixed(3)} s, ${placeOf(event)}: ${eventWords(event, stakedIdentity)}.`;
  const why = continuations === null
    ? `With it, it has happened. From the cut before it, a continuation with ${further} does not end in ${what}.`
    : `From there ${continuations === 1 ? 'the one continuation' : `each of ${number(continuations)} continuations`} with ${further} ends in ${what}.`;
  const open = finished ? '' : ' The budget was used up: it may be earlier.';
  return `${where} ${continuations === null && !finished ? 'With it, it has happened.' : why}${open}`;
}

/** What was tried to find it. */
export function noReturnTried({ bounds, looked, cuts, stretches }: NoReturn): string {
  return `Tried: ${looked} of ${plural(cuts, 'cut')} between commands, ${number(stretches)} stretches from slot to slot, bounds "${bounds}"; mistakes in what is typed are not among the further faults.`;
}
