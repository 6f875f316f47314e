/**
 * Runs many specs and summarizes each, on worker threads where there are any. Results stand in the order of the specs,
 * whatever the number of workers.
 */
import { Worker } from 'node:worker_threads';
import { summarize } from './run-spec.ts';
import type { RunSpec, RunSummary, Subject } from './run-spec.ts';

/** Specs handed to a worker at once. */
const CHUNK = 32;

export interface Job {
  readonly index: number;
  readonly specs: readonly RunSpec[];
}

export interface Answer {
  readonly index: number;
  readonly summaries: readonly RunSummary[];
}

/** Workers need compiled JavaScript; from sources the runs stay in this thread. */
const COMPILED = import.meta.url.endsWith('.js');

/** One summary a spec. `onProgress` is told how many are done. Rejects when a run throws. */
export async function summarizeAll(subject: Subject, specs: readonly RunSpec[], workers: number, onProgress: (done: number) => void): Promise<RunSummary[]> {
  if (workers <= 1 || !COMPILED) return summarizeHere(subject, specs, onProgress);
  const results = Array.from<RunSummary>({ length: specs.length });
  let next = 0;
  let done = 0;
  const job = (): Job | null => {
    if (next >= specs.length) return null;
    const index = next;
    next += CHUNK;
    return { index, specs: specs.slice(index, index + CHUNK) };
  };
  await Promise.all(Array.from({ length: workers }, () => new Promise<void>((resolve, reject) => {
    const worker = new Worker(new URL('./pool-worker.js', import.meta.url), { workerData: subject });
    const give = () => {
      const work = job();
      if (work !== null) return worker.postMessage(work);
      resolve();
      void worker.terminate();
    };
    worker.on('message', ({ index, summaries }: Answer) => {
      summaries.forEach((summary, i) => {
        results[index + i] = summary;
      });
      done += summaries.length;
      onProgress(done);
      give();
    });
    worker.on('error', reject);
    give();
  })));
  return results;
}

async function summarizeHere(subject: Subject, specs: readonly RunSpec[], onProgress: (done: number) => void): Promise<RunSummary[]> {
  const results: RunSummary[] = [];
  for (const spec of specs) {
    results.push(summarize(subject, spec));
    if (results.length % CHUNK === 0) {
      onProgress(results.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  onProgress(results.length);
  return results;
}
