/** The findings of many runs by cause: an index from which each told story is reached. */
import type { DocumentFinding, Subject } from '../document/schema.ts';
import { number, plural } from '../count.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';

const HEADINGS: readonly (readonly [DocumentFinding['class'], string])[] = [
  ['violation', 'Violations'],
  ['lost-state', 'Lost state'],
  ['hazard', 'Hazards: no violation by themselves'],
  ['downtime', 'Downtime'],
];

const MOST_KINDS = 6;

/** `linkOf`: id of the story of a finding; null when none is told. */
export function causeIndex({ findings, exposures, counts }: Subject, linkOf: (finding: DocumentFinding) => string | null): Markup {
  const tables = HEADINGS.flatMap(([grade, heading]) => {
    const own = findings.filter((finding) => finding.class === grade);
    if (own.length === 0) return [];
    return [html`<details class="causes" ${grade === 'violation' || own.length < 6 ? OPEN : null}><summary><h3>${heading}</h3> <span class="quiet">${plural(own.length, 'cause')}</span></summary>${causes(own, heading, counts.unit, linkOf)}</details>`];
  });
  const exposed = exposures.length === 0 ? null : html`<details class="causes"><summary><h3>Exposure</h3> <span class="quiet">${plural(exposures.length, 'cause')}</span></summary><p class="quiet">It comes of what struck before the first protective step, or the new voter alone, whatever the procedure does.</p>${causes(exposures, 'Exposure', counts.unit, () => null)}</details>`;
  return html`${tables.length === 0 ? html`<p>Nothing was found.</p>` : tables}${exposed}`;
}

const OPEN = html`open`;

function causes(findings: readonly DocumentFinding[], caption: string, unit: string, linkOf: (finding: DocumentFinding) => string | null): Markup {
  const mechanisms = new Map<string, DocumentFinding[]>();
  for (const finding of findings) {
    const name = `${finding.kind}; ${finding.class === 'downtime' ? '' : finding.hosts === 'same host' ? 'one host; ' : 'both hosts; '}${finding.mechanism}`;
    mechanisms.set(name, [...(mechanisms.get(name) ?? []), finding]);
  }
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}, by cause; scrolls sideways on a small screen"><table class="cause-table"><caption class="sr">${caption}, by cause</caption>
<thead><tr><th scope="col">id</th><th scope="col">at step</th><th scope="col" class="number">${unit}s</th><th scope="col">which faults lead there</th></tr></thead>
${[...mechanisms].map(([mechanism, own]) => html`<tbody><tr class="mechanism"><th scope="rowgroup" colspan="4">${mechanism}</th></tr>${own.map((finding) => row(finding, linkOf(finding)))}</tbody>`)}
</table></div>`;
}

function row({ id, step, runs, faults, waived }: DocumentFinding, link: string | null): Markup {
  const more = faults.length - MOST_KINDS;
  return html`<tr><td>${link === null ? html`<code>${id}</code>` : html`<a href="#${link}" data-story="${link}"><code>${id}</code></a>`}</td><td>${step ?? 'before the first'}</td><td class="number">${number(runs)}</td>
<td>${faults.slice(0, MOST_KINDS).map(({ kinds, runs: count }) => html`<span class="kinds">${kinds} <b>${number(count)}</b></span> `)}${more > 0 ? html`<span class="quiet">and ${more} more</span>` : null}${waived === null ? null : html` <span class="waived">waived: ${waived}</span>`}</td></tr>`;
}
