/** Shapes that the pictures share. Hosts differ by shape as well as by colour, so that greyscale tells them apart. */
import { html } from './markup.ts';
import type { Markup, Part } from './markup.ts';

/** One decimal is enough for a pixel, and the same everywhere. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Class of a host's colour: "h0", "h1", … */
export function hostClass(hosts: readonly string[], host: string): string {
  const place = hosts.indexOf(host);
  return place < 0 ? 'hx' : `h${place % 4}`;
}

/** Mark of a host: a circle for the first, a diamond for the second, a triangle and a square for others. */
export function hostMark(hosts: readonly string[], host: string, x: number, y: number, radius: number, classes: string, inside: Part = null): Markup {
  const place = Math.max(0, hosts.indexOf(host)) % 4;
  const name = `mark ${hostClass(hosts, host)} ${classes}`;
  const [cx, cy, r] = [px(x), px(y), px(radius)];
  switch (place) {
    case 0:
      return html`<circle class="${name}" cx="${cx}" cy="${cy}" r="${r}">${inside}</circle>`;
    case 1:
      return html`<path class="${name}" d="M${cx} ${px(y - r * 1.25)}L${px(x + r * 1.25)} ${cy}L${cx} ${px(y + r * 1.25)}L${px(x - r * 1.25)} ${cy}Z">${inside}</path>`;
    case 2:
      return html`<path class="${name}" d="M${cx} ${px(y - r * 1.2)}L${px(x + r * 1.15)} ${px(y + r)}L${px(x - r * 1.15)} ${px(y + r)}Z">${inside}</path>`;
    default:
      return html`<rect class="${name}" x="${px(x - r)}" y="${px(y - r)}" width="${px(r * 2)}" height="${px(r * 2)}">${inside}</rect>`;
  }
}

/** A cross: something did not arrive, or ended. */
export function cross(x: number, y: number, radius: number, classes: string): Markup {
  const r = px(radius);
  return html`<path class="cross ${classes}" d="M${px(x - r)} ${px(y - r)}L${px(x + r)} ${px(y + r)}M${px(x + r)} ${px(y - r)}L${px(x - r)} ${px(y + r)}"/>`;
}

/** The sign of a folded stretch on a horizontal line. */
export function foldSign(x: number, width: number, y: number): Markup {
  const middle = px(x + width / 2);
  return html`<path class="fold" d="M${px(x)} ${y}H${px(middle - 5)}M${px(middle + 5)} ${y}H${px(x + width)}M${px(middle - 7)} ${y + 5}L${px(middle - 2)} ${y - 5}M${px(middle + 2)} ${y + 5}L${px(middle + 7)} ${y - 5}"/>`;
}

/** Hatches, once a page: a fault, a lockout, a conflict are told apart without colour. */
export const PATTERNS = html`<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="hatch-fault" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="pf-ground" width="7" height="7"/><rect class="pf-line" width="2.2" height="7"/></pattern>
<pattern id="hatch-bad" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="pb-line" width="2" height="6"/></pattern>
<pattern id="hatch-down" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="pd-line" width="1.2" height="5"/></pattern>
<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="tip" d="M0 0.5L8 4L0 7.5Z"/></marker>
<marker id="tip-bad" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="tip bad" d="M0 0.5L8 4L0 7.5Z"/></marker>
</defs></svg>`;
