/** The rows of the space-time diagram: each event that matters has one; stretches in which nothing changes share one. */
import { errorRuns } from '../../model/vote-error-words.ts';
import { slotRanges } from '../../model/slot-ranges.ts';
import type { DocumentEvent } from '../document/event-schema.ts';
import { eventWords } from '../event-words.ts';
import { lastAt } from './drawn-run.ts';
import type { CommandSpan, DrawnRun, DrawnVote, FaultSpan } from './drawn-run.ts';
import { interestOf, withinRoom } from './interest.ts';

/** Rows of events at most; what is beyond is folded, the least and the farthest first. */
const MOST_ROWS = 420;
/** Slots with something to see at most. */
const MOST_SLOTS = 130;

export interface Row {
  readonly t: number;
  readonly slot: number;
  /** Column in which it happens. */
  readonly place: string;
  readonly words: string;
  readonly kind: 'block' | 'skipped' | 'vote' | 'command' | 'command-end' | 'identity' | 'tower' | 'process' | 'fault' | 'fault-end' | 'leader' | 'gap' | 'unsent' | 'log' | 'phase' | 'fold';
  readonly vote?: DrawnVote;
  readonly command?: CommandSpan;
  /** A command that returns in its own row. */
  readonly atOnce?: boolean;
  readonly fault?: FaultSpan;
  readonly event?: DocumentEvent;
  /** Newest slot of a fold, and its last time. */
  readonly to?: number;
  readonly until?: number;
}

/** In order of time. */
export function rowsOf(run: DrawnRun): Row[] {
  const busy = new Set(withinRoom(run, interestOf(run), MOST_SLOTS).map(({ t }) => run.slotAt(t)));
  const told = new Set<string>();
  const rows: Row[] = [];
  let quiet: DocumentEvent[] = [];
  const fold = (): void => {
    const slots = new Set(quiet.map(({ t }) => run.slotAt(t)));
    if (slots.size > 2) rows.push(foldRow(run, quiet));
    else for (const event of quiet) rows.push(...rowOf(run, event, told));
    quiet = [];
  };
  for (const event of run.events) {
    if (busy.has(run.slotAt(event.t))) {
      fold();
      rows.push(...rowOf(run, event, told));
    } else quiet.push(event);
  }
  fold();
  return withinRows(run, joined(rows));
}

function rowOf(run: DrawnRun, event: DocumentEvent, told: Set<string>): Row[] {
  const { t } = event;
  const slot = run.slotAt(t);
  const row = (kind: Row['kind'], place: string, words = eventWords(event, run.staked)): Row => ({ t, slot, place, words, kind, event });
  switch (event.type) {
    case 'block':
      return [row('block', 'cluster', '')];
    case 'skipped':
      return [row('skipped', 'cluster')];
    case 'vote': {
      const vote = run.voteById.get(event.id)!;
      return [{ ...row('vote', event.host, voteWords(vote)), vote }];
    }
    case 'command': {
      const command = run.commands.find((span) => span.step === event.step && span.id === event.id && span.host === event.host && (event.phase === 'start' ? span.from : span.to) === t);
      if (command === undefined) return [];
      const step = command.step > 0 ? `${command.step} ` : '';
      return event.phase === 'start'
        ? [{ ...row('command', event.host, `${step}${command.id}: ${command.line.replaceAll(/\s+/g, ' ').trim()}`), command }]
        : [{ ...row('command-end', event.host, `${step}${command.id} ends${command.exit === null ? '' : `, exit ${command.exit}`}`), command }];
    }
    case 'fault': {
      const fault = run.faults.find((span) => span.fault === event.fault && (event.phase === 'start' ? span.from : span.to) === t);
      return fault === undefined ? [] : [{ ...row(event.phase === 'start' ? 'fault' : 'fault-end', event.on), fault }];
    }
    case 'identity':
      return [row('identity', event.host)];
    case 'tower-loaded':
      return event.source === 'adopted' || event.identity !== run.staked ? [] : [row('tower', event.host)];
    case 'process':
      return t === 0 && event.state === 'running' ? [] : [row('process', event.host)];
    case 'leader':
      return event.outcome === 'missed' || run.story.kind === 'duplicate-block' ? [row('leader', event.host ?? 'cluster')] : [];
    case 'gap':
      return [row('gap', event.host ?? 'cluster')];
    case 'unsent':
      return once(told, `${event.host} unsent ${event.reason}`) ? [row('unsent', event.host)] : [];
    case 'log':
      return !/^Identity (set|changed)|node_pubkey mismatch/.test(event.text) && once(told, `${event.host} ${event.text}`) ? [row('log', event.host)] : [];
    case 'phase':
      return [row('phase', 'cluster')];
    case 'landed':
    case 'rooted':
    case 'tower-saved':
      return [];
  }
}

