/** How fast the cluster makes slots: a machine that is too slow for its validators can be told by it, and nothing be said of the model. */
import type { Connection } from '@solana/web3.js';

/** Seconds for a slot above which a run says nothing: twice the 0.4 s that the clock of the cluster wants. */
export const SLOWEST = 0.8;

/** What could not be done, by a machine that makes slots too slowly. */
export class TooSlow extends Error {}

/** Begins to measure: what it returns tells the seconds that a slot has taken since, on average. */
export async function startPace(connection: Connection): Promise<() => Promise<number>> {
  const begin = Date.now();
  const from = await connection.getSlot('processed');
  return async () => (Date.now() - begin) / 1000 / Math.max(1, (await connection.getSlot('processed')) - from);
}
