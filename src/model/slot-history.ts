/** The SlotHistory sysvar: which slots of the last million are on this fork. Pure. (solana-sdk slot-history) */

export const SLOT_HISTORY_ENTRIES = 1024 * 1024;

export interface SlotHistory {
  /** One more than the newest slot added. */
  readonly nextSlot: number;
  /** Whether a slot within the window was added. */
  readonly has: (slot: number) => boolean;
}

export type SlotCheck = 'Future' | 'TooOld' | 'Found' | 'NotFound';

/** A history of the given slots, of which the greatest is the newest. Slot 0 is in every history. */
export function slotHistoryOf(slots: Iterable<number>): SlotHistory {
  const found = new Set([0, ...slots]);
  let newest = 0;
  for (const slot of found) newest = Math.max(newest, slot);
  return { nextSlot: newest + 1, has: (slot) => found.has(slot) };
}

/** The history with one newer slot added. */
export function withSlot(history: SlotHistory, slot: number): SlotHistory {
  return { nextSlot: slot + 1, has: (asked) => asked === slot || (asked < history.nextSlot && history.has(asked)) };
}

/** Oldest slot that the history still covers. */
export function oldestSlot(history: SlotHistory): number {
  return Math.max(0, history.nextSlot - SLOT_HISTORY_ENTRIES);
}

/** What the history knows of a slot. */
export function checkSlot(history: SlotHistory, slot: number): SlotCheck {
  if (slot >= history.nextSlot) return 'Future';
  if (slot < oldestSlot(history)) return 'TooOld';
  return history.has(slot) ? 'Found' : 'NotFound';
}
