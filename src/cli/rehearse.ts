/** `solevoter rehearse PROCEDURE`. */
import { availableParallelism } from 'node:os';
import { rehearse } from '../explore/rehearse.ts';
import type { CauseGroup } from '../explore/causes.ts';
import type { Rehearsal } from '../explore/rehearse.ts';
import { loadBounds } from '../explore/bounds.ts';
import type { ExhaustiveSearch } from '../explore/exhaustive.ts';
import { MILDEST, runSpec } from '../explore/run-spec.ts';
import { rehearseSwarm } from '../explore/swarm-rehearsal.ts';
import type { SwarmRehearsal } from '../explore/swarm-rehearsal.ts';
import { FULL, STANDARD } from '../explore/single-faults.ts';
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';
import { describeRehearsal } from '../report/rehearsal-text.ts';
import { describeSearch } from '../report/search-text.ts';
import { describeSwarm } from '../report/swarm-text.ts';
import type { RehearsalTextOptions } from '../report/rehearsal-text.ts';
import { tellStory } from '../report/story.ts';
import { resultOf } from '../model/verdict.ts';
import { worldAssumptions } from '../sim/assumptions.ts';
import { waiverNotes } from '../waiver/waiver.ts';
import type { WaiverNotes } from '../waiver/waiver.ts';
import { failOn } from './fail-on.ts';
import { outcomeExit, outcomeOf } from './outcome-exit.ts';
import type { Outcome } from './outcome-exit.ts';
import { proveChosen, proveDrawn, proveSearched } from './proof.ts';
import { openProgress } from './search-progress.ts';
import { searchWithin } from './search-within.ts';
import { loadSubject, tokenOf } from './subject.ts';
import type { SubjectOptions } from './subject.ts';
import { printLines, progressLine, wantsColour } from './terminal.ts';
import { refuseUnused, waiversOf } from './waivers.ts';

export interface RehearseOptions extends SubjectOptions {
  /** Exhaustive search: most faults a schedule. */
  readonly faults?: number;
  /** So many drawn schedules in place of all. */
  readonly sample?: number;
  /** Shipped bounds by name, or a file: of the search, or of the certificate. */
  readonly bounds?: string;
  readonly seconds?: number;
  readonly memory?: number;
  /** Where the progress of a search is kept. */
  readonly resume?: string;
  readonly full?: boolean;
  readonly timings: number;
  readonly seed: number;
  /** A swarm of so many runs instead of the single faults. */
  readonly runs?: number;
  readonly workers?: number;
  readonly downtimeBudget?: number;
  readonly failOn?: string;
  readonly all?: boolean;
  readonly tell?: string;
  readonly waivers?: string;
}

/** Prints the rehearsal, or the swarm when `runs` are given, and returns the exit code. Throws InputError. */
export async function rehearseCommand(name: string, options: RehearseOptions): Promise<number> {
  const failing = failOn(options.failOn);
  const waivers = waiversOf(options.waivers);
  const notes = waiverNotes(waivers);
  const subject = loadSubject(name, options);
  const { seed, runs } = options;
  const workers = options.workers ?? availableParallelism();
  const bounds = loadBounds(options.bounds ?? 'quick');
  const onProgress = (phase: string, done: number, of: number) => progressLine(`${phase}: ${done} of ${of}`);
  const conclude = (found: Rehearsal | SwarmRehearsal | ExhaustiveSearch, describe: (texts: RehearsalTextOptions) => string[], prove: typeof proveDrawn): number => {
    progressLine('the story');
    const told = options.tell === undefined ? worstOf(found.groups, notes) : groupNamed(found.groups, options.tell);
    const { spec, lines: proof } = told === undefined ? { spec: MILDEST, lines: [] } : prove(subject, bounds, told);
    const run = told === undefined ? null : runSpec(subject, spec);
    progressLine('');
    const finding = run?.judgement.findings.find(({ id }) => id === told?.id);
    printLines(describe({
      colour: wantsColour(),
      all: options.all === true,
      told,
      story: run === null || finding === undefined ? [] : tellStory(run.trace, finding),
      token: tokenOf(subject, spec),
      proof,
      assumptions: worldAssumptions(subject.site),
      notes,
    }));
    refuseUnused(waivers, found.groups.map(({ id }) => id));
    return outcomeExit(whatCounts(found, notes), failing, options.downtimeBudget);
  };
  if (options.faults !== undefined) {
    const begun = performance.now();
    const progress = options.resume === undefined ? null : openProgress(options.resume, subject, bounds, options.faults);
    const search = await searchWithin(subject, options.seconds, {
      bounds, most: options.faults, workers, onProgress: (done, of) => onProgress('search: part', done, of),
      ...(progress === null ? {} : { done: progress.done, onPart: progress.add }),
      ...(options.sample === undefined ? {} : { sample: { count: options.sample, seed } }),
    }, options.memory);
    const seconds = (performance.now() - begun) / 1000;
    return conclude(search, (texts) => describeSearch(search, texts, seconds), proveSearched);
  }
  if (runs !== undefined) {
    const swarm = await rehearseSwarm(subject, { runs, seed, workers, onProgress });
    return conclude(swarm, (texts) => describeSwarm(swarm, texts), proveDrawn);
  }
  const rehearsal = await rehearse(subject, { set: options.full === true ? FULL : STANDARD, timingRuns: options.timings, seed, workers, onProgress });
  return conclude(rehearsal, (texts) => describeRehearsal(rehearsal, texts), proveChosen);
}

function worstOf(groups: readonly CauseGroup[], waived: WaiverNotes): CauseGroup | undefined {
  return groups.find(({ id }) => !waived.has(id)) ?? groups[0];
}

/** A run in which nobody votes at the end has one finding of that: waived groups say how many such runs are taken. */
function whatCounts({ groups, gaps, unknown, baseline, deadRuns }: Rehearsal | SwarmRehearsal | ExhaustiveSearch, waived: WaiverNotes): Outcome {
  const findings = groups.filter(({ id }) => !waived.has(id));
  const violated = findings.some((group) => group.class === 'violation');
  const dead = deadRuns + (baseline.judgement.liveness.live ? 0 : 1);
  const taken = groups.filter(({ id, kind }) => kind === 'nobody-votes' && waived.has(id)).reduce((runs, group) => runs + group.runs, 0);
  return {
    result: resultOf(violated, unknown),
    findings, gaps, live: dead <= taken, downtime: outcomeOf(baseline.judgement, waived).downtime,
  };
}

function groupNamed(groups: readonly CauseGroup[], id: string): CauseGroup {
  const group = groups.find((candidate) => candidate.id === id);
  if (group !== undefined) return group;
  const ids = groups.map((candidate) => candidate.id);
  throw new InputError([withNearest({ file: '--tell', message: `nothing with the id "${id}" was found`, expected: 'an id of the table (--all shows every one)' }, nearestWord(id, ids))]);
}
