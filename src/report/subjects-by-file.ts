/** The subjects of a document by what they are of: the two sides of a scenario together. */
import type { ReportDocument, Subject } from './document/schema.ts';

/** In the order of the document. */
export function subjectsByFile({ subjects }: ReportDocument): Subject[][] {
  const groups = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const key = `${subject.file?.path ?? ''} ${subject.name}`;
    groups.set(key, [...(groups.get(key) ?? []), subject]);
  }
  return [...groups.values()];
}
