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

/** Microseconds since the start of the trace. */
const t = v.pipe(natural, v.description('microseconds since the start of the trace'));

export const eventSchema = v.variant('type', [
  v.strictObject({ type: v.literal('block'), t, slot: natural, parent: v.pipe(whole, v.minValue(-1)), hash: text, parentHash: text, leader: text }),
  v.strictObject({ type: v.literal('skipped'), t, slot: natural }),
  v.strictObject({ type: v.literal('rooted'), t, slot: natural, hash: text }),
  v.strictObject({ type: v.literal('vote'), t, id: natural, host: text, identity: text, slot: natural, hash: text, lockouts: runsSchema, root: v.nullable(natural), refresh: v.boolean(), switchStake: v.exactOptional(v.number()) }),
  v.strictObject({ type: v.literal('unsent'), t, host: text, identity: text, slot: natural, hash: text, reason: text }),
  v.strictObject({ type: v.literal('landed'), t, vote: natural, bank: natural, bankHash: text, error: v.nullable(natural) }),
  v.strictObject({ type: v.literal('identity'), t, host: text, layer: v.picklist(['gossip', 'voting']), from: v.nullable(text), to: text }),
  v.strictObject({ type: v.literal('tower-saved'), t, host: text, identity: text, slot: natural, root: v.nullable(natural) }),
  v.strictObject({ type: v.literal('tower-loaded'), t, host: text, identity: text, source: v.picklist(['file', 'old-name', 'rebuilt', 'adopted']), slot: v.nullable(natural), root: v.nullable(natural), lockouts: v.exactOptional(runsSchema), why: v.exactOptional(text) }),
  v.strictObject({ type: v.literal('process'), t, host: text, state: v.picklist(['started', 'running', 'exited', 'frozen', 'thawed', 'power-lost']), identity: v.exactOptional(text), exit: v.exactOptional(whole), reason: v.exactOptional(text) }),
  v.strictObject({ type: v.literal('command'), t, phase: v.picklist(['start', 'end']), step: natural, id: text, host: text, line: text, exit: v.exactOptional(whole), stdout: v.exactOptional(text), stderr: v.exactOptional(text) }),
  v.strictObject({ type: v.literal('fault'), t, phase: v.picklist(['start', 'end']), fault: natural, kind: text, on: text, sentence: text }),
  v.strictObject({ type: v.literal('leader'), t, slot: natural, outcome: v.picklist(['produced', 'missed']), host: v.nullable(text), hash: v.exactOptional(text), why: v.exactOptional(text) }),
  v.strictObject({ type: v.literal('gap'), t, what: text, host: v.exactOptional(text) }),
  v.strictObject({ type: v.literal('log'), t, host: text, text }),
  v.strictObject({ type: v.literal('phase'), t, phase: v.picklist(['heal', 'end']), slot: natural }),
]);

export type DocumentHeader = v.InferOutput<typeof headerSchema>;
export type DocumentEvent = v.InferOutput<typeof eventSchema>;
