/** Markup as a template: whatever is put into it is escaped, unless it is markup itself. For HTML and SVG alike. */

export interface Markup {
  readonly markup: string;
}

/** What may stand in a template; null, undefined and false leave nothing. */
export type Part = Markup | string | number | null | undefined | false | readonly Part[];

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that means nothing to a parser, between tags and within quoted attributes. Control characters become visible. */
export function escapeText(text: string): string {
  return printable(text.replace(/[&<>"']/g, (character) => ESCAPED[character]!));
}

/** Text in which every sign can be seen. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, visible);
}

/** No document may hold these; line ends and tabs are fine. Marks that turn the direction of text would hide what a command does. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function visible(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A template tag: html`<p>${text}</p>`. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let markup = strings[0]!;
  for (let i = 0; i < parts.length; i++) markup += written(parts[i]) + strings[i + 1]!;
  return { markup };
}

function written(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escapeText(part);
  if ('markup' in part) return part.markup;
  return part.map(written).join('');
}

/** Data for a script element of type application/json: no text in it can end the element. */
export function jsonData(value: unknown): Markup {
  return { markup: JSON.stringify(value).replace(/[<>&\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, visible) };
}
