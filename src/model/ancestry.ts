/** Forks as a tree of slots, seen through parent links. Pure. */

/** Parent of a bank; null at the root of the tree; undefined for an unknown slot. */
export type ParentOf = (slot: number) => number | null | undefined;

/** Strict ancestors of `slot`, newest first, down to the root of the tree; nothing for an unknown slot. */
export function* ancestorsOf(parentOf: ParentOf, slot: number): Generator<number> {
  for (let at = parentOf(slot); at !== null && at !== undefined; at = parentOf(at)) yield at;
}

/** Whether `ancestor` is a strict ancestor of `slot`. */
export function isAncestor(parentOf: ParentOf, ancestor: number, slot: number): boolean {
  for (const at of ancestorsOf(parentOf, slot)) {
    if (at <= ancestor) return at === ancestor;
  }
  return false;
}

/** Newest strict ancestor of both slots, undefined when there is none. */
export function commonAncestor(parentOf: ParentOf, a: number, b: number): number | undefined {
  for (const at of ancestorsOf(parentOf, a)) if (isAncestor(parentOf, at, b)) return at;
  return undefined;
}
