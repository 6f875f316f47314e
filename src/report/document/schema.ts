/**
 * The result document: everything that a command has to say, as one value. Every report is written from it alone.
 *
 * No time of a clock stands in it: the same result gives the same document everywhere. The JSON Schema that is published
 * (schema/solevoter-report-1.json) is made of these schemas.
 */
import * as v from 'valibot';
import { natural } from './event-schema.ts';
import { downtimeSchema, exitSchema, idSchema, livenessSchema, placeSchema, replaySchema, resultSchema, storySchema } from './story-schema.ts';

/** Name and version; the number grows when a reader of the old one could misread the new one. */
export const REPORT_SCHEMA = 'solevoter.report/1';

const text = v.string();
const texts = v.array(text);

export const findingSchema = v.strictObject({
  id: v.pipe(idSchema, v.description('the same cause has the same id, on every machine')),
  class: v.picklist(['violation', 'hazard', 'lost-state', 'downtime']),
  kind: text,
  title: text,
  cause: v.pipe(text, v.description('what makes the id: class, kind, hosts, step and mechanism')),
  mechanism: text,
  hosts: v.pipe(v.picklist(['same host', 'other host']), v.description('whether the two that conflict are of one host')),
  step: v.pipe(v.nullable(text), v.description('id of the step during which it begins; null: before the first')),
  place: v.pipe(v.nullable(placeSchema), v.description('of that step')),
  runs: v.pipe(natural, v.description('in how many runs it was found')),
  faults: v.pipe(v.array(v.strictObject({ kinds: text, runs: natural })), v.description('which faults lead there, in how many runs; most first')),
  waived: v.pipe(v.nullable(text), v.description('until when and why it does not fail')),
  replay: v.nullable(replaySchema),
  story: v.pipe(v.nullable(natural), v.description('index in stories')),
});

const stepSchema = v.strictObject({
  n: v.pipe(natural, v.description('from 1')),
  id: text,
  host: text,
  command: v.nullable(text),
  wait: v.pipe(v.nullable(text), v.description('a sentence, in place of a command')),
  why: v.nullable(text),
  onFailure: v.nullable(v.picklist(['continue', 'stop'])),
  place: v.nullable(placeSchema),
  findings: v.pipe(v.array(idSchema), v.description('violations that begin during this step')),
});

const methodSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('single faults'),
    timing: v.strictObject({ runs: natural, clean: natural, nearMisses: natural, stackForm: natural, otherViolations: natural }),
    faultRuns: natural,
    firedRuns: natural,
    exposedRuns: natural,
    longestUnsafeWait: v.nullable(v.strictObject({ slots: v.nullable(natural), from: natural, to: natural, losing: natural })),
  }),
  v.strictObject({ kind: v.literal('every combination'), most: natural, byChoices: v.array(natural), idle: natural, exhausted: v.boolean(), worlds: natural, merged: natural, judged: natural, slots: natural, exposedRuns: natural }),
  v.strictObject({ kind: v.literal('sample'), most: natural, seed: natural, idle: natural, exposedRuns: natural }),
  v.strictObject({ kind: v.literal('swarm'), seed: natural, drawn: natural, worlds: natural, firedRuns: natural, exposedRuns: natural, kinds: v.array(v.strictObject({ kind: text, drawn: natural, fired: natural })) }),
  v.strictObject({ kind: v.literal('one run') }),
  v.strictObject({ kind: v.literal('scenario'), side: v.picklist(['scenario', 'twin']), shows: texts, why: text, outcome: text, met: v.boolean(), unmet: texts }),
]);

const failureSchema = v.strictObject({
  code: v.pipe(natural, v.description('exit code')),
  what: v.picklist(['finding', 'gap', 'unknown', 'voters', 'downtime', 'expectation']),
  finding: v.nullable(idSchema),
  sentence: text,
});

