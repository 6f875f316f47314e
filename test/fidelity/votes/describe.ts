/** A disagreement and the counts of a campaign as text. */
import { answerName } from './compare.ts';
import type { Disagreement, Tally } from './compare.ts';
import type { LandingVote } from './landing-vote.ts';
import type { Answer } from './our-program.ts';

/** What both programs were told, and what they said to the last vote. */
export function describeDisagreement({ votes, ours, real }: Disagreement): string[] {
  const said = (name: string, answer: Answer) => [`  ${name}: ${answerName(answer)}`, `    ${JSON.stringify(answer.account)}`];
  return [
    `disagreement after ${votes.length === 1 ? 'one vote' : `${votes.length} votes`} on a new vote account:`,
    ...votes.flatMap(describeVote),
    ...said('our rules   ', ours),
    ...said('Vote program', real),
  ];
}

function describeVote({ kind, sync, slotHashes: { slots, hashes, from, to }, bank }: LandingVote, i: number): string[] {
  const stack = sync.lockouts.map(({ slot, confirmationCount }) => `${slot}:${confirmationCount}`).join(' ');
  const known = slots.slice(from, to);
  const hash = hashes.slice(from, to).findLastIndex((name) => name === sync.hash);
  return [
    `  ${i + 1}. ${kind}: root ${sync.root ?? 'none'}, lockouts ${stack || 'none'}, hash ${hash < 0 ? 'of no known bank' : `of slot ${known[hash]}`}, timestamp ${sync.timestamp ?? 'none'}`,
    `     lands in slot ${bank.slot}, epoch ${bank.epoch}; SlotHashes ${known.length === 0 ? 'empty' : ranges(known)}`,
  ];
}

/** "1-5 7 9-12" */
function ranges(slots: readonly number[]): string {
  const found: [number, number][] = [];
  for (const slot of slots) {
    const last = found.at(-1);
    if (last !== undefined && last[1] + 1 === slot) last[1] = slot;
    else found.push([slot, slot]);
  }
  return found.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(' ');
}

/** How often each answer came: over all kinds, the most frequent first. */
export function answerCounts(tally: Tally): [answer: string, count: number][] {
  const sums = new Map<string, number>();
  for (const answers of Object.values(tally)) for (const [answer, count] of Object.entries(answers)) sums.set(answer, (sums.get(answer) ?? 0) + count);
  return [...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** The tables of a campaign: by answer, then by what was drawn. */
export function describeTally(tally: Tally): string[] {
  const answers = answerCounts(tally);
  const rows = (table: readonly (readonly [string, number, string])[]) => {
    const width = Math.max(...table.map(([name]) => name.length));
    return table.map(([name, count, more]) => `  ${name.padEnd(width)} ${String(count).padStart(9)}${more}`);
  };
  const kinds = Object.entries(tally).map(([kind, of]): [string, number, string] => {
    const all = Object.values(of).reduce((sum, count) => sum + count, 0);
    const [most] = Object.entries(of).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return [kind, all, `   accepted ${of['accepted'] ?? 0}, most often ${most![0]}`];
  });
  return ['by answer of the Vote program:', ...rows(answers.map(([name, count]) => [name, count, ''])), 'by what was drawn:', ...rows(kinds.sort(([, m], [, n]) => n - m))];
}
