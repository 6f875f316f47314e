/** A rehearsal, a search or a swarm as the subject of a result document. */
import type { ExhaustiveSearch } from '../../explore/exhaustive.ts';
import type { Rehearsal } from '../../explore/rehearse.ts';
import type { SwarmRehearsal } from '../../explore/swarm-rehearsal.ts';
import { SCOPE } from '../../model/verdict.ts';
import { plural } from '../count.ts';
import { traceHash } from '../trace-file.ts';
import { causesOf, findingsOf, foundOnceEach, runbookOf } from './findings.ts';
import type { Notes } from './findings.ts';
import type { Failure, Method, Subject } from './schema.ts';
import { downtimeOf, storyOf } from './story.ts';
import type { Origin, StoryFacts } from './story.ts';
import { exitOf, verdictOfMany } from './verdict.ts';

export type Found = Rehearsal | SwarmRehearsal | ExhaustiveSearch;

export interface ManyFacts {
  readonly found: Found;
  readonly origin: Origin;
  /** Of the procedure. */
  readonly file: Subject['file'];
  /** The first is the one to show. */
  readonly stories: readonly StoryFacts[];
  readonly assumptions: readonly string[];
  readonly notes: Notes;
  /** What fails, and the exit code of it. */
  readonly failures: readonly Failure[];
  readonly exit: number;
}

/** The subject: counts, causes, stories and what was not covered. */
export function subjectOfMany({ found, origin, file, stories: facts, assumptions, notes, failures, exit }: ManyFacts): Subject {
  const { subject: { procedure, site }, result, groups, violatedRuns, deadRuns, worstDowntime, bounds, unknown, baseline } = found;
  const { header } = baseline.trace;
  const stories = facts.map((story) => storyOf(story, origin));
  const findings = findingsOf(groups, origin, notes, stories);
  const counts: Subject['counts'] = {
    runs: runsOf(found), unit: 'schedules' in found ? 'schedule' : 'run',
    violated: violatedRuns, withoutOneVoter: deadRuns, worstDowntime,
    causes: causesOf(groups), waived: groups.filter(({ id }) => notes.has(id)).length,
  };
  const { downtime, liveness } = baseline.judgement;
  return {
    kind: 'procedure', name: procedure.name, title: procedure.title, file,
    site: { client: header.client, slotMs: site.slotMs, stakeShare: site.stakeShare, hosts: [...header.hosts] },
    verdict: { result, sentence: verdictOfMany(procedure.name, result, counts, notes.size > 0) },
    exit: exitOf(exit), failures: [...failures], counts,
    method: methodOf(found),
    run: {
      what: 'without faults and forks, at the mildest timing', result: baseline.judgement.result, traceHash: traceHash(baseline.trace), findings: foundOnceEach(baseline.judgement),
      downtime: downtimeOf(downtime, site.slotMs), liveness: { ...liveness, voters: [...liveness.voters] },
    },
    findings, exposures: findingsOf(found.exposures, origin, notes, []),
    exceptions: found.excepted.map(({ exception: { finding, with: kind, scenario, why }, groups: causes, runs }) => ({ runs, finding, with: kind, scenario, why, causes: findingsOf(causes, origin, notes, []) })),
    stories,
    runbook: runbookOf(procedure, origin, findings, stories),
    bounds: [...bounds], assumptions: [...assumptions], unknown: [...unknown],
    notCovered: notCovered(found),
  };
}

function runsOf(found: Found): number {
  if ('schedules' in found) return found.schedules;
  return 'timing' in found ? found.faultRuns + found.timing.runs + 1 : found.runs + found.worlds + 1;
}

function methodOf(found: Found): Method {
  if ('timing' in found) {
    const { timing, faultRuns, firedRuns, exposedRuns, wait } = found;
    return {
      kind: 'single faults', timing: { ...timing }, faultRuns, firedRuns, exposedRuns,
      longestUnsafeWait: wait === null ? null : { slots: wait.greatest, from: wait.from, to: wait.to, losing: wait.losing },
    };
  }
  if (!('schedules' in found)) {
    const { seed, runs, worlds, firedRuns, exposedRuns, kinds } = found;
    return { kind: 'swarm', seed, drawn: runs, worlds, firedRuns, exposedRuns, kinds: kinds.map(({ kind, drawn, fired }) => ({ kind, drawn, fired })) };
  }
  const { sample, most, byChoices, idle, exhausted, worlds, merged, judged, slots, exposedRuns } = found;
  if (sample !== null) return { kind: 'sample', most, seed: sample.seed, idle, exposedRuns };
  return { kind: 'every combination', most, byChoices: [...byChoices], idle, exhausted, worlds, merged, judged, slots, exposedRuns };
}

/** What a reader might take for tried, and was not. */
function notCovered(found: Found): string[] {
  const gaps = found.gaps.map((gap) => `not modelled: ${gap}`);
  const scope = `beyond this: ${SCOPE}`;
  if ('timing' in found) {
    const silent = found.silentKinds.length === 0 ? [] : [`found nothing to strike here: ${found.silentKinds.join(', ')}`];
    return [...gaps, ...silent, 'more than one fault at once (rehearse --faults 2)', scope];
  }
  if (!('schedules' in found)) {
    const silent = found.kinds.filter(({ fired }) => fired === 0).map(({ kind }) => kind);
    return [...gaps, ...(silent.length === 0 ? [] : [`no drawn fault of these kinds took effect: ${silent.join(', ')}`]), 'what was not drawn: a swarm exhausts nothing', scope];
  }
  const { sample, most, exhausted } = found;
  return [
    ...gaps,
    ...(sample !== null ? ['the schedules that were not drawn: a sample exhausts nothing'] : exhausted ? [] : ['a part of the schedules within the bounds: the search was stopped']),
    `more than ${plural(most, 'fault')} at once, and what the bounds leave out`, scope,
  ];
}
