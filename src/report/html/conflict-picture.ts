/**
 * The arithmetic of a conflict between two votes, drawn on a slot axis: the earlier vote's stack with the lockout that it
 * set, and below it the later vote's stack that breaks it.
 */
import { lastLockedOutSlot } from '../../model/lockout.ts';
import type { Conflict, VoteOfConflict } from '../document/story-schema.ts';
import { partingOf } from './conflict-forks.ts';
import type { Parting } from './conflict-forks.ts';
import type { DrawnRun } from './drawn-run.ts';
import { foldAxis, onAxis } from './fold-axis.ts';
import type { FoldAxis } from './fold-axis.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import { cross, foldSign, hostClass, hostMark, px } from './shapes.ts';

/** Vertical places, from the top. */
const TITLE_A = 14;
const STACK_A = 42;
const BAR_WORDS = 76;
const BAR = 84;
const BAR_HEIGHT = 22;
const CONFLICT_WORDS = 130;
const TITLE_B = 158;
const STACK_B = 186;
const MISSING_WORDS = 217;
const LOWER_WORDS = 218;
const LOWER_BAR = 226;

interface Canvas {
  readonly run: DrawnRun;
  readonly conflict: Conflict;
  readonly width: number;
  readonly axis: FoldAxis;
  readonly x: (slot: number) => number;
  /** Radius of a vote in a stack; numbers are written from 9 on. */
  readonly radius: number;
  readonly parting: Parting | null;
}

/** The picture, `width` pixels wide; a narrow one shows the same with less around it. */
export function conflictPicture(run: DrawnRun, conflict: Conflict, width: number): Markup {
  const canvas = canvasOf(run, conflict, width);
  const { lockout } = conflict;
  const broken = lockout === null ? withoutLockout(canvas) : lockout.within === null ? shorterLockout(canvas, lockout) : withinLockout(canvas, lockout, lockout.within);
  const height = broken.height + 34 + (broken.below ?? 0);
  return html`<svg class="picture conflict" role="img" aria-label="${labelOf(run, conflict)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
${slotAxis(canvas, broken.height, broken.named)}
${canvas.parting === null ? null : branches(canvas, canvas.parting)}
${broken.drawn}
</svg>`;
}

interface Drawn {
  readonly drawn: Markup;
  /** Down to the axis; `below`: room beneath its numbers. */
  readonly height: number;
  readonly below?: number;
  /** Slots whose numbers must stand at the axis, the most important first. */
  readonly named: readonly number[];
}

function canvasOf(run: DrawnRun, conflict: Conflict, width: number): Canvas {
  const { earlier, later, lockout } = conflict;
  // Where the stack alone is broken, forks would only distract.
  const parting = lockout !== null && lockout.otherFork !== true ? null : partingOf(run, earlier, later);
  const roots = run.story.kind === 'root-went-back' ? [earlier.root ?? 0, later.root ?? 0] : [];
  const laterEnd = lockout?.within === null ? shorterEnd(later, lockout.slot) : null;
  const points = [
    earlier.slot, later.slot, ...roots,
    ...(lockout === null ? [] : [lockout.slot, lockout.end, ...(lockout.within === null ? [] : [lockout.within])]),
    ...(laterEnd === null ? [] : [laterEnd]),
    ...(parting === null ? [] : [parting.first[0]!, parting.second[0]!, ...(parting.ancestor === null ? [] : [parting.ancestor])]),
  ];
  const margin = 1.5;
  const axis = foldAxis({
    from: Math.min(...points) - margin, to: Math.max(...points) + margin,
    points, margin, fold: width > 600 ? 6 : 3, foldWidth: width > 600 ? 40 : 28,
    width: width - 2, leastScale: 5, greatestScale: 90,
  });
  return { run, conflict, width, axis, x: (slot) => 1 + onAxis(axis, slot), radius: Math.min(12, axis.scale * 0.4), parting };
}

