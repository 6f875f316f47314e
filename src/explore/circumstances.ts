/** In what a procedure is looked at when it is asked what each of its steps is for: single faults, forks and fast copies. */
import { FAULT_KINDS } from '../sim/fault-kinds.ts';
import { isMistake } from '../sim/faults.ts';
import type { Fault } from '../sim/faults.ts';
import type { Trace } from '../model/trace.ts';
import type { Procedure } from '../transition/procedure.ts';
import { fastCopies } from './rehearse.ts';
import { MILDEST } from './run-spec.ts';
import type { RunSpec } from './run-spec.ts';
import { STANDARD, placedForks, singleFaults, stepSlots } from './single-faults.ts';

export interface Circumstances {
  /** Fast copies and forks. */
  readonly worlds: readonly RunSpec[];
  /** Flaws of the preparation. */
  readonly flaws: readonly RunSpec[];
  /** The same, each with a fork. */
  readonly forkedFlaws: readonly RunSpec[];
  /** Faults of one kind at the steps; kinds that break a hot swap most often come first. */
  readonly faults: readonly (readonly Fault[])[];
}

/** Kinds of faults under which the guide's hot swap breaks its lockouts, the worst first (docs/guarded-hot-swap.md). */
const WORST: readonly string[] = ['power-loss', 'tower-stale', 'disk-stall', 'cut-turbine', 'freeze', 'stall', 'restart', 'cut-all', 'cut-ssh', 'command-fails', 'crash'];

/** Circumstances of a procedure as it is taken; `trace` is its run without any. The order is fixed. */
export function circumstancesOf(taken: Procedure, trace: Trace): Circumstances {
  const slots = stepSlots(trace);
  const forks = placedForks(STANDARD, slots);
  const singles = singleFaults(STANDARD, taken, slots).flatMap((spec) => (spec.faults.length === 0 ? [] : [{ spec, fault: spec.faults[0]! }]));
  const byKind = new Map<string, Fault[]>(WORST.map((kind) => [kind, []]));
  for (const { spec: { fork }, fault } of singles) {
    if (fork !== null || fault.at === 'before-start' || fault.at.kind !== 'step' || isMistake(fault.kind)) continue;
    const same = byKind.get(fault.kind);
    if (same === undefined) byKind.set(fault.kind, [fault]);
    else same.push(fault);
  }
  const flawed = singles.filter(({ fault }) => fault.at === 'before-start').map(({ spec }) => spec);
  return {
    worlds: [...fastCopies(), ...fastCopies().flatMap((timing) => forks.map((fork) => ({ ...timing, fork }))), ...forks.map((fork) => ({ ...MILDEST, fork }))],
    flaws: flawed.filter(({ fork }) => fork === null),
    forkedFlaws: flawed.filter(({ fork }) => fork !== null),
    faults: [...byKind.values()],
  };
}

/** Whether a fault lasts until after the procedure, or for as long as its kind can: of faults at one moment it does most. */
export function isLasting(fault: Fault): boolean {
  return fault.at === 'before-start' || (FAULT_KINDS[fault.kind]?.heal ?? null) === null || fault.heal === 'end';
}
