/** What the page knows of a run besides its pictures: enough to move all of them to an instant. Types alone. */
import type { Piece } from './fold-axis.ts';
import type { TowerState } from './tower-table.ts';

export interface PageData {
  readonly hosts: readonly string[];
  /** Each time at which something happened: microseconds, newest slot, what happened. */
  readonly moments: readonly (readonly [t: number, slot: number, words: string])[];
  /** Times of the rows of the space-time diagram. */
  readonly rows: readonly number[];
  /** Of each host, its towers over time. */
  readonly towers: readonly (readonly TowerState[])[];
  /** From each time on, of each host: its process, and whether it shows the staked identity and could vote with it. */
  readonly holders: readonly (readonly [t: number, states: readonly (readonly [process: string, shows: boolean, could: boolean])[]])[];
  /** The time axis of the bands. */
  readonly axis: { readonly left: number; readonly width: number; readonly pieces: readonly Piece[] };
  /** Microseconds at which the pictures stand first. */
  readonly start: number;
}
