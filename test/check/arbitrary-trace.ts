/** fast-check arbitraries of traces. */
import fc from 'fast-check';
import { processNextVoteSlot } from '../../src/model/lockout.ts';
import type { VoteStack } from '../../src/model/lockout.ts';
import { toRuns } from '../../src/model/lockout-runs.ts';
import type { BlockEvent, Trace, TraceEvent } from '../../src/model/trace.ts';
import { EMPTY, STAKED, TraceBuilder, header, range } from './trace-builder.ts';

const slot = fc.integer({ min: 0, max: 60 });
const hash = fc.constantFrom('a', 'b', 'c');
const host = fc.constantFrom('active', 'inactive');
const identity = fc.constantFrom(STAKED, 'junk-a', 'junk-b');
const t = fc.integer({ min: 0, max: 2_000_000 });
const word = fc.constantFrom('x', 'y', 'unable to vote: authorized voter');
const count = fc.integer({ min: 0, max: 33 });
const lockouts = fc.array(fc.record({ slot, confirmationCount: count }), { maxLength: 8 }).map(toRuns);
const root = fc.option(slot, { nil: null });

function event<T extends TraceEvent['type']>(type: T, fields: Record<string, fc.Arbitrary<unknown>>, optional: Record<string, fc.Arbitrary<unknown>> = {}): fc.Arbitrary<TraceEvent> {
  return fc
    .record({ type: fc.constant(type), t, ...fields, ...optional }, { requiredKeys: ['type', 't', ...Object.keys(fields)] as never[] })
    .map((record) => record as unknown as TraceEvent);
}

/** Any event of the right types, however absurd. */
export const anyEvent: fc.Arbitrary<TraceEvent> = fc.oneof(
  event('block', { slot, parent: fc.integer({ min: -1, max: 60 }), hash, parentHash: hash, leader: identity }),
  event('skipped', { slot }),
  event('rooted', { slot, hash }),
  event('vote', { id: fc.nat(20), host, identity, slot, hash, lockouts, root, refresh: fc.boolean() }, { switchStake: fc.double({ min: 0, max: 1, noNaN: true }) }),
  event('unsent', { host, identity, slot, hash, reason: word }),
  event('landed', { vote: fc.nat(20), bank: slot, bankHash: hash, error: fc.option(fc.nat(25), { nil: null }) }),
  event('identity', { host, layer: fc.constantFrom('gossip', 'voting'), from: fc.option(identity, { nil: null }), to: identity }),
  event('tower-saved', { host, identity, slot, root }),
  event('tower-loaded', { host, identity, source: fc.constantFrom('file', 'old-name', 'etcd', 'rebuilt', 'adopted'), slot: fc.option(slot, { nil: null }), root }, { lockouts, why: word }),
  event('process', { host, state: fc.constantFrom('started', 'running', 'exited', 'frozen', 'thawed', 'power-lost') }, { identity, exit: fc.nat(255), reason: word }),
  event('command', { phase: fc.constantFrom('start', 'end'), step: fc.nat(9), id: word, host: fc.constantFrom('active', 'operator'), line: word }, { exit: fc.nat(2), stdout: word, stderr: word }),
  event('fault', { phase: fc.constantFrom('start', 'end'), fault: fc.nat(3), kind: word, on: host, sentence: word }),
  event('leader', { slot, outcome: fc.constantFrom('produced', 'missed'), host: fc.option(host, { nil: null }) }, { hash, why: word }),
  event('gap', { what: word }, { host }),
  event('log', { host, text: word }),
  event('phase', { phase: fc.constantFrom('heal', 'end'), slot }),
);

/** Any trace of the right types. Events stand by time, as the schema asks. */
export const anyTrace: fc.Arbitrary<Trace> = fc
  .array(anyEvent, { maxLength: 60 })
  .map((events) => ({ header, events: events.sort((a, b) => a.t - b.t) }));

