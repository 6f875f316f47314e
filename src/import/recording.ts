/** From logs, landed votes, commands and towers to a trace, and to what must be said about it. Pure. */
import { InputError } from '../model/diagnostic.ts';
import { TRACE_SCHEMA } from '../model/trace.ts';
import type { Micros, RootedEvent, SkippedEvent, Trace, TraceEvent, TraceHeader } from '../model/trace.ts';
import { toRuns } from '../model/lockout-runs.ts';
import { PRODUCT_VERSION } from '../model/version.ts';
import { offsetsOf } from './clock-offset.ts';
import type { Offset } from './clock-offset.ts';
import type { RecordedCommand } from './command-record.ts';
import { factsOnOneClock } from './host-fact.ts';
import type { HostFact } from './host-fact.ts';
import { refuseLogs } from './host-log.ts';
import type { HostLog } from './host-log.ts';
import { trackHosts } from './host-track.ts';
import type { CastVote } from './host-track.ts';
import type { LandedRecord } from './landed-vote.ts';
import { matchLandings } from './landing-match.ts';
import type { Landing, Matched } from './landing-match.ts';
import { ownLeaderSlots } from './own-leader-slots.ts';
import { placeCommands } from './placed-commands.ts';
import type { PlacedCommands } from './placed-commands.ts';
import { cutBefore } from './trace-cut.ts';
import { towerDisagreements } from './saved-stack.ts';
import type { SavedStack } from './saved-stack.ts';
import { seenBlocks } from './seen-blocks.ts';
import type { SeenBlocks } from './seen-blocks.ts';
import { stakedIdentity, voteAccountOf } from './staked-identity.ts';

export interface RecordingInput {
  /** One a host; a host without a log is missing. */
  readonly logs: readonly HostLog[];
  /** Names of all hosts, those without a log included. */
  readonly hosts: readonly string[];
  readonly landed: LandedRecord | null;
  readonly commands: readonly RecordedCommand[];
  readonly towers: readonly SavedStack[];
  /** Told by the user; else found in the logs. */
  readonly staked: string | null;
  readonly voteAccount: string | null;
  readonly stakeShare: number | null;
  readonly allowGaps: boolean;
  /** The trace begins here, wall clock in µs; what the logs tell before is used to know the state. Null: where they begin. */
  readonly from: Micros | null;
}

export interface Recording {
  readonly trace: Trace;
  /** Wall clock of the trace's time 0, µs since 1970. */
  readonly origin: Micros;
  readonly offsets: readonly Offset[];
  readonly matched: Matched;
  /** Where logs, chain and rebuilt stacks contradict each other; empty when they agree slot by slot. */
  readonly disagreements: readonly string[];
}

