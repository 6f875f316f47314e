/** Over time: the commands, the faults, and for each host whether it shows the staked identity, could vote, and did. */
import { choiceOf } from './drawn-run.ts';
import type { DrawnRun, DrawnVote } from './drawn-run.ts';
import { foldAxis, onAxis } from './fold-axis.ts';
import type { FoldAxis } from './fold-axis.ts';
import { interestOf, withinRoom } from './interest.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import { cross, foldSign, hostClass, hostMark, px } from './shapes.ts';

const GUTTER = 132;
const BAND = 16;
const MOST_SLOTS = 90;

/** Where the bands lie in time; the scrubber and the picture share it. */
export function timeAxis(run: DrawnRun, width: number): FoldAxis {
  const { slotMicros } = run;
  const room = withinRoom(run, interestOf(run), MOST_SLOTS);
  return foldAxis({
    from: 0, to: Math.max(run.end, slotMicros), points: room.map(({ t }) => t),
    margin: slotMicros * 0.9, fold: slotMicros * 4, foldWidth: 44,
    width, leastScale: 14 / slotMicros, greatestScale: 46 / slotMicros,
  });
}

export interface BandsPicture {
  readonly picture: Markup;
  readonly axis: FoldAxis;
  readonly width: number;
  readonly height: number;
  /** Where the axis begins in the picture. */
  readonly left: number;
}

interface Row {
  readonly y: number;
}

/** The bands, at least `width` pixels wide. */
export function bandsPicture(run: DrawnRun, width: number): BandsPicture {
  const axis = timeAxis(run, width - GUTTER - 8);
  const x = (t: number): number => GUTTER + onAxis(axis, t);
  const total = Math.ceil(GUTTER + axis.width + 8);
  const faultRows = stacked(run.faults.map(({ from, to }) => ({ from: x(from), to: x(to ?? run.end) + 60 })));
  const faultHeight = run.faults.length === 0 ? 0 : (Math.max(...faultRows) + 1) * 22 + 8;
  const top = 26;
  const operator = top + 6;
  const faultsAt = operator + 34;
  const hostsAt = faultsAt + faultHeight;
  const hostHeight = 3 * (BAND + 4) + 30;
  const height = hostsAt + run.hosts.length * hostHeight + 8;
  const picture = html`<svg class="picture bands" role="img" aria-label="${labelOf(run)}" viewBox="0 0 ${total} ${height}" width="${total}" height="${height}">
${ticks(run, axis, x, height)}
${together(run, x, hostsAt, height)}
<text class="row-label" x="0" y="${operator + 14}">commands</text>
${run.commands.map((command) => {
  const from = x(command.from);
  const to = Math.max(from + 3, x(command.to ?? run.end));
  const bad = command.exit !== null && command.exit !== 0;
  return html`<rect class="command ${bad ? 'failed' : ''}" x="${px(from)}" y="${operator}" width="${px(to - from)}" height="${BAND + 2}"><title>${command.step > 0 ? `step ${command.step} ` : ''}${command.id} on ${command.host}</title></rect>`;
})}
${stepNumbers(run, x, operator)}
${run.faults.length === 0 ? null : html`<text class="row-label" x="0" y="${faultsAt + 14}">faults</text>`}
${run.faults.map((fault, i) => {
  const y = faultsAt + faultRows[i]! * 22;
  const from = x(fault.from);
  const to = Math.max(from + 4, x(fault.to ?? run.end));
  return html`<rect class="fault" data-choice="${choiceOf(run, fault)}" x="${px(from)}" y="${y}" width="${px(to - from)}" height="${BAND}"><title>${fault.sentence}</title></rect>${chip(`${fault.fault} ${fault.kind}`, Math.min(from + 3, total - fault.kind.length * 7 - 30), y, 'fault-label')}`;
})}
${run.hosts.map((host, i) => hostBands(run, host, hostsAt + i * hostHeight, x))}
${run.story.pointOfNoReturn?.t == null ? null : html`<path class="no-return" d="M${px(x(run.story.pointOfNoReturn.t))} ${top}V${height}"/>`}
</svg>`;
  return { picture, axis, width: total, height, left: GUTTER };
}

