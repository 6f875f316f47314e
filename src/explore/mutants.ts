/**
 * Why each step exists: the procedure is done wrong in every single way, and each mistake is held against the procedure
 * as it is written, in the same circumstances. What only the mistake brings about is what the step prevents.
 *
 * A mistake is a fault of the operator in a run spec, so a token of the written procedure replays it.
 */
import type { FindingClass, FindingKind } from '../model/verdict.ts';
import { FAULT_KINDS } from '../sim/fault-kinds.ts';
import { describeFault, mutatedProcedure } from '../sim/faults.ts';
import type { Fault } from '../sim/faults.ts';
import { describeFork } from '../sim/fork-plan.ts';
import { mutants } from '../transition/mutation.ts';
import type { Mutant, MutationKind } from '../transition/mutation.ts';
import type { Procedure, Step } from '../transition/procedure.ts';
import { summarizeAll } from './pool.ts';
import { costOf } from './causes.ts';
import { fastCopies } from './rehearse.ts';
import { MILDEST, runSpec } from './run-spec.ts';
import type { RunSpec, RunSummary, Subject } from './run-spec.ts';
import { STANDARD, placedForks, singleFaults, stepSlots } from './single-faults.ts';

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

export interface MistakeResult {
  readonly kind: MutationKind;
  /** The worst that it brings about; null: nothing worse. */
  readonly worse: Worse | null;
}

export interface StepResult {
  readonly step: Step;
  /** In the procedure, from 1. */
  readonly place: number;
  /** What happens without the step, or when its failure is not heeded; null: nothing worse. */
  readonly prevents: Worse | null;
  readonly mistakes: readonly MistakeResult[];
}

export interface MutantTable {
  readonly subject: Subject;
  readonly steps: readonly StepResult[];
  readonly mistakes: number;
  /** Runs of the written procedure, and of the mistakes. */
  readonly runs: readonly [number, number];
  readonly bounds: readonly string[];
  /** What the written procedure met that is not modelled. */
  readonly gaps: readonly string[];
}

export interface MutantOptions {
  readonly workers: number;
  /** Ids of the steps that are done wrong; all of them unless given. */
  readonly only?: readonly string[];
  readonly onProgress?: (phase: string, done: number, of: number) => void;
}

/** Makes the table. Deterministic: the number of workers changes nothing but the time. */
export async function mutantTable(subject: Subject, { workers, only, onProgress = () => {} }: MutantOptions): Promise<MutantTable> {
  const { procedure } = subject;
  const written = specsOf(subject, []);
  const runs = await summarizeAll(subject, written, workers, (done) => onProgress('as written', done, written.length));
  const mistakes = mutants(procedure).flatMap((mutant): Mistake[] => {
    const kind = FAULT_OF[mutant.kind];
    return kind === null || only?.includes(procedure.steps[mutant.index]!.id) === false ? [] : [{ mutant, fault: { kind, on: 'operator', at: { kind: 'step', index: mutant.index, when: 'after' }, heal: 1 } }];
  });
  const { found, count } = await searchMutants(subject, mistakes, familiesOf(written, runs), workers, (done, of) => onProgress('mistakes', done, of));
  const steps = procedure.steps.flatMap((step, index): StepResult[] => {
    if (only?.includes(step.id) === false) return [];
    const own = mistakes.flatMap(({ mutant }, i) => (mutant.index === index ? [{ kind: mutant.kind, worse: found[i]! }] : []));
    return [{ step, place: index + 1, mistakes: own, prevents: worst(own.filter(({ kind }) => WITHOUT_THE_STEP.includes(kind)).map(({ worse }) => worse)) }];
  });
  return {
    subject, steps, mistakes: mistakes.length, runs: [written.length, count], gaps: [...new Set(runs.flatMap((run) => run.gaps))].sort(),
    bounds: [
      'each mistake at the mildest timing, with fast copies, with forks and skips where the active switches, with every flaw before the start (forks too), and with every fault before, during and after a step, which lasts until after the procedure',
      'held against the procedure as it is written: the same fault at the same step at any moment of it and however long, with a fork if the mistake has one',
      'a mistake that leads to a violation is not searched further; two mistakes together are not searched',
      `a longer downtime counts from ${LONGER} slots more`,
    ],
  };
}

interface Mistake {
  readonly mutant: Mutant;
  readonly fault: Fault;
}

/** An operator who stops says nothing of the step after which he stops. */
const FAULT_OF: Readonly<Record<MutationKind, string | null>> = {
  drop: 'operator-drops', repeat: 'operator-repeats', swap: 'operator-swaps', 'wrong-host': 'operator-wrong-host',
  'ignore-failure': 'operator-ignores-failure', late: 'operator-late', 'stop-after': null,
};

/** The other mistakes say what its place and its moment are for. */
const WITHOUT_THE_STEP: readonly MutationKind[] = ['drop', 'ignore-failure'];

/** Runs of one mistake between two looks at what they show. */
const ROUND = 256;

/**
 * For each mistake the worst that it brings about and the written procedure does not, in rounds of runs; one that has
 * led to a violation takes no further part, for there is nothing worse.
 */
