/**
 * Rewrites the generated parts of docs/guarded-hot-swap.md: of each step of the two procedures the story that appears
 * without it, from `solevoter mutants`, and what each kind of fault costs beside the guide's procedure.
 *
 *     npm run guarded-page      builds the product first; takes half an hour of two cores
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as MutantsModule from '../src/explore/mutants.ts';
import type * as PoolModule from '../src/explore/pool.ts';
import type * as SingleFaultsModule from '../src/explore/single-faults.ts';
import type * as RunSpecModule from '../src/explore/run-spec.ts';
import type * as SubjectModule from '../src/cli/subject.ts';
import type * as CountModule from '../src/report/count.ts';
import type { MutantTable, StepResult } from '../src/explore/mutants.ts';
import type { RunSummary } from '../src/explore/run-spec.ts';
import type { LoadedSubject } from '../src/cli/subject.ts';

const PAGE = fileURLToPath(new URL('../docs/guarded-hot-swap.md', import.meta.url));
const DIST = pathToFileURL(fileURLToPath(new URL('../dist/', import.meta.url)));
const load = <T>(path: string): Promise<T> => import(new URL(path, DIST).href) as Promise<T>;

// Compiled, so that runs are spread over threads.
const { mutantTable } = await load<typeof MutantsModule>('explore/mutants.js');
const { summarizeAll } = await load<typeof PoolModule>('explore/pool.js');
const { STANDARD, singleFaults, stepSlots } = await load<typeof SingleFaultsModule>('explore/single-faults.js');
const { MILDEST, runSpec } = await load<typeof RunSpecModule>('explore/run-spec.js');
const { loadSubject, tokenOf } = await load<typeof SubjectModule>('cli/subject.js');
const { number } = await load<typeof CountModule>('report/count.js');

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

function storyOf({ step, place, prevents, mistakes }: StepResult, subject: LoadedSubject): string[] {
  const head = `| ${place} | \`${step.id}\` |`;
  const others = mistakes.filter(({ worse }) => worse?.class === 'violation').map(({ kind }) => WORDS[kind]);
  const also = others.length === 0 ? '' : ` Violations come of it when it is ${[...new Set(others)].join(', ')}.`;
  if (prevents === null) return [`${head} within these bounds nothing.${also} | |`];
  const when = prevents.circumstances.length === 0 ? 'without any fault' : `when ${prevents.circumstances.join('; ')}`;
  const id = prevents.id === undefined ? '' : ` (\`${prevents.id}\`)`;
  return [`${head} ${prevents.class}: ${prevents.title}${id}, ${when}.${also} | [${place}](#stories-of-${subject.name}) |`];
}

const WORDS: Readonly<Record<string, string>> = { drop: 'left out', repeat: 'taken twice', swap: 'taken after the next one', 'wrong-host': 'typed on the other host', 'ignore-failure': 'not heeded when it fails', late: 'taken late', 'stop-after': 'the last one' };

function stepsPart(subject: LoadedSubject, table: MutantTable): string[] {
  return [
    `${table.mistakes} mistakes in ${number(table.runs[1])} runs, held against ${number(table.runs[0])} runs of the procedure as it is written. Bounds:`, '',
    ...table.bounds.map((bound) => `- ${bound}`), '',
    '| | step | what appears without it, or when its failure is not heeded | story |', '|---|---|---|---|',
    ...table.steps.flatMap((step) => storyOf(step, subject)), '',
    `### Stories of ${subject.name}`, '', '```',
    ...table.steps.flatMap(({ step, place, prevents }) => (prevents === null ? [] : [`# ${place}. ${step.id}: ${prevents.class}, ${prevents.id ?? prevents.kind}`, `npx solevoter replay ${tokenOf(subject, prevents.spec)}`])),
    '```',
  ];
}

let page = readFileSync(PAGE, 'utf8');
function fill(name: string, lines: readonly string[]): void {
  const pattern = new RegExp(`(<!-- table:${name} -->\n)[^]*?(<!-- end:${name} -->)`);
  if (!pattern.test(page)) throw new Error(`${PAGE}: there is no "<!-- table:${name} -->"`);
  page = page.replace(pattern, (_, begin: string, end: string) => `${begin}${lines.join('\n')}\n${end}`);
  writeFileSync(PAGE, page);
}

const subjects = ['guide-hot-swap', 'guarded-hot-swap', 'strict-hot-swap'].map((name) => loadSubject(name, {}));
const costs = await Promise.all(subjects.map(tolls));
const kinds = [...new Set(costs.flatMap((cost) => [...cost.keys()]))];
fill('tolls', [
  '| fault | guide-hot-swap | guarded-hot-swap | strict-hot-swap |', '|---|---|---|---|',
  ...kinds.map((kind) => `| ${kind} | ${costs.map((cost) => tollWords(cost.get(kind))).join(' | ')} |`),
]);
const [, guarded, strict] = subjects as [LoadedSubject, LoadedSubject, LoadedSubject];
fill(guarded.name, stepsPart(guarded, await mutantTable(guarded, { workers })));
const shared = new Set(guarded.procedure.steps.map(({ id }) => id));
const own = strict.procedure.steps.map(({ id }) => id).filter((id) => !shared.has(id));
fill(strict.name, stepsPart(strict, await mutantTable(strict, { workers, only: own })));
