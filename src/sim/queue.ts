/** The event queue: what happens next, by time and then by order of scheduling. A binary heap; integer µs. */
import type { Micros } from '../model/trace.ts';

interface Entry {
  readonly t: Micros;
  readonly order: number;
  readonly run: () => void;
}

export interface Queue {
  /** Schedules `run` at time `t`; among equal times, first scheduled runs first. */
  push(t: Micros, run: () => void): void;
  /** The earliest entry, removed; undefined when empty. */
  pop(): Entry | undefined;
}

/** An empty queue. */
export function createQueue(): Queue {
  const heap: Entry[] = [];
  let order = 0;

  function before(a: Entry, b: Entry): boolean {
    return a.t < b.t || (a.t === b.t && a.order < b.order);
  }

  function push(t: Micros, run: () => void): void {
    const entry = { t, order: order++, run };
    let i = heap.length;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = entry;
  }

  function pop(): Entry | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    const size = heap.length;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return first;
  }

  return { push, pop };
}
