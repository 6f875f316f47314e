/** Slots in which the identity owed a vote and none was accepted, and where they went. */
import type { DowntimeSummary, Finding } from '../model/verdict.ts';
import { lastSlotOf } from '../model/lockout-runs.ts';
import { slotRanges } from '../model/slot-ranges.ts';
import { errorWords } from '../model/vote-error-words.ts';
import { descendsFrom } from './ancestry.ts';
import type { Block } from './ancestry.ts';
import type { Evidence, SentVote } from './evidence.ts';
import { makeFinding, refusalOf } from './finding.ts';
import { holdersOverTime } from './holders.ts';
import { slotCover } from './slot-cover.ts';
import type { SlotCover } from './slot-cover.ts';
import type { HoldersAt } from './holders.ts';

/** The newest slots of a run are not counted: their votes have had no time to land. */
export const LANDING_SLOTS = 3;

/**
 * A vote that lands later earns one credit like any late one (SIMD-0033, timely vote credits); so a stack accepted at
 * last does not make up for a run of refused votes.
 */
export const LATE_SLOTS = 16;

interface Missed {
  readonly block: Block;
  /** Position among the owed blocks. */
  readonly at: number;
  readonly why: string;
}

export interface Downtime {
  readonly summary: DowntimeSummary;
  readonly findings: readonly Finding[];
}

/** Judge the slots of the winning fork. One finding per reason. */
export function downtimeOf(evidence: Evidence): Downtime {
  const accepted = acceptedSlots(evidence);
  const timeline = holdersOverTime(evidence);
  const owed = owedBlocks(evidence, timeline);
  const unvoted = owed.filter((block) => !accepted.has(block.slot));
  const why = reasons(evidence, timeline, unvoted);
  let at = -1;
  const missed: Missed[] = unvoted.map((block) => {
    at = owed.indexOf(block, at + 1);
    return { block, at, why: why(block) };
  });
  const missedLeaders = evidence.leaders.filter(({ event }) => event.outcome === 'missed');
  return {
    summary: {
      slots: missed.length,
      runs: runsOf(missed),
      refusedVotes: evidence.votes.filter((vote) => refusalOf(vote) !== null).length,
      leaderSlotsMissed: missedLeaders.length,
    },
    findings: [...missedVotes(evidence, missed), ...missedLeaderSlots(evidence)],
  };
}

/** Slots in the stack of any vote that a bank of the winning fork accepted in time. */
function acceptedSlots({ forks, tip, votes }: Evidence): SlotCover {
  const slots = slotCover();
  if (tip === null) return slots;
  for (const { stack, landed } of votes) {
    for (const { error, bank, bankHash } of landed) {
      const block = error === null ? forks.find(bank, bankHash) : null;
      if (block === null || !descendsFrom(tip, block)) continue;
      for (const run of stack) {
        const first = Math.max(run.slot, bank - LATE_SLOTS);
        if (first <= lastSlotOf(run)) slots.add(first, lastSlotOf(run));
      }
    }
  }
  return slots;
}

/** Blocks of the winning fork from the first time that somebody holds the identity, oldest first. */
function owedBlocks({ tip }: Evidence, timeline: readonly HoldersAt[]): readonly Block[] {
  const from = timeline.find(({ hosts }) => hosts.some(({ voting }) => voting))?.t ?? -Infinity;
  const owed: Block[] = [];
  for (let block = tip; block !== null; block = block.parent) {
    if (block.slot <= tip!.slot - LANDING_SLOTS && block.event.t >= from) owed.push(block);
  }
  return owed.reverse();
}

function runsOf(missed: readonly Missed[]): DowntimeSummary['runs'] {
  const runs: { first: number; last: number; slots: number; why: string }[] = [];
  let previous = -2;
  for (const { block, at, why } of missed) {
    const run = runs.at(-1);
    if (run !== undefined && run.why === why && at === previous + 1) {
      run.last = block.slot;
      run.slots++;
    } else {
      runs.push({ first: block.slot, last: block.slot, slots: 1, why });
    }
    previous = at;
  }
  return runs;
}

/** Why no vote for a block was accepted, from what the hosts were when the block came. */
function reasons(evidence: Evidence, timeline: readonly HoldersAt[], unvoted: readonly Block[]): (block: Block) => string {
  const slots = new Set(unvoted.map((block) => block.slot));
  const votes = new Map<number, SentVote[]>();
  for (const vote of evidence.votes) {
    if (!slots.has(vote.event.slot)) continue;
    const list = votes.get(vote.event.slot);
    if (list === undefined) votes.set(vote.event.slot, [vote]);
    else list.push(vote);
  }
  const lastHolder = lastHolders(timeline);
  return (block) => {
    const own = (votes.get(block.slot) ?? []).filter((vote) => vote.event.hash === block.event.hash);
    for (const vote of own) {
      const refusal = refusalOf(vote);
      if (refusal !== null) return `vote refused: ${errorWords(refusal)}`;
    }
    if (own.some((vote) => vote.landed.length > 0)) return 'vote landed too late';
    if (own.length > 0) return 'vote sent, not landed';
    const unsent = evidence.unsent.find(({ event }) => event.slot === block.slot && event.hash === block.event.hash);
    if (unsent !== undefined) return `vote signed, never sent: ${unsent.event.reason}`;
    const at = indexAt(timeline, block.event.t);
    if (at < 0) return 'nobody holds the identity';
    return withoutVote(evidence, timeline[at]!, lastHolder[at]!, block);
  };
}

