/** What may be written to a terminal: colour only there and without NO_COLOR, progress only there. */
export function wantsColour(): boolean {
  return process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '';
}

/** Writes lines to standard output. */
export function printLines(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** One line on stderr that is written over; nothing off a terminal. */
export function progressLine(text: string): void {
  if (process.stderr.isTTY !== true) return;
  process.stderr.write(text === '' ? '\r\u001B[K' : `\r\u001B[K${text}`);
}
