/** Exit codes, and which one wins when several apply. */
export const EXIT = { holds: 0, violation: 1, downtime: 2, badInput: 3, gap: 4, unknown: 5 } as const;

const PRECEDENCE: readonly number[] = [EXIT.badInput, EXIT.violation, EXIT.gap, EXIT.unknown, EXIT.downtime];

/** The gravest of the codes: 3, 1, 4, 5, 2, then 0. */
export function worstExit(codes: readonly number[]): number {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.holds;
}