/** Makes the trace. Throws InputError for logs that are no pair, lack an identity, or have holes. */
export function recordingOf(input: RecordingInput): Recording {
  const { logs } = input;
  refuseLogs(logs, input.allowGaps);
  const offsets = offsetsOf(logs);
  const everything = factsOnOneClock(logs, offsets);
  const staked = stakedIdentity(logs, input.staked);
  const { from, to } = commonSpan(logs, offsets);
  const facts = everything.filter(({ t }) => t <= to);
  const blocks = seenBlocks(facts, staked);
  const landed = input.landed?.votes ?? [];
  const towers = input.towers.filter(({ node }) => node === staked);
  const tracks = trackHosts({ facts, hosts: input.hosts, staked, blocks, landed, towers: towers.map(({ stack }) => stack), underway: underway(logs, offsets) });
  refuseOrder(logs, tracks.events, staked);
  const matched = matchLandings({ votes: tracks.votes, landed, blocks, observed: observedVotes(facts), until: to });
  const placed = placeCommands(input.commands, everything, staked);
  const begin = Math.max(from, input.from ?? from, settledFrom(logs, matched, staked, tracks.events));
  const events = [
    ...blocks.blocks,
    ...skippedSlots(blocks),
    ...rootedBlocks(facts, blocks),
    ...tracks.events,
    ...voteEvents(matched, staked, blocks),
    ...ownLeaderSlots(facts, staked, blocks),
    ...placed.events,
    ...gapsOf(input, matched, begin),
  ];
  const sorted = cutBefore(events.sort((a, b) => a.t - b.t || RANK[a.type] - RANK[b.type]), begin);
  const origin = sorted[0]?.t ?? begin;
  const ordered = sorted.map((event) => ({ ...event, t: event.t - origin }));
  const end: TraceEvent = { type: 'phase', t: ordered.at(-1)?.t ?? 0, phase: 'end', slot: blocks.blocks.at(-1)?.slot ?? 0 };
  const header: TraceHeader = {
    type: 'header', schema: TRACE_SCHEMA, product: PRODUCT_VERSION, source: 'recording', hosts: input.hosts,
    voteAccount: input.voteAccount ?? voteAccountOf(logs) ?? 'unknown', stakedIdentity: staked, client: clientOf(facts), consensus: 'tower', slotMs: Math.round(blocks.slotMicros / 1000), stakeShare: input.stakeShare ?? 0,
    assumptions: assumptionsOf(input, offsets, placed, matched, blocks),
  };
  return { trace: { header, events: [...numbered(ordered), end] }, origin, offsets, matched, disagreements: [...tracks.disagreements, ...matched.disagreements, ...towerDisagreements(towers, matched.votes), ...placed.disagreements] };
}

/** Of events of one time, the order in which the world makes them. */
const RANK: Readonly<Record<TraceEvent['type'], number>> = {
  process: 0, skipped: 1, block: 2, rooted: 3, command: 4, 'tower-loaded': 5, identity: 6, log: 7, 'tower-saved': 8, vote: 9, unsent: 10, landed: 11, leader: 12, fault: 13, gap: 14, phase: 15,
};

/** The time that all logs cover: a log that begins in the middle, or ends with the process still running, bounds it. */
function commonSpan(logs: readonly HostLog[], offsets: readonly Offset[]): { readonly from: Micros; readonly to: Micros } {
  const edges = logs.map(({ first, last, beginsWithStart, ended }, i) => ({ first: first - offsets[i]!.shift, last: last - offsets[i]!.shift, beginsWithStart, ended }));
  const begun = edges.filter((edge) => !edge.beginsWithStart).map(({ first }) => first);
  const open = edges.filter((edge) => !edge.ended).map(({ last }) => last);
  const from = begun.length > 0 ? Math.max(...begun) : Math.min(...edges.map(({ first }) => first));
  const to = open.length > 0 ? Math.min(...open) : Math.max(...edges.map(({ last }) => last));
  if (from < to) return { from, to };
  throw new InputError([{ file: logs.flatMap(({ files }) => files).join(', '), message: 'the logs have no time in common', expected: 'the logs of both hosts for the same time' }]);
}

function underway(logs: readonly HostLog[], offsets: readonly Offset[]): ReadonlyMap<string, Micros> {
  return new Map(logs.flatMap(({ host, first, beginsWithStart }, i) => (beginsWithStart ? [] : [[host, first - offsets[i]!.shift] as const])));
}

/** A log that begins with a voter under way shows its whole stack only after some votes: the trace begins there. */
function settledFrom(logs: readonly HostLog[], { votes }: Matched, staked: string, events: readonly TraceEvent[]): Micros {
  const begun = logs.filter(({ host, beginsWithStart }) => !beginsWithStart && events.some((event) => event.type === 'identity' && event.host === host && event.from === null && event.to === staked));
  return Math.max(0, ...begun.map(({ host }) => votes.find((vote) => vote.host === host && vote.how !== 'guessed')?.t ?? 0));
}

