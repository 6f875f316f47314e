/** The trace of a told run within the result document: header and events as in a trace file, stacks folded. */
import * as v from 'valibot';
import { TRACE_SCHEMA } from '../../model/trace.ts';

export const whole = v.pipe(v.number(), v.integer());
export const natural = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.string();

/** [oldest slot, its confirmation count, number of slots]: consecutive slots whose counts fall by one from slot to slot. */
export const runsSchema = v.pipe(v.array(v.strictTuple([natural, natural, natural])), v.description('oldest first; [oldest slot, its confirmation count, number of slots]: consecutive slots whose counts fall by one from slot to slot'));

export const headerSchema = v.strictObject({
  type: v.literal('header'),
  schema: v.literal(TRACE_SCHEMA),
  product: text,
  source: v.picklist(['simulation', 'recording']),
  hosts: v.array(text),
  voteAccount: text,
  stakedIdentity: text,
  client: text,
  consensus: v.literal('tower'),
  slotMs: v.number(),
  stakeShare: v.number(),
  procedure: v.exactOptional(text),
  assumptions: v.exactOptional(v.array(text)),
});

/** Of every event. */
const at = {
  t: v.pipe(natural, v.description('microseconds since the start of the trace')),
  inferred: v.exactOptional(v.pipe(text, v.description('of a recording: what of this event was not seen but inferred, and from what'))),
};

export const eventSchema = v.variant('type', [
  v.strictObject({ type: v.literal('block'), ...at, slot: natural, parent: v.pipe(whole, v.minValue(-1)), hash: text, parentHash: text, leader: text }),
  v.strictObject({ type: v.literal('skipped'), ...at, slot: natural }),
  v.strictObject({ type: v.literal('rooted'), ...at, slot: natural, hash: text }),
  v.strictObject({ type: v.literal('vote'), ...at, id: natural, host: text, identity: text, slot: natural, hash: text, lockouts: runsSchema, root: v.nullable(natural), refresh: v.boolean(), switchStake: v.exactOptional(v.number()) }),
  v.strictObject({ type: v.literal('unsent'), ...at, host: text, identity: text, slot: natural, hash: text, reason: text }),
  v.strictObject({ type: v.literal('landed'), ...at, vote: natural, bank: natural, bankHash: text, error: v.nullable(natural) }),
  v.strictObject({ type: v.literal('identity'), ...at, host: text, layer: v.picklist(['gossip', 'voting']), from: v.nullable(text), to: text }),
  v.strictObject({ type: v.literal('tower-saved'), ...at, host: text, identity: text, slot: natural, root: v.nullable(natural) }),
  v.strictObject({ type: v.literal('tower-loaded'), ...at, host: text, identity: text, source: v.picklist(['file', 'old-name', 'etcd', 'rebuilt', 'adopted']), slot: v.nullable(natural), root: v.nullable(natural), lockouts: v.exactOptional(runsSchema), why: v.exactOptional(text) }),
  v.strictObject({ type: v.literal('process'), ...at, host: text, state: v.picklist(['started', 'running', 'exited', 'frozen', 'thawed', 'power-lost']), identity: v.exactOptional(text), exit: v.exactOptional(whole), reason: v.exactOptional(text) }),
  v.strictObject({ type: v.literal('command'), ...at, phase: v.picklist(['start', 'end']), step: natural, id: text, host: text, line: text, exit: v.exactOptional(whole), stdout: v.exactOptional(text), stderr: v.exactOptional(text) }),
  v.strictObject({ type: v.literal('fault'), ...at, phase: v.picklist(['start', 'end']), fault: natural, kind: text, on: text, sentence: text }),
  v.strictObject({ type: v.literal('leader'), ...at, slot: natural, outcome: v.picklist(['produced', 'missed']), host: v.nullable(text), hash: v.exactOptional(text), why: v.exactOptional(text) }),
  v.strictObject({ type: v.literal('gap'), ...at, what: text, host: v.exactOptional(text) }),
  v.strictObject({ type: v.literal('log'), ...at, host: text, text }),
  v.strictObject({ type: v.literal('phase'), ...at, phase: v.picklist(['heal', 'end']), slot: natural, why: v.exactOptional(text) }),
]);

export type DocumentHeader = v.InferOutput<typeof headerSchema>;
export type DocumentEvent = v.InferOutput<typeof eventSchema>;
