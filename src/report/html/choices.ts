/** For each fault, fork and timing of a run a switch that tells whether the violation remains without it; all was computed before. */
import type { Choice, Story } from '../document/story-schema.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';

/** The switches; without the script each result stands beneath its choice. */
export function choiceSwitches(story: Story, name: string): Markup {
  const { choices } = story;
  const heading = html`<h3 id="${name}-choices">What remains without each fault</h3>`;
  if (choices.length === 0) {
    return html`<section class="view" aria-labelledby="${name}-choices">${heading}<p>${story.replay === null ? 'The trace was not made by a simulation here: nothing in it can be left out and run again.' : 'This run has no fault, no fork and the mildest timing. There is nothing to leave out.'}</p></section>`;
  }
  return html`<section class="view choices" aria-labelledby="${name}-choices">${heading}
<p class="quiet">Turn one off to see what comes of the same run without it. Each was run before this page was written; one is left out at a time.</p>
<div class="choice-grid"><ul class="choice-list">${choices.map((choice, i) => html`<li><button type="button" role="switch" aria-checked="true" class="choice-switch" value="${i}" disabled aria-describedby="${name}-outcome"><span class="knob" aria-hidden="true"></span><span><b>${nameOf(choice)}</b> ${choice.sentence}${choice.struck ? null : html` <span class="quiet">(did not strike)</span>`}</span></button></li>`)}</ul>
<div class="choice-outcome" id="${name}-outcome" role="status">
<div class="choice-whole"><p class="state ${story.finding === null ? 'good' : 'bad'}"><span aria-hidden="true">${story.finding === null ? '○' : '●'}</span> ${story.class === 'violation' ? 'The violation is there' : story.finding === null ? 'Nothing was found' : 'The finding is there'}</p><p>With everything on${story.finding === null ? ', nothing was found in the run' : html`, the run has <code>${story.finding}</code>: ${story.title}`}.</p></div>
${choices.map((choice) => html`<div class="choice-result">${resultOf(choice, story)}</div>`)}</div></div></section>`;
}

function nameOf({ what, name, kind }: Choice): string {
  return what === 'fault' ? `fault ${name}, ${kind}:` : `${what}:`;
}

function resultOf(choice: Choice, story: Story): Markup {
  const { without, what, sentence } = choice;
  const left = what === 'timing' ? `With the mildest timing in place of “${sentence}”` : `Without “${sentence}”`;
  if (without === null) return html`<p class="state"><span aria-hidden="true">○</span> Not computed</p><p>${left} the run does not fit the procedure: what is left cannot be run.</p>`;
  const thing = story.class === 'violation' ? 'The violation' : 'The finding';
  const words = story.finding === null ? (without.result === 'violated' ? 'A violation comes' : 'Nothing changes') : `${thing} ${without.remains ? 'remains' : 'is gone'}`;
  return html`<p class="state ${without.remains ? 'bad' : without.result === 'violated' ? 'warn' : 'good'}"><span aria-hidden="true">${without.remains ? '●' : '○'}</span> ${words}</p>
<p>${left}: the run ${without.result === 'holds' ? 'holds' : without.result === 'violated' ? 'is violated' : 'is unknown'}.</p>
${without.violations.length === 0 ? null : html`<ul>${without.violations.map(({ id, kind, change }) => html`<li><code>${id}</code> ${kind}: ${change}</li>`)}</ul>`}
<p class="command-line"><code>${without.replay.command}</code></p>`;
}