/** The first host is the one that has the staked identity when the trace begins. Throws InputError. */
function refuseOrder(logs: readonly HostLog[], events: readonly TraceEvent[], staked: string): void {
  const [active, inactive] = logs;
  if (active === undefined || inactive === undefined) return;
  const first = (host: string) => events.find((event) => event.type === 'identity' && event.layer === 'voting' && event.host === host) as { readonly to: string } | undefined;
  const [a, b] = [first(active.host)?.to, first(inactive.host)?.to];
  if (a === undefined || b === undefined || a === staked || b !== staked) return;
  throw new InputError([{ file: active.files[0]!, message: `this host begins with the identity ${a}, and the other one with the staked identity ${staked}`, expected: `the log of the host that voted first as --active: here that is ${inactive.files[0]!}` }]);
}

/** What the vote account's newest slot is in each bank. The line follows the bank's own. */
function observedVotes(facts: readonly HostFact[]): Map<number, number> {
  const newest = new Map<string, number>();
  const observed = new Map<number, number>();
  for (const { fact, host } of facts) {
    if (fact.kind === 'frozen') newest.set(host, fact.slot);
    const bank = newest.get(host);
    if (fact.kind === 'observed' && bank !== undefined && !observed.has(bank)) observed.set(bank, fact.slot);
  }
  return observed;
}

function skippedSlots({ blocks }: SeenBlocks): SkippedEvent[] {
  return blocks.slice(1).flatMap((block, i) =>
    Array.from({ length: Math.max(0, block.slot - blocks[i]!.slot - 1) }, (_, k): SkippedEvent => ({ type: 'skipped', t: block.t, slot: blocks[i]!.slot + 1 + k, inferred: 'no log has a block of this slot' })));
}

function rootedBlocks(facts: readonly HostFact[], blocks: SeenBlocks): RootedEvent[] {
  const rooted: RootedEvent[] = [];
  const told = facts.some(({ fact }) => fact.kind === 'supermajority-root');
  let newest = -1;
  for (const { fact, t } of facts) {
    const slot = fact.kind === 'supermajority-root' ? fact.slot : !told && fact.kind === 'new-root' ? fact.slot : null;
    const hash = slot === null ? null : blocks.hashOf(slot);
    if (slot === null || hash === null || slot <= newest) continue;
    newest = slot;
    rooted.push({ type: 'rooted', t, slot, hash, ...(told ? {} : { inferred: 'a host has rooted it: its tower had the threshold of two thirds at depth 8' }) });
  }
  return rooted;
}

function voteEvents({ votes, landings }: Matched, staked: string, blocks: SeenBlocks): TraceEvent[] {
  const ids = new Map([...votes].filter(({ unsent }) => unsent === null).sort((a, b) => a.t - b.t).map((vote, id) => [vote, id]));
  const sent = [...ids].flatMap(([vote, id]): TraceEvent[] => {
    const { host, t, slot, stack, refresh } = vote;
    const saved: TraceEvent[] = refresh ? [] : [{ type: 'tower-saved', t, host, identity: staked, slot, root: stack.root, inferred: 'a vote leaves only when its tower has been saved' }];
    return [...saved, { type: 'vote', t, id, host, identity: staked, slot, hash: vote.hash ?? 'unknown', lockouts: toRuns(stack.votes), root: stack.root, refresh, inferred: inferredOf(vote) }];
  });
  const unsent = votes.flatMap((vote): TraceEvent[] =>
    vote.unsent === null ? [] : [{ type: 'unsent', t: vote.t, host: vote.host, identity: staked, slot: vote.slot, hash: vote.hash ?? 'unknown', reason: vote.unsent }]);
  return [...sent, ...unsent, ...landings.flatMap((landing) => landedEvent(landing, ids, blocks))];
}

function inferredOf({ how, refresh }: CastVote): string {
  const stack = { rebuilt: 'stack and time of sending: rebuilt from the sequence of votes; sent when it was recorded', chain: 'stack: as it landed; sent when it was recorded', guessed: 'stack: only the votes that were seen' }[how];
  return refresh ? `a second transaction: sent when its bank came; ${stack}` : stack;
}

