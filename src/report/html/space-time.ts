/**
 * The space-time diagram: time runs down, operator, hosts and cluster stand side by side; commands, votes and their way
 * to a block are lines between them. Beside it every row is a sentence, in a list that can be read without the drawing.
 */
import { stateSpans, classOf } from './bands.ts';
import { choiceOf, lastAt } from './drawn-run.ts';
import type { DrawnRun } from './drawn-run.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import { cross, hostClass, hostMark, px } from './shapes.ts';
import { rowsOf } from './space-time-rows.ts';
import type { Row } from './space-time-rows.ts';

/** Pixels; the style sheet has the same height of a row. */
export const ROW = 26;
const COLUMN = 88;
const HEAD = 34;

export interface SpaceTime {
  readonly drawn: Markup;
  readonly rows: readonly Row[];
}

interface Plan {
  readonly run: DrawnRun;
  readonly rows: readonly Row[];
  readonly columns: readonly string[];
  readonly x: (place: string) => number;
  /** Middle of a row. */
  readonly y: (index: number) => number;
  /** Row in which the block of a slot stands, or the fold that hides it. */
  readonly rowOfBank: (slot: number) => number | null;
}

/** The diagram and its sentences. */
export function spaceTime(run: DrawnRun): SpaceTime {
  const rows = rowsOf(run);
  const [first = 'host', ...others] = run.hosts;
  const columns = ['operator', first, 'cluster', ...others];
  const banks = new Map<number, number>();
  rows.forEach((row, i) => {
    if (row.kind === 'block' && row.event?.type === 'block' && !banks.has(row.event.slot)) banks.set(row.event.slot, i);
  });
  const plan: Plan = {
    run, rows, columns,
    x: (place) => 44 + Math.max(0, columns.indexOf(place) < 0 ? columns.indexOf('cluster') : columns.indexOf(place)) * COLUMN,
    y: (index) => index * ROW + ROW / 2,
    rowOfBank: (slot) => banks.get(slot) ?? foldOf(rows, slot),
  };
  const width = 44 + (columns.length - 1) * COLUMN + 44;
  const height = rows.length * ROW;
  const nearest = run.story.pointOfNoReturn?.t ?? null;
  const noReturn = nearest === null ? -1 : lastAt(rows, nearest);
  const drawn = html`<div class="space-time" style="--diagram:${width}px">
<div class="st-head" aria-hidden="true"><span class="st-when">slot</span><span class="st-when">s</span><svg class="picture" width="${width}" height="${HEAD}" viewBox="0 0 ${width} ${HEAD}">${columns.map((column) => html`<text class="column-label ${hostClass(run.hosts, column)}" x="${px(plan.x(column))}" y="21" text-anchor="middle">${column.length > 12 ? `${column.slice(0, 11)}…` : column}</text>`)}</svg><span>what happens</span></div>
<div class="st-body">
<svg class="picture st-picture" aria-hidden="true" focusable="false" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
${faultSpans(plan)}${lifelines(plan, height)}${commandSpans(plan)}${rows.map((row, i) => mark(plan, row, i))}${votesAndWays(plan)}
${noReturn < 0 ? null : html`<path class="no-return" d="M0 ${(noReturn + 1) * ROW}H${width}"/>`}
</svg>
<ol class="st-rows">${rows.map((row, i) => sentence(run, row, rows[i - 1], i === noReturn))}</ol>
<div class="veil" hidden></div>
</div></div>`;
  return { drawn, rows };
}

function foldOf(rows: readonly Row[], slot: number): number | null {
  const found = rows.findIndex((row) => row.kind === 'fold' && slot >= row.slot && slot <= (row.to ?? row.slot));
  return found < 0 ? null : found;
}

