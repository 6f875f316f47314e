/** Each of these is a plausible mistake in a key rule. The vectors must notice every one. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Lockout, VoteStack } from '../../src/model/lockout.ts';
import { kinds } from './kinds.ts';
import { RULES } from './rules.ts';
import type { Rules } from './rules.ts';
import { runVectors } from './run.ts';
import { parseVectors } from './vector.ts';

const file = new URL('../fixtures/vectors/tower.json', import.meta.url);
const vectors = parseVectors('tower.json', readFileSync(file, 'utf8'));
const failing = (rules: Rules): Set<string> => new Set(runVectors(vectors, rules, kinds, {}).map(({ vector }) => vector.name));
const failingAnyway = failing(RULES);

/** Expired votes are popped wherever they stand, not only from the newest end. */
function popAllExpired(stack: VoteStack, slot: number): VoteStack {
  return RULES.processNextVoteSlot({ ...stack, votes: stack.votes.filter((vote) => RULES.isLockedOutAtSlot(vote, slot)) }, slot);
}

/** Every vote below a new one gains a count. */
function alwaysDouble(stack: VoteStack, slot: number): VoteStack {
  const next = RULES.processNextVoteSlot(stack, slot);
  const before = new Map(stack.votes.map((vote) => [vote.slot, vote.confirmationCount]));
  const raise = (vote: Lockout) => ({ ...vote, confirmationCount: (before.get(vote.slot) ?? 0) + 1 });
  return { ...next, votes: next.votes.map(raise) };
}

