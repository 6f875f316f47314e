/** The result document as JSON: what fits stands on one line, so that an event is a line. */
import type { ReportDocument } from './schema.ts';

const WIDTH = 120;
/** Lists of these have one entry a line, however long it is. */
const ONE_A_LINE: ReadonlySet<string> = new Set(['events', 'told', 'holders', 'stack']);

/** Text with a newline at the end. */
export function writeJson(document: ReportDocument): string {
  return `${written(document, '', '')}\n`;
}

function written(value: unknown, key: string, indent: string): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || line.length + indent.length <= WIDTH) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const entries = value.map((entry) => (ONE_A_LINE.has(key) ? JSON.stringify(entry) : written(entry, '', inner)));
    return `[\n${entries.map((entry) => inner + entry).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).map(([name, entry]) => `${inner}${JSON.stringify(name)}: ${written(entry, name, inner)}`);
  return `{\n${entries.join(',\n')}\n${indent}}`;
}
