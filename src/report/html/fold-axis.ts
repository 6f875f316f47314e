/**
 * An axis that gives room to what matters: stretches around the points of interest are drawn to scale, each longer
 * quiet stretch between them takes a short, fixed piece.
 */

export interface Piece {
  /** In the unit of the axis: microseconds, or slots. */
  readonly from: number;
  readonly to: number;
  /** In pixels. */
  readonly x: number;
  readonly width: number;
  readonly folded: boolean;
}

export interface FoldAxis {
  readonly pieces: readonly Piece[];
  readonly width: number;
  /** Pixels of one unit where nothing is folded. */
  readonly scale: number;
}

export interface FoldOptions {
  readonly from: number;
  readonly to: number;
  /** Points that must be to scale, in any order; those outside do not count. */
  readonly points: readonly number[];
  /** Room around each point. */
  readonly margin: number;
  /** A quiet stretch shorter than this is not folded. */
  readonly fold: number;
  /** Pixels of a folded stretch. */
  readonly foldWidth: number;
  /** Pixels to fill; the axis gets longer when the least scale asks for it, shorter when the greatest does. */
  readonly width: number;
  readonly leastScale: number;
  readonly greatestScale: number;
}

/** An axis from `from` to `to`; the units may be slots or microseconds. */
export function foldAxis(options: FoldOptions): FoldAxis {
  const { from, to, margin, fold, foldWidth } = options;
  const kept: { from: number; to: number }[] = [];
  for (const point of [...options.points].filter((point) => point >= from && point <= to).sort((a, b) => a - b)) {
    const begin = Math.max(from, point - margin);
    const end = Math.min(to, point + margin);
    const last = kept.at(-1);
    if (last !== undefined && begin - last.to < fold) last.to = Math.max(last.to, end);
    else kept.push({ from: begin, to: end });
  }
  const [first] = kept;
  const last = kept.at(-1);
  if (first === undefined || last === undefined) kept.push({ from, to });
  else {
    if (first.from - from < fold) first.from = from;
    if (to - last.to < fold) last.to = to;
  }
  const stretches: { from: number; to: number; folded: boolean }[] = [];
  let at = from;
  for (const stretch of kept) {
    if (stretch.from > at) stretches.push({ from: at, to: stretch.from, folded: true });
    stretches.push({ ...stretch, folded: false });
    at = stretch.to;
  }
  if (at < to) stretches.push({ from: at, to, folded: true });

  const folds = stretches.filter(({ folded }) => folded).length;
  const units = stretches.reduce((sum, { from: begin, to: end, folded }) => sum + (folded ? 0 : end - begin), 0);
  const scale = Math.min(options.greatestScale, Math.max(options.leastScale, (options.width - folds * foldWidth) / Math.max(units, Number.MIN_VALUE)));
  let x = 0;
  const pieces = stretches.map(({ from: begin, to: end, folded }): Piece => {
    const width = folded ? foldWidth : (end - begin) * scale;
    const piece = { from: begin, to: end, x, width, folded };
    x += width;
    return piece;
  });
  return { pieces, width: x, scale };
}

/** Pixels from the start of the axis; what is outside of it stands at its ends. */
export function onAxis({ pieces, width }: Pick<FoldAxis, 'pieces' | 'width'>, value: number): number {
  for (const piece of pieces) {
    if (value > piece.to) continue;
    if (value <= piece.from) return piece.x;
    return piece.x + ((value - piece.from) / (piece.to - piece.from)) * piece.width;
  }
  return width;
}
