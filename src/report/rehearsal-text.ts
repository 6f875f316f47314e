/** A rehearsal for a terminal: the verdict in one line, what was done, the causes, the shortest story, and how to replay it. */
import { styleText } from 'node:util';
import type { CauseGroup } from '../explore/causes.ts';
import type { Rehearsal } from '../explore/rehearse.ts';
import type { WaitSearch } from '../explore/longest-wait.ts';
import type { FindingClass } from '../model/verdict.ts';
import { SCOPE } from '../model/verdict.ts';
import { PRODUCT_VERSION } from '../model/version.ts';
import { causeTables } from './cause-table.ts';
import { number, plural } from './count.ts';
import { COLUMNS, bullet, wrap } from './wrap.ts';

export interface RehearsalTextOptions {
  readonly colour: boolean;
  /** Print every cause, not only the first ones of each class. */
  readonly all: boolean;
  /** The cause whose story is told, and that story. */
  readonly told: CauseGroup | undefined;
  readonly story: readonly string[];
  /** Of the run of the story. */
  readonly token: string;
  /** Said beneath the token: how the run was shrunk, its certificate, its point of no return. */
  readonly proof: readonly string[];
  readonly assumptions: readonly string[];
  /** What is said of a cause by its id: that it is waived. */
  readonly notes: ReadonlyMap<string, string>;
}

/** Lines of at most 80 columns, the replay command and colour codes apart. */
export function describeRehearsal(rehearsal: Rehearsal, options: RehearsalTextOptions): string[] {
  const { groups, faultRuns, timing, wait } = rehearsal;
  return [
    ...verdictLines(rehearsal, faultRuns + timing.runs + 1, options), '',
    ...counts(rehearsal),
    ...causeTables(groups, options),
    ...(wait === null ? [] : ['', ...waitLines(wait)]),
    ...conclusion(rehearsal, options),
  ];
}

type Outcome = Pick<Rehearsal, 'result' | 'subject' | 'groups' | 'unknown' | 'bounds'>;

/** The verdict of many runs, and what it counts. */
export function verdictLines({ result, subject, groups }: Outcome, runs: number, { colour, notes }: Pick<RehearsalTextOptions, 'colour' | 'notes'>, unit: 'run' | 'schedule' = 'run'): string[] {
  const name = subject.procedure.name;
  const count = (cls: FindingClass) => groups.filter((group) => group.class === cls).length;
  const paint = (style: 'red' | 'yellow' | 'green', word: string) => (colour ? styleText(['bold', style], word, { validateStream: false }) : word);
  const waived = notes.size === 0 ? '' : `; ${groups.filter(({ id }) => notes.has(id)).length} waived`;
  const rest = `${plural(count('hazard'), 'cause')} of hazard, in ${plural(runs, unit)}${waived}`;
  const line = {
    violated: `${paint('red', 'VIOLATED')}  ${name}: ${plural(count('violation'), 'cause')} of violation, ${rest}`,
    unknown: `${paint('yellow', 'UNKNOWN')}  ${name}: no violation found, but not all is known; ${rest}`,
    holds: `${paint('green', 'HOLDS')}  ${name}: no violation within the bounds below; ${rest}`,
  }[result];
  return wrap(line, COLUMNS, 2);
}

/** What is unknown, the shortest story, how to replay it, the bounds and the assumptions. */
export function conclusion({ result, groups, unknown, bounds }: Outcome, { told, story, token, proof, assumptions }: RehearsalTextOptions): string[] {
  const lines: string[] = [];
  if (unknown.length > 0) lines.push('', result === 'unknown' ? 'Unknown because' : 'Unknown besides', ...unknown.flatMap(bullet));
  if (story.length > 0 && told !== undefined) {
    const which = told === groups[0] ? `the first ${told.class === 'violation' ? 'violation' : 'finding'}; --tell ID tells another` : told.id;
    lines.push('', `The shortest story (${which})`, ...story);
    lines.push('', 'Replay it:', `  npx solevoter replay ${token}`);
    if (proof.length > 0) lines.push('', ...proof);
  }
  lines.push('', 'Bounds', ...bounds.flatMap(bullet));
  lines.push('', 'Assumptions', ...assumptions.flatMap(bullet), ...bullet(SCOPE));
  lines.push('', ...wrap(`solevoter ${PRODUCT_VERSION}. No run proves safety: this says what was found within these bounds, and nothing beyond them.`, COLUMNS, 0));
  return lines;
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

function waitLines({ greatest, from, to, losing }: WaitSearch): string[] {
  const found = greatest === null
    ? `no violation was found from ${from} to ${to} slots`
    : `a violation was found with a wait of ${greatest} slots from the last cast vote (${losing} own votes on the losing branch), none from ${greatest + 1} to ${to}`;
  return wrap(`Longest unsafe wait: ${found}. The rule on paper says 249: the vote eight places below the newest locks out for 256 slots.`, COLUMNS, 2);
}
