/** The table of mistakes for a terminal: of each step what it prevents, and what comes of doing it wrong. */
import type { Worse } from '../explore/mistake.ts';
import type { MistakeResult, MutantTable, StepResult } from '../explore/mutants.ts';
import { PRODUCT_VERSION } from '../model/version.ts';
import { SCOPE } from '../model/verdict.ts';
import { number } from './count.ts';
import { COLUMNS, bullet, wrap } from './wrap.ts';

export interface MutantsTextOptions {
  /** Print a token for every mistake that makes something worse, not only one a step. */
  readonly all: boolean;
  readonly tokenOf: (worse: Worse) => string;
  readonly assumptions: readonly string[];
}

/** Lines of at most 80 columns, the replay commands apart. */
export function describeMutants(table: MutantTable, options: MutantsTextOptions): string[] {
  const { subject, steps, mistakes, runs, bounds, gaps } = table;
  const useless = steps.filter(({ prevents }) => prevents === null).map(({ step }) => step.id);
  return [
    ...wrap(`${subject.procedure.name}: within these bounds ${useless.length === 0 ? 'every step prevents something' : `nothing is prevented by ${useless.join(', ')}`}; ${mistakes} mistakes in ${number(runs[1])} runs, held against ${number(runs[0])} of the procedure as it is written`, COLUMNS, 2),
    ...steps.flatMap((step) => ['', ...stepLines(step, options)]),
    ...(gaps.length === 0 ? [] : ['', 'Not modelled', ...gaps.flatMap(bullet)]),
    '', 'Bounds', ...bounds.flatMap(bullet),
    '', 'Assumptions', ...options.assumptions.flatMap(bullet), ...bullet(SCOPE),
    '', ...wrap(`solevoter ${PRODUCT_VERSION}. "Prevents nothing" is said of these bounds alone: a step may be there for what is not simulated.`, COLUMNS, 0),
  ];
}

function stepLines({ step, place, prevents, mistakes }: StepResult, options: MutantsTextOptions): string[] {
  const head = wrap(`${String(place).padStart(2)}. ${step.id} (${step.host})${step.why === undefined ? '' : `: ${step.why}`}`, COLUMNS, 4);
  const lines = prevents === null ? ['    within these bounds it prevents nothing'] : [
    ...wrap(`    prevents ${prevents.class}: ${prevents.title}${prevents.id === undefined ? '' : ` (${prevents.id})`}`, COLUMNS, 6),
    ...wrap(`      ${circumstanceWords(prevents)}`, COLUMNS, 6),
    `  npx solevoter replay ${options.tokenOf(prevents)}`,
  ];
  return [...head, ...lines, ...mistakes.flatMap((mistake) => mistakeLines(mistake, prevents, options))];
}

const WORDS: Readonly<Record<MistakeResult['kind'], string>> = {
  drop: 'left out', repeat: 'taken twice', swap: 'after the next one', 'wrong-host': 'on the other host', 'ignore-failure': 'its failure ignored', late: 'taken late', 'stop-after': 'the last one taken',
};

function mistakeLines({ kind, worse }: MistakeResult, told: Worse | null, { all, tokenOf }: MutantsTextOptions): string[] {
  const label = `      ${WORDS[kind].padEnd(20)} `;
  if (worse === null) return [`${label}nothing worse`];
  const what = `${worse.kind === 'missed-votes' ? `downtime, ${worse.title}` : `${worse.class}, ${worse.kind}`}; ${circumstanceWords(worse)}`;
  return [
    ...wrap(`${label}${what}`, COLUMNS, label.length),
    ...(all && worse !== told ? [`  npx solevoter replay ${tokenOf(worse)}`] : []),
  ];
}

function circumstanceWords({ circumstances }: Worse): string {
  return circumstances.length === 0 ? 'without any fault' : `when ${circumstances.join('; ')}`;
}
