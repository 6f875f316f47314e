/** Procedures side by side: what each survives, and what each costs in slots without a vote. */
import type { Result } from '../model/verdict.ts';
import { number, plural } from './count.ts';
import { COLUMNS, bullet, wrap } from './wrap.ts';

/** One procedure, searched within bounds. */
export interface Compared {
  readonly name: string;
  readonly agave: string;
  readonly slotMs: number;
  /** Slots without an accepted vote, without faults; and at worst. */
  readonly downtime: number;
  readonly worstDowntime: number;
  readonly schedules: number;
  readonly violated: number;
  /** Left without exactly one voter. */
  readonly dead: number;
  readonly exhausted: boolean;
  readonly result: Result;
  /** Kinds of faults that there are in its world. */
  readonly kinds: number;
  /** Kinds of faults under which it was violated; "fork", "no fault". */
  readonly violating: readonly string[];
  /** Kinds of faults under which nobody votes in the end. */
  readonly silencing: readonly string[];
}

/** The table, in the order given, then under which faults each breaks, then the bounds. No line is longer than 80 columns. */
export function compareLines(rows: readonly Compared[], faults: number, bounds: readonly string[]): string[] {
  const width = Math.max('procedure'.length, ...rows.map(({ name }) => name.length));
  const line = (name: string, cells: readonly string[]) => `${name.padEnd(width)}${cells.map((cell) => cell.padStart(9)).join('')}`;
  return [
    ...wrap(`${plural(rows.length, 'procedure')}, each with every combination of at most ${plural(faults, 'fault')} within one set of bounds`, COLUMNS, 2),
    '',
    line('', ['sched-', '', 'not one', 'slots', 'without']),
    line('procedure', ['ules', 'violated', 'voter', 'no fault', 'at worst']),
    ...rows.map((row) => line(row.name, [number(row.schedules), number(row.violated), number(row.dead), String(row.downtime), String(row.worstDowntime)])),
    ...rows.flatMap(told),
    '',
    'Bounds',
    ...bounds.flatMap(bullet),
    ...bullet('every fault is counted alike, however often it happens in truth; a start of a validator takes 20 s here'),
  ];
}

function told({ name, agave, slotMs, downtime, exhausted, result, kinds, violating, silencing, violated }: Compared): string[] {
  const seconds = ((downtime * slotMs) / 1000).toFixed(1);
  const list = (what: string, under: readonly string[]) => wrap(`  ${what}: ${under.length === 0 ? 'under none of them' : under.join(', ')}`, COLUMNS, 4);
  return [
    '',
    ...wrap(`${name}, Agave ${agave}: ${plural(downtime, 'slot')} (${seconds} s) without a vote when nothing fails; ${kinds} kinds of faults${exhausted ? '' : '; the search was stopped before its end'}`, COLUMNS, 2),
    ...(result === 'unknown' && violated === 0 ? ['  not judged: something is unknown'] : []),
    ...list('violated', violating),
    ...list('nobody votes in the end', silencing),
  ];
}
