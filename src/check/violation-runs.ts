/**
 * Lockout violations as findings. One lost vote makes up to 31 later votes conflict, so a run of violating votes is one
 * finding, named after the gravest rule it breaks.
 */
import { slotRanges } from '../model/slot-ranges.ts';
import { errorRuns } from '../model/vote-error-words.ts';
import type { Finding, VoteConflict } from '../model/verdict.ts';
import { lockoutOf } from '../model/lockout.ts';
import type { Evidence, SentVote } from './evidence.ts';
import { lastBefore, makeFinding, refusalOf, voteWords } from './finding.ts';
import { RULES, conflictSlot, conflictsOf } from './lockouts-seen.ts';
import type { Conflict } from './lockouts-seen.ts';
import { lackingVotes } from './lost-state.ts';

interface Run {
  readonly votes: SentVote[];
  readonly conflicts: (readonly Conflict[])[];
}

const NAMES: Readonly<Record<Conflict['rule'], string>> = {
  'lockout-violation-fork': 'lockout violation',
  'lockout-violation-stack': 'lockout violation',
  'lockout-reduced': 'lockout reduced',
  'root-went-back': 'root went back',
};

/** V2 to V5. */
export function lockoutViolations(evidence: Evidence): Finding[] {
  const conflicts = conflictsOf(evidence.forks, evidence.votesBySlot);
  if (conflicts.size === 0) return [];
  return runsOf(evidence.votesBySlot, conflicts).map((run) => findingOf(evidence, run));
}

/**
 * Violating votes that follow each other by newest slot: among all votes of the account (the tower may have been handed
 * on), or among those of one host and tenure (the other host may vote rightly between them).
 */
function runsOf(votesBySlot: readonly SentVote[], conflicts: ReadonlyMap<SentVote, readonly Conflict[]>): Run[] {
  const runs: Run[] = [];
  const open = new Map<string, Run>();
  let previous: Run | undefined;
  for (const vote of votesBySlot) {
    const { host, refresh } = vote.event;
    const broken = conflicts.get(vote);
    if (broken === undefined) {
      if (refresh) continue;
      open.delete(host);
      previous = undefined;
      continue;
    }
    const own = open.get(host);
    let run = own?.votes.at(-1)!.tenure === vote.tenure ? own : previous;
    if (run === undefined) {
      run = { votes: [], conflicts: [] };
      runs.push(run);
    }
    run.votes.push(vote);
    run.conflicts.push(broken);
    open.set(host, run);
    previous = run;
  }
  return runs;
}

function findingOf(evidence: Evidence, { votes, conflicts }: Run): Finding {
  const rule = RULES.find((candidate) => conflicts.some((list) => list.some((conflict) => conflict.rule === candidate)))!;
  const at = conflicts.findIndex((list) => list.some((conflict) => conflict.rule === rule));
  const vote = votes[at]!;
  const conflict = newest(conflicts[at]!.filter((candidate) => candidate.rule === rule));
  const earlier = conflict.rule === 'root-went-back' ? conflict.earlier : conflict.seen.vote;
  const first = votes[0]!;
  const refused = refusedOf(votes);
  const form = formOf(conflict);
  return makeFinding(evidence, {
    class: 'violation',
    kind: rule,
    title: `${NAMES[rule]}${form === '' ? '' : `, ${form}`}: ${countWords(votes)}${refused.length === 0 ? '' : `, ${refused.length} refused`}`,
    position: first.position,
    t: first.event.t,
    slot: first.event.slot,
    hosts: [vote.event.host, earlier.event.host],
    mechanism: `${form === '' ? 'stack' : form}; ${towerWords(evidence, first)}`,
    arithmetic: [
      ...conflictWords(evidence, conflict, vote),
      ...runWords(votes, refused),
    ],
    votes: [...new Set([earlier, ...votes].map(({ event }) => event.id))],
    conflict: { earlier: earlier.event.id, later: vote.event.id, lockout: lockoutBetween(conflict, vote) },
    count: votes.length,
    refused,
  });
}

/** Of several conflicts of a vote the one about the newest slot: the vote that the host most likely never knew. */
function newest(conflicts: readonly Conflict[]): Conflict {
  return conflicts.reduce((best, conflict) => (conflictSlot(conflict) > conflictSlot(best) ? conflict : best));
}

