/**
 * Shrinking: from a run that has a finding, step by step, to one of which nothing can be left out without losing the
 * finding. It is done on the choices of the run, not on its trace, and each step is a whole run that is judged anew. The
 * ids of findings do not depend on faults, so that the same cause has the same id in a smaller run.
 */
import { isSameMoment } from '../sim/faults.ts';
import type { Fault, Heal } from '../sim/faults.ts';
import { fittingFaults } from './fault-space.ts';
import { observe } from './moments.ts';
import { runSpec } from './run-spec.ts';
import type { RunSpec, Subject } from './run-spec.ts';

/** Runs that shrinking takes at most. */
const MOST_RUNS = 400;

export interface Shrunk {
  readonly spec: RunSpec;
  /** Runs that it took. */
  readonly tried: number;
  /** False when the runs were used up before nothing more could be left out. */
  readonly finished: boolean;
}

/** Smaller runs than a given one, in the order in which they are tried. */
type Move = (spec: RunSpec, subject: Subject) => RunSpec[];

/**
 * Shrinks a run that has the finding `id`: fewer faults first, then no fork, fewer skipped slots, sooner healing, smaller
 * forks, milder timings, and moments that a step names. Equal arguments give equal results; what is shrunk already stays.
 */
export function shrink(subject: Subject, spec: RunSpec, id: string, most = MOST_RUNS): Shrunk {
  const lost = new Set<string>();
  let tried = 0;
  let finished = true;
  const keeps = (candidate: RunSpec): boolean => {
    const key = JSON.stringify(candidate);
    if (lost.has(key) || !fits(subject, candidate)) return false;
    if (tried >= most) finished = false;
    if (!finished) return false;
    tried++;
    const found = runSpec(subject, candidate).judgement.findings.some((finding) => finding.id === id);
    if (!found) lost.add(key);
    return found;
  };
  let current = spec;
  for (let moved = true; moved && finished; ) {
    moved = false;
    for (const move of MOVES) {
      let candidates = move(current, subject);
      for (let i = 0; i < candidates.length; ) {
        if (keeps(candidates[i]!)) {
          current = candidates[i]!;
          candidates = move(current, subject);
          moved = true;
        } else i++;
      }
    }
  }
  return { spec: current, tried, finished };
}

/** Choices of a run: faults, fork, skipped slots, and latencies that are not the mildest. */
export function countChoices({ faults, fork, draws, skips = [] }: RunSpec): number {
  return faults.length + (fork === null ? 0 : 1) + skips.length + Object.keys(draws).length;
}

function fits({ procedure }: Subject, { faults }: RunSpec): boolean {
  return fittingFaults(procedure, faults).length === faults.length;
}

const fewerFaults: Move = (spec) => spec.faults.map((_, i) => ({ ...spec, faults: spec.faults.toSpliced(i, 1) }));

/** Two faults may stand only together, as one that undoes what the other has done. */
const twoFaultsFewer: Move = (spec) => spec.faults.flatMap((_, i) => spec.faults.slice(i + 1).map((__, j) => ({ ...spec, faults: spec.faults.toSpliced(i + 1 + j, 1).toSpliced(i, 1) })));

const noFork: Move = (spec) => (spec.fork === null ? [] : [{ ...spec, fork: null }]);

const fewerSkips: Move = ({ skips = [], ...rest }) => {
  if (skips.length === 0) return [];
  return [rest, ...(skips.length === 1 ? [] : skips.map((_, i) => ({ ...rest, skips: skips.toSpliced(i, 1) })))];
};

const soonerHeals: Move = (spec) => spec.faults.flatMap((fault, i) => {
  if (fault.at === 'before-start') return [];
  return shorterHeals(fault.heal).map((heal) => ({ ...spec, faults: spec.faults.with(i, { ...fault, heal }) }));
});

function shorterHeals(heal: Heal): number[] {
  return heal === 'end' ? [1, 2, 4, 8] : powersBelow(heal);
}

/** 1, 2, 4 … below a number. */
function powersBelow(bound: number): number[] {
  const powers: number[] = [];
  for (let power = 1; power < bound; power *= 2) powers.push(power);
  return powers;
}

const smallerFork: Move = (spec) => {
  const { fork } = spec;
  if (fork === null) return [];
  const gaps = powersBelow(fork.skipped);
  if (fork.losing > 0 && fork.skipped > 0) gaps.unshift(0);
  return [
    ...gaps.map((skipped) => ({ ...spec, fork: { ...fork, skipped } })),
    ...powersBelow(fork.losing).map((losing) => ({ ...spec, fork: { ...fork, losing } })),
  ];
};

const milderTimings: Move = (spec) => {
  const entries = Object.entries(spec.draws);
  if (entries.length === 0) return [];
  const without = entries.map((_, i) => ({ ...spec, draws: Object.fromEntries(entries.toSpliced(i, 1)) }));
  const halved = entries.flatMap(([label, value]) => (value < 2 ? [] : [{ ...spec, draws: { ...spec.draws, [label]: value >> 1 } }]));
  return [...(entries.length === 1 ? [] : [{ ...spec, draws: {} }]), ...without, ...halved];
};

/** Before or after a step is said more easily than at a place inside a validator in some slot. */
const stepMoments: Move = (spec, subject) => {
  if (spec.faults.every((fault) => isAtStep(fault))) return [];
  const { moments } = observe(subject, spec);
  return spec.faults.flatMap((fault, i) => {
    if (fault.at === 'before-start' || isAtStep(fault)) return [];
    const { at } = fault;
    const place = moments.findIndex((moment) => isSameMoment(moment, at));
    if (place < 0) return [];
    const near = [moments.slice(0, place).findLast(({ kind }) => kind === 'step'), moments.slice(place).find(({ kind }) => kind === 'step')];
    return near.flatMap((moment) => (moment === undefined ? [] : [{ ...spec, faults: spec.faults.with(i, { ...fault, at: moment }) }]));
  });
};

function isAtStep({ at }: Fault): boolean {
  return at === 'before-start' || at.kind === 'step';
}

const MOVES: readonly Move[] = [fewerFaults, twoFaultsFewer, noFork, fewerSkips, soonerHeals, smallerFork, milderTimings, stepMoments];
