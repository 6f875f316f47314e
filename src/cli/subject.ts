/** From command-line arguments to a procedure and a site. */
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';
import { AGAVE_VERSIONS, agaveBehaviour } from '../sim/agave-versions.ts';
import { loadProcedure } from '../transition/procedure-file.ts';
import { loadSite } from '../transition/site-file.ts';
import { GUIDE_SITE } from '../transition/site.ts';
import type { Site } from '../transition/site.ts';
import type { RunSpec, Subject } from '../explore/run-spec.ts';
import { encodeToken, siteDifference, stepsFingerprint } from '../explore/token.ts';

export interface SubjectOptions {
  readonly site?: string;
  readonly agave?: string;
  readonly param?: readonly string[];
}

/** What is to be rehearsed, and how it was named. */
export interface LoadedSubject extends Subject {
  /** Shipped name or path, as it was given. */
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Loads what is to be rehearsed. Throws InputError. */
export function loadSubject(procedure: string, options: SubjectOptions): LoadedSubject {
  const site = siteOf(options);
  const params = Object.fromEntries((options.param ?? []).map(parseParam));
  return { name: procedure, site, procedure: loadProcedure(procedure, site, params), params };
}

/** The token of a run. */
export function tokenOf({ name, site, procedure, params }: LoadedSubject, spec: RunSpec): string {
  return encodeToken({ procedure: name, params, site: siteDifference(site), steps: stepsFingerprint(procedure), spec });
}

function siteOf({ site: path, agave }: SubjectOptions): Site {
  const site = path === undefined ? GUIDE_SITE : loadSite(path);
  const version = agave ?? site.agave;
  if (version !== null && agaveBehaviour(version) === null) {
    throw new InputError([withNearest({
      file: agave === undefined ? (path ?? 'site') : '--agave', message: `Agave ${version} is not modelled`,
      expected: `one of ${AGAVE_VERSIONS.join(', ')}`,
    }, nearestWord(version, AGAVE_VERSIONS))]);
  }
  return { ...site, agave: version };
}

function parseParam(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InputError([{ file: '--param', message: `"${text}" has no value`, expected: 'NAME=VALUE' }]);
  return [text.slice(0, equals), text.slice(equals + 1)];
}