type Action =
  | { readonly do: 'vote'; readonly host: number; readonly block: number }
  | { readonly do: 'copy'; readonly host: number; readonly lose: number }
  | { readonly do: 'lose'; readonly host: number; readonly lose: number }
  | { readonly do: 'resend'; readonly host: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('vote' as const), host: fc.nat(1), block: fc.nat(1000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('copy' as const), host: fc.nat(1), lose: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), host: fc.nat(1), lose: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resend' as const), host: fc.nat(1) }) },
);

/** First slot of the traces of `forkedVoting`; room for a full stack of votes before it. */
const FIRST = 40;

/**
 * Two voters on a tree of forks. They vote mostly for the next blocks, keep real stacks, copy each other's towers and
 * lose votes.
 */
export const forkedVoting: fc.Arbitrary<Trace> = fc
  .record({
    parents: fc.array(fc.record({ back: fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 4 })), skip: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.nat(9)) }), { minLength: 4, maxLength: 90, size: 'max' }),
    actions: fc.array(action, { maxLength: 90, size: 'max' }),
    begin: fc.constantFrom('full', 'empty'),
    near: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ parents, actions, begin, near }) => {
    const builder = new TraceBuilder();
    const blocks: BlockEvent[] = [];
    let next = FIRST;
    parents.forEach(({ back, skip }, i) => {
      const parent = blocks[i - back];
      // A slot may hold two blocks: only a skip of none after a fork makes the slot grow.
      const blockSlot = parent === undefined ? next : Math.max(parent.slot + 1, next + skip);
      blocks.push({ type: 'block', t: blockSlot * 400_000, slot: blockSlot, parent: parent?.slot ?? -1, hash: `b${i}`, parentHash: parent?.hash ?? '', leader: 'other' });
      next = blockSlot + (i % 5 === 4 ? 0 : 1);
    });
    // Only one block may begin the trace.
    const rooted = blocks.filter((block, i) => i === 0 || block.parent !== -1);
    for (const block of rooted) builder.add(block);
    const full = range(1, FIRST - 1).reduce(processNextVoteSlot, EMPTY);
    const stacks: VoteStack[] = begin === 'full' ? [full, full] : [EMPTY, EMPTY];
    const at = [0, 0];
    const sent: (readonly [number, VoteStack, string])[] = [];
    for (const step of actions) {
      const name = header.hosts[step.host]!;
      if (step.do === 'vote') {
        at[step.host] = Math.min(rooted.length - 1, at[step.host]! + 1 + (step.block % near));
        if (step.block % 41 === 0) at[step.host] = step.block % rooted.length;
        const block = rooted[at[step.host]!]!;
        const voted = processNextVoteSlot(stacks[step.host]!, block.slot);
        if (voted === stacks[step.host]) continue;
        stacks[step.host] = voted;
        sent.push([block.slot, voted, block.hash]);
        builder.send(name, block.slot, voted, { hash: block.hash });
      } else if (step.do === 'copy') {
        const other = stacks[1 - step.host]!;
        stacks[step.host] = { ...other, votes: other.votes.slice(0, Math.max(0, other.votes.length - step.lose)) };
      } else if (step.do === 'lose') {
        const own = stacks[step.host]!;
        stacks[step.host] = { root: step.lose > 30 ? null : own.root, votes: own.votes.slice(0, Math.max(0, own.votes.length - step.lose)) };
      } else {
        const [lastSlot, stack, lastHash] = sent.at(-1) ?? [];
        if (lastSlot === undefined) continue;
        builder.send(name, lastSlot, stack!, { hash: lastHash!, refresh: true });
      }
    }
    return builder.trace();
  });

type Stretch =
  | { readonly do: 'follow'; readonly host: number; readonly blocks: number; readonly skip: number }
  | { readonly do: 'odd'; readonly lower: number; readonly raise: number; readonly drop: number; readonly root: number; readonly block: number; readonly own: boolean }
  | { readonly do: 'lose'; readonly lose: number }
  | { readonly do: 'resend'; readonly host: number; readonly refresh: boolean }
  | { readonly do: 'switch'; readonly block: number };

