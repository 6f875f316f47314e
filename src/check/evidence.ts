/** What the judges look at: the events of a trace, indexed once. */
import type {
  CommandEvent,
  FaultEvent,
  GapEvent,
  IdentityEvent,
  LandedEvent,
  LeaderEvent,
  LogEvent,
  PhaseEvent,
  ProcessEvent,
  RootedEvent,
  BlockEvent,
  Trace,
  TraceEvent,
  TraceHeader,
  TowerLoadedEvent,
  UnsentVoteEvent,
  VoteEvent,
} from '../model/trace.ts';
import { fromRuns, lastSlotOf, toRuns } from '../model/lockout-runs.ts';
import type { LockoutRuns } from '../model/lockout-runs.ts';
import { descendsFrom, forksOf } from './ancestry.ts';
import type { Block, Forks } from './ancestry.ts';
import { orderedEvents } from './event-order.ts';

/** An event and its position in the order of `event-order.ts`. */
export interface Placed<E extends TraceEvent> {
  readonly event: E;
  readonly position: number;
}

/** A vote that left a host. */
export interface SentVote extends Placed<VoteEvent> {
  /** The block it is for; null when the trace has no such block. */
  readonly block: Block | null;
  /** Ascending by slot, each slot once. */
  readonly stack: LockoutRuns;
  /** Counts the starts and identity changes of its host: votes of one tenure come from one tower in memory. */
  readonly tenure: number;
  /** Banks that executed it. */
  readonly landed: readonly LandedEvent[];
}

export interface Evidence {
  readonly header: TraceHeader;
  readonly forks: Forks;
  /** End of the winning fork: the newest block on top of the newest rooted one. */
  readonly tip: Block | null;
  /** In order of sending. */
  readonly votes: readonly SentVote[];
  /** By newest slot, then in order of sending. */
  readonly votesBySlot: readonly SentVote[];
  readonly unsent: readonly Placed<UnsentVoteEvent>[];
  readonly transitions: readonly Placed<IdentityEvent | ProcessEvent | VoteEvent>[];
  readonly loads: readonly Placed<TowerLoadedEvent>[];
  readonly commands: readonly Placed<CommandEvent>[];
  readonly faults: readonly Placed<FaultEvent>[];
  readonly leaders: readonly Placed<LeaderEvent>[];
  readonly logs: readonly Placed<LogEvent>[];
  readonly gaps: readonly Placed<GapEvent>[];
  readonly phases: readonly Placed<PhaseEvent>[];
  /** Time of the last event. */
  readonly endTime: number;
  /** Position just after the last event of a time or before it. */
  readonly positionAfter: (t: number) => number;
  /** What the trace leaves open, so that a pass would be worth nothing. */
  readonly defects: readonly string[];
}

/** Index a trace. Linear but for sorting. */
export function gatherEvidence(trace: Trace): Evidence {
  const blockEvents: BlockEvent[] = [];
  let rooted: RootedEvent | undefined;
  const votes: GrowingVote[] = [];
  const landings: LandedEvent[] = [];
  const unsent: Placed<UnsentVoteEvent>[] = [];
  const transitions: Placed<IdentityEvent | ProcessEvent | VoteEvent>[] = [];
  const loads: Placed<TowerLoadedEvent>[] = [];
  const commands: Placed<CommandEvent>[] = [];
  const faults: Placed<FaultEvent>[] = [];
  const leaders: Placed<LeaderEvent>[] = [];
  const logs: Placed<LogEvent>[] = [];
  const gaps: Placed<GapEvent>[] = [];
  const phases: Placed<PhaseEvent>[] = [];
  const tenures = new Map<string, number>();

  const events = orderedEvents(trace);
  for (let position = 0; position < events.length; position++) {
    const event = events[position]!;
    switch (event.type) {
      case 'block':
        blockEvents.push(event);
        break;
      case 'rooted':
        if (rooted === undefined || event.slot >= rooted.slot) rooted = event;
        break;
      case 'vote':
        // A first vote shows who holds the identity, should the trace not say so.
        if (!tenures.has(event.host)) {
          tenures.set(event.host, 0);
          transitions.push({ event, position });
        }
        votes.push({ event, position, tenure: tenures.get(event.host)!, block: null, stack: ascending(event.lockouts), landed: NOWHERE });
        break;
      case 'landed':
        landings.push(event);
        break;
      case 'identity':
      case 'process': {
        const begins = event.type === 'identity' ? event.layer === 'voting' : event.state === 'started';
        tenures.set(event.host, (tenures.get(event.host) ?? 0) + (begins ? 1 : 0));
        transitions.push({ event, position });
        break;
      }
      case 'unsent':
        unsent.push({ event, position });
        break;
      case 'tower-loaded':
        loads.push({ event, position });
        break;
      case 'command':
        commands.push({ event, position });
        break;
      case 'fault':
        faults.push({ event, position });
        break;
      case 'leader':
        leaders.push({ event, position });
        break;
      case 'log':
        logs.push({ event, position });
        break;
      case 'gap':
        gaps.push({ event, position });
        break;
      case 'phase':
        phases.push({ event, position });
        break;
      case 'skipped':
      case 'tower-saved':
        break;
    }
  }

  const forks = forksOf(blockEvents);
  for (const vote of votes) vote.block = forks.find(vote.event.slot, vote.event.hash);
  const ids = byId(votes);
  const notSent = handOut(landings, votes, ids);
  return {
    header: trace.header,
    forks,
    tip: winningTip(forks, rooted),
    votes,
    votesBySlot: bySlot(votes),
    unsent,
    transitions,
    loads,
    commands,
    faults,
    leaders,
    logs,
    gaps,
    phases,
    endTime: events.at(-1)?.t ?? 0,
    positionAfter: (t) => positionAfter(events, t),
    defects: defectsOf(forks, votes, phases, ids.repeated, notSent),
  };
}

