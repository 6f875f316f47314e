/** The worker's side of the pool. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Answer, Job } from './pool.ts';
import { summarize } from './run-spec.ts';
import type { Subject } from './run-spec.ts';

const subject = workerData as Subject;
parentPort?.on('message', ({ index, specs }: Job) => {
  const answer: Answer = { index, summaries: specs.map((spec) => summarize(subject, spec)) };
  parentPort?.postMessage(answer);
});
