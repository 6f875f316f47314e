/** Faults and schedules of faults. */
import fc from 'fast-check';
import { HEALS, KINDS, drawFault, fittingFaults, possibleKinds } from '../explore/fault-space.ts';
import type { FaultSpace } from '../explore/fault-space.ts';
import { MILDEST, runSpec } from '../explore/run-spec.ts';
import type { Subject } from '../explore/run-spec.ts';
import { stepSlots } from '../explore/single-faults.ts';
import { nearestWord } from '../model/diagnostic.ts';
import type { Fault } from '../sim/faults.ts';
import { arbitraryChooser } from './choices.ts';

export interface FaultOptions extends Subject {
  /** Kinds of faults to draw from, the mildest first; all when left out. docs/model.md lists them. */
  readonly kinds?: readonly string[];
}

export interface ScheduleOptions extends FaultOptions {
  /** Faults of one run. */
  readonly atMost: number;
}

const NAME = 'fault';
/** The labels under which `drawFault` asks. */
const LABELS = ['kind', 'on', 'place', 'step', 'when', 'point', 'anywhere', 'slot', 'switch', 'later', 'heal'].map((label) => `${NAME}/${label}`);

/**
 * A fault at a boundary of a procedure: before, during or after a step, at a place inside a validator or at the start of
 * a slot near the procedure, or a flaw of the preparation. Shrinks to the first kind, the first step, and a heal after
 * one slot. Throws RangeError for a kind that does not exist, and when none of the kinds can strike here.
 */
export function arbitraryFault(options: FaultOptions): fc.Arbitrary<Fault> {
  const space = spaceOf(options);
  return arbitraryChooser(LABELS, 'even').map((chooser) => drawFault(space, chooser, NAME));
}

/** From none to `atMost` faults of one run, in their order in the plan, that fit together. Shrinks to none. */
export function arbitrarySchedule({ atMost, ...options }: ScheduleOptions): fc.Arbitrary<readonly Fault[]> {
  return fc.array(arbitraryFault(options), { maxLength: atMost, size: 'max' }).map((faults) => fittingFaults(options.procedure, faults));
}

function spaceOf({ procedure, site, kinds }: FaultOptions): FaultSpace {
  for (const kind of kinds ?? []) {
    if (KINDS.includes(kind)) continue;
    const nearest = nearestWord(kind, KINDS);
    throw new RangeError(`there is no kind of fault "${kind}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`);
  }
  const possible = possibleKinds(procedure, kinds);
  if (possible.length === 0) throw new RangeError(`none of these kinds of faults can strike in the procedure "${procedure.name}": ${(kinds ?? KINDS).join(', ')}`);
  const slots = stepSlots(runSpec({ procedure, site }, MILDEST).trace);
  return { procedure, slots, kinds: possible, heals: HEALS };
}
