/** An exhaustive search, or a sample, within a budget of time and memory. */
import { STOP, searchAll } from '../explore/exhaustive.ts';
import type { ExhaustiveOptions, ExhaustiveSearch } from '../explore/exhaustive.ts';
import type { Subject } from '../explore/run-spec.ts';

/** Memory of all threads together, unless it is given. */
const MEMORY_MIB = 4096;

/** Searches until the end or for so many seconds. */
export async function searchWithin(subject: Subject, seconds: number | undefined, options: Omit<ExhaustiveOptions, 'stop' | 'memoryMiB'>, memoryMiB = MEMORY_MIB): Promise<ExhaustiveSearch> {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const timer = seconds === undefined ? undefined : setTimeout(() => Atomics.compareExchange(stop, 0, STOP.not, STOP.time), seconds * 1000);
  try {
    return await searchAll(subject, { ...options, stop, memoryMiB });
  } finally {
    clearTimeout(timer);
  }
}
