/** Who runs what in a sandbox. As root the validator's user is `nobody`, so that rights are looked at; else it is you. */
import { userInfo } from 'node:os';

export const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65534;

/** What stands before a command so that it runs as one of the users of a case. */
export function runAs(user: 'sol' | 'root'): string[] {
  return IS_ROOT && user === 'sol' ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'] : [];
}

/** Numbers of user and group of the validator's user. */
export const SOL = IS_ROOT ? { uid: NOBODY, gid: NOBODY } : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

/** Names in the output, as the cases know them. */
export function plainNames(text: string): string {
  const names = IS_ROOT ? ['nobody', 'nogroup'] : [userInfo().username];
  return names.reduce((rest, name) => rest.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), 'sol'), text);
}