function sentence(run: DrawnRun, row: Row, before: Row | undefined, last: boolean): Markup {
  const place = row.place === 'cluster' && (row.kind === 'block' || row.kind === 'fold') ? '' : row.place;
  const newSlot = before === undefined || row.slot !== before.slot;
  const classes = [`st-${row.kind}`, row.vote?.role === 'earlier' || row.vote?.role === 'later' ? 'lead' : '', row.vote?.fate === 'refused' ? 'refused' : '', (row.command?.exit ?? 0) !== 0 && row.kind !== 'fault' ? 'failed' : '', last ? 'last-chance' : ''];
  const exit = row.atOnce === true && row.command?.exit !== null ? html` <span class="exit">exit ${row.command!.exit}</span>` : null;
  return html`<li class="${classes.filter((name) => name !== '').join(' ')}" data-t="${row.until ?? row.t}"><span class="st-when ${newSlot ? '' : 'same'}">${row.slot}</span><span class="st-when">${(row.t / 1e6).toFixed(3)}</span><span class="st-words">${last ? html`<span class="flag">point of no return</span> ` : null}${place === '' ? null : html`<b class="${hostClass(run.hosts, place)}">${place}</b> `}${row.kind === 'block' ? html`<span class="quiet">block ${row.event?.type === 'block' ? row.event.slot : row.slot}${isLosing(run, row) ? ', on a fork that loses' : ''}</span>` : row.words}${exit}</span></li>`;
}

function isLosing({ story }: DrawnRun, { event }: Row): boolean {
  return event?.type === 'block' && story.forks.losing.includes(event.hash);
}

/** First row that is not before a time; the number of rows when there is none. */
function rowFrom(rows: readonly Row[], t: number): number {
  const before = lastAt(rows, t - 1);
  return before + 1;
}

function lifelines({ run, rows, columns, x, y }: Plan, height: number): Markup {
  const at = (t: number): number => (t <= 0 ? 0 : t >= run.end ? height : rowFrom(rows, t) >= rows.length ? height : y(rowFrom(rows, t)));
  return html`${columns.map((column) => {
    const line = html`<path class="lifeline" d="M${px(x(column))} 0V${height}"/>`;
    if (!run.hosts.includes(column)) return line;
    const name = hostClass(run.hosts, column);
    return html`${line}${stateSpans(run, column).map((span) => {
      const [from, to] = [at(span.from), at(span.to)];
      const classes = span.process === 'down' ? 'life-down' : span.process === 'frozen' ? 'life-frozen' : span.voting ? `life-votes ${name}` : span.gossip ? `life-shows ${name}` : '';
      return classes === '' || to <= from ? null : html`<path class="${classes}" d="M${px(x(column))} ${from}V${to}"/>`;
    })}`;
  })}`;
}

function faultSpans({ run, rows, x, y }: Plan): Markup[] {
  return run.faults.map((fault) => {
    const from = y(Math.min(rows.length - 1, rowFrom(rows, fault.from))) - ROW / 2 + 2;
    const to = fault.to === null ? rows.length * ROW : y(Math.min(rows.length - 1, rowFrom(rows, fault.to))) + ROW / 2 - 2;
    return html`<rect class="fault" data-choice="${choiceOf(run, fault)}" x="${px(x(fault.on) - 15)}" y="${px(from)}" width="30" height="${px(Math.max(ROW - 4, to - from))}"/>`;
  });
}

function commandSpans({ run, rows, x, y }: Plan): Markup[] {
  return run.commands.map((command) => {
    const begin = rows.findIndex((row) => row.command === command);
    if (begin < 0) return null;
    const end = rows[begin]!.atOnce === true ? begin : rows.findIndex((row) => row.kind === 'command-end' && row.command === command);
    const to = end < 0 ? rows.length * ROW : y(end) + 6;
    const bad = command.exit !== null && command.exit !== 0;
    const [from, host] = [x('operator'), x(command.host)];
    const way = command.host === 'operator' ? null : html`<path class="command-way ${bad ? 'failed' : ''}" marker-end="url(#tip)" d="M${from} ${y(begin)}H${host - (host > from ? 7 : -7)}"/>`;
    const back = end < 0 || end === begin || command.host === 'operator' ? null : html`<path class="command-way back" marker-end="url(#tip)" d="M${host} ${y(end)}H${from + 4}"/>`;
    return html`${way}${back}<rect class="command ${bad ? 'failed' : ''}" x="${host - 6}" y="${y(begin) - 6}" width="12" height="${px(to - y(begin) + 6)}"/>${command.step > 0 ? html`<rect class="step-chip" x="${from - 11}" y="${y(begin) - 9}" width="22" height="18"/><text class="step-number" x="${from}" y="${y(begin) + 4}" text-anchor="middle">${command.step}</text>` : null}`;
  }).filter((part) => part !== null);
}

