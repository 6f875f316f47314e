/** The worker's side of an exhaustive search. */
import { parentPort, workerData } from 'node:worker_threads';
import { searchUnit } from './search.ts';
import type { Unit } from './search.ts';
import { STOP } from './exhaustive.ts';
import type { SearchOrder } from './exhaustive.ts';

/** Stretches between two looks at the memory. */
const LOOK = 256;

const { subject, bounds, most, stop, heapMiB } = workerData as SearchOrder;
let stretches = 0;

function isOver(): boolean {
  if (++stretches % LOOK === 0 && process.memoryUsage().heapUsed > heapMiB * 2 ** 20) Atomics.compareExchange(stop, 0, STOP.not, STOP.memory);
  return Atomics.load(stop, 0) !== STOP.not;
}

parentPort?.on('message', (unit: Unit) => {
  const result = searchUnit(subject, bounds, most, unit, isOver);
  parentPort?.postMessage({ ...result, heapMiB: process.memoryUsage().heapUsed / 2 ** 20 });
});
