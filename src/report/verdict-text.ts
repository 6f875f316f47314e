/** The judgement of one run or trace in words for a terminal: the verdict first. */
import type { FindingClass } from '../model/verdict.ts';
import { plural } from './count.ts';
import type { DocumentFinding, Subject } from './document/schema.ts';
import { wordOf } from './document/verdict.ts';
import { painted } from './paint.ts';
import { COLUMNS, bullet, wrap } from './wrap.ts';

const HEADINGS: readonly (readonly [FindingClass, string])[] = [
  ['violation', 'Violations'],
  ['hazard', 'Hazards (no violation by themselves)'],
  ['lost-state', 'Lost state'],
];

/** Lines of at most 80 columns (colour codes apart): verdict, findings, downtime, liveness, bounds and what was not covered. */
export function describeJudgement(subject: Subject, colour: boolean): string[] {
  const { verdict, unknown, run, bounds, assumptions, notCovered } = subject;
  const word = wordOf(verdict.result);
  return [
    `${painted(word, colour)}: ${verdict.sentence}`,
    ...(unknown.length === 0 ? [] : ['', verdict.result === 'unknown' ? 'Unknown because' : 'Unknown besides', ...unknown.flatMap(bullet)]),
    ...findingLines(subject),
    '', ...downtimeLines(subject),
    '', ...wrap(`After healing: ${run.liveness.live ? 'live' : 'NOT LIVE'}, ${run.liveness.why}`, COLUMNS, 2),
    '', 'Bounds', ...[...bounds, ...assumptions].flatMap(bullet),
    '', 'Not covered', ...notCovered.flatMap(bullet),
  ];
}

interface FoundOnce {
  readonly cause: DocumentFinding;
  readonly slot: number;
  readonly title: string;
}

/** Each finding of the run with its cause: a run may have one cause more than once. */
function foundIn({ run, findings }: Subject): FoundOnce[] {
  const causes = new Map(findings.map((cause) => [cause.id, cause]));
  return run.findings.map(({ finding, slot, title }) => ({ cause: causes.get(finding)!, slot, title }));
}

/** "  SV-12345678  slot 405  step promote" and the title below. */
function findingLines(subject: Subject): string[] {
  const found = foundIn(subject);
  return HEADINGS.flatMap(([grade, heading]) => {
    const own = found.filter(({ cause }) => cause.class === grade);
    if (own.length === 0) return [];
    return ['', heading, ...own.flatMap(({ cause: { id, step, kind, waived }, slot, title }) => [
      ...wrap(`  ${id}  slot ${slot}  step ${step ?? '-'}  ${kind}`, COLUMNS, 4),
      ...wrap(`    ${title}`, COLUMNS, 4),
      ...(waived === null ? [] : wrap(`    ${waived}`, COLUMNS, 4)),
    ])];
  });
}

const MOST_RUNS = 12;

function downtimeLines(subject: Subject): string[] {
  const { slots, runs, refusedVotes, leaderSlotsMissed } = subject.run.downtime;
  const extra = [
    ...(refusedVotes === 0 ? [] : [`${plural(refusedVotes, 'vote')} refused`]),
    ...(leaderSlotsMissed === 0 ? [] : [`${plural(leaderSlotsMissed, 'leader slot')} missed`]),
  ];
  const lines = wrap(`Downtime: ${plural(slots, 'slot')} without a vote accepted in time${extra.map((part) => `; ${part}`).join('')}`, COLUMNS, 2);
  const shown = runs.length > MOST_RUNS ? runs.slice(0, MOST_RUNS) : runs;
  for (const { first, last, slots: missed, why } of shown) {
    const range = (first === last ? `${first}` : `${first}–${last}`).padEnd(13);
    lines.push(...wrap(`  ${range} ${String(missed).padStart(5)}  ${why}`, COLUMNS, 23));
  }
  if (shown.length < runs.length) lines.push(`  and ${plural(runs.length - shown.length, 'more run')}`);
  const found = foundIn(subject);
  for (const { cause, title } of found) if (cause.kind === 'missed-leader-slots') lines.push(...wrap(`  ${title}`, COLUMNS, 4));
  // Downtime is told by its slots: its findings are named only where something is said of them.
  for (const { cause: { id, class: grade, waived }, title } of found) {
    if (grade === 'downtime' && waived !== null) lines.push(...wrap(`  ${id}  ${title}; ${waived}`, COLUMNS, 4));
  }
  return lines;
}
