/** The wall clock of a machine: what a contact info and `date` are stamped with. Everything else goes by time itself. */
import type { Micros } from '../model/trace.ts';
import type { Machine } from './machine.ts';

/** A clock that drifts gains one part in so many: 1 %. */
const GAIN = 100;

/** Wall clock of a machine at the simulated time `t`, µs. */
export function wallClock({ clockOffset, drifts, driftStarts }: Machine, t: Micros): Micros {
  return t + clockOffset + Math.floor((drifts * t - driftStarts) / GAIN);
}

/** One more fault makes the clock run fast from `t` on. */
export function startDrift(machine: Machine, t: Micros): void {
  machine.drifts++;
  machine.driftStarts += t;
}

/** The fault that began at `t` is over: the clock loses what it gained by it. */
export function endDrift(machine: Machine, t: Micros): void {
  machine.drifts--;
  machine.driftStarts -= t;
}
