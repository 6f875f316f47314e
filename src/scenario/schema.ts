/** The form of a scenario file. Names of steps, faults and latencies are checked when the file is loaded. */
import * as v from 'valibot';
import { siteSchema } from '../transition/site-file.ts';

const name = v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a name of small letters, digits and dashes'));
const sentence = v.pipe(v.string(), v.check((text) => text.trim() !== '', 'a sentence'));
const whole = v.pipe(v.number(), v.check((n) => Number.isSafeInteger(n), 'a whole number'));
const count = v.pipe(v.number(), v.check((n) => Number.isSafeInteger(n) && n >= 0, 'a whole number from 0'));
const host = v.picklist(['active', 'inactive']);

/** `at`: before-start; or an object with "step" and "when", or "point" and "slot", or "slot" alone. */
const momentSchema = v.pipe(
  v.strictObject({
    step: v.optional(name),
    when: v.optional(v.picklist(['before', 'during', 'after'])),
    point: v.optional(v.string()),
    host: v.optional(host),
    slot: v.optional(whole),
  }),
  v.check(
    ({ step, when, point, slot }) => (step === undefined ? when === undefined && slot !== undefined : when !== undefined && point === undefined && slot === undefined),
    '"step" and "when", or "point" and "slot", or "slot"',
  ),
);

const faultSchema = v.strictObject({
  kind: v.string(),
  on: v.optional(v.string()),
  at: v.optional(v.union([v.literal('before-start'), momentSchema]), 'before-start'),
  heal: v.optional(v.union([v.literal('end'), v.pipe(v.number(), v.check((n) => Number.isInteger(n) && n >= 1 && n <= 1000, 'slots, 1 to 1000'))])),
});

const forkSchema = v.strictObject({
  at: whole,
  losing: v.pipe(v.number(), v.check((n) => Number.isInteger(n) && n >= 0 && n <= 8, 'blocks on the losing branch, 0 to 8')),
  skipped: v.optional(count, 0),
  'active-sees': v.optional(v.picklist(['losing', 'winning']), 'winning'),
  'inactive-sees': v.optional(v.picklist(['losing', 'winning']), 'winning'),
  winner: v.optional(v.picklist(['first', 'second']), 'second'),
});

const editSchema = v.pipe(
  v.strictObject({ drop: v.optional(name), repeat: v.optional(name), swap: v.optional(name), 'wrong-host': v.optional(name) }),
  v.check((edit) => Object.keys(edit).length === 1, 'one of "drop", "repeat", "swap", "wrong-host", with the id of a step'),
);

const boundsSchema = v.strictObject({ 'at-least': v.optional(count), 'at-most': v.optional(count) });

export const FINDING_CLASSES = ['violation', 'hazard', 'lost-state', 'downtime'] as const;
export const FINDING_KINDS = [
  'double-vote', 'lockout-violation-fork', 'lockout-violation-stack', 'lockout-reduced', 'root-went-back', 'switch-without-proof',
  'duplicate-block', 'concurrent-identity', 'near-miss', 'missed-votes', 'missed-leader-slots', 'nobody-votes', 'tower-lacks-votes',
] as const;

const findingSchema = v.strictObject({
  class: v.picklist(FINDING_CLASSES),
  kind: v.picklist(FINDING_KINDS),
  host: v.optional(host),
  step: v.optional(name),
  count: v.optional(v.union([count, boundsSchema])),
  refused: v.optional(v.array(v.pipe(v.string(), v.regex(/^\d+x\d+$/, 'an error and how often in a row, as "13x1"')))),
});

const expectSchema = v.strictObject({
  result: v.picklist(['holds', 'violated', 'unknown']),
  findings: v.optional(v.array(findingSchema), []),
  absent: v.optional(v.array(v.picklist([...FINDING_CLASSES, ...FINDING_KINDS])), []),
  downtime: v.optional(boundsSchema),
  'leader-slots-missed': v.optional(count),
  'leader-slots-produced': v.optional(count),
  live: v.optional(v.boolean()),
  voter: v.optional(host),
  exits: v.optional(v.record(name, v.union([count, v.literal('not-run')])), {}),
  ends: v.optional(v.array(v.strictObject({ host, exit: v.optional(count), reason: v.optional(sentence) }))),
});

const setupEntries = {
  procedure: v.optional(sentence),
  params: v.optional(v.record(name, v.union([v.number(), v.string()]))),
  site: v.optional(siteSchema),
  timing: v.optional(v.record(name, v.number())),
  fork: v.optional(v.nullable(forkSchema)),
  skips: v.optional(v.array(whole)),
  faults: v.optional(v.array(faultSchema)),
  edits: v.optional(v.array(editSchema)),
};

export const scenarioSchema = v.strictObject({
  scenario: name,
  title: sentence,
  shows: v.pipe(
    v.array(v.union([count, v.pipe(v.string(), v.regex(/^R\d+$/, 'a row, as 38 or R1'))])),
    v.check((rows) => rows.length > 0, 'at least one row of the catalogue'),
  ),
  why: sentence,
  ...setupEntries,
  procedure: sentence,
  'downtime-budget': v.optional(count, 16),
  expect: expectSchema,
  twin: v.strictObject({ ...setupEntries, why: v.optional(sentence), expect: expectSchema }),
});

export type RawScenario = v.InferOutput<typeof scenarioSchema>;
export type RawSetup = Pick<RawScenario, 'params' | 'site' | 'timing' | 'fork' | 'skips' | 'faults' | 'edits'> & { readonly procedure: string };
export type RawFault = v.InferOutput<typeof faultSchema>;
export type Bounds = v.InferOutput<typeof boundsSchema>;
export type Expectation = v.InferOutput<typeof expectSchema>;
export type ExpectedFinding = v.InferOutput<typeof findingSchema>;
