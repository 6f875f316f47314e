/**
 * `solevoter gate PROCEDURES…`: what a pull request must pass, in one command: a sample of the canaries, scenarios, every
 * single fault at the steps, a sample of the single faults at every boundary and of the pairs, and a swarm.
 */
import { availableParallelism } from 'node:os';
import { flyAll } from '../canaries/aviary.ts';
import { CANARIES, drawCanaries } from '../canaries/flock.ts';
import { loadBounds } from '../explore/bounds.ts';
import type { CauseGroup } from '../explore/causes.ts';
import { rehearseSwarm } from '../explore/swarm-rehearsal.ts';
import { EXIT, worstExit } from '../model/exit-code.ts';
import { number, plural } from '../report/count.ts';
import { COLUMNS, wrap } from '../report/wrap.ts';
import { runScenario } from '../scenario/run.ts';
import { waiverNotes } from '../waiver/waiver.ts';
import type { WaiverNotes } from '../waiver/waiver.ts';
import { outcomeExit, outcomeOfRuns } from './outcome-exit.ts';
import type { CountedRuns } from './outcome-exit.ts';
import { scenariosOf } from './scenario-files.ts';
import { searchWithin } from './search-within.ts';
import { loadSubject, tokenOf } from './subject.ts';
import type { LoadedSubject, SubjectOptions } from './subject.ts';
import { printLines, progressLine } from './terminal.ts';
import { refuseUnused, waiversOf } from './waivers.ts';

export interface GateOptions extends SubjectOptions {
  readonly scenarios?: readonly string[];
  /** Of the search for all single faults. */
  readonly bounds: string;
  /** Drawn single faults at every boundary, drawn pairs, and drawn runs of the swarm; 0 leaves the part out. */
  readonly singles: number;
  readonly pairs: number;
  readonly runs: number;
  /** Drawn bugs that the checker must notice; 0 leaves the part out. */
  readonly canaries: number;
  readonly seed: number;
  readonly workers?: number;
  /** Of the search for single faults. */
  readonly seconds?: number;
  readonly waivers?: string;
}

/** One part of the gate and how it ended. */
interface Part {
  /** Null when the part is told only: the procedure makes no claim about it. */
  readonly code: number | null;
  readonly says: string;
  readonly found: readonly CauseGroup[];
}

/** Prints a line for each part and returns the worst exit code. Throws InputError. */
export async function gateCommand(procedures: readonly string[], options: GateOptions): Promise<number> {
  const waivers = waiversOf(options.waivers);
  const notes = waiverNotes(waivers);
  const seen = new Set<string>();
  const codes: number[] = [];
  const begun = performance.now();
  const tell = (name: string, part: Part, since: number, subject: LoadedSubject | null): void => {
    if (part.code !== null) codes.push(part.code);
    progressLine('');
    const mark = part.code === null ? 'told' : part.code === 0 ? 'ok  ' : part.code === EXIT.unknown ? 'open' : 'FAIL';
    printLines(wrap(`${mark}  ${name}: ${part.says} (${((performance.now() - since) / 1000).toFixed(1)} s)`, COLUMNS, 6));
    for (const { id } of part.found) seen.add(id);
    const first = subject === null ? [] : firstOf(part.found, notes, subject);
    if (first.length > 0) printLines(first);
  };
  if (options.canaries > 0) {
    const since = performance.now();
    tell(`canaries, seed ${options.seed}`, await canaryPart(options), since, null);
  }
  if (options.scenarios !== undefined) {
    const since = performance.now();
    tell('scenarios', scenarioPart(options.scenarios, notes, seen), since, null);
  }
  for (const name of procedures) {
    const subject = loadSubject(name, options);
    for (const [what, run] of partsOf(subject, options, notes)) {
      const since = performance.now();
      tell(`${name}, ${what}`, await run(), since, subject);
    }
  }
  refuseUnused(waivers, [...seen]);
  const code = codes.length === 0 ? EXIT.unknown : worstExit(codes);
  printLines(['', `${code === 0 ? 'The gate is open' : 'The gate is closed'}: ${plural(codes.filter((part) => part === 0).length, 'part')} of ${codes.length} passed, ${((performance.now() - begun) / 1000).toFixed(0)} s`]);
  return code;
}

