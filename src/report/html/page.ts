/** The page: the verdict, the stories with their pictures, the index by cause, the runbook, and what was not covered. */
import type { DocumentFinding, Method, ReportDocument, Subject } from '../document/schema.ts';
import type { Story } from '../document/story-schema.ts';
import { number, plural } from '../count.ts';
import { causeIndex } from './cause-index.ts';
import { choiceSwitches } from './choices.ts';
import { drawnRun } from './drawn-run.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import { pageScript } from './page-script.ts';
import { runbookSection } from './runbook-section.ts';
import { PATTERNS } from './shapes.ts';
import { storyHead } from './story-head.ts';
import { storyViews } from './story-views.ts';
import { STYLE } from './style.ts';

/** Characters of stories at most; those that are beyond are told with their first screen alone. The first is always whole. */
const MOST_CHARACTERS = 1_800_000;

interface Drawn {
  readonly id: string;
  readonly story: Story;
  readonly subject: Subject;
  readonly markup: Markup;
}

/** The whole document. */
export function page(document: ReportDocument): string {
  const stories = drawnStories(document);
  const [first] = stories;
  const suite = document.command === 'run';
  // Of a suite only what is told has a runbook here.
  const main = first?.subject ?? (suite ? null : (document.subjects[0] ?? null));
  const { text, hash } = pageScript();
  const idOf = (subject: Subject) => (finding: DocumentFinding): string | null =>
    stories.find(({ subject: own, story }) => own === subject && story.finding === finding.id)?.id ?? null;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '${hash}'; img-src data:; base-uri 'none'; form-action 'none'">
<link rel="icon" href="data:,"><title>${document.verdict.word}: ${suite ? 'scenarios' : (main?.name ?? 'solevoter')}</title><style>${{ markup: STYLE }}</style></head>
<body>${PATTERNS}<a class="skip" href="#main">Skip to the result</a>
<header class="top"><p class="brand"><b>solevoter</b> <span class="quiet">${document.command}</span></p><nav aria-label="Parts of this report"><a href="#story">Story</a>${suite ? html`<a href="#scenarios">Scenarios</a>` : html`<a href="#causes">Findings</a>`}${main === null ? null : html`<a href="#runbook">Runbook</a><a href="#not-covered">Not covered</a>`}</nav></header>
<main id="main">
<section class="verdict ${document.verdict.word.toLowerCase().replaceAll(' ', '-')}" aria-labelledby="verdict"><h1 id="verdict"><span class="word">${document.verdict.word}</span> <span class="sentence">${suite || main === null || document.verdict.sentence.startsWith(main.name) ? null : `${main.name}: `}${document.verdict.sentence}</span></h1>
${main === null ? null : html`<p class="quiet meta">${main.title === null ? null : html`${main.title}. `}${main.site.client}, slots of ${main.site.slotMs} ms, own stake ${percent(main.site.stakeShare)}. Exit code ${document.exit.code}: ${document.exit.meaning}.</p>`}
${document.problems.map((problem) => html`<p class="problem">${problem}</p>`)}</section>
<div id="story">${stories.length > 1 ? chooser(stories, suite) : null}${stories.map(({ markup }) => markup)}${first !== undefined ? null : suite ? html`<p class="empty">No story is told: it is told of scenarios that do not end as they say.</p>` : nothingToTell(main)}</div>
${suite ? html`<section class="part" id="scenarios" aria-labelledby="h-scenarios"><h2 id="h-scenarios">Scenarios</h2>${scenarios(document, (subject) => stories.find((drawn) => drawn.subject === subject)?.id ?? null)}</section>`
    : main === null ? null : html`<section class="part" id="causes" aria-labelledby="h-causes"><h2 id="h-causes">Findings by cause</h2>${causeIndex(main, idOf(main))}</section>`}
${main === null ? null : html`<section class="part" id="runbook" aria-labelledby="h-runbook"><h2 id="h-runbook">Runbook</h2>${runbookSection(main, first === undefined ? null : drawnRun(first.story))}</section>
<section class="part" id="not-covered" aria-labelledby="h-not"><h2 id="h-not">What was covered, and what was not</h2>${coverage(main)}</section>`}
</main>
<footer><p>${document.caution}</p><p class="quiet">solevoter ${document.versions.solevoter}; ${document.schema}, ${document.versions.trace}. This file needs no network and sends nothing.</p></footer>
<script>${{ markup: text }}</script></body></html>
`.markup;
}

function drawnStories({ subjects }: ReportDocument): Drawn[] {
  let characters = 0;
  const all = subjects.flatMap((subject) => subject.stories.map((story) => ({ subject, story })));
  // Violations that nobody expected come first in a suite.
  const ordered = [...all].sort((a, b) => Number(isMet(a.subject)) - Number(isMet(b.subject)));
  return ordered.map(({ subject, story }, i) => {
    const id = `story-${i + 1}`;
    const run = drawnRun(story);
    const whole = html`<article class="story" id="${id}" aria-label="${story.finding ?? 'the run'}">${storyHead(run, subject)}${storyViews(run, id)}${choiceSwitches(story, id)}</article>`;
    const short = (): Markup => html`<article class="story" id="${id}" aria-label="${story.finding ?? 'the run'}">${storyHead(run, subject)}${choiceSwitches(story, id)}<p class="quiet">Its pictures are left out to keep this file small; the replay command with --html draws them.</p></article>`;
    const markup = i === 0 || characters + whole.markup.length <= MOST_CHARACTERS ? whole : short();
    characters += markup.markup.length;
    return { id, story, subject, markup };
  });
}

function isMet({ method }: Subject): boolean {
  return method.kind === 'scenario' && method.met;
}

/** Which of the stories is shown. */
function chooser(stories: readonly Drawn[], suite: boolean): Markup {
  return html`<nav class="chooser" aria-label="Stories"><details><summary>One of ${stories.length} stories is shown: choose another</summary><ol>${stories.map(({ id, story, subject }) => {
    const runs = subject.findings.find((finding) => finding.id === story.finding)?.runs;
    return html`<li><a href="#${id}" data-story="${id}">${suite ? html`${subject.name}: ` : null}<code>${story.finding ?? 'the run'}</code></a> ${story.title}${suite || runs === undefined ? null : html` <span class="quiet">in ${plural(runs, subject.counts.unit)}, at step ${story.step ?? 'none'}</span>`}</li>`;
  })}</ol></details></nav>`;
}

function nothingToTell(subject: Subject | null): Markup {
  if (subject === null) return html`<p class="empty">There is no subject.</p>`;
  const { downtime, liveness, what } = subject.run;
  return html`<div class="empty"><h2>There is no story to tell</h2><p>Nothing was found that breaks a rule. The run ${what === 'the run itself' ? '' : `${what} `}had ${plural(downtime.slots, 'slot')} (${downtime.seconds} s) without an accepted vote; afterwards: ${liveness.why}.</p></div>`;
}

function scenarios({ subjects }: ReportDocument, linkOf: (subject: Subject) => string | null): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Scenarios; scrolls sideways on a small screen"><table class="cause-table"><caption class="sr">Scenarios</caption><thead><tr><th scope="col">scenario</th><th scope="col">side</th><th scope="col">as expected</th><th scope="col">outcome</th></tr></thead>
<tbody>${subjects.map((subject) => {
  const { method, name, verdict } = subject;
  const link = linkOf(subject);
  if (method.kind !== 'scenario') return html`<tr><td>${name}</td><td></td><td></td><td>${verdict.sentence}</td></tr>`;
  return html`<tr class="${method.met ? '' : 'unmet'}"><td>${link === null ? name : html`<a href="#${link}" data-story="${link}">${name}</a>`}</td><td>${method.side}</td><td>${method.met ? 'yes' : html`<b>no</b>: ${method.unmet.join('; ')}`}</td><td>${method.outcome}</td></tr>`;
})}</tbody></table></div>`;
}

