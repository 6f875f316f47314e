/** One mistake in a procedure, looked at in all circumstances and held against the procedure as it is written. */
import type { FindingClass, FindingKind } from '../model/verdict.ts';
import { describeFault, mutatedProcedure } from '../sim/faults.ts';
import type { Fault } from '../sim/faults.ts';
import { describeFork } from '../sim/fork-plan.ts';
import { mutants } from '../transition/mutation.ts';
import type { Mutant, MutationKind } from '../transition/mutation.ts';
import type { Procedure } from '../transition/procedure.ts';
import { RANKS, familyKey, rankOf, runKey } from './as-written.ts';
import type { AsWritten } from './as-written.ts';
import { costOf } from './causes.ts';
import { circumstancesOf, isLasting } from './circumstances.ts';
import { MILDEST, summarize } from './run-spec.ts';
import type { RunSpec, RunSummary, Subject } from './run-spec.ts';
import { trunkOf } from './trunk.ts';
import type { Reach } from './trunk.ts';

/** Something that a mistake brings about and the written procedure does not. */
export interface Worse {
  readonly class: FindingClass;
  readonly kind: FindingKind;
  /** Of the finding; none for a longer downtime. */
  readonly id?: string;
  readonly title: string;
  /** The mistake first. */
  readonly spec: RunSpec;
  /** What else was so in that run, as sentences; empty at the mildest timing without faults and forks. */
  readonly circumstances: readonly string[];
}

export interface Mistake {
  readonly kind: MutationKind;
  /** Position of the step that is done wrong, from 0. */
  readonly index: number;
  readonly fault: Fault;
}

/** What came of a mistake. */
export interface MistakeSearch {
  /** The worst that it brings about; null: nothing worse. */
  readonly worse: Worse | null;
  /** Runs that were looked at. */
  readonly runs: number;
}

/** An operator who stops says nothing of the step after which he stops. */
const FAULT_OF: Readonly<Record<MutationKind, string | null>> = {
  drop: 'operator-drops', repeat: 'operator-repeats', swap: 'operator-swaps', 'wrong-host': 'operator-wrong-host',
  'ignore-failure': 'operator-ignores-failure', late: 'operator-late', 'stop-after': null,
};

/** Without them the step is not there, or might as well not be. The others say what its place and its moment are for. */
export const WITHOUT_THE_STEP: readonly MutationKind[] = ['drop', 'ignore-failure'];

/** Changes of the procedure, which are there each time that it is run. The others are slips. */
const STANDING: readonly MutationKind[] = [...WITHOUT_THE_STEP, 'swap'];

/** Kinds of mistakes that are searched. */
export const MISTAKE_KINDS: readonly MutationKind[] = (Object.keys(FAULT_OF) as MutationKind[]).filter((kind) => FAULT_OF[kind] !== null);

/** Every single mistake that can be made in a procedure, in the order of its steps. */
export function mistakesIn(procedure: Procedure): Mistake[] {
  return mutants(procedure).flatMap(({ kind, index }: Mutant): Mistake[] => {
    const fault = FAULT_OF[kind];
    return fault === null ? [] : [{ kind, index, fault: { kind: fault, on: 'operator', at: { kind: 'step', index, when: 'after' }, heal: STANDING.includes(kind) ? 'end' : 1 } }];
  });
}

/**
 * The worst that a mistake brings about and the written procedure does not, of the mildest run. The circumstances come in
 * groups, single ones first; after the group that has shown a violation no further one is looked at, for there is nothing worse.
 */
