/**
 * Short lists that are replaced, never changed: of what waits there is mostly one or nothing. `push` onto an empty array
 * makes room for 17, and gives it back when the array is empty again. Copies of a world may share such lists.
 */

/** A list without items. */
export const NONE: readonly never[] = [];

/** The list with an item behind the others. */
export function withLast<T>(list: readonly T[], item: T): readonly T[] {
  return list.length === 0 ? [item] : [...list, item];
}

/** The list without its first item. */
export function withoutFirst<T>(list: readonly T[]): readonly T[] {
  return list.length <= 1 ? NONE : list.slice(1);
}
