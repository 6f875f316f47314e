/**
 * A replay token: procedure, site and one run, as short text. It names choices by label, so it survives changes of code
 * that do not touch them; what it does not name is the guide's site and the mildest choice.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Procedure } from '../transition/procedure.ts';
import { GUIDE_SITE } from '../transition/site.ts';
import type { Site } from '../transition/site.ts';
import type { RunSpec } from './run-spec.ts';

const PREFIX = 'sv1.';

export interface Token {
  /** Shipped name or path. */
  readonly procedure: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** What differs from the guide's site. */
  readonly site: Partial<Site>;
  /** First 12 hexadecimal digits of the SHA-256 of the steps: the file must still be the same. */
  readonly steps: string;
  readonly spec: RunSpec;
}

/** Fingerprint of what a procedure does: hosts and lines, not its comments. */
export function stepsFingerprint(procedure: Procedure): string {
  const steps = procedure.steps.map((step) => [step.kind, step.host, step.kind === 'run' ? step.run : [step.slots, step.since], step.onFailure]);
  return createHash('sha256').update(JSON.stringify(steps)).digest('hex').slice(0, 12);
}

export function encodeToken(token: Token): string {
  const { procedure, params, site, steps, spec } = token;
  const compact = [procedure, params, site, steps, spec.faults, spec.fork, spec.draws, spec.skips ?? []];
  return PREFIX + deflateRawSync(JSON.stringify(compact), { level: 9 }).toString('base64url');
}

/** The token in a text; null when it is none. */
export function decodeToken(text: string): Token | null {
  if (!text.startsWith(PREFIX)) return null;
  try {
    const json = inflateRawSync(Buffer.from(text.slice(PREFIX.length), 'base64url'), { maxOutputLength: 100_000 }).toString();
    const parts: unknown = JSON.parse(json);
    if (!Array.isArray(parts) || parts.length !== 8 || typeof parts[0] !== 'string' || !Array.isArray(parts[4])) return null;
    const [procedure, params, site, steps, faults, fork, draws, skips] = parts;
    const spec: RunSpec = { faults, fork, draws, ...(skips.length === 0 ? {} : { skips }) };
    return { procedure, params, site, steps, spec };
  } catch {
    return null;
  }
}

/** The part of a site that differs from the guide's. */
export function siteDifference(site: Site): Partial<Site> {
  return Object.fromEntries(Object.entries(site).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(GUIDE_SITE[key as keyof Site])));
}
