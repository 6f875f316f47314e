/**
 * `solevoter gate PROCEDURES…`: what a pull request must pass, in one command: scenarios, every single fault at the steps, a
 * sample of the single faults at every boundary and of the pairs, and a swarm.
 */
import { availableParallelism } from 'node:os';
import { loadBounds } from '../explore/bounds.ts';
import type { CauseGroup } from '../explore/causes.ts';
import { STOP, searchAll } from '../explore/exhaustive.ts';
import { rehearseSwarm } from '../explore/swarm-rehearsal.ts';
import { encodeToken, siteDifference, stepsFingerprint } from '../explore/token.ts';
import { EXIT, worstExit } from '../model/exit-code.ts';
import type { Result } from '../model/verdict.ts';
import { number, plural } from '../report/count.ts';
import { COLUMNS, wrap } from '../report/wrap.ts';
import { loadScenario, loadScenarios } from '../scenario/load.ts';
import { runScenario } from '../scenario/run.ts';
import { waiverNotes } from '../waiver/waiver.ts';
import type { WaiverNotes } from '../waiver/waiver.ts';
import { isFolder } from './folder.ts';
import { outcomeExit } from './outcome-exit.ts';
import { loadSubject } from './subject.ts';
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

function scenarioPart(files: readonly string[], notes: WaiverNotes, seen: Set<string>): Part {
  const scenarios = files.flatMap((file) => (isFolder(file) ? loadScenarios(file) : [loadScenario(file)]));
  const outcomes = scenarios.map((scenario) => runScenario(scenario, notes));
  for (const { run, twin } of outcomes) for (const { id } of [...run.judgement.findings, ...twin.judgement.findings]) seen.add(id);
  const unmet = scenarios.filter((_, i) => outcomes[i]!.code !== 0);
  const says = `${scenarios.length - unmet.length} of ${scenarios.length} as expected${unmet.length === 0 ? '' : `; not ${unmet.map(({ name }) => name).join(', ')} (solevoter run tells why)`}`;
  return { code: scenarios.length === 0 ? EXIT.unknown : worstExit(outcomes.map(({ code }) => code)), says, found: [] };
}

function partsOf(subject: LoadedSubject, options: GateOptions, notes: WaiverNotes): [string, () => Promise<Part>][] {
  const { singles, pairs, runs, seed, seconds } = options;
  const workers = options.workers ?? availableParallelism();
  const search = async (most: number, sample?: { count: number; seed: number }): Promise<Part> => {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const timer = seconds === undefined ? undefined : setTimeout(() => Atomics.store(stop, 0, STOP.time), seconds * 1000);
    const found = await searchAll(subject, {
      bounds: loadBounds(sample === undefined ? options.bounds : 'quick'), most, workers, stop, memoryMiB: 4096, onProgress: (done, of) => progressLine(`part ${done} of ${of}`),
      ...(sample === undefined ? {} : { sample }),
    });
    clearTimeout(timer);
    const frontier = sample === undefined ? `, frontier exhausted: ${found.exhausted ? 'yes' : 'no'}` : ', drawn';
    const part = partOf(found, `${number(found.schedules)} schedules${frontier}`, most <= claimed ? found.deadRuns : 0, notes);
    return most <= claimed ? part : { ...part, code: null };
  };
  const claimed = subject.procedure.survives ?? 1;
  const parts: [string, () => Promise<Part>][] = [[`all single faults within "${options.bounds}"`, () => search(1)]];
  if (singles > 0) parts.push([`single faults anywhere, seed ${seed}`, () => search(1, { count: singles, seed })]);
  if (pairs > 0) parts.push([`pairs of faults, seed ${seed}`, () => search(2, { count: pairs, seed })]);
  if (runs > 0) parts.push([`swarm, seed ${seed}`, async () => {
    const swarm = await rehearseSwarm(subject, { runs, seed, workers });
    // A swarm goes beyond what any procedure claims: up to six faults at once.
    return { ...partOf(swarm, plural(swarm.runs, 'run'), 0, notes), code: null };
  }]);
  return parts;
}

interface Found {
  readonly result: Result;
  readonly groups: readonly CauseGroup[];
  readonly gaps: readonly string[];
  readonly unknown: readonly string[];
}

function partOf({ result, groups, gaps, unknown }: Found, counted: string, dead: number, notes: WaiverNotes): Part {
  const findings = groups.filter(({ id }) => !notes.has(id));
  const violations = findings.filter((group) => group.class === 'violation').length;
  const left = result === 'violated' && violations === 0 ? (unknown.length > 0 ? 'unknown' : 'holds') : result;
  const code = outcomeExit({ result: left, findings, gaps, live: dead === 0, downtime: 0 }, ['violation']);
  const silent = dead === 0 ? '' : `; ${plural(dead, 'schedule')} left without exactly one voter`;
  return { code, says: `${left === 'holds' ? 'no violation' : left === 'unknown' ? `unknown: ${unknown[0]}` : plural(violations, 'cause')} in ${counted}${silent}`, found: groups };
}

/** The gravest finding that is not waived, and how to replay it. */
function firstOf(found: readonly CauseGroup[], notes: WaiverNotes, subject: LoadedSubject): string[] {
  const first = found.find((group) => group.class === 'violation' && !notes.has(group.id));
  if (first === undefined) return [];
  const { procedure, site, params } = subject;
  const token = encodeToken({ procedure: subject.name, params, site: siteDifference(site), steps: stepsFingerprint(procedure), spec: first.example });
  return [...wrap(`      ${first.id}  ${first.title}`, COLUMNS, 10), `      npx solevoter replay ${token}`];
}
