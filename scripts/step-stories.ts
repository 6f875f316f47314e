/**
 * What each step of the two procedures of our own is there for, told by what comes of it without the step. The searches take
 * long, so what they found is kept in test/fixtures/mutants.json, and the page is made from that.
 *
 *     npx tsx scripts/step-stories.ts                  writes the section of docs/guarded-hot-swap.md again, in a second
 *     npm run step-stories -- --search [NAME...]       searches first; minutes a procedure
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadSubject, tokenOf } from '../src/cli/subject.ts';
import { mistakesIn } from '../src/explore/mistake.ts';
import type { Worse } from '../src/explore/mistake.ts';
import type * as MutantsModule from '../src/explore/mutants.ts';
import type { MistakeResult } from '../src/explore/mutants.ts';
import { MILDEST, runSpec } from '../src/explore/run-spec.ts';
import type { RunSpec } from '../src/explore/run-spec.ts';
import { number } from '../src/report/count.ts';
import { describeFault, mutatedProcedure } from '../src/sim/faults.ts';
import { describeFork } from '../src/sim/fork-plan.ts';
import type { Procedure } from '../src/transition/procedure.ts';
import { withTable } from './page-table.ts';

export const PAGE = fileURLToPath(new URL('../docs/guarded-hot-swap.md', import.meta.url));
export const STORED = fileURLToPath(new URL('../test/fixtures/mutants.json', import.meta.url));
const PROCEDURES = ['guarded-hot-swap', 'strict-hot-swap'];

/** What a mistake brings about, and the token of the run in which it does. */
export interface StoredWorse extends Omit<Worse, 'spec'> {
  readonly token: string;
}

export interface StoredStep {
  readonly step: string;
  /** Without the step, or when its failure is not heeded; null: nothing worse. */
  readonly prevents: StoredWorse | null;
  readonly mistakes: readonly { readonly kind: MistakeResult['kind']; readonly worse: StoredWorse | null }[];
}

export interface StoredTable {
  readonly runs: readonly [number, number];
  readonly mistakes: number;
  readonly bounds: readonly string[];
  readonly steps: readonly StoredStep[];
}

/** What a step prevents that no single fault shows, by step: what must come together. */
const TOGETHER: Readonly<Record<string, (stepAt: (id: string) => number) => Pick<RunSpec, 'faults' | 'fork'>>> = {
  // The two looks stand in for each other.
  'check-active': (stepAt) => ({
    faults: [
      { kind: 'operator-drops', on: 'operator', at: { kind: 'step', index: stepAt('check-inactive'), when: 'after' }, heal: 1 },
      { kind: 'tower-folder-read-only', on: 'inactive', at: 'before-start' },
    ],
    fork: null,
  }),
  'judge-active': (stepAt) => ({
    faults: [
      { kind: 'command-hangs', on: 'step', at: { kind: 'step', index: stepAt('fence'), when: 'before' }, heal: 16 },
      { kind: 'power-loss', on: 'active', at: { kind: 'point', host: 'active', point: 'vote-sent', slot: 22 }, heal: 'end' },
    ],
    fork: { at: 14, losing: 8, skipped: 0, firstSeen: { active: 'losing', inactive: 'winning' }, winner: 'second' },
  }),
};

/** A violation, or silence, that comes of several faults together when the step is left out, and not with it. */
export interface Together {
  readonly step: string;
  readonly grade: 'violation' | 'nobody votes';
  readonly title: string;
  readonly circumstances: readonly string[];
  /** Slots without a vote with the step. */
  readonly downtime: number;
  readonly token: string;
}

/** Runs what is told of faults that come together. Throws Error when it is no longer so. */
export function togetherIn(name: string): Together[] {
  const subject = loadSubject(name, {});
  const { procedure } = subject;
  return procedure.steps.flatMap(({ id: step }, index): Together[] => {
    const made = TOGETHER[step];
    if (made === undefined) return [];
    const { faults, fork } = made((id) => procedure.steps.findIndex((one) => one.id === id));
    const mistake = mistakesIn(procedure).find(({ kind, index: place }) => kind === 'drop' && place === index)!.fault;
    const spec = { ...MILDEST, faults: [mistake, ...faults], fork };
    const without = runSpec(subject, spec);
    const written = runSpec(subject, { ...spec, faults });
    const { findings } = without.judgement;
    const violation = findings.find((finding) => finding.class === 'violation');
    const worse = violation ?? findings.find((finding) => finding.kind === 'nobody-votes');
    if (worse === undefined || written.judgement.result !== 'holds' || !written.judgement.liveness.live || without.fired.includes(false) || written.fired.includes(false)) {
      throw new Error(`${name}: what is told of "${step}" is no longer so`);
    }
    return [{ step, grade: violation === undefined ? 'nobody votes' : 'violation', title: worse.title, circumstances: wordsOf(faults, fork, mutatedProcedure(procedure, [mistake])), downtime: written.judgement.downtime.slots, token: tokenOf(subject, spec) }];
  });
}

function wordsOf(faults: RunSpec['faults'], fork: RunSpec['fork'], taken: Procedure): string[] {
  return [...faults.map((fault) => describeFault(fault, taken)), ...(fork === null ? [] : [describeFork(fork)])];
}

