/**
 * How fast the compiled product in dist/ is. `npm run bench` builds it and prints a table; docs/performance.md keeps the
 * figures.
 *
 * Times are CPU time of the process (all its threads, so that garbage collection counts), the least of several rounds:
 * on a busy machine wall-clock time says more about the neighbours.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type * as JudgeModule from '../src/check/judge.ts';
import type * as OverviewModule from '../src/check/overview.ts';
import type * as BoundsModule from '../src/explore/bounds.ts';
import type * as RunSpecModule from '../src/explore/run-spec.ts';
import type * as SearchModule from '../src/explore/search.ts';
import type * as DocumentModule from '../src/report/document/document.ts';
import type * as JsonModule from '../src/report/document/json.ts';
import type * as OneModule from '../src/report/document/one.ts';
import type * as HtmlModule from '../src/report/html/write-html.ts';
import type * as IncidentModule from '../src/report/incident.ts';
import type * as JunitModule from '../src/report/junit.ts';
import type * as MarkdownModule from '../src/report/markdown.ts';
import type * as SarifModule from '../src/report/sarif.ts';
import type * as TraceFileModule from '../src/report/trace-file.ts';
import type * as CreateWorldModule from '../src/sim/create-world.ts';
import type * as RunModule from '../src/sim/run.ts';
import type * as ProcedureFileModule from '../src/transition/procedure-file.ts';
import type * as SiteModule from '../src/transition/site.ts';
import type { Trace } from '../src/model/trace.ts';

const DIST = pathToFileURL('dist/');
const CLI = 'dist/cli/main.js';

if (!existsSync(CLI)) throw new Error(`${CLI} does not exist: npm run bench builds it, from the folder of the package`);

const load = <T>(path: string): Promise<T> => import(new URL(path, DIST).href) as Promise<T>;
const { run } = await load<typeof RunModule>('sim/run.js');
const { createWorld } = await load<typeof CreateWorldModule>('sim/create-world.js');
const { MILDEST, configOf } = await load<typeof RunSpecModule>('explore/run-spec.js');
const { loadBounds } = await load<typeof BoundsModule>('explore/bounds.js');
const { searchUnit, unitsOf } = await load<typeof SearchModule>('explore/search.js');
const { judge } = await load<typeof JudgeModule>('check/judge.js');
const { formatTrace, parseTrace, traceHash } = await load<typeof TraceFileModule>('report/trace-file.js');
const { overviewOf } = await load<typeof OverviewModule>('check/overview.js');
const { documentOf } = await load<typeof DocumentModule>('report/document/document.js');
const { subjectOfOne } = await load<typeof OneModule>('report/document/one.js');
const { writeJson } = await load<typeof JsonModule>('report/document/json.js');
const { writeHtml } = await load<typeof HtmlModule>('report/html/write-html.js');
const { writeIncidents } = await load<typeof IncidentModule>('report/incident.js');
const { writeJunit } = await load<typeof JunitModule>('report/junit.js');
const { writeMarkdown } = await load<typeof MarkdownModule>('report/markdown.js');
const { writeSarif } = await load<typeof SarifModule>('report/sarif.js');
const { GUIDE_SITE } = await load<typeof SiteModule>('transition/site.js');
const { loadProcedure } = await load<typeof ProcedureFileModule>('transition/procedure-file.js');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const subject = { site: GUIDE_SITE, procedure: loadProcedure('guide-hot-swap', GUIDE_SITE, {}) };
const config = configOf(subject, MILDEST);

/** CPU milliseconds of the process so far. */
function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Least CPU and least wall milliseconds of `action`, and what it gave in the last round. */
function least<T>(rounds: number, action: () => T): { readonly ms: number; readonly wall: number; readonly value: T } {
  let ms = Infinity;
  let wall = Infinity;
  let value!: T;
  for (let i = 0; i < rounds; i++) {
    collectGarbage();
    const begun = performance.now();
    const start = cpuNow();
    value = action();
    ms = Math.min(ms, cpuNow() - start);
    wall = Math.min(wall, performance.now() - begun);
  }
  return { ms, wall, value };
}

