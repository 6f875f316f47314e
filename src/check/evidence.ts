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
  /** [slot, confirmation count], ascending by slot, each slot once. */
  readonly stack: VoteEvent['lockouts'];
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
  const voteEvents: (Placed<VoteEvent> & { readonly tenure: number })[] = [];
  const landed = new Map<number, LandedEvent[]>();
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
  const hosts = new Set<string>();

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
        voteEvents.push({ event, position, tenure: tenures.get(event.host) ?? 0 });
        // A first vote shows who holds the identity, should the trace not say so.
        if (!hosts.has(event.host)) transitions.push({ event, position });
        hosts.add(event.host);
        break;
      case 'landed': {
        const list = landed.get(event.vote);
        if (list === undefined) landed.set(event.vote, [event]);
        else list.push(event);
        break;
      }
      case 'identity':
      case 'process':
        if (event.type === 'identity' ? event.layer === 'voting' : event.state === 'started') {
          tenures.set(event.host, (tenures.get(event.host) ?? 0) + 1);
        }
        hosts.add(event.host);
        transitions.push({ event, position });
        break;
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
  const votes = voteEvents.map(({ event, position, tenure }): SentVote => ({
    event,
    position,
    tenure,
    block: forks.find(event.slot, event.hash),
    stack: ascending(event.lockouts),
    landed: landed.get(event.id) ?? [],
  }));
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
    defects: defectsOf(forks, votes, landed),
  };
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

function ascending(lockouts: VoteEvent['lockouts']): VoteEvent['lockouts'] {
  for (let i = 1; i < lockouts.length; i++) {
    if (lockouts[i - 1]![0] >= lockouts[i]![0]) {
      const sorted = [...lockouts].sort((a, b) => a[0] - b[0] || b[1] - a[1]);
      return sorted.filter(([slot], k) => k === 0 || sorted[k - 1]![0] !== slot);
    }
  }
  return lockouts;
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

function defectsOf(forks: Forks, votes: readonly SentVote[], landed: ReadonlyMap<number, readonly LandedEvent[]>): string[] {
  const defects: string[] = [];
  const orphan = forks.orphans[0];
  if (orphan !== undefined) {
    const { slot, parent } = orphan.event;
    defects.push(`the block of slot ${slot} descends from slot ${parent}, which the trace lacks: its fork is not known`);
  }
  const starts = forks.blocks.filter((block) => block.event.parent === -1).length;
  if (starts > 1) defects.push(`the trace starts from ${starts} blocks: their common ancestors are not known`);
  const forNoBlock = votes.find((vote) => vote.block === null);
  if (forNoBlock !== undefined) {
    defects.push(`vote ${forNoBlock.event.id} is for a block of slot ${forNoBlock.event.slot} that the trace lacks: its fork is not known`);
  }
  const ids = new Set<number>();
  for (const { event } of votes) {
    if (ids.has(event.id)) {
      defects.push(`two votes have the id ${event.id}`);
      break;
    }
    ids.add(event.id);
  }
  for (const id of landed.keys()) {
    if (!ids.has(id)) {
      defects.push(`vote ${id} landed, and the trace does not show it being sent`);
      break;
    }
  }
  if (votes.length === 0) defects.push('no vote was sent: nothing was exercised');
  return defects;
}
