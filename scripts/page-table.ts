/** The generated parts of a page, each between "<!-- table:NAME -->" and "<!-- end:NAME -->". */

/** The page with other lines in the place of a part. Throws Error when it has no such place. */
export function withTable(page: string, name: string, lines: readonly string[]): string {
  const place = new RegExp(`(<!-- table:${name} -->\n)[^]*?(<!-- end:${name} -->)`);
  if (!place.test(page)) throw new Error(`the page has no place for the table "${name}"`);
  return page.replace(place, (_, begin: string, end: string) => `${begin}${lines.join('\n')}\n${end}`);
}

/** The page with all its generated parts made anew. Throws Error when a table has no place, or a place no table. */
export function withAllTables(page: string, tables: Readonly<Record<string, readonly string[]>>): string {
  for (const [, name] of page.matchAll(/<!-- table:([a-z-]+) -->/g)) {
    if (tables[name!] === undefined) throw new Error(`the page has a place for a table "${name}", which there is not`);
  }
  return Object.entries(tables).reduce((written, [name, lines]) => withTable(written, name, lines), page);
}