/** Wall milliseconds of a child process; its exit code does not matter. */
function wallOf(args: readonly string[]): number {
  const start = performance.now();
  try {
    execFileSync(process.execPath, args, { stdio: 'ignore' });
  } catch (error) {
    if ((error as { status?: number | null }).status == null) throw error;
  }
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function row(name: string, value: number, unit: string, digits = 0): void {
  console.log(`${name.padEnd(58)}${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }).padStart(12)} ${unit}`);
}

function slotsOf(trace: Trace): number {
  return trace.events.filter(({ type }) => type === 'block' || type === 'skipped').length - 1;
}

function longRuns(): void {
  const long = { ...config, tailSlots: 50_000, maxSlots: 60_000 };
  const simulated = least(10, () => run(long).trace);
  const trace = simulated.value;
  const slots = slotsOf(trace);
  const judged = least(10, () => judge(trace));
  row('simulated slots, with trace', (slots / simulated.ms) * 1000, '/s');
  row('judged slots', (slots / judged.ms) * 1000, '/s');
  row('simulated and judged slots', (slots / (simulated.ms + judged.ms)) * 1000, '/s');
  row('  by the wall clock', (slots / (simulated.wall + judged.wall)) * 1000, '/s');
  row('time with checks / without', (simulated.ms + judged.ms) / simulated.ms, '', 2);
  row('events per slot', trace.events.length / slots, '', 2);
  const kept: Trace[] = [];
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  kept.push(run(long).trace);
  collectGarbage();
  row('heap of a trace per 1000 slots', (process.memoryUsage().heapUsed - before) / 1024 / (slotsOf(kept[0]!) / 1000), 'KiB');
}

function shortRuns(): void {
  const worlds = 500;
  const times = (action: () => void) => () => {
    for (let i = 0; i < worlds; i++) action();
  };
  const created = least(6, times(() => createWorld(config)));
  const ran = least(6, times(() => run(config)));
  const { trace } = run(config);
  const judged = least(6, times(() => judge(trace)));
  const hashed = least(6, times(() => traceHash(trace)));
  row(`worlds of ${slotsOf(trace)} slots, run and judged`, (worlds / (ran.ms + judged.ms)) * 1000, '/s');
  row('  making a world', created.ms / worlds, 'ms', 3);
  row('  running it, making included', ran.ms / worlds, 'ms', 3);
  row('  judging it', judged.ms / worlds, 'ms', 3);
  row(`  hash of its trace (${trace.events.length} events)`, hashed.ms / worlds, 'ms', 3);
}

function traceFiles(): void {
  const { trace } = run({ ...config, tailSlots: 5000, maxSlots: 6000 });
  const text = formatTrace(trace);
  const thousands = trace.events.length / 1000;
  row('trace as JSON Lines, per 1000 events', text.length / 1024 / thousands, 'KiB');
  row('  writing', least(5, () => formatTrace(trace)).ms / thousands, 'ms', 2);
  row('  reading and checking', least(5, () => parseTrace(text, 'bench')).ms / thousands, 'ms', 2);
  row('  hash', least(5, () => traceHash(trace)).ms / thousands, 'ms', 2);
}

/** Every report of a trace of 10,000 events with a lockout violation at its beginning. */
function reports(): void {
  const violated = configOf(subject, { ...MILDEST, draws: { 'latency/scp': 1 } });
  const { trace: long } = run({ ...violated, tailSlots: 5000, maxSlots: 6000 });
  const trace: Trace = { ...long, events: long.events.slice(0, 10_000) };
  const judgement = judge(trace);
  const finding = judgement.findings.find((candidate) => candidate.class === 'violation')!;
  const placeOf = () => null;
  const made = least(5, () => documentOf({
    command: 'check', exit: 1, problems: [],
    subjects: [subjectOfOne({
      kind: 'trace', name: 'bench', title: null, file: null, trace, judgement, spec: null, procedure: null, origin: { placeOf, tokenOf: null },
      stories: [{ run: { spec: null, trace, judgement, finding, choices: [] }, overview: overviewOf(trace), noReturn: null, proof: [] }],
      method: { kind: 'one run' }, bounds: [], notes: new Map(), failures: [], exit: 1,
    })],
  }));
  const document = made.value;
  const writers: [string, () => string][] = [
    ['JSON', () => writeJson(document)], ['HTML', () => writeHtml(document)], ['Markdown', () => writeMarkdown(document)], ['JUnit', () => writeJunit(document)],
    ['SARIF', () => writeSarif(document)], ['incident log', () => writeIncidents(document).map(({ text }) => text).join('')],
  ];
  const written = writers.map(([name, write]) => ({ name, ...least(5, write) }));
  row(`reports of a trace of ${trace.events.length} events, all together`, made.ms + written.reduce((sum, { ms }) => sum + ms, 0), 'ms', 1);
  row('  the document', made.ms, 'ms', 1);
  for (const { name, ms, value } of written) row(`  ${name}, ${(value.length / 1024).toFixed(0)} KiB`, ms, 'ms', 1);
}

/** How many pairs a thread searches in a second, in those parts of a search in the middle of the procedure. */
function pairs(): void {
  for (const [name, within] of [['guide-hot-swap', 'quick'], ['strict-hot-swap', 'steps']] as const) {
    const searched = { site: GUIDE_SITE, procedure: loadProcedure(name, GUIDE_SITE, {}) };
    const bounds = loadBounds(within);
    const units = unitsOf(searched, bounds, 2).filter(({ stretch }) => stretch !== null);
    const memory: SearchModule.Memory = new Map();
    const start = cpuNow();
    let schedules = 0;
    for (const unit of units.slice(units.length >> 1)) schedules += searchUnit(searched, bounds, 2, unit, () => cpuNow() - start > PAIRS_MS, [], undefined, memory).tally.schedules;
    row(`pairs of ${name} within ${within}, one thread`, (schedules / (cpuNow() - start)) * 1000, 'schedules/s');
  }
}

const PAIRS_MS = 20_000;

function commandLine(): void {
  row('start of the command line (--version), median of 10', median(Array.from({ length: 10 }, () => wallOf([CLI, '--version']))), 'ms wall');
  row('solevoter rehearse guide-hot-swap', wallOf([CLI, 'rehearse', 'guide-hot-swap']) / 1000, 's wall', 1);
  row('solevoter rehearse guide-hot-swap --faults 1', wallOf([CLI, 'rehearse', 'guide-hot-swap', '--faults', '1']) / 1000, 's wall', 1);
}

/** As much room for what is made and dropped as the product gives its worker threads (src/explore/pool.ts). */
const NURSERY = '--max-semi-space-size=64';

// Each part has a process of its own: what the compiler learns from long runs does not suit short ones.
const PARTS: Readonly<Record<string, () => void>> = { worlds: shortRuns, slots: longRuns, files: traceFiles, reports, pairs, commands: commandLine };
const [asked] = process.argv.slice(2);
if (asked === undefined) {
  const [core] = cpus();
  console.log(`Node ${process.version}, ${cpus().length} × ${core?.model ?? 'unknown processor'}\n`);
  for (const part of Object.keys(PARTS)) execFileSync(process.execPath, [NURSERY, import.meta.filename, part], { stdio: 'inherit' });
} else {
  PARTS[asked]?.();
}
