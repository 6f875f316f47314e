/** The pictures of a story with the scrubber that moves all of them to an instant. */
import { bandsPicture } from './bands.ts';
import type { DrawnRun } from './drawn-run.ts';
import { forkTree } from './fork-tree.ts';
import { pageData, startOf, towersOf } from './instants.ts';
import { html, jsonData } from './markup.ts';
import type { Markup } from './markup.ts';
import { hostClass, hostMark, cross, px } from './shapes.ts';
import { spaceTime } from './space-time.ts';
import { towerTable } from './tower-table.ts';

const WIDTH = 1180;

/** The views; `name` begins the ids of the story. */
export function storyViews(run: DrawnRun, name: string): Markup {
  const bands = bandsPicture(run, WIDTH);
  const diagram = spaceTime(run);
  const tree = forkTree(run, WIDTH);
  const data = pageData(run, diagram.rows, { left: bands.left, width: bands.axis.width, pieces: bands.axis.pieces });
  const cursor = html`<svg class="over" aria-hidden="true" focusable="false" width="${bands.width}" height="${bands.height}" viewBox="0 0 ${bands.width} ${bands.height}"><rect class="shade" x="0" y="22" width="${bands.width}" height="${bands.height - 22}"/><path class="cursor" d="M0 16V${bands.height}"/></svg>`;
  return html`<div class="views">
<script type="application/json" class="run-data">${jsonData(data)}</script>
<section class="view" aria-labelledby="${name}-bands"><h3 id="${name}-bands">Who held the staked identity, who could vote, and who did</h3>
${legend(run)}
<div class="scroll" tabindex="0" role="region" aria-label="Bands over time; scrolls sideways"><div class="stack" style="width:${bands.width}px">${bands.picture}${cursor}</div></div></section>
<section class="view" aria-labelledby="${name}-st"><h3 id="${name}-st">Space and time</h3>
<p class="quiet">Time runs down. A solid line from a host is a vote on its way to the block that took it. Quiet stretches are folded. Click a row to move all pictures there.</p>
<div class="scroll st-scroll" tabindex="0" role="region" aria-label="Space-time diagram; scrolls sideways on a small screen">${diagram.drawn}</div></section>
<section class="view" aria-labelledby="${name}-towers"><h3 id="${name}-towers">Both towers beside each other</h3>
<p class="quiet">Bars are as long as the confirmation count; each further vote doubles the lockout. A slot that one tower lacks while the other still locks it out is marked.</p>
<div class="tower-states">${run.hosts.map((host) => html`<p><b class="${hostClass(run.hosts, host)}">${host}</b> <span class="state-of"></span></p>`)}<label class="scripted-only"><input type="checkbox" class="every-slot"> show every slot</label></div>
<div class="scroll" tabindex="0" role="region" aria-label="Towers; scrolls sideways on a small screen"><div class="towers-at">${towersAtStart(run)}</div></div></section>
<section class="view" aria-labelledby="${name}-forks"><h3 id="${name}-forks">Forks, and each host’s votes</h3>
${tree === null ? html`<p class="quiet">The trace has no block.</p>` : html`<p class="quiet">${run.story.forks.losing.length === 0 ? 'One chain: no fork in this run.' : `${run.story.forks.losing.length} block${run.story.forks.losing.length === 1 ? '' : 's'} on losing forks.`} A hollow mark with a cross did not land; a light one was refused.</p><div class="scroll" tabindex="0" role="region" aria-label="Fork tree; scrolls sideways">${tree}</div>`}</section>
${scrubber(run, name, data.moments.length)}
</div>`;
}

/** What a page without its script shows. */
function towersAtStart(run: DrawnRun): Markup {
  const at = startOf(run);
  return towerTable(run.hosts, run.hosts.map((host) => towersOf(run, host).findLast(([t]) => t <= at) ?? null), false);
}

function scrubber({ story, faults }: DrawnRun, name: string, moments: number): Markup {
  const jumps: readonly (readonly [string, number | null | undefined])[] = [
    ['start', 0],
    ...faults.slice(0, 4).map(({ fault, from }) => [`fault ${fault}`, from] as const),
    ['earlier vote', story.conflict?.earlier.t],
    ['point of no return', story.pointOfNoReturn?.t],
    [story.conflict === null ? 'finding' : 'later vote', story.conflict?.later.t ?? story.t],
    ['end', Number.MAX_SAFE_INTEGER],
  ];
  return html`<div class="scrubber" role="group" aria-label="The instant that all pictures show" hidden>
<div class="scrub-row"><button type="button" data-step="-1" aria-label="Previous event">◀</button><label class="sr" for="${name}-instant">Instant</label><input type="range" id="${name}-instant" min="0" max="${moments - 1}" value="0" step="1"><button type="button" data-step="1" aria-label="Next event">▶</button></div>
<div class="scrub-row"><p class="said" role="status"></p><div class="jumps">${jumps.map(([words, t]) => (t == null ? null : html`<button type="button" data-t="${t}">${words}</button>`))}</div></div>
</div>`;
}

function legend(run: DrawnRun): Markup {
  const sample = (drawn: Markup, words: string): Markup => html`<li><svg class="picture" width="24" height="16" viewBox="0 0 24 16" aria-hidden="true" focusable="false">${drawn}</svg> ${words}</li>`;
  const mark = (host: string, classes: string): Markup => hostMark(run.hosts, host, 12, 8, 5, classes);
  const [first = ''] = run.hosts;
  return html`<ul class="legend">${run.hosts.map((host) => sample(mark(host, 'staked accepted'), `${host}: vote with the staked identity, accepted`))}
${sample(mark(first, 'staked refused'), 'refused by a block')}${sample(html`${mark(first, 'staked lost')}${cross(12, 8, 3, '')}`, 'did not land')}
${run.faults.length === 0 ? null : sample(html`<rect class="fault" x="1" y="2" width="22" height="12"/>`, 'a fault')}
${sample(html`<rect class="clash" x="1" y="1" width="22" height="14"/>`, 'two could vote at once')}${run.story.pointOfNoReturn?.t == null ? null : sample(html`<path class="no-return" d="M${px(12)} 0V16"/>`, 'point of no return')}</ul>`;
}
