/** The story of a trace in words: what was run, what broke, who held the identity, and the votes that matter. */
import { slotRanges } from '../model/slot-ranges.ts';
import type { CommandEvent, IdentityEvent, PhaseEvent, ProcessEvent, Trace, TraceEvent, VoteEvent } from '../model/trace.ts';
import type { Finding } from '../model/verdict.ts';
import { errorRuns } from '../model/vote-error-words.ts';

/** 0: never left out; 3: left out first. */
type Weight = 0 | 1 | 2 | 3;

/** One thing that happened, as a sentence. */
export interface StoryStep {
  /** Microseconds since the start of the trace. */
  readonly t: number;
  readonly slot: number;
  readonly host: string;
  readonly sentence: string;
  readonly weight: Weight;
  /** Of what kind of event. */
  readonly kind: TraceEvent['type'];
}

/** What became of a vote, as far as the trace tells. */
export interface Fate {
  readonly kind: 'accepted' | 'refused' | 'not landed';
  /** The vote program's Custom(n); -1 unless refused. */
  readonly error: number;
  /** Slot of the bank that decided; -1 when it did not land. */
  readonly bank: number;
}

interface VoteRun {
  readonly host: string;
  readonly t: number;
  readonly slot: number;
  readonly weight: Weight;
  readonly fate: Fate['kind'];
  readonly votes: { readonly vote: VoteEvent; readonly error: number }[];
}

