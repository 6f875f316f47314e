/** Numbers in sentences. */

/** "1 slot", "4 slots". */
export function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** "6,097" */
export function number(value: number): string {
  return value.toLocaleString('en-US');
}
