/** Sets of slots that are mostly dense, as ranges. */

interface Range {
  readonly first: number;
  last: number;
}

export interface SlotCover {
  /** Takes in all slots from `first` to `last`. */
  add(first: number, last: number): void;
  has(slot: number): boolean;
}

export function slotCover(): SlotCover {
  /** Ascending by `first`, and apart from each other. */
  const ranges: Range[] = [];

  /** Position of the last range that begins at or before a slot; −1 for none. */
  function positionOf(slot: number): number {
    let low = 0;
    let high = ranges.length;
    // Slots come in order but for the newest few.
    if (high > 0 && ranges[high - 1]!.first <= slot) return high - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranges[middle]!.first <= slot) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  return {
    add(first, last) {
      let at = positionOf(first);
      if (at >= 0 && first <= ranges[at]!.last + 1) ranges[at]!.last = Math.max(ranges[at]!.last, last);
      else ranges.splice(++at, 0, { first, last });
      const grown = ranges[at]!;
      while (at + 1 < ranges.length && ranges[at + 1]!.first <= grown.last + 1) grown.last = Math.max(grown.last, ranges.splice(at + 1, 1)[0]!.last);
    },
    has(slot) {
      const at = positionOf(slot);
      return at >= 0 && slot <= ranges[at]!.last;
    },
  };
}