/** What happened, in sentences, every one of them. With a finding the story ends with its last vote. */
export function storySteps(trace: Trace, finding?: Finding): StoryStep[] {
  const { stakedIdentity } = trace.header;
  const fates = fatesOf(trace);
  const ends = commandEnds(trace);
  // The first two votes of a finding are the two that conflict; the others are its run.
  const leading = new Set(finding?.votes.slice(0, 2) ?? []);
  const concerned = new Set(finding?.votes ?? []);
  const leadingSlots = new Set<number>();
  for (const event of trace.events) if (event.type === 'vote' && leading.has(event.id)) leadingSlots.add(event.slot);

  const steps: StoryStep[] = [];
  const open: { run: VoteRun | null } = { run: null };
  let slot = 0;
  let now = 0;
  let kind: TraceEvent['type'] = 'block';
  let newestVote = -1;
  let skipped: number[] = [];
  const children = new Set<string>();
  const told = new Set<string>();
  const tell = (host: string, weight: Weight, sentence: string): void => {
    if (open.run !== null && (host === open.run.host || weight === 0)) closeRun();
    steps.push({ t: now, slot, host, weight, sentence, kind });
  };
  const closeRun = (): void => {
    const { run } = open;
    if (run !== null) steps.push({ t: run.t, slot: run.slot, host: run.host, weight: run.weight, sentence: runWords(run), kind: 'vote' });
    open.run = null;
  };

  for (const event of withinStory(trace.events, finding, concerned)) {
    now = event.t;
    kind = event.type;
    if (skipped.length > 0 && event.type === 'block') {
      tell('cluster', skipped.length > 1 ? 1 : 3, `no block for slot${skipped.length > 1 ? 's' : ''} ${slotRanges(skipped)}`);
      skipped = [];
    }
    switch (event.type) {
      case 'block': {
        slot = Math.max(slot, event.slot);
        const parent = `${event.parent} ${event.parentHash}`;
        if (event.parent !== -1 && children.has(parent)) tell('cluster', 1, `a fork: block ${event.slot} builds on ${event.parent}`);
        children.add(parent);
        break;
      }
      case 'skipped':
        skipped.push(event.slot);
        break;
      case 'vote': {
        newestVote = Math.max(newestVote, event.slot);
        const fate = fates.get(event.id)!;
        const lead = leading.has(event.id);
        const weight: Weight = lead ? 0 : concerned.has(event.id) ? 0 : fate.kind === 'accepted' ? 2 : 1;
        const { run } = open;
        if (run !== null && !lead && run.host === event.host && run.weight === weight && run.fate === fate.kind) {
          run.votes.push({ vote: event, error: fate.error });
          break;
        }
        closeRun();
        open.run = { host: event.host, t: event.t, slot, weight, fate: fate.kind, votes: [{ vote: event, error: fate.error }] };
        if (lead) closeRun();
        break;
      }
      case 'unsent':
        tellOnce(`${event.host} unsent ${event.reason}`, () => tell(event.host, 1, `signs a vote for ${event.slot}, and it never leaves: ${event.reason}`));
        break;
      case 'identity':
        tell(event.host, 1, identityWords(event, stakedIdentity));
        break;
      case 'tower-saved':
        if (leadingSlots.has(event.slot)) tell(event.host, 3, `writes its tower with slot ${event.slot}`);
        break;
      case 'tower-loaded':
        if (event.identity === stakedIdentity && event.source !== 'adopted') {
          const late = newestVote > (event.slot ?? -1) ? `; the newest vote sent is for ${newestVote}` : '';
          const why = event.why === undefined ? '' : ` (${event.why})`;
          tell(event.host, late === '' ? 1 : 0, `tower ${sourceWords(event.source)}: newest slot ${event.slot ?? 'none'}, root ${event.root ?? 'none'}${late}${why}`);
        }
        break;
      case 'process':
        tell(event.host, 1, processWords(event, stakedIdentity));
        break;
      case 'command':
        if (event.phase === 'start') tell(event.host, event.step === 0 ? 2 : 0, commandWords(event, ends.get(event)));
        break;
      case 'fault':
        tell(event.on, event.phase === 'start' ? 0 : 2, event.phase === 'start' ? `FAULT ${event.kind}: ${event.sentence}` : `fault over: ${event.kind}`);
        break;
      case 'leader':
        if (finding?.kind === 'duplicate-block' && event.slot === finding.slot && event.outcome === 'produced') {
          tell(event.host ?? '', 0, `produces a block for its leader slot ${event.slot}${event.hash === undefined ? '' : `: ${event.hash}`}`);
        } else if (event.outcome === 'missed') {
          tell(event.host ?? 'cluster', 2, `the identity misses its leader slot ${event.slot}${event.why === undefined ? '' : `: ${event.why}`}`);
        }
        break;
      case 'gap':
        tell(event.host ?? '', 0, `NOT MODELLED: ${event.what}`);
        break;
      case 'log':
        // Changes of identity are events of their own; the account's mismatch is how a spare says that it is one.
        if (/^Identity (set|changed)|node_pubkey mismatch/.test(event.text)) break;
        tellOnce(`${event.host} ${event.text}`, () => tell(event.host, 1, `log: ${event.text}`));
        break;
      case 'phase':
        tell('', 2, phaseWords(event));
        break;
      case 'rooted':
      case 'landed':
        break;
    }
  }
  closeRun();
  return steps;

  function tellOnce(key: string, telling: () => void): void {
    if (told.has(key)) return;
    told.add(key);
    telling();
  }
}

/** With a finding: the events up to its last vote, or up to its time. */
function withinStory(events: readonly TraceEvent[], finding: Finding | undefined, concerned: ReadonlySet<number>): readonly TraceEvent[] {
  if (finding === undefined) return events;
  const last = events.findLastIndex((event) => event.t <= finding.t || (event.type === 'vote' && concerned.has(event.id)));
  return events.slice(0, last + 1);
}

/** What became of each vote, by its id: one bank that accepts it is enough. */
export function fatesOf(trace: Trace): ReadonlyMap<number, Fate> {
  const fates = new Map<number, Fate>();
  for (const event of trace.events) {
    if (event.type === 'vote') fates.set(event.id, { kind: 'not landed', error: -1, bank: -1 });
    if (event.type !== 'landed') continue;
    const before = fates.get(event.vote);
    if (before?.kind === 'accepted' || (before?.kind === 'refused' && event.error !== null)) continue;
    fates.set(event.vote, event.error === null ? { kind: 'accepted', error: -1, bank: event.bank } : { kind: 'refused', error: event.error, bank: event.bank });
  }
  return fates;
}