export const subjectSchema = v.strictObject({
  kind: v.picklist(['procedure', 'scenario', 'trace']),
  name: text,
  title: v.nullable(text),
  file: v.nullable(v.strictObject({ path: text, shipped: v.boolean() })),
  site: v.strictObject({ client: text, slotMs: v.number(), stakeShare: v.number(), hosts: texts }),
  verdict: v.strictObject({ result: resultSchema, sentence: text }),
  exit: exitSchema,
  failures: v.pipe(v.array(failureSchema), v.description('what the exit code is made of; none: nothing fails')),
  counts: v.strictObject({
    runs: natural,
    unit: v.picklist(['run', 'schedule']),
    violated: natural,
    withoutOneVoter: v.pipe(natural, v.description('runs at the end of which nobody votes, or two')),
    worstDowntime: v.pipe(natural, v.description('slots')),
    causes: v.strictObject({ violation: natural, hazard: natural, 'lost-state': natural, downtime: natural }),
    waived: natural,
  }),
  method: methodSchema,
  run: v.strictObject({
    what: v.picklist(['without faults and forks, at the mildest timing', 'the run itself']),
    result: resultSchema,
    traceHash: text,
    findings: v.pipe(v.array(v.strictObject({ finding: idSchema, slot: natural, title: text })), v.description('of this run, one by one: it may have one cause more than once')),
    downtime: downtimeSchema,
    liveness: livenessSchema,
  }),
  findings: v.pipe(v.array(findingSchema), v.description('by cause, the gravest first')),
  exposures: v.pipe(v.array(findingSchema), v.description('what the starting state, or the new voter, gives by itself, whatever the procedure does')),
  exceptions: v.pipe(v.array(v.strictObject({
    runs: natural, finding: text, with: v.pipe(text, v.description('the kind of fault without which it does not come about')), scenario: text, why: text, causes: v.array(findingSchema),
  })), v.description('what no procedure can prevent, by the word of the procedure file; it fails nothing')),
  stories: v.pipe(v.array(storySchema), v.description('the first is the one to show')),
  runbook: v.nullable(v.strictObject({ source: v.nullable(text), starts: v.nullable(v.picklist(['prepared', 'bare'])), failing: v.pipe(v.nullable(text), v.description('id of the step at which the first story fails')), steps: v.array(stepSchema) })),
  bounds: texts,
  assumptions: texts,
  unknown: v.pipe(texts, v.description('what leaves the result open')),
  notCovered: texts,
});

const partSchema = v.strictObject({
  name: text,
  code: v.pipe(v.nullable(natural), v.description('exit code of this part; null: it is told only, the procedure makes no claim about it')),
  sentence: text,
  subjects: v.pipe(v.array(natural), v.description('indices in subjects')),
});

export const documentSchema = v.pipe(
  v.strictObject({
    schema: v.literal(REPORT_SCHEMA),
    versions: v.strictObject({ solevoter: text, trace: text }),
    command: v.picklist(['rehearse', 'run', 'check', 'replay', 'gate']),
    verdict: v.strictObject({
      word: v.picklist(['HOLDS', 'VIOLATED', 'UNKNOWN', 'AS EXPECTED', 'NOT AS EXPECTED', 'OPEN', 'CLOSED']),
      sentence: text,
    }),
    exit: exitSchema,
    problems: v.pipe(texts, v.description('what makes it bad input although there is a result: waivers that are not used')),
    parts: v.pipe(v.array(partSchema), v.description('of a gate, in the order in which they were run; of other commands none')),
    subjects: v.pipe(v.array(subjectSchema), v.description('the procedure, the trace, or each scenario and its twin; of a gate those of its parts')),
    caution: text,
  }),
  v.title('The result of a command of solevoter'),
);

export type ReportDocument = v.InferOutput<typeof documentSchema>;
export type Subject = v.InferOutput<typeof subjectSchema>;
export type DocumentFinding = v.InferOutput<typeof findingSchema>;
export type RunbookStep = v.InferOutput<typeof stepSchema>;
export type DocumentPart = v.InferOutput<typeof partSchema>;
export type Method = v.InferOutput<typeof methodSchema>;
export type Failure = v.InferOutput<typeof failureSchema>;
export type Exit = v.InferOutput<typeof exitSchema>;
