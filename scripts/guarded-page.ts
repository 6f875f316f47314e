/**
 * Rewrites the table of docs/guarded-hot-swap.md: what each kind of fault costs beside the guide's procedure.
 *
 *     npm run guarded-page      builds the product first; takes some minutes
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as PoolModule from '../src/explore/pool.ts';
import type * as SingleFaultsModule from '../src/explore/single-faults.ts';
import type * as RunSpecModule from '../src/explore/run-spec.ts';
import type * as SubjectModule from '../src/cli/subject.ts';
import type { RunSummary } from '../src/explore/run-spec.ts';
import type { LoadedSubject } from '../src/cli/subject.ts';
import { withTable } from './page-table.ts';

const PAGE = fileURLToPath(new URL('../docs/guarded-hot-swap.md', import.meta.url));
const DIST = pathToFileURL(fileURLToPath(new URL('../dist/', import.meta.url)));
const load = <T>(path: string): Promise<T> => import(new URL(path, DIST).href) as Promise<T>;

// Compiled, so that runs are spread over threads.
const { summarizeAll } = await load<typeof PoolModule>('explore/pool.js');
const { STANDARD, singleFaults, stepSlots } = await load<typeof SingleFaultsModule>('explore/single-faults.js');
const { MILDEST, runSpec } = await load<typeof RunSpecModule>('explore/run-spec.js');
const { loadSubject } = await load<typeof SubjectModule>('cli/subject.js');

const workers = availableParallelism();

/** What one kind of fault does to one procedure, over all its places. */
interface Toll {
  runs: number;
  violated: number;
  silent: number;
  /** Slots without an accepted vote, of the worst run that ends with one voter. */
  slots: number;
}

async function tolls(subject: LoadedSubject): Promise<ReadonlyMap<string, Toll>> {
  const specs = [MILDEST, ...singleFaults({ ...STANDARD, without: new Set() }, subject.procedure, stepSlots(runSpec(subject, MILDEST).trace)).filter(({ faults, fork }) => faults.length > 0 && fork === null)];
  const runs = await summarizeAll(subject, specs, workers, () => {});
  const byKind = new Map<string, Toll>();
  specs.forEach(({ faults: [fault] }, i) => {
    const { fired, live, downtime, findings }: RunSummary = runs[i]!;
    if (!fired) return;
    const kind = fault?.kind ?? 'none';
    const toll = byKind.get(kind) ?? { runs: 0, violated: 0, silent: 0, slots: 0 };
    toll.runs++;
    if (findings.some((finding) => finding.class === 'violation')) toll.violated++;
    if (live) toll.slots = Math.max(toll.slots, downtime);
    else toll.silent++;
    byKind.set(kind, toll);
  });
  return byKind;
}

function tollWords(toll: Toll | undefined): string {
  if (toll === undefined) return '–';
  const { runs, violated, silent, slots } = toll;
  return [silent === runs ? '' : String(slots), violated === 0 ? '' : `**${violated} violated**`, silent === 0 ? '' : `${silent} silent`].filter((word) => word !== '').join(', ') + ` (${runs})`;
}

const subjects = ['guide-hot-swap', 'guarded-hot-swap', 'strict-hot-swap'].map((name) => loadSubject(name, {}));
const costs = await Promise.all(subjects.map(tolls));
const kinds = [...new Set(costs.flatMap((cost) => [...cost.keys()]))];
writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), 'tolls', [
  '| fault | guide-hot-swap | guarded-hot-swap | strict-hot-swap |', '|---|---|---|---|',
  ...kinds.map((kind) => `| ${kind} | ${costs.map((cost) => tollWords(cost.get(kind))).join(' | ')} |`),
]));
