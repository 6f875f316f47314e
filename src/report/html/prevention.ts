/** What would have kept a violation away: from what was computed without each choice, and from the arithmetic of its lockouts. */
import { slotRanges } from '../../model/slot-ranges.ts';
import type { Story } from '../document/story-schema.ts';
import type { DrawnRun } from './drawn-run.ts';

/** One sentence each; empty when nothing of this can be told. */
export function preventionOf(run: DrawnRun): string[] {
  const { story } = run;
  return [...byTower(run), ...byChoice(story), ...byWaiting(run)];
}

function byChoice({ choices, conflict }: Story): string[] {
  return choices.flatMap(({ what, sentence, struck, without }) => {
    if (without === null || without.remains || !struck) return [];
    const other = without.violations.some(({ change }) => change === 'comes only now') ? ', but another violation comes' : '';
    return [what === 'timing' ? `The mildest timing in place of “${sentence}”: then ${conflict === null ? 'this finding' : 'this violation'} is gone${other}.` : `Without “${sentence}”: then it is gone${other}.`];
  });
}

/** Votes of the earlier stack that the later one lacks, with the last slot that any vote before locks out by them. */
function lackingOf(run: DrawnRun): { readonly slots: readonly number[]; readonly end: number } | null {
  const { conflict, kind } = run.story;
  if (conflict?.lockout == null || conflict.lockout.within === null || kind !== 'lockout-violation-stack') return null;
  const { earlier, later } = conflict;
  const held = new Set(later.stack.map(({ slot }) => slot));
  const lacking = earlier.stack.filter(({ slot }) => slot > (later.root ?? -1) && !held.has(slot));
  return lacking.length === 0 ? null : { slots: lacking.map(({ slot }) => slot), end: Math.max(...lacking.map(({ end }) => end)) };
}

/** The tower that the later voter had loaded, against the votes that had been sent. */
function byTower(run: DrawnRun): string[] {
  const { conflict } = run.story;
  if (conflict?.lockout == null || conflict.earlier.host === conflict.later.host) return [];
  const { earlier, later } = conflict;
  const load = run.events.findLast((event) => event.type === 'tower-loaded' && event.host === later.host && event.identity === run.staked && event.t <= later.t);
  if (load?.type !== 'tower-loaded' || load.lockouts === undefined) return [];
  const held = new Set(load.lockouts.flatMap(([slot, , length]) => Array.from({ length }, (_, i) => slot + i)));
  const slots = earlier.stack.flatMap(({ slot }) => (slot > (load.root ?? -1) && !held.has(slot) ? [slot] : []));
  const sent = run.votes.filter((vote) => vote.host === earlier.host && vote.staked && slots.includes(vote.slot) && vote.t <= later.t);
  const [first] = sent;
  if (first === undefined) return [];
  // What is sent after the load no tower can hold: two voted at once.
  if (first.t > load.t) return [`No vote of ${earlier.host} after ${later.host} had loaded its tower: the vote for slot ${first.slot} left ${earlier.host} ${((first.t - load.t) / 1000).toFixed(0)} ms later.`];
  const many = slots.length > 1;
  const before = run.commands.findLast(({ to, step }) => step > 0 && to !== null && to <= first.t);
  const when = before === undefined ? '' : `: ${many ? 'they' : 'it'} left ${earlier.host} ${((first.t - before.to!) / 1000).toFixed(0)} ms ${many ? 'and more ' : ''}after step ${before.id} had ended`;
  return [`A tower on ${later.host} that holds the vote${many ? 's' : ''} for slot${many ? 's' : ''} ${slotRanges(slots)}${when}.`];
}

/** The first slot in which the later vote would have been free of the lockouts of the earlier one. */
function byWaiting(run: DrawnRun): string[] {
  const { conflict, kind } = run.story;
  const lacking = lackingOf(run);
  if (conflict?.lockout == null || conflict.lockout.within === null) return [];
  if (lacking !== null) return [`No vote of ${conflict.later.host} before slot ${lacking.end + 1}: then vote ${conflict.earlier.id} would no longer lock it out.`];
  return kind === 'lockout-violation-fork' ? [`No vote on another fork before slot ${conflict.lockout.end + 1}, when the lockout on slot ${conflict.lockout.slot} has ended.`] : [];
}