function landedEvent({ vote, bank, error, inferred }: Landing, ids: ReadonlyMap<CastVote, number>, blocks: SeenBlocks): TraceEvent[] {
  const id = ids.get(vote);
  if (id === undefined) return [];
  const t = Math.max(vote.t, blocks.frozenAt(bank)!);
  return [{ type: 'landed', t, vote: id, bank, bankHash: blocks.hashOf(bank)!, error, ...(inferred === null ? {} : { inferred }) }];
}

/** Ids of votes in the order in which the events stand. */
function numbered(events: readonly TraceEvent[]): TraceEvent[] {
  const ids = new Map<number, number>();
  for (const event of events) if (event.type === 'vote') ids.set(event.id, ids.size);
  return events.map((event) => (event.type === 'vote' ? { ...event, id: ids.get(event.id)! } : event.type === 'landed' ? { ...event, vote: ids.get(event.vote)! } : event));
}

/** What leaves the verdict open. */
function gapsOf({ logs, hosts }: RecordingInput, { votes }: Matched, begin: Micros): TraceEvent[] {
  const gaps: TraceEvent[] = hosts.filter((host) => !logs.some((log) => log.host === host)).map((host) => ({ type: 'gap', t: begin, host, what: 'there is no log of this host: what it did is not seen' }));
  for (const { host, silences } of logs) for (const { from: t, to } of silences) gaps.push({ type: 'gap', t, host, what: `nothing is logged for ${Math.round((to - t) / 1_000_000)} s` });
  const guessed = votes.filter(({ how, unsent, t }) => how === 'guessed' && unsent === null && t >= begin);
  if (guessed.length > 0) gaps.push({ type: 'gap', t: guessed[0]!.t, host: guessed[0]!.host, what: `of ${guessed.length} votes only the newest slot is known, not the stack` });
  return gaps;
}

function clientOf(facts: readonly HostFact[]): string {
  const clients = [...new Set(facts.flatMap(({ fact }) => (fact.kind === 'version' ? [fact.client] : [])))];
  return clients.length === 0 ? 'not told by the logs' : clients.join(', ');
}

function assumptionsOf(input: RecordingInput, offsets: readonly Offset[], placed: PlacedCommands, matched: Matched, blocks: SeenBlocks): string[] {
  const ms = (micros: Micros) => `${Math.round(micros / 1000)} ms`;
  return [
    ...offsets.slice(1).map(({ host, median, banks, shift }) =>
      median === null
        ? `no bank was frozen by both hosts: the clocks are taken as they are`
        : `${host} froze ${banks} common banks ${ms(Math.abs(median))} ${median < 0 ? 'before' : 'after'} ${offsets[0]!.host} (median)${shift === 0 ? ': the clocks are taken as they are' : '; its clock is moved by that much, and what the two did within a slot may stand in either order'}`),
    ...(placed.shift === 0 ? [] : [`the operator's clock is moved by ${ms(placed.shift)}: the changes of identity in the logs lay outside of the commands`]),
    ...input.logs.filter(({ beginsWithStart }) => beginsWithStart).map(({ host }) => `${host}: its log begins with a start of the validator; before that it is taken to be down`),
    'recorded: stacks are rebuilt by the tower rules, a vote counts as sent when the log says that it was decided',
    input.landed === null
      ? 'no record of the chain: accepted votes are those that the vote account shows in a later bank, refused votes are not seen'
      : `from the chain: ${matched.landings.length} vote transactions, ${matched.stacksEqual} of them held against a rebuilt stack and equal${matched.outside === 0 ? '' : `; ${matched.outside} lie outside of the logs`}`,
    'not seen: votes sent again (unless they landed or the metrics tell them), switch proofs, the moment at which a vote left, the towers of other identities',
    ...(blocks.guessedParents.length === 0 ? [] : [`${blocks.guessedParents.length} blocks have no parent in the logs: the next older block was taken`]),
    ...(input.stakeShare === null ? ['own share of the stake: not known, written as 0'] : []),
  ];
}