function formOf(conflict: Conflict): string {
  switch (conflict.rule) {
    case 'lockout-violation-fork':
      return 'fork form';
    case 'lockout-violation-stack':
      return conflict.offFork ? 'stack form across forks' : 'stack form without a fork';
    case 'lockout-reduced':
    case 'root-went-back':
      return '';
  }
}

function lockoutBetween(conflict: Conflict, vote: SentVote): VoteConflict['lockout'] {
  if (conflict.rule === 'root-went-back') return null;
  const { slot, confirmationCount, end } = conflict.seen;
  const lockout = { slot, confirmationCount, end };
  switch (conflict.rule) {
    case 'lockout-violation-fork':
      return { ...lockout, within: vote.event.slot, otherFork: true };
    case 'lockout-violation-stack':
      return { ...lockout, within: conflict.next, otherFork: vote.block === null ? null : conflict.offFork };
    case 'lockout-reduced':
      return { ...lockout, within: null, otherFork: null };
  }
}

/** Where the tower came from that the vote was made with. */
function towerWords(evidence: Evidence, vote: SentVote): string {
  for (let load = lastBefore(evidence.loads, vote.position); load !== undefined; load = lastBefore(evidence.loads, load.position)) {
    if (load.event.host !== vote.event.host) continue;
    const lacking = load.event.source !== 'adopted' && lackingVotes(evidence, load).length > 0;
    return `tower from ${load.event.source}${lacking ? ' lacking votes' : ''}`;
  }
  return 'no tower load seen';
}

function countWords(votes: readonly SentVote[]): string {
  const slots = votes.map(({ event }) => event.slot);
  return votes.length === 1 ? `vote for slot ${slots[0]}` : `${votes.length} votes in a row, slots ${slots[0]}–${slots.at(-1)}`;
}

function conflictWords(evidence: Evidence, conflict: Conflict, vote: SentVote): string[] {
  const earlier = conflict.rule === 'root-went-back' ? conflict.earlier : conflict.seen.vote;
  const senders = [`earlier: ${voteWords(evidence, earlier)}`, `later: ${voteWords(evidence, vote)}`];
  if (conflict.rule === 'root-went-back') {
    return [...senders, `root ${earlier.event.root} in the earlier vote, ${vote.event.root ?? 'none'} in the later one: it went back`];
  }
  const { seen } = conflict;
  const { slot, confirmationCount, end } = seen;
  const lockout = `slot ${slot}, confirmation count ${confirmationCount}: locked out to ${slot} + 2^${Math.min(confirmationCount, 31)} = ${slot} + ${lockoutOf(confirmationCount)} = ${end}`;
  switch (conflict.rule) {
    case 'lockout-violation-fork':
      return [...senders, lockout, `slot ${slot} is not an ancestor of slot ${vote.event.slot}, and ${vote.event.slot} <= ${end}: locked out`];
    case 'lockout-violation-stack':
      return [
        ...senders,
        lockout,
        `the later stack lacks ${slot} > root ${vote.event.root ?? 'none'}; next in it ${conflict.next} <= ${end}: locked out`,
        ...(vote.block === null
          ? []
          : [`slot ${slot} is ${conflict.offFork ? 'not ' : ''}an ancestor of slot ${vote.event.slot}: ${conflict.offFork ? 'another fork' : 'no fork is needed'}`]),
      ];
    case 'lockout-reduced':
      return [...senders, lockout, `the later vote gives slot ${slot} the count ${conflict.count} < ${confirmationCount}: its lockout became shorter`];
  }
}

function refusedOf(votes: readonly SentVote[]): { slot: number; error: number }[] {
  return votes.flatMap((vote) => {
    const error = refusalOf(vote);
    return error === null ? [] : [{ slot: vote.event.slot, error }];
  });
}

function runWords(votes: readonly SentVote[], refused: readonly { slot: number; error: number }[]): string[] {
  const lines: string[] = [];
  const slots = slotRanges(votes.map(({ event }) => event.slot));
  // Without holes the title tells them already.
  if (slots.includes(',')) lines.push(`${votes.length} votes in a row, for slots ${slots}`);
  if (refused.length > 0) {
    const banks = votes.filter((vote) => refusalOf(vote) !== null).map((vote) => vote.landed[0]!.bank);
    lines.push(`refused ${refused.length}, in banks ${slotRanges(banks)}: ${errorRuns(refused.map(({ error }) => error))}`);
  }
  return lines;
}
