/**
 * The runs of a rehearsal: every single fault at the boundaries and fork shapes of a fixed set. The set is made from
 * the baseline run, which says in which slots the steps fall; it is printed with the verdict.
 */
import { FAULT_KINDS, faultKindsIn } from '../sim/fault-kinds.ts';
import type { Fault, Heal } from '../sim/faults.ts';
import { OPERATOR_KINDS, mistakesOf } from '../sim/faults.ts';
import type { ForkPlan } from '../sim/fork-plan.ts';
import { HOST_NAMES } from '../sim/host-name.ts';
import { preparationKindsIn } from '../sim/preparation.ts';
import type { Moment } from '../sim/world.ts';
import { LEAD_SLOTS, VALIDATOR_POINTS } from '../sim/world.ts';
import type { Trace } from '../model/trace.ts';
import type { Procedure } from '../transition/procedure.ts';
import { kindsIn } from './fault-space.ts';
import type { RunSpec } from './run-spec.ts';

export interface FaultSet {
  readonly name: 'standard' | 'full';
  /** Slots around the procedure in which validator steps are struck. */
  readonly slotsAround: number;
  readonly heals: readonly Heal[];
  /** Forks and skips combined with faults. */
  readonly forks: readonly Omit<ForkPlan, 'at'>[];
  /** Forks and skips by themselves. */
  readonly forksAlone: readonly Omit<ForkPlan, 'at'>[];
  /** Heals of faults inside the validators. */
  readonly pointHeals: readonly Heal[];
  /**
   * With which faults forks are combined: those after a step that heal last, with forks placed where the active
   * switches; or all faults at steps, with forks placed around every switch.
   */
  readonly forksWith: 'after-steps' | 'all-steps';
  /** Kinds that are left out. */
  readonly without: ReadonlySet<string>;
}

/** Left out of the standard set, which they would make a quarter longer: cuts and clock steps are the stronger kin of most. */
const LATE_AND_LOSSY: ReadonlySet<string> = new Set(['delay-turbine', 'delay-votes', 'delay-gossip', 'lose-turbine', 'lose-votes', 'clock-drift']);

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
  pointHeals: ['end'],
  forks: shapes([0, 1, 2], [0, 4], ['second']).filter((fork) => fork.losing === 0 || (fork.skipped === 0 && fork.firstSeen.active === 'losing' && fork.firstSeen.inactive === 'winning')),
  forksAlone: shapes([0, 1, 2, 4, 8], [0, 4], ['second', 'first']),
  forksWith: 'after-steps',
  without: LATE_AND_LOSSY,
};

export const FULL: FaultSet = {
  name: 'full',
  slotsAround: 2,
  heals: [1, 32, 'end'],
  forks: shapes([0, 1, 2, 8], [0, 4], ['second', 'first']),
  forksAlone: shapes([0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 1, 2, 4, 8], ['second', 'first']),
  pointHeals: [1, 32, 'end'],
  forksWith: 'all-steps',
  without: new Set(),
};

/** Where the steps of a run fall, in slots relative to the start. */
export interface StepSlots {
  readonly first: number;
  readonly last: number;
  /** Slots in which a step begins or ends or an identity switches: faults strike near them. */
  readonly busy: readonly number[];
  /** Slots for which a host voted last before it changed its identity, and the one after: anchors for forks. */
  readonly anchors: readonly number[];
}

/** Reads from the baseline in which slots the steps began and ended. */
export function stepSlots(trace: Trace): StepSlots {
  const slotMicros = trace.header.slotMs * 1000;
  const slotOf = (t: number) => Math.floor(t / slotMicros) - LEAD_SLOTS;
  const starts = trace.events.flatMap((event) => (event.type === 'command' && event.phase === 'start' ? [slotOf(event.t)] : []));
  const ends = trace.events.flatMap((event) => (event.type === 'command' && event.phase === 'end' ? [slotOf(event.t)] : []));
  const switches = trace.events.flatMap((event) => (event.type === 'identity' && event.layer === 'voting' && event.t > 0 ? [slotOf(event.t)] : []));
  // The loop switches in the slot after the one for which the old identity votes last.
  return { first: Math.min(...starts, 0), last: Math.max(...ends, ...switches, 0), busy: [...starts, ...ends, ...switches], anchors: switches.map((slot) => slot - 1) };
}

/** Forks of a set at the slots where they matter: so that the last own votes before a switch stand on one branch. */
export function placedForks(set: FaultSet, slots: StepSlots): ForkPlan[] {
  if (set.forksWith === 'all-steps') return place(set.forks, slots.anchors, 2);
  return place(set.forks, slots.anchors.slice(0, 1), 1);
}

