/** Arbitrary tower files, well formed, of every layout. */
import fc from 'fast-check';
import type { TowerFile, WideLockout, WideVote } from '../../src/model/tower-codec.ts';

/** With the prototype of a literal, so that strict comparison holds. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

const U64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const I64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const U32 = fc.integer({ min: 0, max: 0xffffffff });
const U8 = fc.integer({ min: 0, max: 255 });
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const lockout: fc.Arbitrary<WideLockout> = record({ slot: U64, confirmationCount: U32 });
const lockouts = fc.array(lockout, { maxLength: 40 });
const wideTimestamp = record({ slot: U64, timestamp: I64 });
const tail = { hash: key, timestamp: fc.option(I64) };

/** Slots that do not decrease from the root on, as the compact messages need them. */
const compact = fc
  .tuple(
    fc.option(fc.bigInt({ min: 0n, max: 2n ** 60n })),
    fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 40n }), U8), { maxLength: 200 }),
  )
  .map(([root, steps]) => {
    let slot = root ?? 0n;
    return { root, lockouts: steps.map(([step, confirmationCount]) => ({ slot: (slot += step), confirmationCount })) };
  });

const legacyVote: fc.Arbitrary<WideVote> = record({
  variant: fc.constant('Vote' as const),
  slots: fc.array(U64, { maxLength: 40 }),
  ...tail,
});

const vote: fc.Arbitrary<WideVote> = fc.oneof(
  legacyVote,
  record({ variant: fc.constant('VoteStateUpdate' as const), lockouts, root: fc.option(U64), ...tail }),
  fc.tuple(compact, record(tail)).map(([stack, rest]) => ({ variant: 'CompactVoteStateUpdate' as const, ...stack, ...rest })),
  fc
    .tuple(compact, record({ ...tail, blockId: key }))
    .map(([stack, rest]) => ({ variant: 'TowerSync' as const, ...stack, ...rest })),
);

const rest = {
  signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
  node: key,
  thresholdDepth: U64,
  thresholdSizeBits: U64,
  voteState: record({
    node: key,
    authorizedWithdrawer: key,
    commission: U8,
    votes: lockouts,
    root: fc.option(U64),
    authorizedVoters: fc.array(record({ epoch: U64, voter: key }), { maxLength: 4 }),
    priorVoters: fc.uint8Array({ minLength: 48, maxLength: 48 }).map((entry) => Uint8Array.from({ length: 1536 }, (_, i) => entry[i % 48]! ^ (i >> 5))),
    priorVotersIndex: U64,
    priorVotersEmpty: fc.boolean(),
    epochCredits: fc.array(record({ epoch: U64, credits: U64, before: U64 }), { maxLength: 4 }),
    lastTimestamp: wideTimestamp,
  }),
  lastTimestamp: wideTimestamp,
  slack: fc.uint8Array({ maxLength: 20 }),
};

export const towerFile: fc.Arbitrary<TowerFile> = fc.oneof(
  record({ layout: fc.constant('current' as const), lastVote: vote, ...rest }),
  record({ layout: fc.constantFrom('tag-0' as const, 'old-name' as const), lastVote: legacyVote, ...rest }),
);