/** A vote of the later stack, or the later vote itself, lies within a lockout that it does not respect. */
function withinLockout(canvas: Canvas, lockout: NonNullable<Conflict['lockout']>, within: number): Drawn {
  const { conflict: { earlier, later }, run, x, axis } = canvas;
  const { slot, confirmationCount, end } = lockout;
  const column = x(within);
  const half = Math.max(5, axis.scale / 2);
  const beside = column > canvas.width / 2;
  const held = later.stack.some((vote) => vote.slot === slot);
  const missing = lockout.otherFork === true && canvas.parting !== null ? `slot ${slot} is not on this fork` : held ? '' : `${slot} is missing here`;
  return {
    height: 230,
    named: [within, end, slot, later.slot, earlier.slot, end + 1],
    drawn: html`
<rect class="clash" x="${px(column - half)}" y="${BAR}" width="${px(half * 2)}" height="${STACK_B - BAR + 22}"/>
${lane(canvas, earlier, 'earlier', TITLE_A, STACK_A, { strong: [slot] })}
${lockoutBar(canvas, earlier.host, { slot, confirmationCount, end }, BAR_WORDS, BAR)}
<rect class="clash-on" x="${px(column - half)}" y="${BAR}" width="${px(half * 2)}" height="${BAR_HEIGHT}"/>
${words(canvas, `${within} ≤ ${end}: still locked out`, beside ? column - half - 6 : column + half + 6, CONFLICT_WORDS, 'bad strong', beside ? 'end' : 'start')}
${lane(canvas, later, 'later', TITLE_B, STACK_B, { strong: [within], lacking: missing === '' || held ? [] : lackingIn(canvas), worst: slot })}
${missing === '' ? null : words(canvas, missing, x(slot), MISSING_WORDS, 'bad', 'middle')}
<title>${run.story.title}</title>`,
  };
}

/** The later vote gives the slot a smaller count, and so a shorter lockout. */
function shorterLockout(canvas: Canvas, { slot, confirmationCount, end }: NonNullable<Conflict['lockout']>): Drawn {
  const { conflict: { earlier, later }, x } = canvas;
  const shorter = shorterEnd(later, slot)!;
  const count = later.stack.find((vote) => vote.slot === slot)!.confirmationCount;
  const from = x(shorter + 0.5);
  return {
    height: 264,
    named: [end, shorter, slot, later.slot, earlier.slot],
    drawn: html`
${lane(canvas, earlier, 'earlier', TITLE_A, STACK_A, { strong: [slot] })}
${lockoutBar(canvas, earlier.host, { slot, confirmationCount, end }, BAR_WORDS, BAR)}
${words(canvas, `count ${count} < ${confirmationCount}: the lockout became shorter`, (from + x(end)) / 2, CONFLICT_WORDS, 'bad strong', 'middle')}
${lane(canvas, later, 'later', TITLE_B, STACK_B, { strong: [slot] })}
${lockoutBar(canvas, later.host, { slot, confirmationCount: count, end: shorter }, LOWER_WORDS, LOWER_BAR)}
<rect class="clash" x="${px(from)}" y="${BAR}" width="${px(Math.max(2, x(end + 0.5) - from))}" height="${LOWER_BAR + BAR_HEIGHT - BAR}"/>`,
  };
}

/** Two blocks of one slot, a root that went back, or a switch without proof. */
function withoutLockout(canvas: Canvas): Drawn {
  const { conflict: { earlier, later }, run, x } = canvas;
  const lanes = (strong: readonly number[]): Markup => html`${lane(canvas, earlier, 'earlier', TITLE_A, STACK_A, { strong })}${lane(canvas, later, 'later', TITLE_B, STACK_B, { strong })}`;
  switch (run.story.kind) {
    case 'root-went-back': {
      const [from, to] = [x(earlier.root ?? 0), x(later.root ?? 0)];
      return {
        height: 226,
        named: [earlier.root ?? 0, later.root ?? 0, earlier.slot, later.slot],
        drawn: html`${lanes([])}
${root(canvas, earlier, from, STACK_A)}${root(canvas, later, to, STACK_B)}
<path class="arrow bad" marker-end="url(#tip-bad)" d="M${px(from)} ${STACK_A + 16}C${px(from)} ${(STACK_A + STACK_B) / 2} ${px(to)} ${(STACK_A + STACK_B) / 2} ${px(to)} ${STACK_B - 16}"/>
${words(canvas, `root ${earlier.root ?? 'none'}, then ${later.root ?? 'none'}: it went back`, (from + to) / 2 + 14, (STACK_A + STACK_B) / 2 + 4, 'bad strong', 'start')}`,
      };
    }
    case 'switch-without-proof': {
      const stake = run.events[later.event];
      const shown = stake?.type === 'vote' ? (stake.switchStake ?? 0) : 0;
      return {
        height: 214,
        below: 44,
        named: [earlier.slot, later.slot, ...(canvas.parting?.ancestor === null || canvas.parting === null ? [] : [canvas.parting.ancestor])],
        drawn: html`${lanes([earlier.slot, later.slot])}
${words(canvas, `slot ${earlier.slot} is not an ancestor of slot ${later.slot}`, x(later.slot), CONFLICT_WORDS - 24, 'bad strong', 'middle')}
${stakeGauge(canvas.width, shown)}`,
      };
    }
    default:
      return {
        height: 226,
        named: [earlier.slot, later.slot],
        drawn: html`<rect class="clash" x="${px(x(later.slot - 0.5))}" y="${STACK_A - 18}" width="${px(canvas.axis.scale)}" height="${STACK_B - STACK_A + 36}"/>${lanes([earlier.slot, later.slot])}
${words(canvas, `block ${short(earlier.hash)}`, x(earlier.slot) - canvas.radius - 8, STACK_A + 5, '', 'end')}
${words(canvas, `block ${short(later.hash)}`, x(later.slot) - canvas.radius - 8, STACK_B + 5, '', 'end')}
${words(canvas, `one slot, two blocks`, x(later.slot), (STACK_A + TITLE_B) / 2 + 4, 'bad strong', 'middle')}`,
      };
  }
}