function once(told: Set<string>, key: string): boolean {
  if (told.has(key)) return false;
  told.add(key);
  return true;
}

function voteWords({ slot, fate, bank, error, refresh, role, staked }: DrawnVote): string {
  const lead = role === 'earlier' ? 'THE EARLIER VOTE: ' : role === 'later' ? 'THE LATER VOTE: ' : '';
  const landed = fate === 'accepted' ? `accepted in ${bank}` : fate === 'refused' ? `refused in ${bank}: ${error}` : 'does not land';
  return `${lead}${refresh ? 're-sends' : 'sends'} its vote for slot ${slot}; ${landed}${staked ? '' : ' (not the staked identity)'}`;
}

/** A command that ends before anything else happens takes one row. */
function joined(rows: readonly Row[]): Row[] {
  const shorter: Row[] = [];
  for (const row of rows) {
    const last = shorter.at(-1);
    if (row.kind === 'command-end' && last?.kind === 'command' && last.command === row.command) {
      shorter[shorter.length - 1] = { ...last, atOnce: true };
    } else shorter.push(row);
  }
  return shorter;
}

function foldRow(run: DrawnRun, events: readonly DocumentEvent[]): Row {
  const first = events[0]!;
  const last = events.at(-1)!;
  const slots = [...new Set(events.map(({ t }) => run.slotAt(t)))];
  const said = run.hosts.flatMap((host) => {
    const votes = events.flatMap((event) => (event.type === 'vote' && event.host === host ? [run.voteById.get(event.id)!] : []));
    if (votes.length === 0) return [];
    const fates = (['accepted', 'refused', 'not landed'] as const).flatMap((fate) => {
      const count = votes.filter((vote) => vote.fate === fate).length;
      return count === 0 ? [] : [count === votes.length ? fate : `${count} ${fate}`];
    });
    const codes = events.flatMap((event) => (event.type === 'landed' && event.error !== null ? [event.error] : []));
    const why = fates.includes('refused') && codes.length > 0 && new Set(codes).size < 3 ? ` (${errorRuns([...new Set(codes)])})` : '';
    return [`${host} sends ${votes.length} vote${votes.length === 1 ? '' : 's'}: ${fates.join(', ')}${why}`];
  });
  const shown = slots.length > 2 ? `slots ${Math.min(...slots)}–${Math.max(...slots)}` : `slots ${slotRanges(slots)}`;
  return { t: first.t, until: last.t, slot: slots[0]!, to: slots.at(-1)!, place: 'cluster', kind: 'fold', words: `${shown}: ${said.length === 0 ? 'nobody votes' : said.join('; ')}` };
}

/** Folds the lightest rows that are farthest from the finding when there are too many. */
function withinRows(run: DrawnRun, rows: readonly Row[]): Row[] {
  if (rows.length <= MOST_ROWS) return [...rows];
  const weight = ({ kind, vote }: Row): number => (vote?.role === 'earlier' || vote?.role === 'later' ? 0 : kind === 'command' || kind === 'fault' || kind === 'fold' || kind === 'gap' ? 1 : kind === 'block' || kind === 'vote' || kind === 'log' ? 3 : 2);
  const center = lastAt(rows, run.story.t);
  const order = rows.map((_, i) => i).sort((a, b) => weight(rows[a]!) - weight(rows[b]!) || Math.abs(a - center) - Math.abs(b - center) || a - b);
  const kept = new Set(order.slice(0, MOST_ROWS));
  const short: Row[] = [];
  let left: Row[] = [];
  const close = (): void => {
    const [first] = left;
    if (first !== undefined) short.push({ t: first.t, until: left.at(-1)!.until ?? left.at(-1)!.t, slot: first.slot, to: left.at(-1)!.to ?? left.at(-1)!.slot, place: 'cluster', kind: 'fold', words: `${left.length} lesser event${left.length === 1 ? '' : 's'}, slots ${first.slot}–${left.at(-1)!.to ?? left.at(-1)!.slot}` });
    left = [];
  };
  rows.forEach((row, i) => {
    if (!kept.has(i)) left.push(row);
    else {
      close();
      short.push(row);
    }
  });
  close();
  return short;
}
