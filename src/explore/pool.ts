/**
 * Runs many specs and summarizes each, on worker threads where there are any. Results stand in the order of the specs,
 * whatever the number of workers.
 */
import { Worker } from 'node:worker_threads';
import { summarize } from './run-spec.ts';
import type { RunSpec, RunSummary, Subject } from './run-spec.ts';

/** Specs handed to a worker at once. */
const CHUNK = 32;
/** Much is made and dropped in a run: a larger nursery saves copying. Three times a semi-space of 64 MiB. */
const YOUNG_MIB = 192;

/** Workers need compiled JavaScript; from sources everything runs in this thread. */
export const COMPILED: boolean = import.meta.url.endsWith('.js');

/**
 * Hands jobs to worker threads as they become free. The answers stand in the order of the jobs, whatever the number of
 * workers. `script`: a worker that answers each message with one. Rejects when a worker throws.
 */
export async function onWorkers<Job, Answer>(
  script: URL, data: unknown, jobs: readonly Job[], workers: number, onAnswer: (answer: Answer) => void, heapMiB?: number,
): Promise<Answer[]> {
  const answers = Array.from<Answer>({ length: jobs.length });
  let next = 0;
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MIB, ...(heapMiB === undefined ? {} : { maxOldGenerationSizeMb: heapMiB }) };
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, () => new Promise<void>((resolve, reject) => {
    const worker = new Worker(script, { workerData: data, resourceLimits });
    let at = -1;
    const give = () => {
      if (next < jobs.length) {
        at = next++;
        return worker.postMessage(jobs[at]);
      }
      resolve();
      void worker.terminate();
    };
    worker.on('message', (answer: Answer) => {
      answers[at] = answer;
      onAnswer(answer);
      give();
    });
    worker.on('error', reject);
    give();
  })));
  return answers;
}

/** One summary a spec. `onProgress` is told how many are done. Rejects when a run throws. */
export async function summarizeAll(subject: Subject, specs: readonly RunSpec[], workers: number, onProgress: (done: number) => void): Promise<RunSummary[]> {
  if (workers <= 1 || !COMPILED) return summarizeHere(subject, specs, onProgress);
  const chunks: (readonly RunSpec[])[] = [];
  for (let i = 0; i < specs.length; i += CHUNK) chunks.push(specs.slice(i, i + CHUNK));
  let done = 0;
  const answers = await onWorkers<readonly RunSpec[], RunSummary[]>(new URL('./pool-worker.js', import.meta.url), subject, chunks, workers, (answer) => {
    done += answer.length;
    onProgress(done);
  });
  return answers.flat();
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
