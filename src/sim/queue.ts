/**
 * The event queue: what happens next, by time and then by order of scheduling. A binary heap; integer µs.
 *
 * What is scheduled is a function that is told the world, and plain data (names, numbers, blocks): nothing in the queue
 * holds a part of a world, so a world can be copied together with what is still to come.
 */
import type { Micros } from '../model/trace.ts';
import type { HostName } from './host-name.ts';
import type { Validator } from './machine.ts';
import type { World } from './world.ts';

/** Done by the world itself. */
export type WorldAct<T> = (world: World, data: T) => void;

/** Done by a process: not when it has died, later when it is stopped. */
export type ProcessAct<T> = (world: World, validator: Validator, data: T) => void;

export interface Entry {
  readonly t: Micros;
  readonly order: number;
  /** The process that does it; null: the world. */
  readonly host: HostName | null;
  readonly pid: number;
  readonly act: WorldAct<never> | ProcessAct<never>;
  readonly data: unknown;
}

export interface Queue {
  readonly heap: Entry[];
  /** Order of the next entry. */
  order: number;
}

/** An empty queue. */
export function createQueue(): Queue {
  return { heap: [], order: 0 };
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.t < b.t || (a.t === b.t && a.order < b.order);
}

/** Schedules an act at time `t`; among equal times, first scheduled comes first. */
export function push(queue: Queue, t: Micros, host: HostName | null, pid: number, act: Entry['act'], data: unknown): void {
  const { heap } = queue;
  const entry: Entry = { t, order: queue.order++, host, pid, act, data };
  let i = heap.length;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!isBefore(entry, heap[parent]!)) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = entry;
}

/** The earliest entry, removed; undefined when the queue is empty. */
export function pop({ heap }: Queue): Entry | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  const size = heap.length;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= size) break;
    if (child + 1 < size && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, last)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return first;
}
