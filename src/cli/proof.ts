/** What is said beneath a told story: how its run was shrunk, its certificate, its point of no return. */
import type { Bounds } from '../explore/bounds.ts';
import type { CauseGroup } from '../explore/causes.ts';
import { certify } from '../explore/certify.ts';
import { pointOfNoReturn } from '../explore/no-return.ts';
import type { SearchedCause } from '../explore/exhaustive.ts';
import type { NoReturn } from '../explore/no-return.ts';
import type { RunSpec, Subject } from '../explore/run-spec.ts';
import { countChoices, shrink } from '../explore/shrink.ts';
import { describeCertificate, describeSearched, describeShrunk } from '../report/certificate-text.ts';

export interface Proof {
  /** The run that is told. */
  readonly spec: RunSpec;
  readonly sentences: readonly string[];
  /** Null: not looked for, or the run has no such finding. */
  readonly noReturn: NoReturn | null;
}

/** Of a drawn run: shrunk, then certified. A milder run that is met on the way is told instead. */
export function proveDrawn(subject: Subject, bounds: Bounds, { id, example }: CauseGroup): Proof {
  const shrunk = shrink(subject, example, id);
  const proof = proveChosen(subject, bounds, { id, example: shrunk.spec });
  return { ...proof, sentences: [...describeShrunk(shrunk, countChoices(example), countChoices(shrunk.spec)), ...proof.sentences] };
}

/** Of a run of a fixed set: certified. */
export function proveChosen(subject: Subject, bounds: Bounds, { id, example }: Pick<CauseGroup, 'id' | 'example'>): Proof {
  let spec = example;
  for (;;) {
    const certificate = certify(subject, bounds, spec, id);
    const met = spec === example ? [] : ['A run with fewer faults was met on the way to a certificate: it is told.'];
    if (certificate.milder === null) return { spec, sentences: [...met, ...describeCertificate(certificate, bounds.name)], noReturn: null };
    spec = certificate.milder;
  }
}

/** Of a run that a search found, which is certified by the search itself: its point of no return. */
export function proveSearched(subject: Subject, bounds: Bounds, cause: SearchedCause): Proof {
  const { id, example } = cause;
  return { spec: example, sentences: describeSearched(cause), noReturn: pointOfNoReturn(subject, bounds, example, id) };
}
