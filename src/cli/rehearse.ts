/** `solevoter rehearse PROCEDURE`. */
import { availableParallelism } from 'node:os';
import { rehearse } from '../explore/rehearse.ts';
import type { CauseGroup } from '../explore/causes.ts';
import type { Bounds } from '../explore/bounds.ts';
import { MILDEST } from '../explore/run-spec.ts';
import type { Subject } from '../explore/run-spec.ts';
import { rehearseSwarm } from '../explore/swarm-rehearsal.ts';
import { FULL, STANDARD } from '../explore/single-faults.ts';
import { InputError, describeDiagnostic, nearestWord, withNearest } from '../model/diagnostic.ts';
import { documentOf } from '../report/document/document.ts';
import { subjectOfMany } from '../report/document/many.ts';
import type { Found } from '../report/document/many.ts';
import type { StoryFacts } from '../report/document/story.ts';
import { describeRehearsal } from '../report/rehearsal-text.ts';
import { worldAssumptions } from '../sim/assumptions.ts';
import { unusedWaivers, waiverNotes } from '../waiver/waiver.ts';
import type { WaiverNotes } from '../waiver/waiver.ts';
import { boundsOf } from './bounds-option.ts';
import { failOn } from './fail-on.ts';
import { fileOf, originOf, storyOfRun } from './facts.ts';
import { exitCode, failuresOf, outcomeOf, outcomeOfRuns } from './outcome-exit.ts';
import type { Outcome } from './outcome-exit.ts';
import { proveChosen, proveDrawn, proveSearched } from './proof.ts';
import type { Proof } from './proof.ts';
import { refuseUnwritable, wantsReports, writeReports } from './reports.ts';
import type { ReportOptions } from './reports.ts';
import { openProgress } from './search-progress.ts';
import { searchWithin } from './search-within.ts';
import { loadSubject, tokenOf } from './subject.ts';
import type { LoadedSubject, SubjectOptions } from './subject.ts';
import { printLines, progressLine, wantsColour } from './terminal.ts';
import { waiversOf } from './waivers.ts';

export interface RehearseOptions extends SubjectOptions, ReportOptions {
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
  refuseUnwritable(options);
  const failing = failOn(options.failOn);
  const waivers = waiversOf(options.waivers);
  const notes = waiverNotes(waivers);
  const subject = loadSubject(name, options);
  const { seed, runs } = options;
  const workers = options.workers ?? availableParallelism();
  const bounds = boundsOf(options.bounds ?? 'quick');
  const onProgress = (phase: string, done: number, of: number) => progressLine(`${phase}: ${done} of ${of}`);
  const begun = performance.now();
  const conclude = <Group extends CauseGroup>(found: Found & { readonly groups: readonly Group[] }, prove: (subject: Subject, bounds: Bounds, told: Group) => Proof, heapMiB = 0): number => {
    const seconds = (performance.now() - begun) / 1000;
    progressLine('the story');
    const wanted = wantsReports(options);
    const told = options.tell === undefined ? worstOf(found.groups, notes) : groupNamed(found.groups, options.tell);
    const proof = told === undefined ? null : prove(subject, bounds, told);
    const story = storyOfRun(subject, proof?.spec ?? MILDEST, told?.id ?? null, wanted && proof?.noReturn == null ? bounds : null, proof?.sentences);
    const problems = unusedWaivers(waivers, found.groups.map(({ id }) => id));
    const failures = failuresOf(whatCounts(found, notes), failing, options.downtimeBudget);
    const exit = exitCode(failures);
    const document = documentOf({
      command: 'rehearse', exit, problems: problems.map(describeDiagnostic),
      subjects: [subjectOfMany({
        found, origin: originOf(subject.procedure, (spec) => tokenOf(subject, spec)), file: subject.procedure.file === undefined ? null : fileOf(subject.procedure.file),
        assumptions: worldAssumptions(subject.site, subject.procedure), notes, failures, exit,
        stories: [...(story === null ? [] : [{ ...story, noReturn: proof?.noReturn ?? story.noReturn }]), ...(wanted ? otherStories(subject, found.groups, told) : [])],
      })],
    });
    progressLine('');
    printLines(describeRehearsal(document, { colour: wantsColour(), all: options.all === true, effort: { seconds, heapMiB } }));
    writeReports(document, options);
    if (problems.length > 0) throw new InputError(problems);
    return exit;
  };
  if (options.faults !== undefined) {
    const progress = options.resume === undefined ? null : openProgress(options.resume, subject, bounds, options.faults);
    const search = await searchWithin(subject, options.seconds, {
      bounds, most: options.faults, workers, onProgress: (done, of) => onProgress('search: part', done, of),
      ...(progress === null ? {} : { done: progress.done, onPart: progress.add }),
      ...(options.sample === undefined ? {} : { sample: { count: options.sample, seed } }),
    }, options.memory);
    return conclude(search, proveSearched, search.heapMiB);
  }
  if (runs !== undefined) return conclude(await rehearseSwarm(subject, { runs, seed, workers, onProgress }), proveDrawn);
  return conclude(await rehearse(subject, { set: options.full === true ? FULL : STANDARD, timingRuns: options.timings, seed, workers, onProgress }), proveChosen);
}

/** Stories in a report besides the one that is told: of the gravest causes of violation. */
const MOST_STORIES = 20;

function otherStories(subject: LoadedSubject, groups: readonly CauseGroup[], told: CauseGroup | undefined): StoryFacts[] {
  const violations = groups.filter((group) => group.class === 'violation' && group.id !== told?.id);
  return violations.slice(0, MOST_STORIES - 1).flatMap(({ id, example }) => storyOfRun(subject, example, id, null) ?? []);
}

function worstOf<Group extends CauseGroup>(groups: readonly Group[], waived: WaiverNotes): Group | undefined {
  return groups.find(({ id }) => !waived.has(id)) ?? groups[0];
}

function whatCounts({ deadRuns, baseline, ...found }: Found, waived: WaiverNotes): Outcome {
  const dead = deadRuns + (baseline.judgement.liveness.live ? 0 : 1);
  return { ...outcomeOfRuns({ ...found, dead }, waived), downtime: outcomeOf(baseline.judgement, waived).downtime };
}

function groupNamed<Group extends CauseGroup>(groups: readonly Group[], id: string): Group {
  const group = groups.find((candidate) => candidate.id === id);
  if (group !== undefined) return group;
  const ids = groups.map((candidate) => candidate.id);
  throw new InputError([withNearest({ file: '--tell', message: `nothing with the id "${id}" was found`, expected: 'an id of the table (--all shows every one)' }, nearestWord(id, ids))]);
}