function coverage({ bounds, assumptions, notCovered, unknown, method, counts }: Subject): Markup {
  const list = (heading: string, entries: readonly string[], classes = ''): Markup | null =>
    entries.length === 0 ? null : html`<section class="box ${classes}"><h3>${heading}</h3><ul>${entries.map((entry) => html`<li>${entry}</li>`)}</ul></section>`;
  return html`<div class="coverage">${list('What leaves the result open', unknown, 'warn-box')}${list('Not covered', notCovered, 'warn-box')}${list('What was done', [...methodWords(method, counts)])}${list('Bounds', bounds)}${list('Assumptions', assumptions)}</div>`;
}

function methodWords(method: Method, { runs, unit, violated, withoutOneVoter, worstDowntime }: Subject['counts']): string[] {
  const sums = `${plural(runs, unit)}: ${number(violated)} violated, ${number(withoutOneVoter)} left without exactly one voter; at worst ${plural(worstDowntime, 'slot')} without an accepted vote`;
  switch (method.kind) {
    case 'single faults': {
      const { timing, faultRuns, firedRuns } = method;
      return [sums, `timing alone, ${number(timing.runs)} runs: ${timing.clean} clean, ${timing.nearMisses} near miss${timing.nearMisses === 1 ? '' : 'es'}, ${plural(timing.stackForm, 'lockout violation')} of the stack form, ${plural(timing.otherViolations, 'other violation')}`, `faults, forks and skips, one at a time: ${number(faultRuns)} runs, ${number(firedRuns)} with a fault that struck`];
    }
    case 'every combination':
      return [sums, `every combination of at most ${plural(method.most, 'fault')}`, `frontier exhausted: ${method.exhausted ? 'yes' : 'no'}`, `${number(method.worlds)} different worlds, ${number(method.merged)} met again; ${number(method.judged)} runs judged`];
    case 'sample':
      return [sums, `drawn schedules of exactly ${plural(method.most, 'fault')} (seed ${method.seed}): a sample exhausts nothing`];
    case 'swarm':
      return [sums, `a swarm of ${plural(method.drawn, 'drawn run')} (seed ${method.seed}), ${number(method.firedRuns)} with a fault that struck`];
    case 'one run':
      return ['one run, judged'];
    case 'scenario':
      return [`one ${method.side}, judged; it was ${method.met ? 'as expected' : 'not as expected'}`];
  }
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100} %`;
}
