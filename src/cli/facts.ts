/** What the result document is built of, found by running: stories, places in files, tokens. */
import { overviewOf } from '../check/overview.ts';
import type { Bounds } from '../explore/bounds.ts';
import { pointOfNoReturn } from '../explore/no-return.ts';
import type { RunSpec, Subject } from '../explore/run-spec.ts';
import { tellRun } from '../explore/told.ts';
import type { Finding, Judgement } from '../model/verdict.ts';
import type { Trace } from '../model/trace.ts';
import type { Origin, StoryFacts } from '../report/document/story.ts';
import type { Subject as DocumentSubject } from '../report/document/schema.ts';
import type { Procedure } from '../transition/procedure.ts';
import { shippedPath } from '../transition/procedure-file.ts';
import { nameFromHere } from './name-from-here.ts';

/** A file as the document names it: one that comes with the product by its path in the package, others as seen from here. */
export function fileOf(path: string): NonNullable<DocumentSubject['file']> {
  const shipped = shippedPath(path);
  return shipped === null ? { path: nameFromHere(path), shipped: false } : { path: shipped, shipped: true };
}

/** The places of the steps of a procedure, and its tokens. */
export function originOf({ file, steps }: Procedure, tokenOf: Origin['tokenOf']): Origin {
  const places = new Map(steps.map((step) => [step.id, step]));
  return {
    placeOf: (id) => {
      const step = places.get(id);
      if (file === undefined || step?.line === undefined || step.column === undefined) return null;
      const { path, shipped } = fileOf(file);
      return { file: path, shipped, line: step.line, column: step.column };
    },
    tokenOf,
  };
}

/** Nothing is known of a trace but itself. */
export const NO_ORIGIN: Origin = { placeOf: () => null, tokenOf: null };

/** The story of a finding of a run, or of the run itself; with bounds the point of no return too. Null when the run has no such finding. */
export function storyOfRun(subject: Subject, spec: RunSpec, id: string | null, bounds: Bounds | null, proof: readonly string[] = []): StoryFacts | null {
  const run = tellRun(subject, spec, id);
  if (run === null) return null;
  return { run, overview: overviewOf(run.trace), noReturn: bounds === null || id === null ? null : pointOfNoReturn(subject, bounds, spec, id), proof };
}

/** The story of a finding of a trace that was not made here, or of the trace itself. */
export function storyOfTrace(trace: Trace, judgement: Judgement, finding: Finding | null): StoryFacts {
  return { run: { spec: null, trace, judgement, finding, choices: [] }, overview: overviewOf(trace), noReturn: null, proof: [] };
}
