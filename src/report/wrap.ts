/** Text within a number of columns. */

/** Columns of a terminal, for every text report. */
export const COLUMNS = 80;

/** Break `text` at spaces so that no line is longer than `columns`; lines after the first begin with `indent` spaces. */
export function wrap(text: string, columns: number, indent = 0): string[] {
  const lines: string[] = [];
  const margin = ' '.repeat(indent);
  let line = /^ */.exec(text)![0];
  let empty = true;
  for (const word of text.slice(line.length).split(' ')) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = margin;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
    // A word longer than a line is cut.
    for (; line.length > columns; line = margin + line.slice(columns)) lines.push(line.slice(0, columns));
  }
  return [...lines, line];
}

/** An item of a list, within the columns of a terminal. */
export function bullet(text: string): string[] {
  return wrap(`  - ${text}`, COLUMNS, 4);
}
