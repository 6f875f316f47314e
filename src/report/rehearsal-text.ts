/**
 * A rehearsal, a search or a swarm for a terminal, from the result document: the verdict in one line, what was done, the
 * causes, the shortest story, the bounds, and how to replay it.
 */
import { causeTables } from './cause-table.ts';
import { number, plural } from './count.ts';
import type { Method, ReportDocument, Subject } from './document/schema.ts';
import type { Story } from './document/story-schema.ts';
import { describeNoReturn } from './no-return-text.ts';
import { painted } from './paint.ts';
import { storyText } from './story-lines.ts';
import { COLUMNS, bullet, wrap } from './wrap.ts';

export interface RehearsalTextOptions {
  readonly colour: boolean;
  /** Print every cause, not only the first ones of each class. */
  readonly all: boolean;
  /** How long it took and how much memory a thread needed: no part of the document, for they differ from run to run. */
  readonly effort: { readonly seconds: number; readonly heapMiB: number };
}

/** Lines of at most 80 columns, the replay command and colour codes apart. */
export function describeRehearsal(document: ReportDocument, { colour, all, effort }: RehearsalTextOptions): string[] {
  return document.subjects.flatMap((subject) => [
    ...verdictLines(subject, document.verdict.word, colour), '',
    ...counts(subject, effort),
    ...unknownLines(subject),
    ...causeTables(subject.findings, { all }),
    ...waitLines(subject.method),
    ...exceptionLines(subject),
    ...exposureLines(subject),
    ...subject.stories.slice(0, 1).flatMap((story) => toldLines(subject, story)),
    '', 'Bounds', ...subject.bounds.flatMap(bullet),
    '', 'Not covered', ...subject.notCovered.flatMap(bullet),
    '', 'Assumptions', ...subject.assumptions.flatMap(bullet),
    '', ...wrap(`solevoter ${document.versions.solevoter}. ${document.caution}`, COLUMNS, 0),
    ...replayLines(subject.stories[0]),
  ]);
}

function verdictLines({ verdict }: Subject, word: ReportDocument['verdict']['word'], colour: boolean): string[] {
  return wrap(`${painted(word, colour)}  ${verdict.sentence}`, COLUMNS, 2);
}

function counts(subject: Subject, effort: RehearsalTextOptions['effort']): string[] {
  const { method } = subject;
  switch (method.kind) {
    case 'single faults':
      return [...baselineLines(subject), ...singleFaultLines(subject, method)];
    case 'every combination':
    case 'sample':
      return [...searchLines(subject, method), ...effortLines(method, effort)];
    case 'swarm':
      return swarmLines(subject, method);
    case 'one run':
    case 'scenario':
      return baselineLines(subject);
  }
}

function baselineLines({ run: { result, downtime, liveness } }: Subject): string[] {
  const live = liveness.live ? '' : `; ${liveness.why}`;
  return [
    ...wrap(`Without faults and forks, at the mildest timing: ${result}${live}; ${plural(downtime.slots, 'slot')} (${downtime.seconds.toFixed(1)} s) without an accepted vote`, COLUMNS, 2),
    ...downtime.runs.flatMap(({ first, last, why }) => wrap(`  slot${first === last ? ` ${first}` : `s ${first}–${last}`}: ${why}`, COLUMNS, 4)),
  ];
}

function singleFaultLines({ counts: { violated, withoutOneVoter, worstDowntime }, notCovered }: Subject, { timing, faultRuns, firedRuns }: Extract<Method, { kind: 'single faults' }>): string[] {
  const silent = notCovered.filter((line) => line.startsWith('found nothing to strike here'));
  return [
    ...wrap(`Timing alone, ${timing.runs} runs over measured latencies: ${timing.clean} clean, ${timing.nearMisses} near miss${timing.nearMisses === 1 ? '' : 'es'}, ${plural(timing.stackForm, 'lockout violation')} of the stack form, ${plural(timing.otherViolations, 'other violation')}`, COLUMNS, 2),
    ...wrap(`Faults, forks and skips: ${number(faultRuns)} runs, ${number(firedRuns)} with a fault that struck; with the timings ${number(violated)} violated, ${number(withoutOneVoter)} left without exactly one voter; at worst ${worstDowntime} slots without a vote`, COLUMNS, 2),
    ...silent.flatMap((line) => wrap(`F${line.slice(1)}`, COLUMNS, 2)),
  ];
}

type SearchMethod = Extract<Method, { kind: 'every combination' | 'sample' }>;

function searchLines({ counts: { runs, violated, withoutOneVoter, worstDowntime }, run }: Subject, method: SearchMethod): string[] {
  const what = method.kind === 'sample'
    ? `A sample of the combinations of ${plural(method.most, 'fault')}, seed ${method.seed}: ${number(runs)} schedules; ${number(method.idle)} more found nothing to strike`
    : `Every combination of at most ${plural(method.most, 'fault')}: ${number(runs)} schedules (${method.byChoices.map((count, choices) => `${number(count)} with ${choices === 0 ? 'none' : choices}`).join(', ')}); ${number(method.idle)} more found nothing to strike`;
  return [
    ...wrap(what, COLUMNS, 2),
    `Frontier exhausted: ${method.kind === 'every combination' && method.exhausted ? 'yes' : 'no'}`,
    ...wrap(`${plural(violated, 'schedule')} violated, ${number(withoutOneVoter)} left without exactly one voter; at worst ${plural(worstDowntime, 'slot')} without a vote, without faults ${run.downtime.slots}`, COLUMNS, 2),
  ];
}