async function searchMutants(
  subject: Subject, mistakes: readonly Mistake[], written: Families, workers: number, onProgress: (done: number, of: number) => void,
): Promise<{ readonly found: readonly (Worse | null)[]; readonly count: number }> {
  const found = mistakes.map((): Worse | null => null);
  const specs = mistakes.map(({ fault }) => specsOf(subject, [fault]).filter(isForMistakes));
  const costs = mistakes.map(() => Number.POSITIVE_INFINITY);
  let count = 0;
  for (let from = 0; ; from += ROUND) {
    const batch = specs.flatMap((own, i) => (found[i]?.class === 'violation' ? [] : own.slice(from, from + ROUND).map((spec) => ({ spec, i }))));
    if (batch.length === 0) return { found, count };
    const before = count;
    const all = before + batch.length;
    const runs = await summarizeAll(subject, batch.map(({ spec }) => spec), workers, (done) => onProgress(before + done, all));
    count = all;
    runs.forEach((run, at) => {
      const { spec, i } = batch[at]!;
      const worse = worseThan(written, run, spec, mistakes[i]!, subject.procedure);
      if (worse === null) return;
      const cost = costOf(spec, run);
      const gravity = rankOf(worse) - rankOf(found[i] ?? null);
      if (gravity > 0 || (gravity === 0 && cost < costs[i]!)) {
        found[i] = worse;
        costs[i] = cost;
      }
    });
  }
}

/** All circumstances in which the written procedure is looked at, the mildest first; after the mistakes, if there are any. */
function specsOf(subject: Subject, mistakes: readonly Fault[]): RunSpec[] {
  const { trace } = runSpec(subject, { ...MILDEST, faults: mistakes });
  const slots = stepSlots(trace);
  const forks = placedForks(STANDARD, slots);
  const singles = singleFaults(STANDARD, mutatedProcedure(subject.procedure, mistakes), slots)
    .filter(({ faults: [fault] }) => fault === undefined || fault.at === 'before-start' || (fault.at.kind === 'step' && !MISTAKES.has(fault.kind)));
  const specs = [
    MILDEST, ...fastCopies(), ...fastCopies().flatMap((timing) => forks.map((fork) => ({ ...timing, fork }))), ...forks.map((fork) => ({ ...MILDEST, fork })),
    ...singles.filter(({ faults, fork }) => faults.length > 0 && fork === null),
    ...singles.filter(({ faults, fork }) => faults.length > 0 && fork !== null),
  ];
  return specs.map((spec) => ({ ...spec, faults: [...mistakes, ...spec.faults] }));
}

/** Those of them in which a mistake is looked at: faults at a step last, and forks come with what was there before the start. */
function isForMistakes({ faults: [, fault], fork }: RunSpec): boolean {
  if (fault === undefined || fault.at === 'before-start') return true;
  return fork === null && ((FAULT_KINDS[fault.kind]?.heal ?? null) === null || fault.heal === 'end');
}

const MISTAKES: ReadonlySet<string | null> = new Set(Object.values(FAULT_OF));

/**
 * What the written procedure comes to in circumstances that are alike: the same fault at the same step, before, during
 * or after it and however long; with any fork or without; with any timing or the mildest. A mistake shifts everything
 * behind it by some time, and what comes of that shift alone is not what the step prevents.
 */
interface Family {
  readonly violations: ReadonlySet<FindingKind>;
  /** Of the worst run. */
  readonly rank: number;
  /** Slots, of the longest. */
  readonly downtime: number;
}

type Families = ReadonlyMap<string, Family>;

function familiesOf(specs: readonly RunSpec[], runs: readonly RunSummary[]): Families {
  const families = new Map<string, Family>();
  specs.forEach((spec, i) => {
    const { findings, downtime } = runs[i]!;
    for (const key of familyKeys(spec, (index) => index)) {
      const before = families.get(key);
      families.set(key, {
        violations: new Set([...(before?.violations ?? []), ...findings.filter((finding) => finding.class === 'violation').map(({ kind }) => kind)]),
        rank: Math.max(before?.rank ?? 0, ...findings.map(rankOf)),
        downtime: Math.max(before?.downtime ?? 0, downtime),
      });
    }
  });
  return families;
}

/** The families that a run of the written procedure counts for: its own first, then those with more room. */
function familyKeys({ faults, fork, draws }: RunSpec, writtenIndex: (index: number) => number): string[] {
  const struck = faults.map(({ kind, on, at }) => [kind, on, at !== 'before-start' && at.kind === 'step' ? writtenIndex(at.index) : at]);
  const forks = fork === null ? ['no fork', 'any fork'] : ['any fork'];
  const timings = Object.keys(draws).length === 0 ? ['mildest', 'any timing'] : ['any timing'];
  return forks.flatMap((fork) => timings.map((timing) => JSON.stringify([struck, fork, timing])));
}

/** Position in the written procedure of a step of the mistaken one; −1 for a step that is not there. */
function writtenIndexIn({ kind, index }: Mutant): (taken: number) => number {
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
const LONGER = 8;

/** A violation of a kind, or a trait graver than any, that the written procedure does not have in these circumstances. */
function worseThan(written: Families, run: RunSummary, spec: RunSpec, { mutant }: Mistake, procedure: Procedure): Worse | null {
  const [mistake, ...faults] = spec.faults;
  const family = written.get(familyKeys({ ...spec, faults }, writtenIndexIn(mutant))[0]!);
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

const RANKS = { violation: 5, 'lost-state': 4, hazard: 3, 'nobody-votes': 2, downtime: 1 } as const;

function rankOf(finding: { readonly class: FindingClass; readonly kind: FindingKind } | null): number {
  if (finding === null) return 0;
  return finding.kind === 'nobody-votes' ? RANKS['nobody-votes'] : RANKS[finding.class];
}

function worst(list: readonly (Worse | null)[]): Worse | null {
  return list.reduce((best, worse) => (rankOf(worse) > rankOf(best) ? worse : best), null);
}
