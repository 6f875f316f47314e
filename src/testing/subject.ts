/** What a test runs: a procedure on a site, once. */
import { runSpec } from '../explore/run-spec.ts';
import type { RunSpec, Subject } from '../explore/run-spec.ts';
import type { Trace } from '../model/trace.ts';
import type { Judgement } from '../model/verdict.ts';
import { loadProcedure } from '../transition/procedure-file.ts';
import type { ParamValues } from '../transition/procedure-file.ts';
import { loadSite } from '../transition/site-file.ts';
import { GUIDE_SITE } from '../transition/site.ts';
import type { Site } from '../transition/site.ts';

/**
 * A shipped procedure by name, or one of your own by the path of its file (with a slash, or ending in .yaml or .yml), on
 * a site or the path of a site file; without one, on the guide's. Throws InputError with every problem of the files.
 */
export function loadSubject(nameOrFile: string, site: Site | string = GUIDE_SITE, params: ParamValues = {}): Subject {
  const loaded = typeof site === 'string' ? loadSite(site) : site;
  return { site: loaded, procedure: loadProcedure(nameOrFile, loaded, params) };
}

/**
 * Runs a procedure once and judges the trace. Equal arguments give equal results. Throws RangeError for a spec that
 * names what there is not: a kind of fault, a step in which the operator is to make a mistake, a choice beyond its table.
 */
export function rehearseOnce(subject: Subject, spec: RunSpec): { readonly trace: Trace; readonly judgement: Judgement } {
  const { trace, judgement } = runSpec(subject, spec);
  return { trace, judgement };
}