function effortLines(method: SearchMethod, { seconds, heapMiB }: RehearsalTextOptions['effort']): string[] {
  if (method.kind === 'sample') return [`${seconds.toFixed(1)} s`];
  const { worlds, merged, judged, slots } = method;
  return wrap(`${number(worlds)} different worlds, ${number(merged)} met again and not run twice (fingerprints of 128 bits: a false match has a probability below ${falseMatch(worlds)}); ${number(judged)} runs judged, ${number(slots)} slots simulated, ${number(Math.ceil(heapMiB))} MiB of heap a thread, ${seconds.toFixed(1)} s`, COLUMNS, 2);
}

/** n²/2^129, as a power of ten that is not exceeded. */
function falseMatch(worlds: number): string {
  return `10^-${Math.max(1, 38 - 2 * String(worlds).length)}`;
}

function swarmLines({ counts: { violated, withoutOneVoter, worstDowntime } }: Subject, { seed, drawn, worlds, firedRuns, kinds }: Extract<Method, { kind: 'swarm' }>): string[] {
  const cells = kinds.map(({ kind, drawn: times, fired }) => `${kind.padEnd(24)} ${number(times).padStart(6)} ${number(fired).padStart(6)}`);
  const half = Math.ceil(cells.length / 2);
  return [
    ...wrap(`Swarm of seed ${seed}: ${plural(drawn, 'run')}, ${number(firedRuns)} with faults that fired; ${number(violated)} violated, ${number(withoutOneVoter)} left without exactly one voter; at worst ${plural(worstDowntime, 'slot')} without a vote`, COLUMNS, 2),
    ...wrap(`Besides them ${plural(worlds, 'world')} again without faults, and the mildest run: what they give too is not the faults'`, COLUMNS, 2),
    '', 'Kinds of faults (drawn, fired)', ...cells.slice(0, half).map((cell, i) => `  ${cell}  ${cells[half + i] ?? ''}`.trimEnd()),
  ];
}

function waitLines(method: Method): string[] {
  const wait = method.kind === 'single faults' ? method.longestUnsafeWait : null;
  if (wait === null) return [];
  const { slots, from, to, losing } = wait;
  const found = slots === null
    ? `no violation was found from ${from} to ${to} slots`
    : `a violation was found with a wait of ${slots} slots from the last cast vote (${losing} own votes on the losing branch), none from ${slots + 1} to ${to}`;
  return ['', ...wrap(`Longest unsafe wait: ${found}. The rule on paper says 249: the vote eight places below the newest locks out for 256 slots.`, COLUMNS, 2)];
}

/** What no procedure can prevent. */
function exceptionLines({ exceptions, counts: { unit } }: Subject): string[] {
  if (exceptions.length === 0) return [];
  return ['', 'Exceptions: what no procedure can prevent, says the procedure file', ...exceptions.flatMap(({ runs, finding, with: kind, scenario, why, causes }) => [
    ...wrap(`  ${plural(runs, unit)} with ${kind}: ${finding} (scenario ${scenario}). ${why}`, COLUMNS, 4),
    ...causes.flatMap(({ id, runs: count, faults }) => wrap(`    ${id} ${number(count).padStart(6)}  ${faults.map(({ kinds, runs: times }) => `${kinds} ${times}`).join(', ')}`, COLUMNS, 24)),
  ])];
}

/** What the procedure cannot answer for. */
function exposureLines({ method, exposures, counts: { unit } }: Subject): string[] {
  if (!('exposedRuns' in method) || method.exposedRuns === 0) return [];
  const causes = exposures.filter((cause) => cause.class === 'violation' || cause.kind === 'nobody-votes');
  return [
    '', ...wrap(`Exposure: ${plural(method.exposedRuns, unit)}, struck before the first protective step has ended, or the new voter alone; the same comes of it when nothing is done`, COLUMNS, 2),
    ...causes.flatMap(({ id, kind, runs, faults }) => wrap(`    ${id} ${number(runs).padStart(6)}  ${kind}: ${faults.map(({ kinds }) => kinds).join(', ')}`, COLUMNS, 24)),
  ];
}

function unknownLines({ verdict, unknown }: Subject): string[] {
  if (unknown.length === 0) return [];
  return ['', verdict.result === 'unknown' ? 'Unknown because' : 'Unknown besides', ...unknown.flatMap(bullet)];
}

function toldLines({ findings }: Subject, story: Story): string[] {
  const { finding, class: grade, proof, pointOfNoReturn } = story;
  if (finding === null) return [];
  const which = finding === findings[0]?.id ? `the first ${grade === 'violation' ? 'violation' : 'finding'}; --tell ID tells another` : finding;
  return [
    '', `The shortest story (${which})`,
    ...storyText(story),
    ...(proof.length === 0 ? [] : ['', ...proof.flatMap((line) => wrap(line, COLUMNS, 0))]),
    ...(pointOfNoReturn === null ? [] : ['', ...describeNoReturn(pointOfNoReturn)]),
  ];
}

function replayLines(story: Story | undefined): string[] {
  if (story === undefined || story.finding === null || story.replay === null) return [];
  return ['', 'Replay it:', `  ${story.replay.command}`];
}
