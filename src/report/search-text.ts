/** An exhaustive search for a terminal: the verdict, what was tried, the causes, the shortest story with its certificate. */
import type { ExhaustiveSearch, SearchedCause } from '../explore/exhaustive.ts';
import { causeTables } from './cause-table.ts';
import { certified } from './certificate-text.ts';
import { number, plural } from './count.ts';
import { conclusion, verdictLines } from './rehearsal-text.ts';
import type { RehearsalTextOptions } from './rehearsal-text.ts';
import { COLUMNS, wrap } from './wrap.ts';

/** Lines of at most 80 columns, the replay command and colour codes apart. `seconds`: how long it took. */
export function describeSearch(search: ExhaustiveSearch, options: RehearsalTextOptions, seconds: number): string[] {
  return [
    ...verdictLines(search, search.schedules, options, 'schedule'), '',
    ...counts(search, seconds),
    ...causeTables(search.groups, options),
    ...exceptions(search),
    ...exposure(search),
    ...conclusion(search, options),
    ...certificate(search.groups.find(({ id }) => id === options.told?.id)),
  ];
}

function counts(search: ExhaustiveSearch, seconds: number): string[] {
  const { most, exhausted, sample, schedules, byChoices, idle, violatedRuns, deadRuns, worstDowntime, baseline } = search;
  const { downtime } = baseline.judgement;
  const perCount = byChoices.map((count, choices) => `${number(count)} with ${choices === 0 ? 'none' : choices}`).join(', ');
  const what = sample === null
    ? `Every combination of at most ${plural(most, 'fault')}: ${number(schedules)} schedules (${perCount}); ${number(idle)} more found nothing to strike`
    : `A sample of the combinations of ${plural(most, 'fault')}, seed ${sample.seed}: ${number(schedules)} schedules; ${number(idle)} more found nothing to strike`;
  return [
    ...wrap(what, COLUMNS, 2),
    `Frontier exhausted: ${exhausted ? 'yes' : 'no'}`,
    ...wrap(`${plural(violatedRuns, 'schedule')} violated, ${number(deadRuns)} left without exactly one voter; at worst ${plural(worstDowntime, 'slot')} without a vote, without faults ${downtime.slots}`, COLUMNS, 2),
    ...(sample === null ? effort(search, seconds) : [`${seconds.toFixed(1)} s`]),
  ];
}

function effort({ worlds, merged, judged, slots, heapMiB }: ExhaustiveSearch, seconds: number): string[] {
  return [
    ...wrap(`${number(worlds)} different worlds, ${number(merged)} met again and not run twice (fingerprints of 128 bits: a false match has a probability below ${falseMatch(worlds)}); ${number(judged)} runs judged, ${number(slots)} slots simulated, ${number(Math.ceil(heapMiB))} MiB of heap a thread, ${seconds.toFixed(1)} s`, COLUMNS, 2),
  ];
}

/** What the procedure cannot answer for. */
function exposure({ exposedRuns, exposures }: ExhaustiveSearch): string[] {
  if (exposedRuns === 0) return [];
  const causes = exposures.filter((cause) => cause.class === 'violation' || cause.kind === 'nobody-votes');
  return [
    '', ...wrap(`The starting state's exposure: ${plural(exposedRuns, 'schedule')}, struck before the first protective step has ended; the same comes of it when nothing is done`, COLUMNS, 2),
    ...causes.flatMap(({ id, kind, runs, faults }) => wrap(`    ${id} ${number(runs).padStart(6)}  ${kind}: ${faults.map(([kinds]) => kinds).join(', ')}`, COLUMNS, 24)),
  ];
}

/** What no procedure can prevent. */
function exceptions({ excepted }: ExhaustiveSearch): string[] {
  if (excepted.length === 0) return [];
  return ['', 'Exceptions: what no procedure can prevent', ...excepted.flatMap(({ exception, groups, runs }) => [
    ...wrap(`  ${plural(runs, 'schedule')} with ${exception.with}: ${exception.finding} (scenario ${exception.scenario}). ${exception.why}`, COLUMNS, 4),
    ...groups.flatMap(({ id, runs: count, faults }) => wrap(`    ${id} ${number(count).padStart(6)}  ${faults.map(([kinds, times]) => `${kinds} ${times}`).join(', ')}`, COLUMNS, 24)),
  ])];
}

/** n²/2^129, as a power of ten that is not exceeded. */
function falseMatch(worlds: number): string {
  return `10^-${Math.max(1, 38 - 2 * String(worlds).length)}`;
}

function certificate(told: SearchedCause | undefined): string[] {
  if (told === undefined) return [];
  const { certifiedBy, example } = told;
  const choices = example.faults.length + (example.fork === null ? 0 : 1);
  if (choices === 0) return [];
  if (certifiedBy === null) return ['', ...wrap(`Not certified: not every schedule with fewer than ${plural(choices, 'fault')} was tried.`, COLUMNS, 0)];
  return ['', ...wrap(`${certified(certifiedBy, choices, told.id)}.`, COLUMNS, 0)];
}