function short(hash: string): string {
  return hash.length > 12 ? `${hash.slice(0, 6)}…${hash.slice(-4)}` : hash;
}

function root({ run }: Canvas, vote: VoteOfConflict, x: number, y: number): Markup {
  return html`<path class="root ${hostClass(run.hosts, vote.host)}" d="M${px(x - 11)} ${y + 12}V${y - 12}H${px(x + 11)}V${y + 12}Z"/><text class="count" x="${px(x)}" y="${y + 4}" text-anchor="middle">R</text>`;
}

/** The stake that was shown on other forks against the 38 % that a switch needs. */
function stakeGauge(width: number, shown: number): Markup {
  const length = Math.min(360, width - 20);
  const y = 272;
  const need = px(length * 0.38);
  return html`<g class="gauge"><rect class="rail" x="1" y="${y}" width="${length}" height="14"/><rect class="shown" x="1" y="${y}" width="${px(length * Math.min(1, shown))}" height="14"/><path class="need" d="M${need} ${y - 4}V${y + 18}"/><text class="small" x="1" y="${y - 8}">stake shown on other forks: ${px(shown * 100)} %, more than 38 % needed</text></g>`;
}

interface LaneOptions {
  /** Slots drawn with a heavy edge. */
  readonly strong: readonly number[];
  /** Slots of the earlier stack that this one lacks. */
  readonly lacking?: readonly number[];
  readonly worst?: number;
}

/** A vote's stack: each vote with its confirmation count; the newest one is the vote itself. */
function lane(canvas: Canvas, vote: VoteOfConflict, when: 'earlier' | 'later', titleY: number, y: number, { strong, lacking = [], worst }: LaneOptions): Markup {
  const { run, x, radius, axis } = canvas;
  const shown = vote.stack.filter(({ slot }) => isShown(axis, slot));
  return html`<text class="title" x="1" y="${titleY}"><tspan class="strong">${when} vote</tspan>: ${vote.host}, for slot ${vote.slot}</text>
${lacking.map((slot) => html`${hostMark(run.hosts, vote.host, x(slot), y, Math.max(4, radius - 1), slot === worst ? 'lacking worst' : 'lacking')}${slot === worst ? cross(x(slot), y, Math.max(3, radius * 0.45), 'bad') : null}`)}
${shown.map(({ slot, confirmationCount }) => html`${hostMark(run.hosts, vote.host, x(slot), y, radius, `${strong.includes(slot) ? 'strong' : ''} ${slot === vote.slot ? 'self' : 'below'}`)}${radius < 9 ? null : html`<text class="count ${slot === vote.slot ? 'self' : ''}" x="${px(x(slot))}" y="${y + 4}" text-anchor="middle">${confirmationCount}</text>`}`)}`;
}

function isShown(axis: FoldAxis, slot: number): boolean {
  return axis.pieces.some((piece) => !piece.folded && slot >= piece.from && slot <= piece.to);
}

function lackingIn({ conflict: { earlier, later }, axis }: Canvas): number[] {
  const held = new Set(later.stack.map(({ slot }) => slot));
  return earlier.stack.flatMap(({ slot }) => (slot > (later.root ?? -1) && !held.has(slot) && isShown(axis, slot) ? [slot] : []));
}

