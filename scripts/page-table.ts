/** The generated parts of a page, each between "<!-- table:NAME -->" and "<!-- end:NAME -->". */

/** The page with other lines in the place of a part. Throws Error when it has no such place. */
export function withTable(page: string, name: string, lines: readonly string[]): string {
  const place = new RegExp(`(<!-- table:${name} -->\n)[^]*?(<!-- end:${name} -->)`);
  if (!place.test(page)) throw new Error(`the page has no place for the table "${name}"`);
  return page.replace(place, (_, begin: string, end: string) => `${begin}${lines.join('\n')}\n${end}`);
}
