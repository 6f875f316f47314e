/** The subjects of a document by what they are of: the two sides of a scenario together. */
import type { Subject } from './document/schema.ts';

/** In the order of the document. */
export function subjectsByFile(subjects: readonly Subject[]): Subject[][] {
  const groups = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const key = `${subject.file?.path ?? ''} ${subject.name}`;
    groups.set(key, [...(groups.get(key) ?? []), subject]);
  }
  return [...groups.values()];
}
