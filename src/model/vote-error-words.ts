/** Errors of the vote program in words. */
import { voteErrorName } from './vote-program.ts';

/** "LockoutConflict (6)" */
export function errorWords(code: number): string {
  return `${voteErrorName(code) ?? 'Custom'} (${code})`;
}

/** "ConfirmationRollBack (13) x 6, LockoutConflict (6) x 28": in order, equal neighbours folded. */
export function errorRuns(codes: readonly number[]): string {
  const runs: { readonly code: number; count: number }[] = [];
  for (const code of codes) {
    const last = runs.at(-1);
    if (last?.code === code) last.count++;
    else runs.push({ code, count: 1 });
  }
  return runs.map(({ code, count }) => `${errorWords(code)}${count === 1 ? '' : ` x ${count}`}`).join(', ');
}
