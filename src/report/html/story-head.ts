/** The first screen of a story: what happened, the two votes, their arithmetic, the point of no return, what would have prevented it. */
import type { Story, VoteOfConflict } from '../document/story-schema.ts';
import type { Subject } from '../document/schema.ts';
import { bandsPicture } from './bands.ts';
import { conflictPicture } from './conflict-picture.ts';
import type { DrawnRun } from './drawn-run.ts';
import { number, plural } from '../count.ts';
import { eventWords, placeOf } from '../event-words.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import { preventionOf } from './prevention.ts';
import { hostClass, hostMark } from './shapes.ts';

/** Names of classes for people. */
export const CLASS_WORDS: Readonly<Record<string, string>> = { violation: 'Violation', hazard: 'Hazard', 'lost-state': 'Lost state', downtime: 'Downtime' };

/** Heading, votes, picture and the facts beside them. */
export function storyHead(run: DrawnRun, subject: Subject): Markup {
  const { story } = run;
  return html`<div class="story-head">
${story.finding === null || story.class === null ? null : html`<p class="kicker ${story.class}"><span class="kind">${CLASS_WORDS[story.class] ?? story.class}</span> <code>${story.finding}</code> <span class="quiet">${story.title}</span></p>`}
<h2 class="headline">${story.sentence}</h2>
<div class="head-grid">
<div class="head-main">${story.conflict === null ? withoutConflict(run) : html`
<div class="votes">${voteCard(run, subject, story.conflict.earlier, 'Earlier vote')}${voteCard(run, subject, story.conflict.later, 'Later vote')}</div>
<figure class="arithmetic"><div class="wide">${conflictPicture(run, story.conflict, 840)}</div><div class="narrow">${conflictPicture(run, story.conflict, 336)}</div>
<figcaption><details open><summary>The arithmetic in words</summary>${arithmeticLines(story)}</details></figcaption></figure>`}</div>
<div class="head-side">${noReturnBox(run)}${preventionBox(run)}${downtimeBox(story)}${replayBox(story)}</div>
</div></div>`;
}

function arithmeticLines({ arithmetic }: Story): Markup {
  return html`<ol class="arithmetic-lines">${arithmetic.map((line) => html`<li>${line}</li>`)}</ol>`;
}

/** A finding that is not about two votes: who held what, at once, on the first screen. */
function withoutConflict(run: DrawnRun): Markup {
  const { picture } = bandsPicture(run, 840);
  return html`<figure class="arithmetic"><div class="scroll" tabindex="0" role="region" aria-label="Who held the staked identity; scrolls sideways">${picture}</div>
${run.story.arithmetic.length === 0 ? null : html`<figcaption>${arithmeticLines(run.story)}</figcaption>`}</figure>`;
}

function voteCard(run: DrawnRun, subject: Subject, vote: VoteOfConflict, name: string): Markup {
  const drawn = run.voteById.get(vote.id);
  const step = subject.runbook?.steps.find(({ id }) => id === vote.step);
  const command = run.commands.find(({ id }) => id === vote.step);
  const line = step?.command ?? command?.line ?? null;
  const place = step?.place ?? null;
  const fate = vote.fate === 'accepted' ? `accepted in block ${vote.bank ?? '?'}` : vote.fate === 'refused' ? `refused in block ${vote.bank ?? '?'}: ${vote.error?.name ?? 'error'} (${vote.error?.code ?? '?'})` : 'did not land in a block';
  return html`<section class="vote-card ${hostClass(run.hosts, vote.host)}" aria-label="${name}">
<h3><svg class="picture" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${hostMark(run.hosts, vote.host, 10, 10, 6.5, 'staked accepted')}</svg> ${name} <span class="of">· ${vote.host} · slot <b>${vote.slot}</b></span></h3>
<p>vote ${vote.id}, sent at ${(vote.t / 1e6).toFixed(3)} s; ${fate}${drawn?.staked === false ? '; not signed by the staked identity' : ''}</p>
<p class="step">${vote.step === null ? 'before the first step' : html`last command begun: step ${step?.n ?? command?.step ?? ''} <b>${vote.step}</b>${command === undefined ? null : html` on ${command.host}`}${place === null ? null : html` <span class="quiet">(${place.file}:${place.line})</span>`}`}</p>
${line === null ? null : html`<p class="line"><code>${line}</code></p>`}
</section>`;
}

function noReturnBox({ story, events, staked }: DrawnRun): Markup | null {
  const { pointOfNoReturn } = story;
  if (story.finding === null) return null;
  if (pointOfNoReturn === null) return html`<section class="box"><h3>Point of no return</h3><p class="quiet">${story.replay === null ? 'It cannot be looked for in a trace.' : 'It was not looked for; “solevoter replay TOKEN --no-return” finds it.'}</p></section>`;
  const { event, t, slot, what, continuations, looked, cuts, stretches, bounds, more, finished } = pointOfNoReturn;
  const tried = html`<p class="quiet small">Tried: ${looked} of ${plural(cuts, 'cut')} between commands, ${plural(stretches, 'stretch').replace(/chs$/, 'ches')}, bounds “${bounds}”.${finished ? null : ' The budget was used up: it may be earlier.'}</p>`;
  const last = event === null ? undefined : events[event];
  if (t === null || last === undefined) return html`<section class="box"><h3>Point of no return</h3><p>None was found: not every continuation of the last cut ends in ${what}.</p>${tried}</section>`;
  const further = `at most ${plural(more, 'further fault')}`;
  return html`<section class="box no-return-box"><h3>Point of no return${finished ? null : ', at the latest'}</h3>
<p class="big">slot ${slot} <span class="quiet">${(t / 1e6).toFixed(3)} s</span></p>
<p><b>${placeOf(last) === 'cluster' ? 'the cluster' : placeOf(last)}</b>: ${eventWords(last, staked)}.</p>
<p>${continuations === null ? `With it, it has happened. From the moment before it, a continuation with ${further} does not end in ${what}.` : `From there each of ${number(continuations)} continuations with ${further} ends in ${what}.`}</p>
${tried}</section>`;
}

function preventionBox(run: DrawnRun): Markup | null {
  const sentences = preventionOf(run);
  if (sentences.length === 0) return null;
  return html`<section class="box"><h3>What would have prevented it</h3>${sentences.length === 1 ? html`<p>${sentences[0]}</p>` : html`<p class="quiet">Any one of these:</p><ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`}</section>`;
}

/** What the run cost, where nothing graver takes the room. */
function downtimeBox({ downtime, liveness, conflict }: Story): Markup | null {
  if (conflict !== null) return null;
  return html`<section class="box"><h3>Without an accepted vote</h3><p class="big">${plural(downtime.slots, 'slot')} <span class="quiet">${downtime.seconds} s</span></p><ul>${downtime.runs.slice(0, 6).map(({ first, last, why }) => html`<li>${first === last ? first : `${first}–${last}`}: ${why}</li>`)}</ul><p>At the end: ${liveness.why}.</p></section>`;
}

function replayBox({ replay, proof }: Story): Markup | null {
  if (replay === null && proof.length === 0) return null;
  return html`<section class="box">${replay === null ? null : html`<h3>See it again</h3><p class="command-line"><code>${replay.command}</code></p>`}${proof.map((sentence) => html`<p class="quiet small">${sentence}</p>`)}</section>`;
}
