/** The worker's side of the pool. */
import { parentPort, workerData } from 'node:worker_threads';
import { summarize } from './run-spec.ts';
import type { RunSpec, Subject } from './run-spec.ts';

const subject = workerData as Subject;
parentPort?.on('message', (specs: readonly RunSpec[]) => {
  parentPort?.postMessage(specs.map((spec) => summarize(subject, spec)));
});