/** The tables as they were found last, by procedure. */
export function storedTables(): Readonly<Record<string, StoredTable>> {
  return JSON.parse(readFileSync(STORED, 'utf8')) as Record<string, StoredTable>;
}

/** The page with the section of each procedure as the tables tell it. */
export function withStories(page: string, tables: Readonly<Record<string, StoredTable>>): string {
  return PROCEDURES.reduce((text, name) => withTable(text, `stories-${name}`, [...storyLines(tables[name]!), ...togetherLines(togetherIn(name))]), page);
}

function storyLines({ steps, runs, mistakes, bounds }: StoredTable): string[] {
  return [
    '| step | what it prevents | what comes of the run without it |', '|---|---|---|',
    ...steps.map(({ step, prevents, mistakes: made }) => `| \`${step}\` | ${prevents === null ? 'nothing within these bounds' : `**${gradeOf(prevents)}**`} | ${prevents === null ? '' : `${prevents.title}${wayOf(prevents, made)}; ${circumstanceWords(prevents)}`} |`),
    '', 'Each of them again:', '', '```',
    ...steps.flatMap(({ step, prevents }) => (prevents === null ? [] : [`npx solevoter replay ${prevents.token}  # ${step}`])),
    '```', '', 'Other ways of doing a step wrong, and the worst that comes of each:', '',
    `| step | ${WAYS.map(([, words]) => words).join(' | ')} |`, `|---|${WAYS.map(() => '---').join('|')}|`,
    ...steps.map(({ step, mistakes: made }) => `| \`${step}\` | ${WAYS.map(([kind]) => cellOf(made.find((mistake) => mistake.kind === kind))).join(' | ')} |`),
    '', `${mistakes} mistakes in ${number(runs[1])} runs, held against ${number(runs[0])} of the procedure as it is written. The bounds:`, '',
    ...bounds.map((line) => `- ${line}`),
  ];
}

function togetherLines(told: readonly Together[]): string[] {
  if (told.length === 0) return [];
  return [
    '', 'What no single fault shows:', '',
    ...told.flatMap(({ step, grade, title, circumstances, downtime, token }) => [
      `- \`${step}\`, left out: **${grade}**${grade === 'violation' ? `: ${title}` : ''}; when ${circumstances.join('; ')}. With the step the same run holds, and costs ${downtime} slots.`,
      '', '  ```', `  npx solevoter replay ${token}`, '  ```',
    ]),
  ];
}

const WAYS: readonly (readonly [MistakeResult['kind'], string])[] = [
  ['drop', 'left out'], ['ignore-failure', 'its failure ignored'], ['repeat', 'taken twice'], ['swap', 'after the next one'], ['wrong-host', 'on the other host'], ['late', '32 slots late'],
];

/** What of it is told by the failure of the step and not by its absence. */
function wayOf(prevents: StoredWorse, made: StoredStep['mistakes']): string {
  return made.some(({ kind, worse }) => kind === 'ignore-failure' && worse?.token === prevents.token) ? ' (when its failure is not heeded)' : '';
}

function cellOf(mistake: StoredStep['mistakes'][number] | undefined): string {
  if (mistake === undefined) return '';
  return mistake.worse === null ? 'nothing worse' : mistake.worse.class === 'violation' ? `**${gradeOf(mistake.worse)}**` : gradeOf(mistake.worse);
}

function gradeOf({ class: grade, kind, title }: StoredWorse): string {
  if (grade !== 'downtime') return grade;
  return kind === 'nobody-votes' ? 'nobody votes' : `${/^\d+ slots/.exec(title)?.[0] ?? 'slots'} without a vote`;
}

function circumstanceWords({ circumstances }: StoredWorse): string {
  return circumstances.length === 0 ? 'without any fault' : `when ${circumstances.join('; ')}`;
}

async function search(names: readonly string[]): Promise<void> {
  // Compiled, so that runs are spread over threads.
  const dist = pathToFileURL(fileURLToPath(new URL('../dist/', import.meta.url)));
  const { mutantTable } = (await import(new URL('explore/mutants.js', dist).href)) as typeof MutantsModule;
  const tables: Record<string, StoredTable> = { ...storedTables() };
  for (const name of names) {
    const subject = loadSubject(name, {});
    const { steps, runs, mistakes, bounds } = await mutantTable(subject, {
      workers: availableParallelism(),
      onProgress: (phase, done, of) => process.stderr.write(`\r${name}, ${phase}: ${done} of ${of}   `),
    });
    const stored = (worse: Worse | null): StoredWorse | null => {
      if (worse === null) return null;
      const { spec, ...told } = worse;
      return { ...told, token: tokenOf(subject, spec) };
    };
    tables[name] = {
      runs, mistakes, bounds,
      steps: steps.map(({ step, prevents, mistakes: made }) => ({ step: step.id, prevents: stored(prevents), mistakes: made.map(({ kind, worse }) => ({ kind, worse: stored(worse) })) })),
    };
    writeFileSync(STORED, `${JSON.stringify(tables, null, 1)}\n`);
    process.stderr.write('\n');
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2);
  const names = words.filter((word) => word !== '--search');
  if (words.includes('--search')) await search(names.length === 0 ? PROCEDURES : names);
  writeFileSync(PAGE, withStories(readFileSync(PAGE, 'utf8'), storedTables()));
}
