/** A rehearsal for a terminal: the verdict in one line, what was done, the causes, the shortest story, and how to replay it. */
import { styleText } from 'node:util';
import type { CauseGroup, Rehearsal } from '../explore/rehearse.ts';
import type { WaitSearch } from '../explore/longest-wait.ts';
import type { FindingClass } from '../model/verdict.ts';
import { SCOPE } from '../model/verdict.ts';
import { PRODUCT_VERSION } from '../model/version.ts';
import { COLUMNS, wrap } from './wrap.ts';

export interface RehearsalTextOptions {
  readonly colour: boolean;
  /** Print every cause, not only the first ones of each class. */
  readonly all: boolean;
  /** The cause whose story is told, and that story. */
  readonly told: CauseGroup | undefined;
  readonly story: readonly string[];
  readonly tokenOf: (group: CauseGroup) => string;
  readonly assumptions: readonly string[];
  /** What is said of a cause by its id: that it is waived. */
  readonly notes: ReadonlyMap<string, string>;
}

const ROWS_OF_A_MECHANISM = 5;

const HEADINGS: readonly (readonly [FindingClass, string])[] = [
  ['violation', 'Violations, by cause'],
  ['lost-state', 'Lost state, by cause'],
  ['hazard', 'Hazards (no violation by themselves), by cause'],
  ['downtime', 'Downtime, by cause'],
];

/** Lines of at most 80 columns, the replay command and colour codes apart. */
export function describeRehearsal(rehearsal: Rehearsal, options: RehearsalTextOptions): string[] {
  const { groups } = rehearsal;
  const lines = [...wrap(verdictLine(rehearsal, options), COLUMNS, 2), '', ...counts(rehearsal)];
  for (const [cls, heading] of HEADINGS) lines.push(...table(heading, groups.filter((group) => group.class === cls), options));
  if (rehearsal.wait !== null) lines.push('', ...waitLines(rehearsal.wait));
  if (rehearsal.unknown.length > 0) lines.push('', rehearsal.result === 'unknown' ? 'Unknown because' : 'Unknown besides', ...rehearsal.unknown.flatMap(bullet));
  const { told } = options;
  if (options.story.length > 0 && told !== undefined) {
    const which = told === groups[0] ? `the first ${told.class === 'violation' ? 'violation' : 'finding'}; --tell ID tells another` : told.id;
    lines.push('', `The shortest story (${which})`, ...options.story);
    lines.push('', 'Replay it:', `  npx solevoter replay ${options.tokenOf(told)}`);
  }
  lines.push('', 'Bounds', ...rehearsal.bounds.flatMap(bullet));
  lines.push('', 'Assumptions', ...options.assumptions.flatMap(bullet), ...bullet(SCOPE));
  lines.push('', ...wrap(`solevoter ${PRODUCT_VERSION}. No run proves safety: this says what was found within these bounds, and nothing beyond them.`, COLUMNS, 0));
  return lines;
}

function verdictLine({ result, subject, groups, faultRuns, timing }: Rehearsal, { colour, notes }: RehearsalTextOptions): string {
  const name = subject.procedure.name;
  const runs = faultRuns + timing.runs + 1;
  const count = (cls: FindingClass) => groups.filter((group) => group.class === cls).length;
  const paint = (style: 'red' | 'yellow' | 'green', word: string) => (colour ? styleText(['bold', style], word, { validateStream: false }) : word);
  const waived = notes.size === 0 ? '' : `; ${groups.filter(({ id }) => notes.has(id)).length} waived`;
  const rest = `${plural(count('hazard'), 'cause')} of hazard, in ${number(runs)} runs${waived}`;
  if (result === 'violated') return `${paint('red', 'VIOLATED')}  ${name}: ${plural(count('violation'), 'cause')} of violation, ${rest}`;
  if (result === 'unknown') return `${paint('yellow', 'UNKNOWN')}  ${name}: no violation found, but not all is known; ${rest}`;
  return `${paint('green', 'HOLDS')}  ${name}: no violation within the bounds below; ${rest}`;
}

