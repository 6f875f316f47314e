/** The worker's side of the table of mistakes. */
import { parentPort, workerData } from 'node:worker_threads';
import { doMutantsJob } from './mutants.ts';
import type { MutantsJob, MutantsOrder } from './mutants.ts';

const order = workerData as MutantsOrder;
parentPort?.on('message', (job: MutantsJob) => {
  parentPort?.postMessage(doMutantsJob(order, job));
});