export function searchMistake(subject: Subject, written: AsWritten, mistake: Mistake): MistakeSearch {
  const { procedure } = subject;
  const mistaken: RunSpec = { ...MILDEST, faults: [mistake.fault] };
  const trunk = trunkOf(subject, mistaken);
  const { worlds, flaws, forkedFlaws, faults } = circumstancesOf(mutatedProcedure(procedure, mistaken.faults), trunk.trace);
  const withMistake = (spec: RunSpec): RunSpec => ({ ...spec, faults: [mistake.fault, ...spec.faults] });
  const toIndex = writtenIndexIn(mistake);
  let found: Worse | null = null;
  let cost = Number.POSITIVE_INFINITY;
  let runs = 0;
  const look = (spec: RunSpec, summary: RunSummary): void => {
    runs++;
    const worse = worseThan(written, summary, withMistake(spec), toIndex, procedure);
    if (worse === null) return;
    const own = costOf(withMistake(spec), summary);
    const gravity = rankOf(worse) - rankOf(found);
    if (gravity < 0 || (gravity === 0 && own >= cost)) return;
    found = worse;
    cost = own;
  };
  const matters = (spec: RunSpec): boolean => comesToMatter(mistake, written.reached.get(runKey(spec, toIndex)));
  const isOver = (): boolean => (found as Worse | null)?.class === 'violation';
  if (matters(MILDEST)) look(MILDEST, trunk.outcome.summary);
  for (const group of [worlds, flaws]) {
    if (isOver()) break;
    for (const spec of group) if (matters(spec)) look(spec, summarize(subject, withMistake(spec)));
  }
  for (const ofOneKind of faults) {
    if (isOver()) break;
    for (const fault of ofOneKind) {
      const spec = { ...MILDEST, faults: [fault] };
      if (!isLasting(fault) || !isNear(mistake, fault, toIndex) || !matters(spec)) continue;
      const outcome = trunk.withFault(fault);
      if (outcome !== null) look(spec, outcome.summary);
    }
  }
  if (isOver() || !WITHOUT_THE_STEP.includes(mistake.kind)) return { worse: found, runs };
  for (const spec of forkedFlaws) if (matters({ ...spec, fork: null })) look(spec, summarize(subject, withMistake(spec)));
  return { worse: found, runs };
}

/** Whether a fault strikes where it is looked at with a mistake: anywhere when the step is not there, else near it. */
function isNear({ kind, index }: Mistake, { at }: Fault, toIndex: (index: number) => number): boolean {
  return WITHOUT_THE_STEP.includes(kind) || at === 'before-start' || at.kind !== 'step' || Math.abs(toIndex(at.index) - index) <= 1;
}

/**
 * Whether a mistake makes a difference to a run, by how far the written procedure came in the same circumstances: a step
 * that is never begun cannot be done wrong, and a failure that does not come cannot be ignored. A run that has no
 * counterpart is looked at.
 */
function comesToMatter({ kind, index }: Mistake, reach: Reach | undefined): boolean {
  if (reach === undefined) return true;
  return kind === 'ignore-failure' ? reach.failed.includes(index) : reach.begun > index;
}

/** Position in the written procedure of a step of the mistaken one; −1 for a step that is not there. */
export function writtenIndexIn({ kind, index }: Mistake): (taken: number) => number {
  switch (kind) {
    case 'drop':
      return (taken) => (taken < index ? taken : taken + 1);
    case 'repeat':
      return (taken) => (taken <= index ? taken : taken - 1);
    case 'late':
      return (taken) => (taken < index ? taken : taken === index ? -1 : taken - 1);
    case 'swap':
      return (taken) => (taken === index ? index + 1 : taken === index + 1 ? index : taken);
    case 'stop-after':
    case 'wrong-host':
    case 'ignore-failure':
      return (taken) => taken;
  }
}

/** Slots: less may come from the time that a command takes. */
export const LONGER = 8;

/** A violation of a kind, or a trait graver than any, that the written procedure does not have in these circumstances. */
export function worseThan(written: AsWritten, run: RunSummary, spec: RunSpec, toIndex: (index: number) => number, procedure: Procedure): Worse | null {
  const [mistake, ...faults] = spec.faults;
  const family = written.families.get(familyKey({ ...spec, faults }, toIndex));
  if (family === undefined) return null;
  const taken = mutatedProcedure(procedure, [mistake!]);
  const circumstances = [
    ...faults.map((fault) => describeFault(fault, taken)),
    ...(spec.fork === null ? [] : [describeFork(spec.fork)]),
    ...(Object.keys(spec.draws).length === 0 ? [] : ['the tower is copied at once']),
  ];
  const [gravest] = run.findings
    .filter((finding) => (finding.class === 'violation' ? !family.violations.has(finding.kind) : rankOf(finding) > family.rank))
    .sort((a, b) => rankOf(b) - rankOf(a));
  if (gravest !== undefined && rankOf(gravest) > RANKS.downtime) {
    return { class: gravest.class, kind: gravest.kind, id: gravest.id, title: gravest.title, spec, circumstances };
  }
  if (family.rank > RANKS.downtime || run.downtime < family.downtime + LONGER) return null;
  return { class: 'downtime', kind: 'missed-votes', title: `${run.downtime} slots without a vote instead of ${family.downtime}`, spec, circumstances };
}
