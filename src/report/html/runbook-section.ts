/** The procedure as a runbook; the step at which the first story fails is marked, and what each step did in that run. */
import type { RunbookStep, Subject } from '../document/schema.ts';
import { plural } from '../count.ts';
import type { DrawnRun } from './drawn-run.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import { hostClass } from './shapes.ts';

/** `run`: that of the first story; null when there is none. */
export function runbookSection({ runbook, name, file }: Subject, run: DrawnRun | null): Markup {
  if (runbook === null || runbook.steps.length === 0) return html`<p class="quiet">The trace names no procedure and no command.</p>`;
  const { steps, failing, source, starts } = runbook;
  return html`<p class="quiet">${name}${file === null ? null : html`, <code>${file.path}</code>`}.${source === null ? null : html` Source: ${source}.`}${starts === 'prepared' ? ' Both validators are prepared, and run.' : starts === 'bare' ? ' Nothing is prepared yet.' : null}${failing === null ? null : html` It fails at <a href="#step-${failing}">step ${failing}</a>.`}</p>
<ol class="runbook">${steps.map((step) => stepItem(step, step.id === failing, run))}</ol>`;
}

function stepItem(step: RunbookStep, failing: boolean, run: DrawnRun | null): Markup {
  const { n, id, host, command, wait, why, onFailure, place, findings } = step;
  const span = run?.commands.find((candidate) => candidate.id === id);
  const ran = span === undefined || run === null ? null : html`<span class="ran ${span.exit !== null && span.exit !== 0 ? 'failed' : ''}">slot ${run.slotAt(span.from)}, ${(span.from / 1e6).toFixed(3)} s, ${span.to === null ? 'does not return' : `exit ${span.exit ?? '?'}`}</span>`;
  return html`<li class="${failing ? 'failing' : ''}" id="step-${id}"><div class="step-head"><span class="n">${n}</span><b>${id}</b><span class="on ${run === null ? '' : hostClass(run.hosts, host)}">on ${host}</span>${ran}${failing ? html`<strong class="flag">the story’s violation begins here</strong>` : null}</div>
${command === null ? null : html`<pre><code>${command}</code></pre>`}${wait === null ? null : html`<p>${wait}</p>`}${why === null ? null : html`<p class="why">${why}</p>`}
<p class="quiet small">${onFailure === 'stop' ? 'Stops here when it fails. ' : onFailure === 'continue' ? 'Goes on when it fails. ' : ''}${findings.length === 0 ? null : `${plural(findings.length, 'cause')} of violation ${findings.length === 1 ? 'begins' : 'begin'} during it. `}${place === null ? null : html`<code>${place.file}:${place.line}</code>`}</p></li>`;
}
