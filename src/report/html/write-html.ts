/** The result document as one HTML file without network. */
import type { ReportDocument } from '../document/schema.ts';
import { page } from './page.ts';

/** The whole file. The same document gives the same bytes. */
export function writeHtml(document: ReportDocument): string {
  return page(document);
}