function lockoutBar(canvas: Canvas, host: string, { slot, confirmationCount, end }: { slot: number; confirmationCount: number; end: number }, wordsY: number, y: number): Markup {
  const { run, x } = canvas;
  const [from, to] = [x(slot - 0.5), x(end + 0.5)];
  const power = Math.min(31, confirmationCount);
  const sum = html`${slot} + 2<tspan class="power" dy="-5">${power}</tspan><tspan dy="5"> = ${slot} + ${end - slot} = ${end}</tspan>`;
  const plain = `locked out through ${slot} + 2${power} = ${slot} + ${end - slot} = ${end}`;
  const fits = from + widthOf(plain) < canvas.width;
  return html`<rect class="lockout ${hostClass(run.hosts, host)}" x="${px(from)}" y="${y}" width="${px(to - from)}" height="${BAR_HEIGHT}"/>
<text class="words" x="${px(fits ? Math.max(1, from) : canvas.width - 2)}" y="${wordsY}" text-anchor="${fits ? 'start' : 'end'}">locked out through ${sum}</text>`;
}

function shorterEnd(later: VoteOfConflict, slot: number): number | null {
  const vote = later.stack.find((candidate) => candidate.slot === slot);
  return vote === undefined ? null : lastLockedOutSlot(vote);
}

/** The chain of blocks in each lane from where the forks part. */
function branches({ x }: Canvas, { ancestor, first, second }: Parting): Markup {
  const from = ancestor === null ? 1 : x(ancestor);
  const one = x(first[0]!);
  const other = x(second[0]!);
  return html`<path class="branch" d="M1 ${STACK_A}H${px(x(first.at(-1)!))}"/>
<path class="branch" d="M${px(from)} ${STACK_A}C${px(from + 10)} ${STACK_B} ${px(Math.min(one, other) - 4)} ${STACK_B} ${px(other)} ${STACK_B}H${px(x(second.at(-1)!))}"/>
${ancestor === null ? null : html`<text class="small" x="${px(from > 110 ? from - 8 : from + 30)}" y="${from > 110 ? STACK_A + 30 : CONFLICT_WORDS - 8}" text-anchor="${from > 110 ? 'end' : 'start'}">fork after ${ancestor}</text>`}`;
}

/** The axis: a tick each slot, numbers where there is room, the named ones first. */
function slotAxis({ axis, x, width }: Canvas, y: number, named: readonly number[]): Markup {
  const slots = axis.pieces.flatMap((piece) => (piece.folded ? [] : Array.from({ length: Math.floor(piece.to) - Math.ceil(piece.from) + 1 }, (_, i) => Math.ceil(piece.from) + i)));
  const taken: { from: number; to: number }[] = [];
  const labelled = [...named, ...slots].filter((slot) => {
    if (slot < 0 || !isShown(axis, slot)) return false;
    const half = (String(slot).length * 7.4 + 8) / 2;
    const [from, to] = [x(slot) - half, x(slot) + half];
    if (from < -4 || to > width + 4 || taken.some((other) => from < other.to && to > other.from)) return false;
    taken.push({ from, to });
    return true;
  });
  const strong = new Set(named.slice(0, 3));
  return html`<g class="axis">${axis.pieces.map((piece) => (piece.folded ? foldSign(1 + piece.x, piece.width, y) : html`<path class="line" d="M${px(1 + piece.x)} ${y}H${px(1 + piece.x + piece.width)}"/>`))}
${slots.map((slot) => (slot < 0 ? null : html`<path class="tick" d="M${px(x(slot))} ${y}v5"/>`))}
${labelled.map((slot) => html`<text class="${strong.has(slot) ? 'tick-label strong' : 'tick-label'}" x="${px(x(slot))}" y="${y + 20}" text-anchor="middle">${slot}</text>`)}
</g>`;
}

function widthOf(text: string): number {
  return text.length * 7.7;
}

/** Words that stay within the picture, whatever they stand beside. */
function words({ width }: Canvas, text: string, x: number, y: number, classes: string, anchor: 'start' | 'middle' | 'end'): Markup {
  const length = widthOf(text);
  const start = anchor === 'start' ? x : anchor === 'middle' ? x - length / 2 : x - length;
  const [at, side] = start < 1 ? [1, 'start'] : start + length > width - 1 ? [width - 1, 'end'] : [x, anchor];
  return html`<text class="words ${classes}" x="${px(at)}" y="${y}" text-anchor="${side}">${text}</text>`;
}

function labelOf({ story }: DrawnRun, { earlier, later }: Conflict): string {
  return `The two votes on a slot axis. ${earlier.host} voted for slot ${earlier.slot}; ${later.host} voted for slot ${later.slot}. ${story.arithmetic.join('. ')}.`;
}
