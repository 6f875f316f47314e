/** Lets canaries fly: each patched build in a process of its own, a few at once; what a twin found is found once. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { resultOf, withPatchedDist } from './canary.ts';
import type { Canary, CanaryResult, Found, Patch } from './canary.ts';
import type { Search } from './searches.ts';

/** Compiled it starts sooner; the tests run it from its source. */
const COMPILED = import.meta.url.endsWith('.js');
const PROBE = fileURLToPath(new URL(COMPILED ? './probe.js' : './probe.ts', import.meta.url));

/** A seeded bug may loop for ever. */
const PATIENCE_MS = 120_000;

/** What a search finds in the product with the patches. Rejects when a patch does not fit. */
export function probe(patches: readonly Patch[], search: Search): Promise<Found> {
  return withPatchedDist(patches, (dist) => new Promise<Found>((resolve, reject) => {
    const child = fork(PROBE, { execArgv: COMPILED ? [] : ['--import', 'tsx'], serialization: 'advanced', timeout: PATIENCE_MS });
    child.on('message', (found) => resolve(found as Found));
    child.on('error', reject);
    // It comes after all messages, whatever ended the process.
    child.on('disconnect', () => resolve({ findings: [], schedules: 0, unknown: 0, broken: 'the process ended without an answer' }));
    child.send({ dist, search });
  }));
}

/** Results in the order of the canaries. Rejects when a patch of one does not fit: it would prove nothing. */
export async function flyAll(canaries: readonly Canary[], atOnce: number): Promise<CanaryResult[]> {
  const flights = new Map<string, { readonly patches: readonly Patch[]; readonly search: Search; found?: Found }>();
  const searches: Search[] = [];
  const keyOf = (patches: readonly Patch[], search: Search): string => {
    if (!searches.includes(search)) searches.push(search);
    const key = JSON.stringify([patches, searches.indexOf(search)]);
    if (!flights.has(key)) flights.set(key, { patches, search });
    return key;
  };
  const plan = canaries.map((canary) => {
    const { patches, base = [], search } = canary;
    return { canary, patched: keyOf([...base, ...patches], search), twin: keyOf(base, search) };
  });
  const waiting = [...flights.values()];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let flight = waiting.shift(); flight !== undefined; flight = waiting.shift()) flight.found = await probe(flight.patches, flight.search);
  }));
  return plan.map(({ canary, patched, twin }) => resultOf(canary, flights.get(patched)!.found!, flights.get(twin)!.found!));
}
