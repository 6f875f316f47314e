/** What the result document tells of one run: enough to draw it. */
import * as v from 'valibot';
import { eventSchema, headerSchema, natural, whole } from './event-schema.ts';

const text = v.string();
const texts = v.array(text);
const id = v.pipe(text, v.regex(/^SV-[0-9a-f]{8}$/));
const result = v.picklist(['holds', 'violated', 'unknown']);

/** A place in a procedure or scenario file. */
export const placeSchema = v.strictObject({
  file: v.pipe(text, v.description('as it was given; of a procedure that comes with solevoter its path in the package')),
  shipped: v.pipe(v.boolean(), v.description('true: the file comes with solevoter')),
  line: v.pipe(natural, v.description('from 1')),
  column: v.pipe(natural, v.description('from 1')),
});

/** How a run is run again. */
export const replaySchema = v.strictObject({ token: text, command: text });

const stackSchema = v.pipe(
  v.array(v.strictObject({ slot: natural, confirmationCount: natural, lockout: natural, end: natural })),
  v.description('oldest first; lockout: 2^count slots; end: the last slot that is locked out'),
);

const voteSchema = v.strictObject({
  id: natural,
  event: v.pipe(natural, v.description('index in trace.events')),
  host: text,
  t: natural,
  slot: natural,
  hash: text,
  root: v.nullable(natural),
  step: v.nullable(text),
  stack: stackSchema,
  fate: v.picklist(['accepted', 'refused', 'not landed']),
  bank: v.nullable(natural),
  error: v.nullable(v.strictObject({ code: natural, name: text })),
});

export const conflictSchema = v.strictObject({
  earlier: voteSchema,
  later: voteSchema,
  lockout: v.pipe(
    v.nullable(v.strictObject({
      slot: natural, confirmationCount: natural,
      lockout: v.pipe(natural, v.description('2^count slots')),
      end: v.pipe(natural, v.description('slot + 2^count: the last slot that is locked out')),
      within: v.pipe(v.nullable(natural), v.description('slot of the later vote, or of its stack, that lies within the lockout')),
      otherFork: v.pipe(v.nullable(v.boolean()), v.description('whether the later vote is for a fork without the locked-out block')),
    })),
    v.description('the lockout of the earlier vote that the later one breaks; null when they conflict by something else'),
  ),
});

/** Something of the run that could have been otherwise, and what comes of the run without it. */
const choiceSchema = v.strictObject({
  what: v.picklist(['fault', 'fork', 'skipped slots', 'timing']),
  name: v.pipe(text, v.description('of a fault its number in the plan, from 1; "fork"; "skips"; the label of a timing')),
  kind: text,
  on: v.nullable(text),
  sentence: text,
  struck: v.boolean(),
  without: v.nullable(v.strictObject({
    result,
    remains: v.pipe(v.boolean(), v.description('whether the finding of the story is still there')),
    violations: v.array(v.strictObject({ id, kind: text, change: v.picklist(['remains', 'is gone', 'comes only now']) })),
    replay: replaySchema,
  })),
});

const noReturnSchema = v.strictObject({
  event: v.pipe(v.nullable(natural), v.description('index in trace.events of the last event before it; null: none was found')),
  t: v.nullable(natural),
  slot: natural,
  what: v.pipe(text, v.description('what every continuation ends in')),
  sentence: text,
  tried: text,
  continuations: v.pipe(v.nullable(natural), v.description('tried from there; null: with this event it has happened')),
  more: v.pipe(natural, v.description('further faults of a continuation at most')),
  bounds: text, looked: natural, cuts: natural, stretches: natural,
  finished: v.pipe(v.boolean(), v.description('false: the budget was used up, it may be earlier')),
});

export const downtimeSchema = v.strictObject({
  slots: v.pipe(natural, v.description('in which a vote was owed and none was accepted in time')),
  seconds: v.number(),
  creditsAtMost: v.pipe(natural, v.description('vote credits that these slots could have earned: 16 each')),
  runs: v.array(v.strictObject({ first: natural, last: natural, slots: natural, why: text })),
  refusedVotes: natural,
  leaderSlotsMissed: natural,
});

export const livenessSchema = v.strictObject({ live: v.boolean(), voters: texts, why: text });

export const storySchema = v.strictObject({
  finding: v.pipe(v.nullable(id), v.description('null: the run is told although nothing was found in it')),
  class: v.nullable(text),
  kind: v.nullable(text),
  title: text,
  sentence: v.pipe(text, v.description('who broke what, at which step, in one sentence')),
  t: natural,
  slot: natural,
  hosts: texts,
  step: v.nullable(text),
  place: v.pipe(v.nullable(placeSchema), v.description('of the step in the procedure file')),
  replay: v.nullable(replaySchema),
  choices: v.array(choiceSchema),
  arithmetic: texts,
  conflict: v.nullable(conflictSchema),
  votes: v.pipe(v.array(natural), v.description('ids of the votes concerned')),
  refused: v.array(v.strictObject({ slot: natural, code: natural, name: text })),
  pointOfNoReturn: v.pipe(v.nullable(noReturnSchema), v.description('null: not looked for')),
  proof: v.pipe(texts, v.description('how the run was shrunk, and what is certified of it')),
  told: v.pipe(
    v.array(v.strictObject({ t: natural, slot: natural, host: text, kind: text, sentence: text, weight: v.picklist([0, 1, 2, 3]) })),
    v.description('what happened, in sentences; kind: of what type of event; host: "cluster", "operator" or "" where it is none of the hosts; weight 0: never left out, 3: left out first'),
  ),
  downtime: downtimeSchema,
  liveness: livenessSchema,
  holders: v.pipe(
    v.array(v.strictObject({ t: natural, hosts: v.array(v.strictObject({ host: text, process: v.picklist(['starting', 'running', 'frozen', 'down']), gossip: v.boolean(), voting: v.boolean() })) })),
    v.description('who holds the staked identity, from each t on; gossip: in contact info; voting: in the voting loop'),
  ),
  forks: v.strictObject({
    tip: v.pipe(v.nullable(text), v.description('hash of the newest block of the winning fork')),
    losing: v.pipe(texts, v.description('hashes of the blocks that are not on the winning fork')),
  }),
  trace: v.strictObject({ hash: v.pipe(text, v.description('SHA-256, as "solevoter replay" prints it')), header: headerSchema, events: v.array(eventSchema) }),
});

export const idSchema = id;
export const resultSchema = result;
export const exitSchema = v.strictObject({ code: v.pipe(whole, v.minValue(0), v.maxValue(5)), meaning: text });

export type Place = v.InferOutput<typeof placeSchema>;
export type Replay = v.InferOutput<typeof replaySchema>;
export type VoteOfConflict = v.InferOutput<typeof voteSchema>;
export type Conflict = v.InferOutput<typeof conflictSchema>;
export type Choice = v.InferOutput<typeof choiceSchema>;
export type NoReturnPoint = v.InferOutput<typeof noReturnSchema>;
export type Downtime = v.InferOutput<typeof downtimeSchema>;
export type Story = v.InferOutput<typeof storySchema>;
