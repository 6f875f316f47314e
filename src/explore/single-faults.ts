/**
 * The runs of a rehearsal: every single fault at the boundaries and fork shapes of a fixed set. The set is made from
 * the baseline run, which says in which slots the steps fall; it is printed with the verdict.
 */
import { FAULT_KINDS } from '../sim/fault-kinds.ts';
import type { Fault, Heal } from '../sim/faults.ts';
import { OPERATOR_KINDS } from '../sim/faults.ts';
import type { ForkPlan } from '../sim/fork-plan.ts';
import { HOST_NAMES } from '../sim/host-name.ts';
import { PREPARATION_KINDS } from '../sim/preparation.ts';
import { START_SLOT } from '../sim/create-world.ts';
import type { Moment } from '../sim/world.ts';
import { VALIDATOR_POINTS } from '../sim/world.ts';
import type { Trace } from '../model/trace.ts';
import type { Procedure } from '../transition/procedure.ts';
import type { RunSpec } from './run-spec.ts';

export interface FaultSet {
  readonly name: 'standard' | 'full';
  /** Slots around the procedure in which validator steps are struck. */
  readonly slotsAround: number;
  readonly heals: readonly Heal[];
  readonly forks: readonly Omit<ForkPlan, 'at'>[];
  /** Faults inside the validators are combined with forks as well, not only faults at commands. */
  readonly forksAtPoints: boolean;
}

function shapes(losing: readonly number[], skipped: readonly number[], winners: readonly ForkPlan['winner'][]): Omit<ForkPlan, 'at'>[] {
  const sees = ['losing', 'winning'] as const;
  return losing.flatMap((blocks) => skipped.flatMap((gap) =>
    blocks === 0
      ? gap === 0 ? [] : [{ losing: 0, skipped: gap, firstSeen: { active: 'winning', inactive: 'winning' }, winner: 'second' } as const]
      : winners.flatMap((winner) => sees.flatMap((active) => sees.map((inactive) => ({ losing: blocks, skipped: gap, firstSeen: { active, inactive }, winner }))))));
}

export const STANDARD: FaultSet = {
  name: 'standard',
  slotsAround: 0,
  heals: [1, 'end'],
  forks: shapes([0, 1, 2], [0, 4], ['second']).filter((fork) => fork.losing === 0 || (fork.firstSeen.active === 'losing' && fork.firstSeen.inactive === 'winning')),
  forksAtPoints: false,
};

export const FULL: FaultSet = {
  name: 'full',
  slotsAround: 2,
  heals: [1, 32, 'end'],
  forks: shapes([0, 1, 2, 4, 8], [0, 4, 8], ['second', 'first']),
  forksAtPoints: true,
};

/** Where the steps of a run fall, in slots relative to the start. */
export interface StepSlots {
  readonly first: number;
  readonly last: number;
  /** Slots in which steps begin that could change who votes: anchors for forks. */
  readonly anchors: readonly number[];
}

/** Reads from the baseline in which slots the steps began and ended. */
export function stepSlots(trace: Trace): StepSlots {
  const slotMicros = trace.header.slotMs * 1000;
  const firstBlock = trace.events.find((event) => event.type === 'block' || event.type === 'skipped');
  const origin = (firstBlock?.slot ?? START_SLOT) - START_SLOT;
  const slotOf = (t: number) => Math.floor(t / slotMicros) + origin;
  const starts = trace.events.flatMap((event) => (event.type === 'command' && event.phase === 'start' ? [slotOf(event.t)] : []));
  const ends = trace.events.flatMap((event) => (event.type === 'command' && event.phase === 'end' ? [slotOf(event.t)] : []));
  const switches = trace.events.flatMap((event) => (event.type === 'identity' && event.t > 0 ? [slotOf(event.t)] : []));
  return { first: Math.min(...starts, 0), last: Math.max(...ends, ...switches, 0), anchors: [...new Set(switches)].sort((a, b) => a - b) };
}

/** Forks of a set at the slots where they matter: so that the last own votes before each switch stand on one branch. */
export function placedForks(set: FaultSet, slots: StepSlots): ForkPlan[] {
  const plans = set.forks.flatMap((fork) => slots.anchors.flatMap((anchor) =>
    (fork.losing === 0 ? [anchor, anchor + 1] : [anchor - fork.losing + 1, anchor + 1]).map((at) => ({ ...fork, at }))));
  return unique(plans);
}

/** Every single fault of the set, without forks and with them. The order is fixed. */
export function singleFaults(set: FaultSet, procedure: Procedure, slots: StepSlots): RunSpec[] {
  const atSteps: Moment[] = procedure.steps.flatMap((_, index) => (['before', 'during', 'after'] as const).map((when) => ({ kind: 'step' as const, index, when })));
  const slotRange = Array.from({ length: slots.last - slots.first + 3 + 2 * set.slotsAround }, (_, i) => slots.first - set.slotsAround + i);
  const forks: (ForkPlan | null)[] = [null, ...placedForks(set, slots)];
  const specs: RunSpec[] = forks.slice(1).map((fork) => ({ faults: [], fork, draws: {} }));
  const add = (fault: Fault, withForks: boolean) => {
    for (const fork of withForks ? forks : [null]) specs.push({ faults: [fault], fork, draws: {} });
  };
  for (const kind of PREPARATION_KINDS) for (const on of HOST_NAMES) add({ kind, on, at: 'before-start' }, true);
  for (const kind of OPERATOR_KINDS) for (const [index] of procedure.steps.entries()) add({ kind, on: 'operator', at: { kind: 'step', index, when: 'after' }, heal: 1 }, true);
  for (const [kind, { on, heals }] of Object.entries(FAULT_KINDS)) {
    const targets = on === 'host' ? HOST_NAMES : [on];
    for (const target of targets) for (const heal of heals ? set.heals : [1 as const]) {
      for (const at of atSteps) if (on !== 'step' || at.kind !== 'step' || at.when === 'before') add({ kind, on: target, at, heal }, true);
      if (on === 'step') continue;
      if (on !== 'host') {
        for (const slot of slotRange) add({ kind, on: target, at: { kind: 'slot', slot }, heal }, set.forksAtPoints);
        continue;
      }
      const host = target as (typeof HOST_NAMES)[number];
      for (const slot of slotRange) for (const point of VALIDATOR_POINTS) add({ kind, on: target, at: { kind: 'point', host, point, slot }, heal }, set.forksAtPoints);
    }
  }
  return specs;
}

/** One sentence for the printed bounds. */
export function describeSet(set: FaultSet, procedure: Procedure, slots: StepSlots): string[] {
  const forks = placedForks(set, slots).length;
  return [
    `set "${set.name}": ${Object.keys(FAULT_KINDS).length + OPERATOR_KINDS.length + PREPARATION_KINDS.length} kinds of faults, one at a time`,
    `before, during and after each of ${procedure.steps.length} steps; at ${VALIDATOR_POINTS.length} places inside each validator, slots ${signed(slots.first - set.slotsAround)} to ${signed(slots.last + 2 + set.slotsAround)}`,
    `healing after ${set.heals.map((heal) => (heal === 'end' ? 'the procedure' : `${heal} slot${heal === 1 ? '' : 's'}`)).join(' or ')}`,
    `${forks} placed forks and skips, ${set.forksAtPoints ? 'with every fault' : 'with no fault and with every fault at a step'}`,
  ];
}

function signed(slot: number): string {
  return slot < 0 ? String(slot) : `+${slot}`;
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