function mark({ run, rows, x, y }: Plan, row: Row, index: number): Markup | null {
  const at = x(row.place);
  const middle = y(index);
  switch (row.kind) {
    case 'block':
      return html`<rect class="block ${isLosing(run, row) ? 'losing' : ''}" x="${at - 19}" y="${middle - 9}" width="38" height="18"/><text class="block-label" x="${at}" y="${middle + 4}" text-anchor="middle">${row.event?.type === 'block' ? row.event.slot : row.slot}</text>`;
    case 'skipped':
      return html`<rect class="block skipped" x="${at - 19}" y="${middle - 9}" width="38" height="18"/>`;
    case 'identity': {
      const staked = row.event?.type === 'identity' && row.event.to === run.staked;
      const loop = row.event?.type === 'identity' && row.event.layer === 'voting';
      return html`<path class="identity ${staked ? `staked ${hostClass(run.hosts, row.place)}` : 'other'} ${loop ? 'loop' : ''}" d="M${at - 10} ${middle}H${at + 10}"/>`;
    }
    case 'tower':
      return html`<rect class="tower-mark ${hostClass(run.hosts, row.place)}" x="${at - 6}" y="${middle - 8}" width="12" height="5"/><rect class="tower-mark ${hostClass(run.hosts, row.place)}" x="${at - 6}" y="${middle - 2}" width="12" height="5"/><rect class="tower-mark ${hostClass(run.hosts, row.place)}" x="${at - 6}" y="${middle + 4}" width="12" height="5"/>`;
    case 'process':
      return row.event?.type === 'process' && (row.event.state === 'exited' || row.event.state === 'power-lost') ? cross(at, middle, 8, 'crash') : html`<rect class="process" x="${at - 7}" y="${middle - 4}" width="14" height="8"/>`;
    case 'fault':
      return html`<path class="bolt" d="M${at + 2} ${middle - 10}L${at - 6} ${middle + 2}H${at}L${at - 2} ${middle + 10}L${at + 6} ${middle - 2}H${at}Z"/>`;
    case 'gap':
    case 'unsent':
    case 'leader':
      return cross(at, middle, 5, row.kind === 'unsent' ? '' : 'bad');
    case 'fold':
      return html`<rect class="st-folded" x="0" y="${index * ROW + 3}" width="100%" height="${ROW - 6}"/>${rows.length > 0 ? html`<text class="small" x="${x('cluster')}" y="${middle + 4}" text-anchor="middle">⋮</text>` : null}`;
    default:
      return null;
  }
}

/** Votes from their host to the block that took or refused them. */
function votesAndWays({ run, rows, x, y, rowOfBank }: Plan): Markup[] {
  const to = x('cluster');
  return rows.flatMap((row, i) => {
    const { vote } = row;
    if (vote === undefined) return [];
    const from = x(vote.host);
    const direction = to > from ? 1 : -1;
    const lead = vote.role === 'earlier' || vote.role === 'later';
    const bank = vote.bank === null ? null : rowOfBank(vote.bank);
    const state = `${classOf(vote)} ${vote.staked ? hostClass(run.hosts, vote.host) : 'other'}`;
    const way = bank === null
      ? html`<path class="vote-way ${state}" d="M${from} ${y(i)}L${px(from + direction * COLUMN * 0.42)} ${y(i) + 6}"/>${cross(from + direction * COLUMN * 0.42, y(i) + 6, 4, '')}`
      : html`<path class="vote-way ${state} ${lead ? 'lead' : ''}" d="M${from} ${y(i)}L${px(to - direction * 20)} ${px(bank <= i ? y(i) : y(bank))}"/>${vote.fate === 'refused' ? cross(to - direction * 24, bank <= i ? y(i) : y(bank) - (y(bank) - y(i)) * 0.06, 4, 'bad') : null}`;
    return [way, hostMark(run.hosts, vote.host, from, y(i), lead ? 8 : 5.5, `${vote.staked ? 'staked' : 'other'} ${classOf(vote)} ${lead ? 'lead' : ''}`)];
  });
}