/** Rows for spans, so that no two of a row touch. */
function stacked(spans: readonly { readonly from: number; readonly to: number }[]): number[] {
  const ends: number[] = [];
  return spans.map(({ from, to }) => {
    const free = ends.findIndex((end) => end <= from);
    const row = free < 0 ? ends.length : free;
    ends[row] = to;
    return row;
  });
}

/** Steps that begin close to each other are numbered together: "1–4". */
function stepNumbers(run: DrawnRun, x: (t: number) => number, y: number): Markup[] {
  const groups: { readonly at: number; readonly first: number; last: number }[] = [];
  for (const { step, from } of run.commands) {
    const group = groups.at(-1);
    if (step === 0) continue;
    if (group === undefined || x(from) > group.at + 30) groups.push({ at: x(from), first: step, last: step });
    else group.last = step;
  }
  return groups.map(({ at, first, last }) => html`<text class="step-number" x="${px(at)}" y="${y - 3}">${first === last ? first : `${first}–${last}`}</text>`);
}

function chip(text: string, x: number, y: number, classes: string): Markup {
  return html`<rect class="chip" x="${px(x)}" y="${y + 1}" width="${px(text.length * 6.6 + 8)}" height="${BAND - 2}"/><text class="${classes}" x="${px(x + 4)}" y="${y + 12}">${text}</text>`;
}

function hostBands(run: DrawnRun, host: string, y: number, x: (t: number) => number): Markup {
  const name = hostClass(run.hosts, host);
  const [shows, could, did] = [{ y: y + 20 }, { y: y + 20 + BAND + 4 }, { y: y + 20 + 2 * (BAND + 4) }] as const satisfies readonly Row[];
  const spans = stateSpans(run, host);
  const drawn = (row: Row, classes: string, keep: (span: StateSpan) => boolean): Markup[] =>
    merged(spans.filter(keep)).map(({ from, to }) => html`<rect class="${classes} ${name}" x="${px(x(from))}" y="${row.y}" width="${px(Math.max(2, x(to) - x(from)))}" height="${BAND}"/>`);
  return html`<text class="host-label ${name}" x="0" y="${y + 13}">${host}</text>
<text class="row-label" x="8" y="${shows.y + 12}">shows staked id</text><text class="row-label" x="8" y="${could.y + 12}">could vote</text><text class="row-label" x="8" y="${did.y + 12}">voted</text>
<path class="rail" d="M${GUTTER} ${shows.y + BAND / 2}H${px(x(run.end))}M${GUTTER} ${could.y + BAND / 2}H${px(x(run.end))}M${GUTTER} ${did.y + BAND / 2}H${px(x(run.end))}"/>
${drawn(shows, 'shows', ({ gossip, process }) => gossip && process !== 'down')}
${drawn(could, 'could', ({ voting, process }) => voting && process === 'running')}
${merged(spans.filter(({ process }) => process === 'down')).map(({ from, to }) => html`<rect class="down" x="${px(x(from))}" y="${shows.y}" width="${px(Math.max(2, x(to) - x(from)))}" height="${2 * BAND + 4}"/>${x(to) - x(from) < 40 ? null : chip('down', x(from) + 4, shows.y, 'state-label')}`)}
${merged(spans.filter(({ process }) => process === 'frozen')).map(({ from, to }) => html`<rect class="down frozen" x="${px(x(from))}" y="${could.y}" width="${px(Math.max(2, x(to) - x(from)))}" height="${BAND}"/>${x(to) - x(from) < 50 ? null : chip('frozen', x(from) + 4, could.y, 'state-label')}`)}
${voteMarks(run, host, did.y + BAND / 2, x)}`;
}

interface StateSpan {
  readonly from: number;
  readonly to: number;
  readonly process: 'starting' | 'running' | 'frozen' | 'down';
  readonly gossip: boolean;
  readonly voting: boolean;
}

/** The states of a host, one after the other. */
export function stateSpans({ story, end }: DrawnRun, host: string): StateSpan[] {
  const { holders } = story;
  return holders.flatMap(({ t, hosts }, i) => {
    const state = hosts.find((candidate) => candidate.host === host);
    return state === undefined ? [] : [{ from: t, to: holders[i + 1]?.t ?? end, process: state.process, gossip: state.gossip, voting: state.voting }];
  });
}

