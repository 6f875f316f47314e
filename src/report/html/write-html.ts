/** The result document as one HTML file without network. */
import type { ReportDocument } from '../document/schema.ts';

/** The whole file. */
export function writeHtml(document: ReportDocument): string {
  const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const { verdict, caution } = document;
  return `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>${escape(verdict.word)}</title>\n<h1>${escape(verdict.word)}</h1>\n<p>${escape(verdict.sentence)}</p>\n<p>${escape(caution)}</p>\n</html>\n`;
}
