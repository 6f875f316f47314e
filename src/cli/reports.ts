/**
 * The report files of a command: `--json`, `--html` and the others. All are written from the result document alone, each
 * whole or not at all. What can be known to fail is told before anything is run.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ReportDocument } from '../report/document/schema.ts';
import { writeJson } from '../report/document/json.ts';
import { writeHtml } from '../report/html/write-html.ts';
import { writeIncidents } from '../report/incident.ts';
import { writeJunit } from '../report/junit.ts';
import { writeMarkdown } from '../report/markdown.ts';
import { writePrometheus } from '../report/prometheus.ts';
import { writeSarif } from '../report/sarif.ts';
import { refuseFolder, refuseTarget, writeWhole } from './write-whole.ts';

/** Paths of the files that are wanted. */
export interface ReportOptions {
  readonly json?: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly junit?: string;
  readonly sarif?: string;
  readonly prometheus?: string;
  /** A folder: one file for each violation that is told. */
  readonly incident?: string;
}

type Format = Exclude<keyof ReportOptions, 'incident'>;

/** The formats that are one file each; `seconds` since 1970 are for Prometheus only. */
const WRITERS: Readonly<Record<Format, (document: ReportDocument, seconds: number) => string>> = {
  json: writeJson,
  html: writeHtml,
  markdown: writeMarkdown,
  junit: writeJunit,
  sarif: writeSarif,
  prometheus: writePrometheus,
};

const FORMATS = Object.keys(WRITERS) as readonly Format[];

/** Whether any report is wanted. */
export function wantsReports(options: ReportOptions): boolean {
  return options.incident !== undefined || FORMATS.some((format) => options[format] !== undefined);
}

/** Throws InputError with every report that could not be written: nothing has been run yet. */
export function refuseUnwritable(options: ReportOptions): void {
  const problems: Diagnostic[] = [];
  const first = new Map<string, Format>();
  for (const format of FORMATS) {
    const path = options[format];
    if (path === undefined) continue;
    problems.push(...problemsOf(() => refuseTarget(path)));
    const other = first.get(resolve(path));
    if (other !== undefined) problems.push({ file: path, message: `--${other} and --${format} name the same file`, expected: 'a file for each' });
    first.set(resolve(path), format);
  }
  const { incident } = options;
  if (incident !== undefined) problems.push(...problemsOf(() => refuseFolder(incident)));
  if (problems.length > 0) throw new InputError(problems);
}

/** Writes the reports that are wanted. One that fails keeps no other from being written. Throws InputError with every failure. */
export function writeReports(document: ReportDocument, options: ReportOptions): void {
  const seconds = secondsNow();
  const problems = FORMATS.flatMap((format) => {
    const path = options[format];
    return path === undefined ? [] : problemsOf(() => writeWhole(path, WRITERS[format](document, seconds)));
  });
  const { incident } = options;
  if (incident !== undefined) {
    problems.push(...problemsOf(() => makeFolder(incident)));
    for (const { name, text } of problems.length > 0 ? [] : writeIncidents(document)) problems.push(...problemsOf(() => writeWhole(join(incident, name), text)));
  }
  if (problems.length > 0) throw new InputError(problems);
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new InputError([{ file: path, message: `the folder cannot be made (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, expected: 'a path in a writable folder' }]);
  }
}

function problemsOf(action: () => void): readonly Diagnostic[] {
  try {
    action();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics;
    throw error;
  }
}

/** Seconds since 1970; SOURCE_DATE_EPOCH takes their place, as reproducible builds have it. */
function secondsNow(): number {
  const set = process.env['SOURCE_DATE_EPOCH'];
  if (set === undefined) return Math.floor(Date.now() / 1000);
  if (!/^\d{1,12}$/.test(set)) throw new InputError([{ file: 'SOURCE_DATE_EPOCH', message: `"${set}" is no time`, expected: 'seconds since 1970' }]);
  return Number(set);
}
