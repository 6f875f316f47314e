/**
 * The towers of the hosts beside each other at an instant, as a table: a row a slot, newest first. Also runs in the page,
 * so it imports nothing but types and markup.
 */
import { html } from './markup.ts';
import type { Markup } from './markup.ts';

/** [time, what shows it, root (−1: none), stack as [oldest slot, its count, number of slots]]. */
export type TowerState = readonly [t: number, from: string, root: number, stack: readonly (readonly [number, number, number])[]];

interface Held {
  readonly count: number;
  /** Last slot that is locked out. */
  readonly end: number;
}

/** Rows that all towers have in the same way are folded beyond this many. */
const COMMON_ROWS = 2;
const LONE_ROWS = 8;

/** `states`: of each host, null while nothing is known of its tower. `all`: fold nothing. */
export function towerTable(hosts: readonly string[], states: readonly (TowerState | null)[], all: boolean): Markup {
  const towers = states.map((state) => new Map(state === null ? [] : stackOf(state)));
  const slots = [...new Set(towers.flatMap((tower) => [...tower.keys()]))].sort((a, b) => b - a);
  const [first = '', ...others] = hosts;
  const head = (host: string, place: number): Markup => html`<th scope="col" class="tower-head ${place === 0 ? 'left' : ''} h${place % 4}">${host}<span class="from">${states[place]?.[1] ?? 'no tower seen yet'}</span></th>`;
  return html`<table class="towers"><caption class="sr">Towers at this instant, newest slot first</caption>
<thead><tr>${head(first, 0)}<th scope="col" class="slot">slot</th>${others.map((host, i) => head(host, i + 1))}</tr></thead>
<tbody>${slots.length === 0 ? html`<tr><td colspan="${hosts.length + 1}" class="quiet">No tower is known at this instant.</td></tr>` : groups(slots, towers, states.map((state) => state?.[2] ?? -1), all).map((group) => (group.length === 1 ? row(group[0]!, towers, states) : folded(group, towers)))}
<tr class="roots">${towers.map((_, place) => (place === 0 ? html`<td class="left quiet">root ${rootOf(states[0])}</td><th scope="row" class="slot quiet">root</th>` : html`<td class="quiet">root ${rootOf(states[place])}</td>`))}</tr></tbody></table>`;
}

function rootOf(state: TowerState | null | undefined): string {
  return state == null ? '–' : state[2] < 0 ? 'none' : String(state[2]);
}

function stackOf([, , , stack]: TowerState): [number, Held][] {
  return stack.flatMap(([slot, count, length]) => Array.from({ length }, (_, i): [number, Held] => {
    const confirmations = count - i;
    return [slot + i, { count: confirmations, end: slot + i + 2 ** Math.min(31, confirmations) }];
  }));
}

/** Neighbours that every tower holds, or only one does, are folded when there are many; the newest of them stay. */
function groups(slots: readonly number[], towers: readonly ReadonlyMap<number, Held>[], roots: readonly number[], all: boolean): number[][] {
  // A slot at or below a root has left that tower rightly.
  const holders = (slot: number): string => towers.map((tower, i) => (tower.has(slot) ? '1' : slot <= roots[i]! ? 'r' : '0')).join('');
  const grouped: number[][] = [];
  for (let i = 0; i < slots.length; ) {
    let end = i + 1;
    while (end < slots.length && holders(slots[end]!) === holders(slots[i]!)) end++;
    const run = slots.slice(i, end);
    const keep = holders(slots[i]!).includes('0') ? LONE_ROWS : COMMON_ROWS;
    if (all || run.length <= keep + 2) grouped.push(...run.map((slot) => [slot]));
    else grouped.push(...run.slice(0, keep - 1).map((slot) => [slot]), run.slice(keep - 1, -1), [run.at(-1)!]);
    i = end;
  }
  return grouped;
}

function row(slot: number, towers: readonly ReadonlyMap<number, Held>[], states: readonly (TowerState | null)[]): Markup {
  const cells = towers.map((tower, place) => {
    const held = tower.get(slot);
    const side = place === 0 ? 'left' : '';
    if (held !== undefined) return html`<td class="${side}"><span class="bar h${place % 4}" style="--count:${held.count}"></span><span class="count">${held.count}</span><span class="through">through ${held.end}</span></td>`;
    const broken = brokenAt(slot, place, towers, states);
    return broken === null ? html`<td class="${side} quiet">–</td>` : html`<td class="${side} lacks">lacks ${slot}: locked out through ${broken.end}, yet holds ${broken.next}</td>`;
  });
  return html`<tr>${cells[0]}<th scope="row" class="slot">${slot}</th>${cells.slice(1)}</tr>`;
}

/** The lockout of another tower on a slot that this tower lacks while its next slot lies within it; null for none. */
function brokenAt(slot: number, place: number, towers: readonly ReadonlyMap<number, Held>[], states: readonly (TowerState | null)[]): { end: number; next: number } | null {
  const state = states[place];
  if (state == null || slot <= state[2]) return null;
  const next = Math.min(...[...towers[place]!.keys()].filter((own) => own > slot));
  const end = Math.max(...towers.map((tower) => tower.get(slot)?.end ?? -1));
  return next <= end ? { end, next } : null;
}

function folded(group: readonly number[], towers: readonly ReadonlyMap<number, Held>[]): Markup {
  const cell = (tower: ReadonlyMap<number, Held>, side: string): Markup => (tower.has(group[0]!)
    ? html`<td class="${side} quiet">counts ${tower.get(group[0]!)!.count}–${tower.get(group.at(-1)!)!.count}</td>`
    : html`<td class="${side} quiet">–</td>`);
  return html`<tr class="folded">${cell(towers[0]!, 'left')}<th scope="row" class="slot">${group.length} slots</th>${towers.slice(1).map((tower) => cell(tower, ''))}</tr>`;
}
