/** A run that is told: its finding, and what comes of the run without each thing that could have been otherwise. */
import type { Trace } from '../model/trace.ts';
import type { Finding, Judgement } from '../model/verdict.ts';
import { describeFault, mutatedProcedure } from '../sim/faults.ts';
import { describeFork } from '../sim/fork-plan.ts';
import { LATENCY_TABLES } from '../sim/latency.ts';
import type { LatencyName } from '../sim/latency.ts';
import { fittingFaults } from './fault-space.ts';
import { runSpec } from './run-spec.ts';
import type { RunSpec, Subject } from './run-spec.ts';

/** A fault, the fork, the skipped slots or a timing of a run. */
export interface ChoiceOfRun {
  readonly what: 'fault' | 'fork' | 'skipped slots' | 'timing';
  /** Of a fault its number in the plan, from 1, as `replay --without` takes it. */
  readonly name: string;
  readonly kind: string;
  readonly on: string | null;
  readonly sentence: string;
  /** Of a fault: it had its moment and took effect. */
  readonly struck: boolean;
  /** The run without it; null when what is left does not fit the procedure. */
  readonly without: { readonly spec: RunSpec; readonly judgement: Judgement } | null;
}

export interface ToldRun {
  /** Null for a trace that was not made by a simulation here. */
  readonly spec: RunSpec | null;
  readonly trace: Trace;
  readonly judgement: Judgement;
  /** Null for a run that is told although nothing was found in it. */
  readonly finding: Finding | null;
  readonly choices: readonly ChoiceOfRun[];
}

/** Runs a spec and tells it by its finding `id`, or without one; null when it has no such finding. */
export function tellRun(subject: Subject, spec: RunSpec, id: string | null): ToldRun | null {
  const { trace, judgement, fired } = runSpec(subject, spec);
  const finding = id === null ? null : judgement.findings.find((candidate) => candidate.id === id);
  return finding === undefined ? null : { spec, trace, judgement, finding, choices: choicesOf(subject, spec, fired) };
}

function choicesOf(subject: Subject, spec: RunSpec, fired: readonly boolean[]): ChoiceOfRun[] {
  const { faults, fork, draws, skips = [] } = spec;
  const without = (rest: RunSpec): ChoiceOfRun['without'] =>
    fittingFaults(subject.procedure, rest.faults).length < rest.faults.length ? null : { spec: rest, judgement: runSpec(subject, rest).judgement };
  return [
    ...faults.map((fault, i): ChoiceOfRun => ({
      what: 'fault', name: String(i + 1), kind: fault.kind, on: fault.on,
      sentence: describeFault(fault, mutatedProcedure(subject.procedure, faults.slice(0, i))),
      struck: fired[i] === true,
      without: without({ ...spec, faults: faults.filter((_, k) => k !== i) }),
    })),
    ...(fork === null ? [] : [{ what: 'fork' as const, name: 'fork', kind: 'fork', on: 'cluster', sentence: describeFork(fork), struck: true, without: without({ ...spec, fork: null }) }]),
    ...(skips.length === 0 ? [] : [{
      what: 'skipped slots' as const, name: 'skips', kind: 'skipped slots', on: 'cluster', struck: true,
      sentence: `the cluster skips the slots ${skips.map((slot) => (slot < 0 ? slot : `+${slot}`)).join(', ')}`,
      without: without({ faults, fork, draws }),
    }]),
    ...Object.keys(draws).map((label): ChoiceOfRun => ({
      what: 'timing', name: label, kind: 'timing', on: null, sentence: describeDraw(label, draws[label]!), struck: true,
      without: without({ ...spec, draws: Object.fromEntries(Object.entries(draws).filter(([other]) => other !== label)) }),
    })),
  ];
}

/** "scp = 20 ms"; counts of slots have no unit. */
export function describeDraw(label: string, index: number): string {
  const name = label.replace('latency/', '') as LatencyName;
  const value = LATENCY_TABLES[name][index] ?? index;
  return `${name} = ${value >= 100 ? `${value / 1000} ms` : value}`;
}
