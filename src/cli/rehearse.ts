/** `solevoter rehearse PROCEDURE`. */
import { availableParallelism } from 'node:os';
import { rehearse } from '../explore/rehearse.ts';
import type { CauseGroup, Rehearsal } from '../explore/rehearse.ts';
import { runSpec } from '../explore/run-spec.ts';
import { FULL, STANDARD } from '../explore/single-faults.ts';
import { encodeToken, siteDifference, stepsFingerprint } from '../explore/token.ts';
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';
import { describeRehearsal } from '../report/rehearsal-text.ts';
import { tellStory } from '../report/story.ts';
import { worldAssumptions } from '../sim/assumptions.ts';
import { waiverNotes } from '../waiver/waiver.ts';
import type { WaiverNotes } from '../waiver/waiver.ts';
import { failOn } from './fail-on.ts';
import { outcomeExit, outcomeOf } from './outcome-exit.ts';
import type { Outcome } from './outcome-exit.ts';
import { loadSubject } from './subject.ts';
import type { SubjectOptions } from './subject.ts';
import { printLines, progressLine, wantsColour } from './terminal.ts';
import { refuseUnused, waiversOf } from './waivers.ts';

export interface RehearseOptions extends SubjectOptions {
  readonly full?: boolean;
  readonly timings: number;
  readonly seed: number;
  readonly workers?: number;
  readonly downtimeBudget?: number;
  readonly failOn?: string;
  readonly all?: boolean;
  readonly tell?: string;
  readonly waivers?: string;
}

/** Prints the rehearsal and returns the exit code. Throws InputError. */
export async function rehearseCommand(name: string, options: RehearseOptions): Promise<number> {
  const failing = failOn(options.failOn);
  const waivers = waiversOf(options.waivers);
  const notes = waiverNotes(waivers);
  const subject = loadSubject(name, options);
  const rehearsal = await rehearse(subject, {
    set: options.full === true ? FULL : STANDARD,
    timingRuns: options.timings,
    seed: options.seed,
    workers: options.workers ?? availableParallelism(),
    onProgress: (phase, done, of) => progressLine(`${phase}: ${done} of ${of}`),
  });
  progressLine('');
  const tokenOf = (group: CauseGroup) => encodeToken({
    procedure: name, params: subject.params, site: siteDifference(subject.site), steps: stepsFingerprint(subject.procedure), spec: group.example,
  });
  const group = options.tell === undefined ? worstOf(rehearsal, notes) : groupNamed(rehearsal, options.tell);
  const run = group === undefined ? null : runSpec(subject, group.example);
  const finding = run?.judgement.findings.find(({ id }) => id === group?.id);
  printLines(describeRehearsal(rehearsal, {
    colour: wantsColour(),
    all: options.all === true,
    told: group,
    story: run === null || finding === undefined ? [] : tellStory(run.trace, finding),
    tokenOf,
    assumptions: worldAssumptions(subject.site),
    notes,
  }));
  refuseUnused(waivers, rehearsal.groups.map(({ id }) => id));
  return outcomeExit(whatCounts(rehearsal, notes), failing, options.downtimeBudget);
}

function worstOf({ groups }: Rehearsal, waived: WaiverNotes): CauseGroup | undefined {
  return groups.find(({ id }) => !waived.has(id)) ?? groups[0];
}

/** A run in which nobody votes at the end has one finding of that: waived groups say how many such runs are taken. */
function whatCounts({ groups, gaps, unknown, baseline, deadRuns }: Rehearsal, waived: WaiverNotes): Outcome {
  const findings = groups.filter(({ id }) => !waived.has(id));
  const violated = findings.some((group) => group.class === 'violation');
  const dead = deadRuns + (baseline.judgement.liveness.live ? 0 : 1);
  const taken = groups.filter(({ id, kind }) => kind === 'nobody-votes' && waived.has(id)).reduce((runs, group) => runs + group.runs, 0);
  return {
    result: violated ? 'violated' : unknown.length > 0 ? 'unknown' : 'holds',
    findings, gaps, live: dead <= taken, downtime: outcomeOf(baseline.judgement, waived).downtime,
  };
}

function groupNamed({ groups }: Rehearsal, id: string): CauseGroup {
  const group = groups.find((candidate) => candidate.id === id);
  if (group !== undefined) return group;
  const ids = groups.map((candidate) => candidate.id);
  throw new InputError([withNearest({ file: '--tell', message: `nothing with the id "${id}" was found`, expected: 'an id of the table (--all shows every one)' }, nearestWord(id, ids))]);
}
