/** A strip plot as SVG: for each quantity a band, for each run a row of its values on a logarithmic scale. */

export interface Band {
  readonly what: string;
  /** ms; those that are not above zero stand at the left edge. */
  readonly rows: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const WIDTH = 900;
const LEFT = 150;
const RIGHT = 20;
const ROW = 16;
const HEAD = 26;
const [LEAST, GREATEST] = [1, 10_000];
const COLOURS = ['#1b6ca8', '#0f7a4f', '#a85c1b', '#777777'];

/** Draws the bands one below the other. */
export function plot(bands: readonly Band[]): string {
  const parts: string[] = [];
  const names = [...new Set(bands.flatMap(({ rows }) => rows.map(({ name }) => name)))];
  let y = 30;
  for (const { what, rows } of bands) {
    parts.push(`<text x="0" y="${y + 12}" class="what">${what.replaceAll('"', '&quot;')}</text>`);
    y += HEAD;
    for (const { name, values } of rows.filter((row) => row.values.length > 0)) {
      const colour = COLOURS[names.indexOf(name) % COLOURS.length]!;
      parts.push(`<text x="${LEFT - 8}" y="${y + 4}" class="run">${name} (${values.length})</text>`, `<line x1="${LEFT}" y1="${y}" x2="${WIDTH - RIGHT}" y2="${y}" class="rule"/>`);
      const counted = new Map<number, number>();
      for (const value of values) counted.set(Math.round(x(value)), (counted.get(Math.round(x(value))) ?? 0) + 1);
      for (const [at, count] of counted) parts.push(`<circle cx="${at}" cy="${y}" r="${(2 + Math.min(4, (count / values.length) * 20)).toFixed(1)}" fill="${colour}" fill-opacity="0.55"/>`);
      const half = x(values[Math.floor((values.length - 1) / 2)]!).toFixed(0);
      parts.push(`<line x1="${half}" y1="${y - 7}" x2="${half}" y2="${y + 7}" stroke="${colour}" stroke-width="2"/>`);
      y += ROW;
    }
    y += 8;
  }
  const ticks = [1, 10, 100, 1000, 10_000].map((ms) => `<line x1="${x(ms)}" y1="20" x2="${x(ms)}" y2="${y}" class="tick"/><text x="${x(ms)}" y="14" class="scale">${ms} ms</text>`);
  const style = 'text{font:12px sans-serif;fill:#222}.what{font-weight:bold}.run{text-anchor:end}.scale{text-anchor:middle}.rule{stroke:#ddd}.tick{stroke:#eee}';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="Times of hot swaps, real and simulated">`
    + `<style>${style}</style><rect width="${WIDTH}" height="${y}" fill="#fff"/>${ticks.join('')}${parts.join('')}</svg>\n`;
}

function x(ms: number): number {
  const part = Math.log(Math.max(ms, LEAST) / LEAST) / Math.log(GREATEST / LEAST);
  return LEFT + Math.min(1, part) * (WIDTH - LEFT - RIGHT);
}