/** The end of each started command. */
function commandEnds(trace: Trace): ReadonlyMap<CommandEvent, CommandEvent> {
  const ends = new Map<CommandEvent, CommandEvent>();
  const open = new Map<string, CommandEvent>();
  for (const event of trace.events) {
    if (event.type !== 'command') continue;
    const key = `${event.step} ${event.id} ${event.host}`;
    const start = open.get(key);
    if (event.phase === 'start') open.set(key, event);
    else if (start !== undefined) {
      ends.set(start, event);
      open.delete(key);
    }
  }
  return ends;
}

function runWords({ votes, fate }: VoteRun): string {
  const slots = foldedSlots(votes.map(({ vote }) => vote.slot));
  const verb = votes.every(({ vote }) => vote.refresh) ? 're-sends' : 'sends';
  const what = votes.length === 1 ? `its vote for slot ${slots}` : `votes for slots ${slots}`;
  switch (fate) {
    case 'accepted':
      return `${verb} ${what}`;
    case 'not landed':
      return `${verb} ${what}; ${votes.length === 1 ? 'it does' : 'they do'} not land`;
    case 'refused':
      return `${verb} ${what}; refused: ${errorRuns(votes.map(({ error }) => error))}`;
  }
}

/** "401–412"; with many holes, which are slots without a block or of another fork, "401–480 (61 votes)". */
function foldedSlots(slots: readonly number[]): string {
  const ranges = slotRanges(slots);
  return ranges.split(',').length <= 3 ? ranges : `${Math.min(...slots)}–${Math.max(...slots)} (${slots.length} votes)`;
}

/** "the voting loop now has the staked identity" */
export function identityWords(event: IdentityEvent, staked: string): string {
  const name = event.to === staked ? 'the staked identity' : 'a junk identity';
  return event.layer === 'gossip' ? `shows ${name} in gossip` : `the voting loop now has ${name}`;
}

/** Where a loaded tower came from. */
export function sourceWords(source: 'file' | 'old-name' | 'etcd' | 'rebuilt' | 'adopted'): string {
  switch (source) {
    case 'file':
      return 'loaded from its file';
    case 'old-name':
      return 'loaded from the file of the old name';
    case 'etcd':
      return 'loaded from etcd';
    case 'rebuilt':
      return 'rebuilt from the bank';
    case 'adopted':
      return 'adopted from a newer bank';
  }
}

/** What became of a process. */
export function processWords(event: ProcessEvent, staked: string): string {
  const reason = event.reason === undefined ? '' : `: ${event.reason}`;
  switch (event.state) {
    case 'started':
      return `the validator starts${event.identity === undefined ? '' : event.identity === staked ? ' with the staked identity' : ' with a junk identity'}${reason}`;
    case 'running':
      return `the validator is up${reason}`;
    case 'exited':
      return `the validator ends${event.exit === undefined ? '' : ` with exit code ${event.exit}`}${reason}`;
    case 'frozen':
      return `the validator stands still${reason}`;
    case 'thawed':
      return `the validator goes on${reason}`;
    case 'power-lost':
      return `the machine loses power${reason}`;
  }
}

function commandWords(start: CommandEvent, end: CommandEvent | undefined): string {
  const line = start.line.replaceAll(/\s+/g, ' ').trim();
  const outcome = end === undefined ? 'does not return' : end.exit === undefined ? 'returns' : `exit ${end.exit}`;
  return `${start.id} (${outcome}): ${line}`;
}

/** A phase of a run in words. */
export function phaseWords({ phase, why }: PhaseEvent): string {
  if (phase === 'heal') return 'every fault has ended';
  return why === undefined ? 'the end' : `the end: ${why}`;
}
