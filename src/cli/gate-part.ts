/** The parts of the gate: what each runs, how it ends, and what it has to say in a report. */
import { flyAll } from '../canaries/aviary.ts';
import { CANARIES, drawCanaries } from '../canaries/flock.ts';
import type { Bounds } from '../explore/bounds.ts';
import type { CauseGroup } from '../explore/causes.ts';
import { rehearseSwarm } from '../explore/swarm-rehearsal.ts';
import { EXIT, worstExit } from '../model/exit-code.ts';
import { plural } from '../report/count.ts';
import { subjectOfMany } from '../report/document/many.ts';
import type { Found } from '../report/document/many.ts';
import type { Subject } from '../report/document/schema.ts';
import { runScenario } from '../scenario/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { worldAssumptions } from '../sim/assumptions.ts';
import type { WaiverNotes } from '../waiver/waiver.ts';
import { fileOf, originOf, storyOfRun } from './facts.ts';
import { exitCode, failuresOf, outcomeOfRuns } from './outcome-exit.ts';
import { searchWithin } from './search-within.ts';
import { tokenOf } from './subject.ts';
import type { LoadedSubject } from './subject.ts';
import { subjectsOfScenario } from './suite.ts';
import { progressLine } from './terminal.ts';

/** One part of the gate and how it ended. */
export interface Part {
  /** Null when the part is told only: the procedure makes no claim about it. */
  readonly code: number | null;
  readonly says: string;
  /** Ids of everything that was found. */
  readonly seen: readonly string[];
  /** The gravest violation that is not waived. */
  readonly worst: { readonly id: string; readonly title: string; readonly token: string } | null;
  /** What stands in a report. Made when it is asked for: its stories are runs. */
  readonly subjects: () => Subject[];
}

/** A part that has not been run. */
export interface PlannedPart {
  readonly name: string;
  readonly run: () => Promise<Part> | Part;
}

export interface Amounts {
  /** Drawn single faults at every boundary, drawn pairs, and drawn runs of the swarm; 0 leaves the part out. */
  readonly singles: number;
  readonly pairs: number;
  readonly runs: number;
  readonly seed: number;
  readonly workers: number;
  /** Of each search. */
  readonly seconds: number | undefined;
}

/** Drawn bugs that the checker must notice. */
export function canaryPart(count: number, seed: number, workers: number): PlannedPart {
  return {
    name: `canaries, seed ${seed}`,
    run: async () => {
      const results = await flyAll(drawCanaries(count, seed), workers);
      const bad = results.filter(({ caught, twinClean }) => !caught || !twinClean).map(({ canary }) => canary.name);
      const says = `${results.length - bad.length} of ${plural(results.length, 'drawn bug')} noticed, of ${CANARIES.length} that there are${bad.length === 0 ? '' : `; not ${bad.join(', ')}`}`;
      return { code: bad.length === 0 ? EXIT.holds : EXIT.unknown, says, seen: [], worst: null, subjects: () => [] };
    },
  };
}

/** Scenario files. A folder without a scenario has shown nothing. */
export function scenarioPart(scenarios: readonly Scenario[], notes: WaiverNotes): PlannedPart {
  return {
    name: 'scenarios',
    run: () => {
      const outcomes = scenarios.map((scenario) => runScenario(scenario, notes));
      const unmet = scenarios.filter((_, i) => outcomes[i]!.code !== 0);
      return {
        code: scenarios.length === 0 ? EXIT.unknown : worstExit(outcomes.map(({ code }) => code)),
        says: `${scenarios.length - unmet.length} of ${scenarios.length} as expected${unmet.length === 0 ? '' : `; not ${unmet.map(({ name }) => name).join(', ')} (solevoter run tells why)`}`,
        seen: outcomes.flatMap(({ run, twin }) => [...run.judgement.findings, ...twin.judgement.findings].map(({ id }) => id)),
        worst: null,
        subjects: () => outcomes.flatMap((outcome) => subjectsOfScenario(outcome, notes)),
      };
    },
  };
}

export interface GateBounds {
  /** Of all single faults: as they were given, and loaded. */
  readonly given: string;
  readonly all: Bounds;
  /** Of what is drawn. */
  readonly drawn: Bounds;
}

/** What is done to a procedure. */
export function procedureParts(subject: LoadedSubject, bounds: GateBounds, { singles, pairs, runs, seed, workers, seconds }: Amounts, notes: WaiverNotes): PlannedPart[] {
  const claimed = subject.procedure.survives ?? 1;
  const search = async (most: number, count: number | null): Promise<Part> => {
    const found = await searchWithin(subject, seconds, {
      bounds: count === null ? bounds.all : bounds.drawn, most, workers, onProgress: (done, of) => progressLine(`part ${done} of ${of}`),
      ...(count === null ? {} : { sample: { count, seed } }),
    });
    const frontier = count === null ? `, frontier exhausted: ${found.exhausted ? 'yes' : 'no'}` : ', drawn';
    return partOf(subject, found, `${plural(found.schedules, 'schedule')}${frontier}`, most <= claimed, notes);
  };
  const named = (what: string, run: PlannedPart['run']): PlannedPart => ({ name: `${subject.name}, ${what}`, run });
  return [
    named(`all single faults within "${bounds.given}"`, () => search(1, null)),
    ...(singles === 0 ? [] : [named(`single faults anywhere, seed ${seed}`, () => search(1, singles))]),
    ...(pairs === 0 ? [] : [named(`pairs of faults, seed ${seed}`, () => search(2, pairs))]),
    // A swarm goes beyond what any procedure claims: up to six faults at once.
    ...(runs === 0 ? [] : [named(`swarm, seed ${seed}`, async () => partOf(subject, await rehearseSwarm(subject, { runs, seed, workers }), plural(runs, 'run'), false, notes))]),
  ];
}

function partOf(subject: LoadedSubject, found: Found, counted: string, isClaimed: boolean, notes: WaiverNotes): Part {
  const dead = isClaimed ? found.deadRuns : 0;
  const outcome = outcomeOfRuns({ ...found, dead }, notes);
  const violations = outcome.findings.filter((group) => group.class === 'violation');
  const groups: readonly CauseGroup[] = found.groups;
  const worst = groups.find(({ id }) => id === violations[0]?.id);
  const failures = isClaimed ? failuresOf({ ...outcome, downtime: 0 }, ['violation']) : [];
  const code = isClaimed ? exitCode(failures) : null;
  const silent = dead === 0 ? '' : `; ${plural(dead, 'schedule')} left without exactly one voter`;
  return {
    code,
    says: `${outcome.result === 'holds' ? 'no violation' : outcome.result === 'unknown' ? `unknown: ${found.unknown[0]}` : plural(violations.length, 'cause')} in ${counted}${silent}`,
    seen: found.groups.map(({ id }) => id),
    worst: worst === undefined ? null : { id: worst.id, title: worst.title, token: tokenOf(subject, worst.example) },
    subjects: () => {
      const { procedure, site } = subject;
      const story = worst === undefined ? null : storyOfRun(subject, worst.example, worst.id, null);
      return [subjectOfMany({
        found, origin: originOf(procedure, (spec) => tokenOf(subject, spec)), file: procedure.file === undefined ? null : fileOf(procedure.file),
        assumptions: worldAssumptions(site, procedure), notes, failures, exit: code ?? EXIT.holds, stories: story === null ? [] : [story],
      })];
    },
  };
}
