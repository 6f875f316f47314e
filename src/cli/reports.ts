/** The report files of a command: `--json`, `--html` and the others. All are written from the result document alone. */
import type { ReportDocument } from '../report/document/schema.ts';
import { writeJson } from '../report/document/json.ts';
import { writeHtml } from '../report/html/write-html.ts';
import { writeWhole } from './write-whole.ts';

/** Paths of the files that are wanted. */
export interface ReportOptions {
  readonly json?: string;
  readonly html?: string;
}

/** The formats that are one file each. */
const WRITERS: Readonly<Record<keyof ReportOptions, (document: ReportDocument) => string>> = {
  json: writeJson,
  html: writeHtml,
};

/** Whether any report is wanted. */
export function wantsReports(options: ReportOptions): boolean {
  return Object.keys(WRITERS).some((name) => options[name as keyof ReportOptions] !== undefined);
}

/** Writes the reports that are wanted, each whole or not at all. Throws InputError. */
export function writeReports(document: ReportDocument, options: ReportOptions): void {
  for (const [name, write] of Object.entries(WRITERS)) {
    const path = options[name as keyof ReportOptions];
    if (path !== undefined) writeWhole(path, write(document));
  }
}