const broken: Readonly<Record<string, Partial<Rules>>> = {
  'the end of a lockout is exclusive': {
    isLockedOutAtSlot: (vote, slot) => RULES.lastLockedOutSlot(vote) > slot,
  },
  'the exponent is not capped': { lockoutOf: (count) => 2 ** count },
  'lockouts do not saturate': { lastLockedOutSlot: (vote) => vote.slot + 1 + RULES.lockoutOf(vote.confirmationCount) },
  'all expired votes are popped': { processNextVoteSlot: popAllExpired },
  'every vote doubles': { processNextVoteSlot: alwaysDouble },
  'no vote becomes root': {
    processNextVoteSlot: (stack, slot) => ({ ...RULES.processNextVoteSlot(stack, slot), root: stack.root }),
  },
  'an old slot is recorded': {
    processNextVoteSlot: (stack, slot) => {
      const next = RULES.processNextVoteSlot(stack, slot);
      return next === stack ? { ...stack, votes: [...stack.votes, { slot, confirmationCount: 1 }] } : next;
    },
  },
  'a slot voted for before is free': {
    isLockedOut: (tower, slot, isAncestor) => RULES.isRecent(tower, slot) && RULES.isLockedOut(tower, slot, isAncestor),
  },
  'the threshold may be met exactly': {
    thresholdFailures: (tower, slot, votedStakeAt, total) =>
      RULES.thresholdFailures(tower, slot, votedStakeAt, total * (1 - 1e-12)),
  },
  'the shallow thresholds are not looked at': {
    thresholdFailures: (tower, ...rest) =>
      RULES.thresholdFailures(tower, ...rest).filter(({ depth }) => depth >= tower.thresholdDepth),
  },
  'expired votes of others count': {
    votedStakes: (accounts, _, parentOf) => RULES.votedStakes(accounts, 0, parentOf),
  },
  'the switch threshold may be met exactly': {
    switchDecision: (input) => RULES.switchDecision({ ...input, totalStake: input.totalStake * (1 - 1e-12) }),
  },
  'gossip votes prove nothing': { switchDecision: (input) => RULES.switchDecision({ ...input, gossipVotes: [] }) },
  'landed votes prove nothing': { switchDecision: (input) => RULES.switchDecision({ ...input, lockoutIntervals: () => [] }) },
  'a stray last vote is taken as known': {
    switchDecision: (input) => RULES.switchDecision({ ...input, tower: { ...input.tower, strayRestoredSlot: null } }),
  },
  'duplicate ancestors are overlooked': {
    switchDecision: (input) => RULES.switchDecision({ ...input, invalidAncestor: null }),
  },
  'gates stop at the first reason': {
    voteGate: (input) => {
      const gate = RULES.voteGate(input);
      return { ...gate, failures: gate.failures.slice(0, 1) };
    },
  },
  'propagation is not asked for': {
    voteGate: (input) => RULES.voteGate({ ...input, candidate: { ...input.candidate, leaderSlotPropagated: true } }),
  },
  'there is no super refresh': { lastVoteAbleToLand: () => true },
  'the filter looks at the hash first': {
    applyTowerSync: (state, proposal, slotHashes) =>
      slotHashes.hashes.at(-1) === proposal.hash
        ? RULES.applyTowerSync(state, proposal, slotHashes)
        : { error: RULES.VoteError.SlotHashMismatch, state },
  },
  'slots of other forks are accepted': {
    checkAndFilterProposed: (state, proposal, slotHashes) => {
      const result = RULES.checkAndFilterProposed(state, proposal, slotHashes);
      return result === RULES.VoteError.SlotsMismatch ? { votes: proposal.lockouts, root: proposal.root } : result;
    },
  },
  'a locked-out vote may be missing': {
    checkNewVoteState: (current, proposed) => {
      const error = RULES.checkNewVoteState(current, proposed);
      return error === RULES.VoteError.LockoutConflict ? null : error;
    },
  },
  'counts may shrink': {
    checkNewVoteState: (current, proposed) => {
      const error = RULES.checkNewVoteState(current, proposed);
      return error === RULES.VoteError.ConfirmationRollBack ? null : error;
    },
  },
  'equal newest slots are adopted too': {
    adoptOnChainTower: (tower, bank, ...rest) =>
      RULES.adoptOnChainTower({ ...tower, stack: { ...tower.stack, votes: tower.stack.votes.slice(0, -1) } }, bank, ...rest),
  },
  'adoption takes the root of the bank': {
    adoptOnChainTower: (tower, bank, ...rest) => {
      const next = RULES.adoptOnChainTower(tower, bank, ...rest);
      return next === tower ? tower : { ...next, stack: bank };
    },
  },
  'nothing is ever adopted': { adoptOnChainTower: (tower) => tower },
  'a rebuilt tower has a last vote': {
    rebuildFromBank: (...args) => {
      const tower = RULES.rebuildFromBank(...args);
      const slot = RULES.lastVotedSlot(tower.stack) ?? 0;
      return { ...tower, lastVote: { lockouts: tower.stack.votes, root: tower.stack.root, hash: '', slot, timestamp: null } };
    },
  },
  'the rebuild takes the heaviest path': {
    rebuildSourceBank: (root, childrenOf) => {
      let at = root;
      for (let children = childrenOf(at); children.length > 0; children = childrenOf(at)) at = Math.max(...children);
      return at;
    },
  },
  'a replayed tower keeps its old root': {
    adjustAfterReplay: (tower, ...rest) => {
      const adjusted = RULES.adjustAfterReplay(tower, ...rest);
      if ('error' in adjusted) return adjusted;
      return { tower: { ...adjusted.tower, stack: { ...adjusted.tower.stack, root: tower.stack.root } } };
    },
  },
  'any tower file that cannot be read is missing': {
    towerErrorPolicy: (_, situation) => RULES.towerErrorPolicy({ kind: 'IoError', cause: 'NotFound' }, situation),
  },
  'refresh does not wait': { refreshDecision: (input) => RULES.refreshDecision({ ...input, msSinceRefresh: Infinity }) },
  'gossip takes an equal slot': { pushGossipVote: (held, slot, places) => RULES.pushGossipVote(held, slot + 1, places) },
  'a vote may lack what the next slot is locked out by': { lacksLockedOut: () => false },
  'late votes earn everything': { creditsForLatency: () => 16 },
  'etcd does not fence': {
    etcdStore: (store, identity, instance, tower) => {
      const holder = store.keys.get(`${identity}/instance`)?.value;
      return RULES.etcdStore(store, identity, holder ?? instance, tower);
    },
  },
  'loading from etcd does not take the lock': {
    etcdLoad: (store, identity, instance) => ({ ...RULES.etcdLoad(store, identity, instance), store }),
  },
};

test.each(Object.entries(broken))('caught: %s', (_, mistake) => {
  const caught = [...failing({ ...RULES, ...mistake })].filter((name) => !failingAnyway.has(name));
  expect(caught).not.toEqual([]);
});