async function canaryPart({ canaries, seed, workers }: GateOptions): Promise<Part> {
  const results = await flyAll(drawCanaries(canaries, seed), workers ?? availableParallelism());
  const bad = results.filter(({ caught, twinClean }) => !caught || !twinClean).map(({ canary }) => canary.name);
  const says = `${results.length - bad.length} of ${plural(results.length, 'drawn bug')} noticed, of ${CANARIES.length} that there are${bad.length === 0 ? '' : `; not ${bad.join(', ')}`}`;
  return { code: bad.length === 0 ? EXIT.holds : EXIT.unknown, says, found: [] };
}

function scenarioPart(files: readonly string[], notes: WaiverNotes, seen: Set<string>): Part {
  const scenarios = scenariosOf(files);
  const outcomes = scenarios.map((scenario) => runScenario(scenario, notes));
  for (const { run, twin } of outcomes) for (const { id } of [...run.judgement.findings, ...twin.judgement.findings]) seen.add(id);
  const unmet = scenarios.filter((_, i) => outcomes[i]!.code !== 0);
  const says = `${scenarios.length - unmet.length} of ${scenarios.length} as expected${unmet.length === 0 ? '' : `; not ${unmet.map(({ name }) => name).join(', ')} (solevoter run tells why)`}`;
  return { code: scenarios.length === 0 ? EXIT.unknown : worstExit(outcomes.map(({ code }) => code)), says, found: [] };
}

function partsOf(subject: LoadedSubject, options: GateOptions, notes: WaiverNotes): [string, () => Promise<Part>][] {
  const { singles, pairs, runs, seed, seconds } = options;
  const workers = options.workers ?? availableParallelism();
  const claimed = subject.procedure.survives ?? 1;
  const search = async (most: number, sample?: { count: number; seed: number }): Promise<Part> => {
    const found = await searchWithin(subject, seconds, {
      bounds: loadBounds(sample === undefined ? options.bounds : 'quick'), most, workers, onProgress: (done, of) => progressLine(`part ${done} of ${of}`),
      ...(sample === undefined ? {} : { sample }),
    });
    const frontier = sample === undefined ? `, frontier exhausted: ${found.exhausted ? 'yes' : 'no'}` : ', drawn';
    const part = partOf({ ...found, dead: most <= claimed ? found.deadRuns : 0 }, `${number(found.schedules)} schedules${frontier}`, notes);
    return most <= claimed ? part : { ...part, code: null };
  };
  const parts: [string, () => Promise<Part>][] = [[`all single faults within "${options.bounds}"`, () => search(1)]];
  if (singles > 0) parts.push([`single faults anywhere, seed ${seed}`, () => search(1, { count: singles, seed })]);
  if (pairs > 0) parts.push([`pairs of faults, seed ${seed}`, () => search(2, { count: pairs, seed })]);
  if (runs > 0) parts.push([`swarm, seed ${seed}`, async () => {
    const swarm = await rehearseSwarm(subject, { runs, seed, workers });
    // A swarm goes beyond what any procedure claims: up to six faults at once.
    return { ...partOf({ ...swarm, dead: 0 }, plural(swarm.runs, 'run'), notes), code: null };
  }]);
  return parts;
}

function partOf(found: CountedRuns, counted: string, notes: WaiverNotes): Part {
  const outcome = outcomeOfRuns(found, notes);
  const { dead, unknown, groups } = found;
  const violations = outcome.findings.filter((group) => group.class === 'violation').length;
  const silent = dead === 0 ? '' : `; ${plural(dead, 'schedule')} left without exactly one voter`;
  return {
    code: outcomeExit({ ...outcome, downtime: 0 }, ['violation']),
    says: `${outcome.result === 'holds' ? 'no violation' : outcome.result === 'unknown' ? `unknown: ${unknown[0]}` : plural(violations, 'cause')} in ${counted}${silent}`,
    found: groups,
  };
}

/** The gravest finding that is not waived, and how to replay it. */
function firstOf(found: readonly CauseGroup[], notes: WaiverNotes, subject: LoadedSubject): string[] {
  const first = found.find((group) => group.class === 'violation' && !notes.has(group.id));
  if (first === undefined) return [];
  return [...wrap(`      ${first.id}  ${first.title}`, COLUMNS, 10), `      npx solevoter replay ${tokenOf(subject, first.example)}`];
}