function counts({ baseline, timing, faultRuns, firedRuns, violatedRuns, deadRuns, worstDowntime, silentKinds, subject }: Rehearsal): string[] {
  const { judgement } = baseline;
  const { downtime } = judgement;
  const seconds = ((downtime.slots * subject.site.slotMs) / 1000).toFixed(1);
  const lines = [
    ...wrap(`Without faults and forks, at the mildest timing: ${judgement.result}; ${plural(downtime.slots, 'slot')} (${seconds} s) without an accepted vote`, COLUMNS, 2),
    ...downtime.runs.flatMap(({ first, last, why }) => wrap(`  slots ${first}–${last}: ${why}`, COLUMNS, 4)),
    ...wrap(`Timing alone, ${timing.runs} runs over measured latencies: ${timing.clean} clean, ${timing.nearMisses} near misses, ${timing.stackForm} lockout violations of the stack form, ${timing.otherViolations} other violations`, COLUMNS, 2),
    ...wrap(`Faults, forks and skips: ${number(faultRuns)} runs, ${number(firedRuns)} with a fault that struck; with the timings ${number(violatedRuns)} violated, ${number(deadRuns)} left without exactly one voter; at worst ${worstDowntime} slots without a vote`, COLUMNS, 2),
  ];
  if (silentKinds.length > 0) lines.push(...wrap(`Found nothing to strike here: ${silentKinds.join(', ')}`, COLUMNS, 2));
  return lines;
}

/** One paragraph a mechanism, one row a cause: id, runs, step, faults. */
function table(heading: string, groups: readonly CauseGroup[], { all, notes }: RehearsalTextOptions): string[] {
  if (groups.length === 0) return [];
  const mechanisms = new Map<string, CauseGroup[]>();
  for (const group of groups) {
    const { mechanism } = partsOf(group);
    mechanisms.set(mechanism, [...(mechanisms.get(mechanism) ?? []), group]);
  }
  const rows = [...mechanisms].flatMap(([mechanism, own]) => {
    const shown = own.filter((group, i) => all || i < ROWS_OF_A_MECHANISM || notes.has(group.id));
    const rest = own.filter((group) => !shown.includes(group));
    const faults = [...new Set(rest.map((group) => partsOf(group).faults))];
    return [
      ...wrap(`  ${mechanism}`, COLUMNS, 4),
      ...shown.flatMap((group) => [
        ...wrap(`    ${group.id} ${number(group.runs).padStart(6)}  ${partsOf(group).faults} (${partsOf(group).step})`, COLUMNS, 24),
        ...(notes.has(group.id) ? wrap(`${' '.repeat(24)}${notes.get(group.id)}`, COLUMNS, 24) : []),
      ]),
      ...(rest.length === 0 ? [] : wrap(`    and ${rest.length} more: ${faults.join(', ')}`, COLUMNS, 8)),
    ];
  });
  return ['', `${heading} (id, runs, faults, step)`, ...rows];
}

/** A cause is "class kind; hosts; step S; mechanism; faults: F". */
function partsOf({ kind, class: cls, cause }: CauseGroup): { mechanism: string; step: string; faults: string } {
  const parts = cause.split('; ');
  const [, hosts = '', step = ''] = parts;
  const faults = parts.at(-1)!.replace('faults: ', '');
  const who = cls === 'downtime' ? [] : [hosts === 'same host' ? 'one host' : 'both hosts'];
  return { mechanism: [kind, ...who, ...parts.slice(3, -1)].join('; '), step, faults: faults === 'none' ? 'no fault' : faults };
}

function waitLines({ greatest, from, to, losing }: WaitSearch): string[] {
  const found = greatest === null
    ? `no violation was found from ${from} to ${to} slots`
    : `a violation was found with a wait of ${greatest} slots from the last cast vote (${losing} own votes on the losing branch), none from ${greatest + 1} to ${to}`;
  return wrap(`Longest unsafe wait: ${found}. The rule on paper says 249: the vote eight places below the newest locks out for 256 slots.`, COLUMNS, 2);
}

function bullet(text: string): string[] {
  return wrap(`  - ${text}`, COLUMNS, 4);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
