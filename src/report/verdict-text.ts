/** A judgement in words for a terminal: the verdict first. */
import { styleText } from 'node:util';
import { SCOPE } from '../model/verdict.ts';
import type { Finding, FindingClass, Judgement } from '../model/verdict.ts';
import { COLUMNS, bullet, wrap } from './wrap.ts';

export interface VerdictTextOptions {
  /** Colour the words of the verdict; plain text unless given. */
  readonly colour?: boolean;
  /** What the world assumed: the bounds of what is said. */
  readonly assumptions?: readonly string[];
  /** What is said of a finding by its id: that it is waived. */
  readonly notes?: ReadonlyMap<string, string>;
}

const HEADINGS: readonly (readonly [FindingClass, string])[] = [
  ['violation', 'Violations'],
  ['hazard', 'Hazards (no violation by themselves)'],
  ['lost-state', 'Lost state'],
];

/** Lines of at most 80 columns (colour codes apart): verdict, findings, downtime, liveness, bounds and scope. */
export function describeJudgement(judgement: Judgement, options: VerdictTextOptions = {}): string[] {
  const { findings, unknown, result } = judgement;
  const notes = options.notes ?? new Map<string, string>();
  const lines = [...verdictLines(judgement, options.colour ?? false)];
  if (unknown.length > 0) lines.push('', result === 'unknown' ? 'Unknown because' : 'Unknown besides', ...unknown.flatMap((why) => bullet(why)));
  for (const [cls, heading] of HEADINGS) {
    const own = findings.filter((finding) => finding.class === cls);
    if (own.length > 0) lines.push('', heading, ...own.flatMap((finding) => findingLines(finding, notes)));
  }
  lines.push('', ...downtimeLines(judgement, notes));
  lines.push('', ...wrap(`After healing: ${judgement.liveness.live ? 'live' : 'NOT LIVE'}, ${judgement.liveness.why}`, COLUMNS, 2));
  lines.push('', 'Bounds', ...bullet('one trace; what it does not contain is not judged'));
  lines.push(...(options.assumptions ?? []).flatMap((assumption) => bullet(assumption)));
  lines.push(...bullet(SCOPE));
  return lines;
}

function verdictLines({ result, findings, unknown }: Judgement, colour: boolean): string[] {
  const count = (cls: FindingClass): number => findings.filter((finding) => finding.class === cls).length;
  const paint = (style: 'red' | 'yellow' | 'green', word: string): string =>
    colour ? styleText(['bold', style], word, { validateStream: false }) : word;
  const hazards = count('hazard') === 0 ? '' : `, ${plural(count('hazard'), 'hazard')}`;
  switch (result) {
    case 'violated':
      return [`${paint('red', 'VIOLATED')}: ${plural(count('violation'), 'violation')}${hazards}`];
    case 'unknown':
      return [`${paint('yellow', 'UNKNOWN')}: no violation found, but ${plural(unknown.length, 'reason')} not to rely on it${hazards}`];
    case 'holds':
      return [`${paint('green', 'HOLDS')}: no violation in this trace${hazards}`];
  }
}

/** "  SV-12345678  slot 405  step promote" and the title below. */
function findingLines(finding: Finding, notes: ReadonlyMap<string, string>): string[] {
  const note = notes.get(finding.id);
  return [
    ...wrap(`  ${finding.id}  slot ${finding.slot}  step ${finding.step}  ${finding.kind}`, COLUMNS, 4),
    ...wrap(`    ${finding.title}`, COLUMNS, 4),
    ...(note === undefined ? [] : wrap(`    ${note}`, COLUMNS, 4)),
  ];
}

function downtimeLines({ downtime, findings }: Judgement, notes: ReadonlyMap<string, string>): string[] {
  const { slots, runs, refusedVotes, leaderSlotsMissed } = downtime;
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
  const leaders = findings.filter((finding) => finding.kind === 'missed-leader-slots');
  for (const finding of leaders) lines.push(...wrap(`  ${finding.title}`, COLUMNS, 4));
  // Downtime is told by its slots: its findings are named only where something is said of them.
  for (const { id, title, class: cls } of findings) {
    const note = cls === 'downtime' ? notes.get(id) : undefined;
    if (note !== undefined) lines.push(...wrap(`  ${id}  ${title}; ${note}`, COLUMNS, 4));
  }
  return lines;
}

const MOST_RUNS = 12;

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
