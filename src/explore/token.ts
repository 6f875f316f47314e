/**
 * A replay token: procedure, site and one run, as short text. It names choices by label, so it survives changes of code
 * that do not touch them; what it does not name is the guide's site and the mildest choice. The zlib form has a checksum:
 * a token that was cut or mistyped is none.
 */
import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import * as v from 'valibot';
import { InputError } from '../model/diagnostic.ts';
import { agaveBehaviour } from '../sim/agave-versions.ts';
import { FAULT_KINDS } from '../sim/fault-kinds.ts';
import { OPERATOR_KINDS, mutatedProcedure } from '../sim/faults.ts';
import { HOST_NAMES } from '../sim/host-name.ts';
import { LATENCY_TABLES } from '../sim/latency.ts';
import { PREPARATION_KINDS } from '../sim/preparation.ts';
import { VALIDATOR_POINTS } from '../sim/world.ts';
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

/** Throws InputError when the steps of a procedure are not those of a token, or it has none at which a fault of the token strikes. */
export function refuseOtherSteps({ procedure: file, steps: expected, spec: { faults } }: Token, procedure: Procedure): void {
  if (stepsFingerprint(procedure) !== expected) {
    throw new InputError([{ file, message: 'the steps of this procedure are no longer those of the token', expected: `steps with the fingerprint ${expected}` }]);
  }
  let steps = 0;
  try {
    steps = mutatedProcedure(procedure, faults).steps.length;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError([{ file, message: `the token does not fit this procedure: ${error.message}`, expected: 'a token as a rehearsal prints it' }]);
  }
  for (const { kind, at } of faults) {
    if (at === 'before-start' || at.kind !== 'step' || OPERATOR_KINDS.includes(kind)) continue;
    // What is run again is the procedure as it is written.
    if (at.index >= (at.resume === undefined ? steps : procedure.steps.length)) {
      throw new InputError([{ file, message: `the token does not fit this procedure: it has no step at ${at.index}`, expected: 'a token as a rehearsal prints it' }]);
    }
  }
}

/** A token as text of letters, digits, "-" and "_". */
export function encodeToken(token: Token): string {
  const { procedure, params, site, steps, spec } = token;
  const compact = [procedure, params, site, steps, spec.faults, spec.fork, spec.draws, spec.skips ?? []];
  return PREFIX + deflateSync(JSON.stringify(compact), { level: 9 }).toString('base64url');
}

/** The token in a text; null when it is none, or names what this version does not know. */
export function decodeToken(text: string): Token | null {
  if (!text.startsWith(PREFIX)) return null;
  let compact: unknown;
  try {
    compact = JSON.parse(inflateSync(Buffer.from(text.slice(PREFIX.length), 'base64url'), { maxOutputLength: 100_000 }).toString());
  } catch {
    return null;
  }
  const checked = v.safeParse(tokenSchema, compact);
  if (!checked.success) return null;
  const [procedure, params, site, steps, faults, fork, draws, skips] = checked.output;
  const spec: RunSpec = { faults, fork, draws, ...(skips.length === 0 ? {} : { skips }) };
  return { procedure, params, site: site as Partial<Site>, steps, spec };
}

const whole = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const SLOT = whole(-1_000_000, 1_000_000);
const COUNT = whole(0, 1_000_000);
const HOST = v.picklist(HOST_NAMES);

const MOMENT = v.variant('kind', [
  v.strictObject({ kind: v.literal('step'), index: whole(0, 1_000), when: v.picklist(['before', 'during', 'after']), resume: v.exactOptional(whole(1, 2)) }),
  v.strictObject({ kind: v.literal('point'), host: HOST, point: v.picklist(VALIDATOR_POINTS), slot: SLOT }),
  v.strictObject({ kind: v.literal('slot'), slot: SLOT }),
]);

const FAULT = v.union([
  v.strictObject({ kind: v.picklist(PREPARATION_KINDS), on: HOST, at: v.literal('before-start') }),
  v.pipe(
    v.strictObject({ kind: v.picklist([...Object.keys(FAULT_KINDS), ...OPERATOR_KINDS]), on: v.string(), at: MOMENT, heal: v.union([COUNT, v.literal('end')]) }),
    v.check(({ kind, on }) => {
      const where = FAULT_KINDS[kind]?.on ?? 'operator';
      return where === 'host' ? HOST_NAMES.some((host) => host === on) : on === where;
    }),
  ),
]);

const FORK = v.strictObject({
  at: SLOT, losing: whole(0, 1_000), skipped: whole(0, 1_000),
  firstSeen: v.strictObject({ active: v.picklist(['losing', 'winning']), inactive: v.picklist(['losing', 'winning']) }),
  winner: v.picklist(['first', 'second']),
});

const DRAWS = v.pipe(
  v.record(v.string(), COUNT),
  v.check((draws) => Object.entries(draws).every(([label, choice]) => {
    const table = Object.entries(LATENCY_TABLES).find(([name]) => label === `latency/${name}`)?.[1];
    return table !== undefined && choice < table.length;
  })),
);

/** Its keys and types are those of the guide's site. */
const SITE = v.pipe(
  v.looseObject({
    hosts: v.optional(v.strictObject({ active: hostSchema(), inactive: hostSchema() })),
    etcd: v.optional(v.strictObject({ address: v.string(), user: v.string(), nodes: v.picklist([1, 3]) })),
    agave: v.optional(v.pipe(v.string(), v.check((version) => agaveBehaviour(version) !== null))),
    slotMs: v.optional(whole(50, 10_000)),
    stakeShare: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    leaderWindows: v.optional(v.array(v.pipe(v.number(), v.safeInteger()))),
  }),
  v.check((site) => Object.entries(site).every(([key, value]) => Object.hasOwn(GUIDE_SITE, key) && (key === 'agave' || typeof value === typeof GUIDE_SITE[key as keyof Site]))),
);

function hostSchema() {
  return v.strictObject({ address: v.string(), user: v.string(), junkKey: v.string() });
}

const tokenSchema = v.strictTuple([
  v.string(), v.record(v.string(), v.union([v.string(), v.number()])), SITE, v.string(), v.array(FAULT), v.nullable(FORK), DRAWS, v.array(SLOT),
]);

/** The part of a site that differs from the guide's. */
export function siteDifference(site: Site): Partial<Site> {
  return Object.fromEntries(Object.entries(site).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(GUIDE_SITE[key as keyof Site])));
}
