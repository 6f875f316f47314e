/** What is made of a text, kept for when it is asked again: a rehearsal types the same few lines into thousands of worlds. */

const MOST = 1000;

/** A function that makes the same as `make`, each only once. What it gives must not be changed. */
export function remembered<T extends object>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    let known = made.get(text);
    if (known === undefined) {
      known = make(text);
      if (made.size === MOST) made.clear();
      made.set(text, known);
    }
    return known;
  };
}
