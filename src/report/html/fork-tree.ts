/** The blocks and their forks on a slot axis, each block with the votes of each host for it. */
import { wordsOf, classOf } from './bands.ts';
import type { BlockEvent, DrawnRun, DrawnVote } from './drawn-run.ts';
import { foldAxis, onAxis } from './fold-axis.ts';
import { interestOf, withinRoom } from './interest.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import { cross, foldSign, hostClass, hostMark, px } from './shapes.ts';

const LANE = 74;
const BLOCK = 8;
const MOST_SLOTS = 70;

/** The tree, at least `width` pixels wide; `data-t` of a block or vote is when it came to be. */
export function forkTree(run: DrawnRun, width: number): Markup | null {
  const { blocks, story } = run;
  const [first] = blocks;
  if (first === undefined) return null;
  const slots = blocks.map(({ slot }) => slot);
  const room = withinRoom(run, interestOf(run), MOST_SLOTS);
  const losing = new Set(story.forks.losing);
  const points = [
    ...room.map(({ t }) => run.slotAt(t)),
    ...(story.conflict === null ? [] : [story.conflict.earlier.slot, story.conflict.later.slot]),
    ...blocks.flatMap(({ slot, hash }) => (losing.has(hash) ? [slot] : [])).slice(0, MOST_SLOTS),
  ];
  const [from, to] = [Math.min(...slots) - 0.6, Math.max(...slots) + 0.6];
  const axis = foldAxis({ from, to, points, margin: 1.5, fold: 5, foldWidth: 48, width: width - 90, leastScale: 22, greatestScale: 44 });
  const x = (slot: number): number => 76 + onAxis(axis, slot);
  const shown = (slot: number): boolean => axis.pieces.some((piece) => !piece.folded && slot >= piece.from && slot <= piece.to);
  const lanes = lanesOf(blocks, losing);
  const y = (block: BlockEvent): number => 62 + lanes.get(block)! * LANE;
  const height = 62 + Math.max(...lanes.values()) * LANE + 52;
  const byName = new Map(blocks.map((block) => [`${block.slot} ${block.hash}`, block]));
  const votes = votesByBlock(run.votes);
  const total = Math.ceil(axis.width + 90);
  return html`<svg class="picture forks" role="img" aria-label="${labelOf(run, losing.size)}" viewBox="0 0 ${total} ${height}" width="${total}" height="${height}">
<g class="axis"><text class="row-label" x="0" y="14">slot</text>${axis.pieces.map((piece) => (piece.folded ? html`<text class="tick-label" x="${px(76 + piece.x + piece.width / 2)}" y="14" text-anchor="middle">…</text>${foldSign(76 + piece.x, piece.width, 62)}` : null))}
${slotLabels([...(story.conflict === null ? [] : [story.conflict.later.slot, story.conflict.earlier.slot]), ...axis.pieces.flatMap((piece) => (piece.folded ? [] : range(Math.ceil(piece.from), Math.floor(piece.to))))], x)}</g>
${run.hosts.slice(0, 2).map((host, i) => html`<text class="row-label ${hostClass(run.hosts, host)}" x="0" y="${62 + (i === 0 ? -20 : 28)}">${host}</text>`)}<text class="row-label" x="0" y="66">blocks</text>
${blocks.map((block) => {
  const parent = byName.get(`${block.parent} ${block.parentHash}`);
  if (parent === undefined || (!shown(block.slot) && !shown(parent.slot)) || (run.blocks.length > 200 && !shown(block.slot))) return null;
  const [px1, py1, px2, py2] = [x(parent.slot), y(parent), x(block.slot), y(block)];
  if (px2 - px1 < 3) return null;
  return py1 === py2 ? html`<path class="branch" d="M${px(px1)} ${py1}H${px(px2)}"/>` : html`<path class="branch" d="M${px(px1)} ${py1}C${px((px1 + px2) / 2)} ${py1} ${px((px1 + px2) / 2)} ${py2} ${px(px2)} ${py2}"/>`;
})}
${blocks.filter(({ slot }) => shown(slot)).map((block) => html`<rect class="block ${losing.has(block.hash) ? 'losing' : ''}" data-t="${block.t}" x="${px(x(block.slot) - BLOCK)}" y="${y(block) - BLOCK}" width="${BLOCK * 2}" height="${BLOCK * 2}"><title>block ${block.slot}${losing.has(block.hash) ? ', on the losing fork' : ''}</title></rect>${votesOn(run, votes.get(`${block.slot} ${block.hash}`) ?? [], x(block.slot), y(block))}`)}
${homeless(run, byName, x, shown, height)}
</svg>`;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/** Numbers where there is room, the first ones first. */
function slotLabels(slots: readonly number[], x: (slot: number) => number): Markup[] {
  const taken: number[] = [];
  return slots.flatMap((slot) => {
    if (taken.some((at) => Math.abs(at - x(slot)) < String(slot).length * 7 + 6)) return [];
    taken.push(x(slot));
    return [html`<text class="tick-label" x="${px(x(slot))}" y="14" text-anchor="middle">${slot}</text>`];
  });
}

/** Lane 0 is the winning fork; each losing branch takes the first lane that is free where it lies. */
function lanesOf(blocks: readonly BlockEvent[], losing: ReadonlySet<string>): ReadonlyMap<BlockEvent, number> {
  const lanes = new Map<BlockEvent, number>();
  const byHash = new Map<string, number>();
  const ends: number[] = [];
  for (const block of [...blocks].sort((a, b) => a.slot - b.slot)) {
    let lane = 0;
    if (losing.has(block.hash)) {
      const above = byHash.get(`${block.parent} ${block.parentHash}`) ?? 0;
      if (above > 0 && ends[above]! < block.slot) lane = above;
      else {
        const free = ends.findIndex((end, i) => i > 0 && end < block.slot - 1);
        lane = free > 0 ? free : Math.max(1, ends.length);
      }
    }
    ends[lane] = block.slot;
    lanes.set(block, lane);
    byHash.set(`${block.slot} ${block.hash}`, lane);
  }
  return lanes;
}

function votesByBlock(votes: readonly DrawnVote[]): ReadonlyMap<string, DrawnVote[]> {
  const byBlock = new Map<string, DrawnVote[]>();
  for (const vote of votes) {
    const name = `${vote.slot} ${vote.hash}`;
    const known = byBlock.get(name);
    if (known === undefined) byBlock.set(name, [vote]);
    else if (!known.some(({ host, fate }) => host === vote.host && fate === vote.fate)) known.push(vote);
  }
  return byBlock;
}

/** The first host's votes above the block, the second's below. */
function votesOn(run: DrawnRun, votes: readonly DrawnVote[], x: number, y: number): Markup[] {
  return run.hosts.flatMap((host, place) => {
    const own = votes.filter((vote) => vote.host === host);
    const lead = own.find(({ role }) => role === 'earlier' || role === 'later');
    const vote = lead ?? own.find(({ fate }) => fate === 'accepted') ?? own[0];
    if (vote === undefined) return [];
    const at = place % 2 === 0 ? y - 24 - 14 * (place >> 1) : y + 24 + 14 * (place >> 1);
    const words = lead?.role;
    return [html`<g data-t="${vote.t}">${hostMark(run.hosts, host, x, at, lead === undefined ? 5.5 : 7.5, `${vote.staked ? 'staked' : 'other'} ${classOf(vote)} ${lead === undefined ? '' : 'lead'}`, html`<title>${wordsOf(vote)}</title>`)}${vote.fate === 'not landed' ? cross(x, at, 3.5, '') : null}${words == null ? null : html`<text class="small strong bad" x="${px(x)}" y="${place % 2 === 0 ? at - 12 : at + 22}" text-anchor="middle">${words}</text>`}</g>`];
  });
}

/** Votes for blocks that the trace does not have. */
function homeless(run: DrawnRun, known: ReadonlyMap<string, BlockEvent>, x: (slot: number) => number, shown: (slot: number) => boolean, height: number): Markup[] {
  return run.votes.filter(({ slot, hash }) => !known.has(`${slot} ${hash}`) && shown(slot)).slice(0, 60)
    .map((vote) => html`<g data-t="${vote.t}">${hostMark(run.hosts, vote.host, x(vote.slot), height - 12, 5, `staked ${classOf(vote)}`, html`<title>${wordsOf(vote)}; the trace has no such block</title>`)}</g>`);
}

function labelOf({ blocks, votes, hosts }: DrawnRun, losing: number): string {
  const forks = losing === 0 ? 'no fork' : `${losing} of them on losing forks`;
  return `The fork tree: ${blocks.length} blocks, ${forks}. ${hosts.map((host) => `${host} voted for ${new Set(votes.filter((vote) => vote.host === host).map(({ slot, hash }) => `${slot} ${hash}`)).size} of them`).join('; ')}.`;
}
