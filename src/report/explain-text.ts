/** A story in prose: one sentence an event, what it came to, and the answers to what operators ask. */
import type { StepAnswers, Answer } from '../explore/what-if.ts';
import type { WaitSearch } from '../explore/longest-wait.ts';
import type { Judgement } from '../model/verdict.ts';
import { plural } from './count.ts';
import type { Subject } from './document/schema.ts';
import type { Story } from './document/story-schema.ts';
import { COLUMNS, bullet, wrap } from './wrap.ts';

/** Sentences that begin with what a host does; the others are about a part of it. */
const VERBS = /^(?:sends|re-sends|signs|shows|writes|produces) /;

/** The story, the arithmetic and what it comes to without each choice. Lines of at most 80 columns, tokens apart. */
export function explainStory(story: Story, { verdict, runbook }: Subject): string[] {
  const { told, finding, sentence, arithmetic, choices, pointOfNoReturn, place, downtime, liveness } = story;
  const lines = [
    ...wrap(`${verdict.result.toUpperCase()}: ${verdict.sentence}.`, COLUMNS, 2), '',
    'What happened', ...told.filter(({ weight }) => weight <= 2).flatMap((step) => wrap(`  ${prose(step)}`, COLUMNS, 4)), '',
  ];
  if (finding !== null) {
    const step = runbook?.steps.find(({ id }) => id === story.step);
    const where = place === null ? '' : ` (${place.file}, line ${place.line})`;
    lines.push('What went wrong', ...wrap(`  ${sentence} This is ${finding}.`, COLUMNS, 2));
    if (step !== undefined) lines.push(...wrap(`  Step ${step.n}, ${step.id}${where}, runs on ${step.host}${step.why === null ? '' : `; it is there because ${step.why}`}.`, COLUMNS, 2));
    lines.push('', 'The arithmetic', ...arithmetic.flatMap((line) => wrap(`  ${line}`, COLUMNS, 4)));
    if (pointOfNoReturn !== null) lines.push('', ...wrap(pointOfNoReturn.sentence, COLUMNS, 2));
    if (choices.length > 0) lines.push('', 'Without what could have been otherwise', ...choices.flatMap((choice) => bullet(choiceWords(choice))));
    lines.push('');
  }
  const { slots, seconds, creditsAtMost } = downtime;
  lines.push(...wrap(`Slots without an accepted vote: ${slots} (${seconds} s), at most ${plural(creditsAtMost, 'credit')}. At the end ${liveness.why}.`, COLUMNS, 2));
  return lines;
}

function prose({ slot, host, kind, sentence }: Story['told'][number]): string {
  if (kind === 'command') {
    const [id, rest] = [sentence.slice(0, sentence.indexOf(' ')), sentence.slice(sentence.indexOf(' ') + 1)];
    const [, outcome, line] = /^\((.*?)\): (.*)$/s.exec(rest) ?? [];
    return `In slot ${slot}, on ${host}, step ${id} runs (${outcome ?? 'unknown'}): ${line ?? rest}`;
  }
  const end = /[.!?…]$/.test(sentence) ? '' : '.';
  if (host === '' || host === 'cluster' || host === 'operator') return `In slot ${slot}, ${sentence}${end}`;
  return VERBS.test(sentence) ? `In slot ${slot}, ${host} ${sentence}${end}` : `In slot ${slot}, on ${host}, ${sentence}${end}`;
}

function choiceWords({ sentence, struck, without }: Story['choices'][number]): string {
  const what = `without "${sentence}"`;
  if (!struck) return `${what}: it did not strike`;
  if (without === null) return `${what}: what is left does not fit the procedure`;
  const others = without.violations.filter(({ change }) => change === 'comes only now').map(({ id, kind }) => `${id} ${kind} comes instead`);
  return `${what} the finding ${without.remains ? 'remains' : 'is gone'}, and the run ${without.result === 'holds' ? 'holds' : `is ${without.result}`}${others.length === 0 ? '' : `; ${others.join(', ')}`}`;
}

/** The answers, step by step. `wait`: null when it could not be told. */
export function explainWhatIf(answers: readonly StepAnswers[], wait: WaitSearch | null): string[] {
  return [
    'What if (the same run, with one thing more)',
    ...answers.flatMap(({ n, step, interrupted, linkDies, reboots }) => [
      ...wrap(`  Step ${n}, ${step.id} on ${step.host}`, COLUMNS, 4),
      ...answerLines('Ctrl-C after it', interrupted),
      ...(linkDies === null ? [] : answerLines(`ssh to ${step.host} dies before it`, linkDies)),
      ...answerLines('Ctrl-C after it; the old host reboots five minutes later', reboots),
    ]),
    '', ...waitLines(wait),
  ];
}

function answerLines(question: string, { judgement }: Answer): string[] {
  return wrap(`    ${question}: ${outcomeWords(judgement)}`, COLUMNS, 6);
}

/** What a run came to: the gravest first. */
export function outcomeWords({ result, findings, liveness, downtime, unknown }: Judgement): string {
  const violations = [...new Map(findings.filter((finding) => finding.class === 'violation').map(({ id, kind }) => [id, `${kind} ${id}`])).values()];
  const [hazard] = findings.filter((finding) => finding.class === 'hazard');
  const { voters } = liveness;
  const who = voters.length === 0 ? 'nobody votes at the end' : voters.length === 1 ? `${voters[0]} votes` : `${voters.join(' and ')} both vote`;
  return [
    ...(violations.length === 0 ? [] : [`VIOLATED, ${violations.join(', ')}`]),
    ...(result === 'unknown' ? [`UNKNOWN, ${unknown[0]}`] : []),
    who,
    `${plural(downtime.slots, 'slot')} without a vote`,
    ...(hazard === undefined ? [] : [`hazard: ${hazard.title}`]),
  ].join('; ');
}

function waitLines(wait: WaitSearch | null): string[] {
  if (wait === null) return wrap('How long must I wait without a tower? Not told for this procedure.', COLUMNS, 2);
  const { greatest, from, to } = wait;
  const found = greatest === null
    ? `In this model no wait from ${from} to ${to} slots leaves a violation`
    : `In this model a violation still exists after a wait of ${greatest} slots from the last vote, and none from ${greatest + 1} to ${to}`;
  return wrap(`How long must I wait without a tower? ${found}. A vote eight places below the newest locks out for 256 slots: wait longer than that, counted from the last vote that was cast.`, COLUMNS, 2);
}