function merged(spans: readonly { readonly from: number; readonly to: number }[]): { from: number; to: number }[] {
  const whole: { from: number; to: number }[] = [];
  for (const { from, to } of spans) {
    const last = whole.at(-1);
    if (last !== undefined && last.to === from) last.to = to;
    else whole.push({ from, to });
  }
  return whole;
}

/** Marks of one place are drawn once: within a fold a thousand votes may fall on a few pixels. */
function voteMarks(run: DrawnRun, host: string, y: number, x: (t: number) => number): Markup[] {
  const drawn = new Set<string>();
  const marks: Markup[] = [];
  const late: Markup[] = [];
  for (const vote of run.votes) {
    if (vote.host !== host) continue;
    const at = x(vote.t);
    const key = `${Math.round(at / 3)} ${vote.fate}`;
    const lead = vote.role === 'earlier' || vote.role === 'later';
    if (!lead && drawn.has(key)) continue;
    drawn.add(key);
    (lead ? late : marks).push(html`${hostMark(run.hosts, host, at, y, lead ? 6.5 : 4, `${vote.staked ? 'staked' : 'other'} ${classOf(vote)} ${lead ? 'lead' : ''}`, html`<title>${wordsOf(vote)}</title>`)}${vote.fate === 'not landed' ? cross(at, y, 3, '') : null}`);
  }
  return [...marks, ...late];
}

/** Class of what became of a vote. */
export function classOf(vote: DrawnVote): string {
  return vote.fate === 'not landed' ? 'lost' : vote.fate;
}

/** "vote 11 of inactive for slot 1005: refused in 1006, ConfirmationRollBack" */
export function wordsOf({ id, host, slot, fate, bank, error }: DrawnVote): string {
  return `vote ${id} of ${host} for slot ${slot}: ${fate}${bank === null ? '' : ` in ${bank}`}${error === null ? '' : `, ${error}`}`;
}

/** Where more than one host could vote: the hazard itself. */
function together(run: DrawnRun, x: (t: number) => number, top: number, height: number): Markup[] {
  const { holders } = run.story;
  const spans = holders.flatMap(({ t, hosts }, i) =>
    hosts.filter(({ voting, process }) => voting && process === 'running').length > 1 ? [{ from: t, to: holders[i + 1]?.t ?? run.end }] : []);
  return merged(spans).map(({ from, to }) => html`<rect class="clash" x="${px(x(from))}" y="${top}" width="${px(Math.max(3, x(to) - x(from)))}" height="${height - top - 4}"><title>more than one could vote</title></rect>`);
}

function ticks(run: DrawnRun, axis: FoldAxis, x: (t: number) => number, height: number): Markup {
  let last = -Infinity;
  const marks: Markup[] = [];
  for (const event of run.events) {
    if (event.type !== 'block' && event.type !== 'skipped') continue;
    const at = x(event.t);
    if (axis.pieces.some((piece) => piece.folded && event.t > piece.from && event.t < piece.to)) continue;
    marks.push(html`<path class="grid" d="M${px(at)} 24V${height}"/>`);
    if (at < last + 46) continue;
    last = at;
    marks.push(html`<text class="tick-label" x="${px(at)}" y="14" text-anchor="middle">${event.slot}</text>`);
  }
  return html`<g class="axis"><text class="row-label" x="0" y="14">slot</text>${marks}${axis.pieces.map((piece) => (piece.folded ? html`<rect class="folded" x="${px(GUTTER + piece.x)}" y="24" width="${px(piece.width)}" height="${height - 24}"/>${foldSign(GUTTER + piece.x, piece.width, 20)}` : null))}</g>`;
}

function labelOf(run: DrawnRun): string {
  return run.hosts.map((host) => {
    const could = merged(stateSpans(run, host).filter(({ voting, process }) => voting && process === 'running'));
    const votes = run.votes.filter((vote) => vote.host === host);
    const refused = votes.filter(({ fate }) => fate === 'refused').length;
    const when = could.map(({ from, to }) => `from slot ${run.slotAt(from)} to ${to >= run.end ? 'the end' : `slot ${run.slotAt(to)}`}`).join(', and ');
    return `${host} could vote with the staked identity ${when === '' ? 'never' : when}; it sent ${votes.length} votes, ${refused} were refused.`;
  }).join(' ');
}
