/** From a replay token to the procedure, the site and the run that it names. */
import { decodeToken, encodeToken, refuseOtherSteps } from '../explore/token.ts';
import type { Token } from '../explore/token.ts';
import type { Subject } from '../explore/run-spec.ts';
import { InputError } from '../model/diagnostic.ts';
import type { Origin } from '../report/document/story.ts';
import { loadProcedure } from '../transition/procedure-file.ts';
import { GUIDE_SITE } from '../transition/site.ts';
import { originOf } from './facts.ts';

/** Whether an argument is meant as a token, and not as a file. */
export function isToken(text: string): boolean {
  return text.startsWith('sv1.') && !text.includes('/');
}

/** What a token names. Throws InputError. */
export function subjectOfToken(text: string): { readonly token: Token; readonly subject: Subject; readonly origin: Origin } {
  const token = decodeToken(text);
  if (token === null) throw new InputError([{ file: 'TOKEN', message: 'this is no replay token of this version, or it was cut', expected: 'the text behind "solevoter replay" of a rehearsal, beginning with sv1.' }]);
  const site = { ...GUIDE_SITE, ...token.site };
  const procedure = loadProcedure(token.procedure, site, token.params);
  refuseOtherSteps(token, procedure);
  return { token, subject: { site, procedure }, origin: originOf(procedure, (spec) => encodeToken({ ...token, spec })) };
}
