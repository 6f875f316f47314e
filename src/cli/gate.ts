/**
 * `solevoter gate PROCEDURES…`: what a pull request must pass, in one command: a sample of the canaries, scenarios, every
 * single fault at the steps, a sample of the single faults at every boundary and of the pairs, and a swarm.
 */
import { availableParallelism } from 'node:os';
import { loadBounds } from '../explore/bounds.ts';
import { InputError, describeDiagnostic } from '../model/diagnostic.ts';
import { EXIT, worstExit } from '../model/exit-code.ts';
import { gateDocumentOf } from '../report/document/document.ts';
import type { GatePart } from '../report/document/document.ts';
import { wordOfPart } from '../report/document/verdict.ts';
import { COLUMNS, wrap } from '../report/wrap.ts';
import { unusedWaivers, waiverNotes } from '../waiver/waiver.ts';
import { boundsOf } from './bounds-option.ts';
import { canaryPart, procedureParts, scenarioPart } from './gate-part.ts';
import type { Amounts, Part } from './gate-part.ts';
import { refuseUnwritable, wantsReports, writeReports } from './reports.ts';
import type { ReportOptions } from './reports.ts';
import { scenariosOf } from './scenario-files.ts';
import { loadSubject } from './subject.ts';
import type { SubjectOptions } from './subject.ts';
import { printLines, progressLine } from './terminal.ts';
import { waiversOf } from './waivers.ts';

export interface GateOptions extends SubjectOptions, Omit<Amounts, 'workers' | 'seconds'>, Pick<ReportOptions, 'json' | 'markdown' | 'junit' | 'sarif'> {
  readonly scenarios?: readonly string[];
  /** Of the search for all single faults. */
  readonly bounds: string;
  /** Drawn bugs that the checker must notice; 0 leaves the part out. */
  readonly canaries: number;
  readonly workers?: number;
  /** Of each search. */
  readonly seconds?: number;
  readonly waivers?: string;
}

/** Prints a line for each part and returns the worst exit code. Throws InputError, for files that are given before anything is run. */
export async function gateCommand(procedures: readonly string[], options: GateOptions): Promise<number> {
  refuseUnwritable(options);
  const waivers = waiversOf(options.waivers);
  const notes = waiverNotes(waivers);
  const { seed, canaries, workers = availableParallelism(), seconds } = options;
  const bounds = { given: options.bounds, all: boundsOf(options.bounds), drawn: loadBounds('quick') };
  const scenarios = options.scenarios === undefined ? null : scenariosOf(options.scenarios);
  const subjects = procedures.map((name) => loadSubject(name, options));
  const planned = [
    ...(canaries === 0 ? [] : [canaryPart(canaries, seed, workers)]),
    ...(scenarios === null ? [] : [scenarioPart(scenarios, notes)]),
    ...subjects.flatMap((subject) => procedureParts(subject, bounds, { ...options, workers, seconds }, notes)),
  ];

  const begun = performance.now();
  const seen = new Set<string>();
  const parts: GatePart[] = [];
  for (const { name, run } of planned) {
    const since = performance.now();
    const part = await run();
    progressLine('');
    printLines(partLines(name, part, (performance.now() - since) / 1000));
    for (const id of part.seen) seen.add(id);
    parts.push({ name, code: part.code, sentence: part.says, subjects: wantsReports(options) ? part.subjects() : [] });
  }
  const codes = parts.flatMap(({ code }) => code ?? []);
  const exit = codes.length === 0 ? EXIT.unknown : worstExit(codes);
  const problems = unusedWaivers(waivers, [...seen]);
  const document = gateDocumentOf(parts, exit, problems.map(describeDiagnostic));
  printLines(['', `${exit === 0 ? 'The gate is open' : 'The gate is closed'}: ${document.verdict.sentence}, ${((performance.now() - begun) / 1000).toFixed(0)} s`]);
  writeReports(document, options);
  if (problems.length > 0) throw new InputError(problems);
  return exit;
}

/** How a part ended, and of the gravest violation how to replay it. */
function partLines(name: string, { code, says, worst }: Part, seconds: number): string[] {
  return [
    ...wrap(`${wordOfPart(code).padEnd(4)}  ${name}: ${says} (${seconds.toFixed(1)} s)`, COLUMNS, 6),
    ...(worst === null ? [] : [...wrap(`      ${worst.id}  ${worst.title}`, COLUMNS, 10), `      npx solevoter replay ${worst.token}`]),
  ];
}
