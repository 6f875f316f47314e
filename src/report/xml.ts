/** Text for XML 1.0. */

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\n': '&#10;', '\t': '&#9;', '\r': '&#13;' };

/** What may not stand in XML 1.0 in any form: most control characters, halves of surrogate pairs, and two more. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** A value between double quotes; line ends are kept. */
export function xmlAttribute(text: string): string {
  return text.replace(FORBIDDEN, '\uFFFD').replace(/[&<>"'\n\t\r]/g, (character) => ENTITIES[character]!);
}

/** Text of an element. */
export function xmlText(text: string): string {
  return text.replace(FORBIDDEN, '\uFFFD').replace(/[&<>\r]/g, (character) => ENTITIES[character]!);
}

/** An element; an attribute that is null is left out. `content` is XML already. */
export function xmlElement(name: string, attributes: Readonly<Record<string, string | number | null>>, content: readonly string[] = []): string {
  const own = Object.entries(attributes).flatMap(([key, value]) => (value === null ? [] : [` ${key}="${xmlAttribute(String(value))}"`])).join('');
  return content.length === 0 ? `<${name}${own}/>` : `<${name}${own}>${content.join('')}</${name}>`;
}
