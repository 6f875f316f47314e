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
import { failOn } from './fail-on.ts';
import { outcomeExit } from './outcome-exit.ts';
import { loadSubject } from './subject.ts';
import type { SubjectOptions } from './subject.ts';
import { printLines, progressLine, wantsColour } from './terminal.ts';

export interface RehearseOptions extends SubjectOptions {
  readonly full?: boolean;
  readonly timings: number;
  readonly seed: number;
  readonly workers?: number;
  readonly downtimeBudget?: number;
  readonly failOn?: string;
  readonly all?: boolean;
  readonly tell?: string;
}

/** Prints the rehearsal and returns the exit code. Throws InputError. */
export async function rehearseCommand(name: string, options: RehearseOptions): Promise<number> {
  const failing = failOn(options.failOn);
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
  const group = options.tell === undefined ? rehearsal.groups[0] : groupNamed(rehearsal, options.tell);
  const run = group === undefined ? null : runSpec(subject, group.example);
  const finding = run?.judgement.findings.find(({ id }) => id === group?.id);
  printLines(describeRehearsal(rehearsal, {
    colour: wantsColour(),
    all: options.all === true,
    told: group,
    story: run === null || finding === undefined ? [] : tellStory(run.trace, finding),
    tokenOf,
    assumptions: worldAssumptions(subject.site),
  }));
  const { judgement } = rehearsal.baseline;
  const live = rehearsal.deadRuns === 0 && judgement.liveness.live;
  return outcomeExit({ ...rehearsal, findings: rehearsal.groups, live, downtime: judgement.downtime.slots }, failing, options.downtimeBudget);
}

function groupNamed({ groups }: Rehearsal, id: string): CauseGroup {
  const group = groups.find((candidate) => candidate.id === id);
  if (group !== undefined) return group;
  const ids = groups.map((candidate) => candidate.id);
  throw new InputError([withNearest({ file: '--tell', message: `nothing with the id "${id}" was found`, expected: 'an id of the table (--all shows every one)' }, nearestWord(id, ids))]);
}