/** Each fork at each anchor, in the first or in both of two places: ending with the anchor, or beginning after it. */
function place(forks: FaultSet['forks'], anchors: readonly number[], places: 1 | 2): ForkPlan[] {
  return unique(forks.flatMap((fork) => anchors.flatMap((anchor) => {
    const both = fork.losing === 0 ? [anchor, anchor + 1] : [anchor - fork.losing + 1, anchor + 1];
    return both.slice(0, places).map((at) => ({ ...fork, at }));
  })));
}

/** Every single fault of the set, without forks and with them. The order is fixed. */
export function singleFaults(set: FaultSet, procedure: Procedure, slots: StepSlots): RunSpec[] {
  const forks = placedForks(set, slots);
  const alone = unique([...forks, ...place(set.forksAlone, slots.anchors, 2)]);
  const specs: RunSpec[] = alone.map((fork) => ({ faults: [], fork, draws: {} }));
  for (const fault of faultsOf(set, procedure, slots)) {
    specs.push({ faults: [fault], fork: null, draws: {} });
    if (isCombined(set, fault)) for (const fork of forks) specs.push({ faults: [fault], fork, draws: {} });
  }
  return specs;
}

function isCombined(set: FaultSet, fault: Fault): boolean {
  if (fault.at === 'before-start') return true;
  if (fault.at.kind !== 'step') return false;
  if (set.forksWith === 'all-steps') return true;
  const kind = FAULT_KINDS[fault.kind];
  const on = kind?.on ?? 'operator';
  const last = kind === undefined || kind.heal === null || fault.heal === set.heals.at(-1);
  return last && (on === 'step' || fault.at.when === 'after');
}

function* faultsOf(set: FaultSet, procedure: Procedure, slots: StepSlots): Generator<Fault> {
  const slotRange = slotsOf(set, slots);
  for (const kind of preparationKindsIn(procedure)) for (const on of HOST_NAMES) yield { kind, on, at: 'before-start' };
  for (const kind of OPERATOR_KINDS) yield* mistakesOf(kind, procedure);
  for (const kind of faultKindsIn(procedure)) {
    if (set.without.has(kind)) continue;
    const { on, heal: healing } = FAULT_KINDS[kind]!;
    const heals = healing !== null;
    for (const target of on === 'host' ? HOST_NAMES : [on]) {
      for (const heal of heals ? set.heals : [1 as const]) for (const at of stepMoments(procedure, on)) yield { kind, on: target, at, heal };
      if (on === 'step') continue;
      for (const heal of heals ? set.pointHeals : [1 as const]) for (const slot of slotRange) for (const at of slotMoments(target, slot)) yield { kind, on: target, at, heal };
    }
  }
}

function stepMoments(procedure: Procedure, on: string): Moment[] {
  const whens = on === 'step' ? (['before'] as const) : (['before', 'during', 'after'] as const);
  return procedure.steps.flatMap((_, index) => whens.map((when) => ({ kind: 'step', index, when }) as const));
}

function slotMoments(target: string, slot: number): Moment[] {
  const host = HOST_NAMES.find((name) => name === target);
  return host === undefined ? [{ kind: 'slot', slot }] : VALIDATOR_POINTS.map((point) => ({ kind: 'point', host, point, slot }));
}

/** Slots around the busy ones: a long wait between two steps is not struck in each of its slots. */
function slotsOf(set: FaultSet, slots: StepSlots): number[] {
  const near = slots.busy.flatMap((slot) => Array.from({ length: 3 + 2 * set.slotsAround }, (_, i) => slot - set.slotsAround + i));
  return [...new Set(near)].sort((a, b) => a - b);
}

/** One sentence for the printed bounds. */
export function describeSet(set: FaultSet, procedure: Procedure, slots: StepSlots): string[] {
  const forks = placedForks(set, slots).length;
  const alone = place(set.forksAlone, slots.anchors, 2).length;
  return [
    `set "${set.name}": ${kindsIn(procedure).length - set.without.size} kinds of faults, one at a time`,
    `before, during and after each of ${procedure.steps.length} steps; at ${VALIDATOR_POINTS.length} places inside each validator, ${slotsOf(set, slots).length} slots from ${signed(slots.first - set.slotsAround)} to ${signed(slots.last + 2 + set.slotsAround)}: those in which a step begins or ends, and two after`,
    `healing after ${set.heals.map((heal) => (heal === 'end' ? 'the procedure' : `${heal} slot${heal === 1 ? '' : 's'}`)).join(' or ')}`,
    `${alone} placed forks and skips alone: losing branches of up to 8 own votes, either winner, either branch seen first by each host`,
    `${forks} of them with faults before the start and ${set.forksWith === 'all-steps' ? 'with every fault at a step' : 'with those after a step that heal last'}`,
  ];
}

function signed(slot: number): string {
  return slot < 0 ? String(slot) : `+${slot}`;
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