interface GrowingVote extends Placed<VoteEvent> {
  block: Block | null;
  readonly stack: LockoutRuns;
  readonly tenure: number;
  landed: LandedEvent[];
}

const NOWHERE: LandedEvent[] = [];

interface VotesById {
  /** Of votes with one id, which is a defect, the first. */
  readonly find: (id: number) => GrowingVote | undefined;
  /** The first vote whose id another one has before it. */
  readonly repeated: GrowingVote | undefined;
}

function byId(votes: readonly GrowingVote[]): VotesById {
  if (votes.every(({ event }, i) => event.id === i)) return { find: (id) => votes[id], repeated: undefined };
  const known = new Map<number, GrowingVote>();
  let repeated: GrowingVote | undefined;
  for (const vote of votes) {
    if (!known.has(vote.event.id)) known.set(vote.event.id, vote);
    else repeated ??= vote;
  }
  return { find: (id) => known.get(id), repeated };
}

/** Hands each vote its landings; returns the first landing of no vote. */
function handOut(landings: readonly LandedEvent[], votes: readonly GrowingVote[], ids: VotesById): LandedEvent | undefined {
  let ofNone: LandedEvent | undefined;
  for (const landing of landings) {
    const vote = ids.find(landing.vote);
    if (vote === undefined) ofNone ??= landing;
    else if (vote.landed === NOWHERE) vote.landed = [landing];
    else vote.landed.push(landing);
  }
  if (ids.repeated !== undefined) for (const vote of votes) vote.landed = ids.find(vote.event.id)!.landed;
  return ofNone;
}

function positionAfter(events: readonly TraceEvent[], t: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle]!.t <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

function ascending(runs: LockoutRuns): LockoutRuns {
  for (let i = 1; i < runs.length; i++) {
    if (lastSlotOf(runs[i - 1]!) >= runs[i]!.slot) {
      const sorted = fromRuns(runs).sort((a, b) => a.slot - b.slot || b.confirmationCount - a.confirmationCount);
      return toRuns(sorted.filter(({ slot }, k) => k === 0 || sorted[k - 1]!.slot !== slot));
    }
  }
  return runs;
}

function bySlot(votes: readonly SentVote[]): readonly SentVote[] {
  for (let i = 1; i < votes.length; i++) {
    if (votes[i - 1]!.event.slot > votes[i]!.event.slot) {
      return [...votes].sort((a, b) => a.event.slot - b.event.slot || a.position - b.position);
    }
  }
  return votes;
}

function winningTip(forks: Forks, rooted: RootedEvent | undefined): Block | null {
  const root = rooted === undefined ? null : forks.find(rooted.slot, rooted.hash);
  for (let i = forks.blocks.length - 1; i >= 0; i--) {
    if (root === null || descendsFrom(forks.blocks[i]!, root)) return forks.blocks[i]!;
  }
  return null;
}

function defectsOf(forks: Forks, votes: readonly SentVote[], phases: readonly Placed<PhaseEvent>[], repeated: SentVote | undefined, notSent: LandedEvent | undefined): string[] {
  const defects: string[] = [];
  const orphan = forks.orphans[0];
  if (orphan !== undefined) {
    const { slot, parent } = orphan.event;
    defects.push(`the block of slot ${slot} descends from slot ${parent}, which the trace lacks: its fork is not known`);
  }
  const starts = forks.starts.length;
  if (starts > 1) defects.push(`the trace starts from ${starts} blocks: their common ancestors are not known`);
  const forNoBlock = votes.find((vote) => vote.block === null);
  if (forNoBlock !== undefined) {
    defects.push(`vote ${forNoBlock.event.id} is for a block of slot ${forNoBlock.event.slot} that the trace lacks: its fork is not known`);
  }
  if (repeated !== undefined) defects.push(`two votes have the id ${repeated.event.id}`);
  if (notSent !== undefined) defects.push(`vote ${notSent.vote} landed, and the trace does not show it being sent`);
  if (votes.length === 0) defects.push('no vote was sent: nothing was exercised');
  for (const { event: { why, slot } } of phases) if (why !== undefined) defects.push(`the run ended in slot ${slot}: ${why}`);
  return defects;
}
