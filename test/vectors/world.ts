/** Vectors told in prose that only a whole simulated world can answer, by name. */
import type { WorldExecutors } from './run.ts';

export const worldExecutors: WorldExecutors = {};
