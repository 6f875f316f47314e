/**
 * The faults that a procedure can meet, each with the moments that it really has: its steps, and the slots in which
 * something happens. A fault is drawn from them by labelled choices, 0 being the mildest.
 */
import type { Chooser } from '../sim/chooser.ts';
import { FAULT_KINDS, faultKindsIn } from '../sim/fault-kinds.ts';
import { OPERATOR_KINDS, mutatedProcedure } from '../sim/faults.ts';
import type { Fault, Heal } from '../sim/faults.ts';
import { HOST_NAMES } from '../sim/host-name.ts';
import { PREPARATION_KINDS, preparationKindsIn } from '../sim/preparation.ts';
import { VALIDATOR_POINTS } from '../sim/world.ts';
import type { Moment, ValidatorPoint } from '../sim/world.ts';
import type { Procedure } from '../transition/procedure.ts';
import type { StepSlots } from './single-faults.ts';

/** Every kind of fault, those in the run first. */
export const KINDS: readonly string[] = [...Object.keys(FAULT_KINDS), ...OPERATOR_KINDS, ...PREPARATION_KINDS];

/** Kinds that there can be in the world of a procedure, in the same order. */
export function kindsIn(procedure: Procedure): string[] {
  return [...faultKindsIn(procedure), ...OPERATOR_KINDS, ...preparationKindsIn(procedure)];
}

/** Slots after which a fault heals, from mild to strong; the end of a procedure is mostly some 15 slots away. */
export const HEALS: readonly Heal[] = [1, 2, 4, 8, 'end', 16, 32, 64];

/** Slots before and after those in which something happens. */
const BEFORE = 2;
const AFTER = 4;

/** A validator passes these only when it changes its identity. */
const SWITCH_POINTS: ReadonlySet<ValidatorPoint> = new Set<ValidatorPoint>(['identity-noticed', 'tower-loaded']);

export interface FaultSpace {
  readonly procedure: Procedure;
  readonly slots: StepSlots;
  /** Kinds to draw from; one that stands there twice is drawn twice as often. */
  readonly kinds: readonly string[];
  readonly heals: readonly Heal[];
}

/** Those of `kinds` that there can be in a procedure: nobody swaps the steps of a procedure that has one. */
export function possibleKinds(procedure: Procedure, kinds: readonly string[] = KINDS): string[] {
  const here = new Set(kindsIn(procedure));
  return kinds.filter((kind) => {
    if (!here.has(kind)) return false;
    if (OPERATOR_KINDS.includes(kind)) return stepsOf(kind, procedure).length > 0;
    return FAULT_KINDS[kind]?.on !== 'step' || procedure.steps.length > 0;
  });
}

/** One fault of the space, which must have a kind. The labels of the choices begin with `name`. */
export function drawFault({ procedure, slots, kinds, heals }: FaultSpace, chooser: Chooser, name: string): Fault {
  const kind = pick(chooser, kinds, `${name}/kind`);
  if (PREPARATION_KINDS.includes(kind)) return { kind, on: pick(chooser, HOST_NAMES, `${name}/on`), at: 'before-start' };
  if (OPERATOR_KINDS.includes(kind)) {
    const index = pick(chooser, stepsOf(kind, procedure), `${name}/step`);
    return { kind, on: 'operator', at: { kind: 'step', index, when: 'after' }, heal: 1 };
  }
  const known = FAULT_KINDS[kind];
  if (known === undefined) throw new RangeError(`unknown fault "${kind}"`);
  const on = known.on === 'host' ? pick(chooser, HOST_NAMES, `${name}/on`) : known.on;
  const at = drawMoment(procedure, slots, on, chooser, name);
  return { kind, on, at, heal: known.heal !== null ? pick(chooser, heals, `${name}/heal`) : 1 };
}

/** Steps at which an operator can make a mistake of a kind. */
function stepsOf(kind: string, procedure: Procedure): number[] {
  return procedure.steps.flatMap((_, index) => (fits(procedure, [{ kind, on: 'operator', at: { kind: 'step', index, when: 'after' }, heal: 1 }]) ? [index] : []));
}

function fits(procedure: Procedure, faults: readonly Fault[]): boolean {
  try {
    mutatedProcedure(procedure, faults);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * Those of a plan that fit together, each once: no mistake with a step that an earlier mistake has left out, no moment
 * of a step that is not taken.
 */
export function fittingFaults(procedure: Procedure, faults: readonly Fault[]): Fault[] {
  const kept: Fault[] = [];
  for (const fault of new Map(faults.map((one) => [JSON.stringify(one), one])).values()) if (fits(procedure, [...kept, fault])) kept.push(fault);
  const { steps } = mutatedProcedure(procedure, kept);
  return kept.filter(({ kind, at }) => OPERATOR_KINDS.includes(kind) || at === 'before-start' || at.kind !== 'step' || at.index < steps.length);
}

function drawMoment({ steps }: Procedure, slots: StepSlots, on: string, chooser: Chooser, name: string): Moment {
  const step = (whens: readonly ['before', ...('during' | 'after')[]]): Moment => {
    const index = chooser.choose(steps.length, `${name}/step`);
    return { kind: 'step', index, when: pick(chooser, whens, `${name}/when`) };
  };
  if (on === 'step') return step(['before']);
  const host = HOST_NAMES.find((candidate) => candidate === on);
  const place = pick(chooser, host === undefined ? (['step', 'slot'] as const) : (['step', 'step', 'point', 'slot'] as const), `${name}/place`);
  if (place === 'step' && steps.length > 0) return step(['before', 'during', 'after']);
  if (place !== 'point' || host === undefined) return { kind: 'slot', slot: drawSlot(slots, chooser, name) };
  const point = pick(chooser, VALIDATOR_POINTS, `${name}/point`);
  return { kind: 'point', host, point, slot: SWITCH_POINTS.has(point) ? drawSwitch(slots, chooser, name) : drawSlot(slots, chooser, name) };
}

/** Mostly a slot near those in which something happens, sometimes any slot of the procedure. */
export function drawSlot(slots: StepSlots, chooser: Chooser, name: string): number {
  if (chooser.choose(4, `${name}/anywhere`) === 3) return slots.first - BEFORE + chooser.choose(slots.last - slots.first + BEFORE + AFTER + 1, `${name}/slot`);
  const near = (slots.busy.length === 0 ? [0] : slots.busy).flatMap((slot) => Array.from({ length: BEFORE + 1 + AFTER }, (_, i) => slot - BEFORE + i));
  return pick(chooser, [...new Set(near)].sort((a, b) => a - b), `${name}/slot`);
}

/** The slot in which a host changes its identity, or one of the next two. */
function drawSwitch(slots: StepSlots, chooser: Chooser, name: string): number {
  const anchor = pick(chooser, slots.anchors.length === 0 ? [0] : slots.anchors, `${name}/switch`);
  return anchor + 1 + chooser.choose(3, `${name}/later`);
}

/** One of a list that is not empty. */
export function pick<T>(chooser: Chooser, list: readonly T[], label: string): T {
  return list[chooser.choose(list.length, label)]!;
}