/** Place in a stack; −1 for none. */
const place = fc.oneof({ weight: 2, arbitrary: fc.constant(-1) }, fc.nat(30));

const stretch: fc.Arbitrary<Stretch> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('follow' as const), host: fc.nat(1), blocks: fc.integer({ min: 1, max: 40 }), skip: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(6)) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('odd' as const), lower: place, raise: place, drop: place, root: fc.integer({ min: -2, max: 2 }), block: fc.nat(400), own: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), lose: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resend' as const), host: fc.nat(1), refresh: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('switch' as const), block: fc.nat(400) }) },
);

/**
 * One tower that two hosts hand on, voting for long stretches as the rules ask, interrupted by forks, losses, votes sent
 * twice, and votes with an odd count, root, lockout or block.
 */
export const lawfulStretches: fc.Arbitrary<Trace> = fc
  .record({
    backs: fc.array(fc.oneof({ weight: 12, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 5 })), { minLength: 40, maxLength: 130, size: 'max' }),
    stretches: fc.array(stretch, { minLength: 2, maxLength: 10 }),
    begin: fc.constantFrom('full', 'empty'),
  })
  .map(({ backs, stretches, begin }) => {
    const builder = new TraceBuilder();
    const blocks: BlockEvent[] = [];
    backs.forEach((back, i) => {
      const parent = blocks[Math.max(0, i - back)];
      const after = blocks.at(-1)?.slot ?? FIRST - 1;
      // A slot may hold two blocks, of which neither descends from the other.
      const blockSlot = back === 3 && parent !== undefined && parent.slot < after ? after : after + 1;
      blocks.push({ type: 'block', t: blockSlot * 400_000, slot: blockSlot, parent: parent?.slot ?? -1, hash: `b${i}`, parentHash: parent?.hash ?? '', leader: 'other' });
    });
    for (const block of blocks) builder.add(block);
    const children = (block: BlockEvent): BlockEvent[] => blocks.filter(({ parentHash }) => parentHash === block.hash);
    let stack = begin === 'full' ? range(1, FIRST - 1).reduce(processNextVoteSlot, EMPTY) : EMPTY;
    let tip = blocks[0]!;
    let last: readonly [number, VoteStack, string] | undefined;
    const send = (name: string, voted: BlockEvent, tower: VoteStack): void => {
      last = [voted.slot, tower, voted.hash];
      builder.send(name, voted.slot, tower, { hash: voted.hash });
    };
    for (const step of stretches) {
      if (step.do === 'follow') {
        for (let i = 0; i < step.blocks; i++) {
          for (let skipped = i % 9 === 8 ? step.skip : 0; skipped >= 0; skipped--) tip = children(tip).at(-1) ?? tip;
          const voted = processNextVoteSlot(stack, tip.slot);
          if (voted === stack) break;
          stack = voted;
          send(header.hosts[step.host]!, tip, stack);
        }
      } else if (step.do === 'odd') {
        tip = children(tip).at(-1) ?? tip;
        const { votes, root: rooted } = processNextVoteSlot(stack, tip.slot);
        const odd = votes
          .map((vote, i) => ({ ...vote, confirmationCount: Math.max(1, vote.confirmationCount - (i === step.lower ? 1 : 0) + (i === step.raise ? 2 : 0)) }))
          .filter((_, i) => i !== step.drop);
        const sent = { votes: odd, root: rooted === null ? null : rooted + step.root };
        send(header.hosts[0]!, step.own ? tip : blocks[step.block % blocks.length]!, sent);
        if (step.own) stack = sent;
      } else if (step.do === 'lose') {
        stack = { root: step.lose > 30 ? null : stack.root, votes: stack.votes.slice(0, Math.max(0, stack.votes.length - step.lose)) };
      } else if (step.do === 'switch') {
        tip = blocks[step.block % blocks.length]!;
      } else if (last !== undefined) {
        const [lastSlot, tower, lastHash] = last;
        builder.send(header.hosts[step.host]!, lastSlot, tower, { hash: lastHash, refresh: step.refresh });
      }
    }
    return builder.trace();
  });
