/** The worker's side of an exhaustive search. */
import { parentPort, workerData } from 'node:worker_threads';
import { STOP, searchPart } from './exhaustive.ts';
import type { Job, SearchOrder } from './exhaustive.ts';
import type { Memory } from './search.ts';

/** Stretches between two looks at the memory. */
const LOOK = 256;

const order = workerData as SearchOrder;
const { stop, heapMiB } = order;
const memory: Memory = new Map();
let stretches = 0;

function isOver(): boolean {
  if (++stretches % LOOK === 0 && process.memoryUsage().heapUsed > heapMiB * 2 ** 20) Atomics.compareExchange(stop, 0, STOP.not, STOP.memory);
  return Atomics.load(stop, 0) !== STOP.not;
}

parentPort?.on('message', ({ part, place }: Job) => {
  const result = searchPart(order, part, isOver, memory);
  parentPort?.postMessage({ ...result, place, heapMiB: process.memoryUsage().heapUsed / 2 ** 20 });
});