function withoutVote(evidence: Evidence, { hosts }: HoldersAt, last: string | null, block: Block): string {
  const holders = hosts.filter(({ voting }) => voting);
  if (holders.length === 0) {
    const waiting = hosts.find(({ gossip, process }) => gossip && process !== 'down');
    if (waiting !== undefined) return 'identity set, voting loop not switched yet';
    const before = hosts.find(({ host }) => host === last);
    if (before === undefined) return 'nobody holds the identity';
    return before.process === 'down' ? 'process down' : 'demoted, nobody promoted yet';
  }
  if (holders.every(({ process }) => process === 'frozen')) return 'process frozen';
  if (holders.every(({ process }) => process === 'starting')) return 'process starting';
  const names = new Set(holders.map(({ host }) => host));
  if (cannotSign(evidence, names, block.event.t)) return 'authorized voter missing';
  const newest = evidence.votes.findLast(({ event }) => event.t <= block.event.t && names.has(event.host));
  if (newest?.block?.tree === block.tree && !descendsFrom(block, newest.block)) {
    return newest.event.slot > block.slot ? 'newest vote is beyond the slot' : 'last vote is on another fork';
  }
  return 'the holder did not vote';
}

/** Whether a holder has logged that it lacks the authorized voter's key, and has not voted since. */
function cannotSign(evidence: Evidence, holders: ReadonlySet<string>, t: number): boolean {
  // core/src/replay_stage.rs: "The authorized keypair … is not available. Unable to vote"
  const log = evidence.logs.find(({ event }) => holders.has(event.host) && /authorized (keypair|voter)/i.test(event.text));
  if (log === undefined) return false;
  return !evidence.votes.some(({ event, position }) => event.host === log.event.host && position > log.position && event.t <= t);
}

function lastHolders(timeline: readonly HoldersAt[]): readonly (string | null)[] {
  let last: string | null = null;
  return timeline.map(({ hosts }) => (last = hosts.find(({ voting }) => voting)?.host ?? last));
}

/** The newest entry at or before a time; −1 for none. */
function indexAt(timeline: readonly HoldersAt[], t: number): number {
  let low = 0;
  let high = timeline.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeline[middle]!.t <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function missedVotes(evidence: Evidence, missed: readonly Missed[]): Finding[] {
  const byReason = new Map<string, Block[]>();
  for (const { block, why } of missed) {
    const list = byReason.get(why);
    if (list === undefined) byReason.set(why, [block]);
    else list.push(block);
  }
  return [...byReason].map(([why, blocks]) => {
    const slots = blocks.map(({ slot }) => slot);
    const first = blocks[0]!;
    return makeFinding(evidence, {
      class: 'downtime',
      kind: 'missed-votes',
      title: `${countSlots(blocks.length)} without an accepted vote: ${why}`,
      position: evidence.positionAfter(first.event.t),
      t: first.event.t,
      slot: first.slot,
      hosts: [],
      mechanism: why,
      arithmetic: [`slots ${slotRanges(slots)} of the winning fork have no accepted vote`, why],
      count: blocks.length,
    });
  });
}

function missedLeaderSlots(evidence: Evidence): Finding[] {
  const byReason = new Map<string, Evidence['leaders'][number][]>();
  for (const leader of evidence.leaders) {
    if (leader.event.outcome !== 'missed') continue;
    const why = leader.event.why ?? 'no reason told';
    const list = byReason.get(why);
    if (list === undefined) byReason.set(why, [leader]);
    else list.push(leader);
  }
  return [...byReason].map(([why, leaders]) => {
    const first = leaders[0]!;
    return makeFinding(evidence, {
      class: 'downtime',
      kind: 'missed-leader-slots',
      title: `${leaders.length} leader slot${leaders.length === 1 ? '' : 's'} missed: ${why}`,
      position: first.position,
      t: first.event.t,
      slot: first.event.slot,
      hosts: [],
      mechanism: why,
      arithmetic: [`leader slots ${slotRanges(leaders.map(({ event }) => event.slot))}`, why],
      count: leaders.length,
    });
  });
}

function countSlots(count: number): string {
  return `${count} slot${count === 1 ? '' : 's'}`;
}
