/**
 * Which bank a validator follows, and whether it may vote for it: fork choice by stake, then the gates of the tower,
 * in the order of agave core/src/consensus/fork_choice.rs `select_vote_and_reset_forks` (4.2).
 */
import { lastLockedOutSlot, lastVotedSlot } from '../model/lockout.ts';
import { isLockedOut } from '../model/tower.ts';
import type { Tower } from '../model/tower.ts';
import { switchDecision } from '../model/tower-switch.ts';
import type { LockoutInterval, SwitchDecision } from '../model/tower-switch.ts';
import { thresholdFailures } from '../model/tower-threshold.ts';
import { lastVoteAbleToLand, selectVoteAndReset } from '../model/vote-gate.ts';
import type { Candidate } from '../model/vote-gate.ts';
import { descendsFrom, hashOnFork, indexOnFork, isOnFork } from './block.ts';
import type { Block } from './block.ts';
import { GROUPS } from './cluster.ts';
import { FIXED } from './latency.ts';
import type { Validator } from './machine.ts';
import type { World } from './world.ts';

export interface VoteChoice {
  readonly vote: Block | null;
  readonly reset: Block | null;
}

/** Newest block, among those that the validator has frozen, for which a group is seen to vote. */
function newestVoteOf(world: World, leaves: readonly Block[], group: number): Block | null {
  let newest: Block | null = null;
  for (const leaf of leaves) {
    let block: Block | null = leaf;
    while (block !== null && (((block.voters >> group) & 1) === 0 || block.producedAt + FIXED.groupVote > world.now)) block = block.parent;
    if (block !== null && (newest === null || block.slot > newest.slot)) newest = block;
  }
  return newest;
}

/** The tip of the heaviest fork: at each fork the branch with more voting stake, the lower slot on a tie. */
export function heaviestLeaf(world: World, validator: Validator): Block {
  const { leaves } = validator;
  let best = leaves[0]!;
  if (leaves.length === 1) return best;
  const votes = GROUPS.map((group) => newestVoteOf(world, leaves, group));
  const own = ownNewestVote(world, validator);
  const weight = (branch: Block): number => {
    let share = 0;
    for (const group of GROUPS) {
      const voted = votes[group];
      if (voted !== null && voted !== undefined && descendsFrom(voted, branch)) share += world.cluster.others.shares[group]! * (1 - world.site.stakeShare);
    }
    if (own !== null && descendsFrom(own, branch)) share += world.site.stakeShare;
    return share;
  };
  for (const leaf of leaves.slice(1)) {
    const [a, b] = branchesOf(best, leaf);
    if (a === null || b === null) continue;
    const difference = weight(b) - weight(a);
    if (difference > 0 || (difference === 0 && b.slot < a.slot)) best = leaf;
  }
  return best;
}

/** The first blocks in which the forks of two leaves differ. */
export function branchesOf(a: Block, b: Block): [Block | null, Block | null] {
  const first = (leaf: Block, other: Block): Block | null => {
    let branch: Block | null = null;
    for (let block: Block | null = leaf; block !== null && !descendsFrom(other, block); block = block.parent) branch = block;
    return branch;
  };
  return [first(a, b), first(b, a)];
}

function ownNewestVote(world: World, validator: Validator): Block | null {
  const message = validator.votingIdentity === world.stakedIdentity ? validator.tower.lastVote : null;
  let newest: Block | null = null;
  for (const leaf of validator.leaves) {
    const landed = lastVotedSlot(leaf.voteState);
    const slot = message !== null && hashOnFork(leaf, message.slot) === message.hash ? message.slot : landed;
    if (slot === null || (newest !== null && slot <= newest.slot)) continue;
    let block: Block | null = leaf;
    while (block !== null && block.slot > slot) block = block.parent;
    newest = block;
  }
  return newest;
}

/** The bank to vote for and the one to reset to. Throws TowerPanic where the process would die. */
export function selectVote(world: World, validator: Validator, heaviest: Block): VoteChoice {
  const { tower } = validator;
  const last = tower.lastVote;
  if (last === null || hashOnFork(heaviest, last.slot) === last.hash) return selectOnSameFork(world, validator, heaviest);
  const decision = decideSwitch(world, validator, heaviest);
  const onVotedFork = heaviestOnFork(validator, last.slot, last.hash);
  const selection = selectVoteAndReset({
    heaviest: candidateOf(world, validator, heaviest),
    heaviestOnVotedFork: onVotedFork === null ? null : candidateOf(world, validator, onVotedFork),
    thresholdDepth: tower.thresholdDepth,
    decision,
    lastVoteAbleToLand: isAbleToLand(last.slot, onVotedFork),
  });
  const blockOf = (slot: number | null) => (slot === null ? null : slot === heaviest.slot ? heaviest : onVotedFork);
  return { vote: blockOf(selection.vote), reset: blockOf(selection.reset) };
}

/** The newest choice on the fork of the last vote: another host with the same votes and root chooses alike. */
let newestChoice: { readonly bank: Block; readonly tower: Tower; readonly forksRoot: number; readonly choice: VoteChoice } | null = null;

const SAME_FORK: SwitchDecision = { kind: 'SameFork' };

function selectOnSameFork(world: World, validator: Validator, bank: Block): VoteChoice {
  const { tower, forksRoot } = validator;
  const known = newestChoice;
  if (known !== null && known.bank === bank && known.forksRoot === forksRoot && asksAlike(known.tower, tower)) return known.choice;
  const { vote } = selectVoteAndReset({
    heaviest: candidateOf(world, validator, bank),
    heaviestOnVotedFork: null,
    thresholdDepth: tower.thresholdDepth,
    decision: SAME_FORK,
    lastVoteAbleToLand: true,
  });
  const choice = { vote: vote === null ? null : bank, reset: bank };
  newestChoice = { bank, tower, forksRoot, choice };
  return choice;
}

function asksAlike(a: Tower, b: Tower): boolean {
  return a.stack === b.stack && a.thresholdDepth === b.thresholdDepth && a.thresholdSize === b.thresholdSize;
}

function isAbleToLand(lastVoted: number, bank: Block | null): boolean {
  return lastVoteAbleToLand({
    bankOnVotedFork: bank?.slot ?? null,
    lastVoted,
    landed: bank === null ? null : lastVotedSlot(bank.voteState),
    inSlotHashes: (slot) => bank !== null && isOnFork(bank, slot),
  });
}

function heaviestOnFork(validator: Validator, slot: number, hash: string): Block | null {
  let best: Block | null = null;
  for (const leaf of validator.leaves) if (hashOnFork(leaf, slot) === hash && (best === null || leaf.slot > best.slot)) best = leaf;
  return best;
}

function candidateOf(world: World, validator: Validator, block: Block): Candidate {
  const { tower, forksRoot } = validator;
  return {
    slot: block.slot,
    // Ancestors known to bank forks begin at its root.
    isLockedOut: isLockedOut(tower, block.slot, (slot) => slot >= forksRoot && slot !== block.slot && isOnFork(block, slot)),
    thresholdFailures: thresholdFailures(tower, block.slot, (slot) => votedStakeAt(world, block, slot), 1),
    isLeaderSlot: false,
    // Assumption: own leader blocks always reach a third of the stake (docs/model.md).
    leaderSlotPropagated: true,
  };
}

/** Stake, as a share of the whole, whose newest vote in the bank is `slot` or a descendant of it. */
function votedStakeAt(world: World, bank: Block, slot: number): number | undefined {
  if (!isOnFork(bank, slot)) return undefined;
  const others = 1 - world.site.stakeShare;
  let share = 0;
  for (const group of GROUPS) if (hasLandedVote(bank, group, slot)) share += world.cluster.others.shares[group]! * others;
  const own = lastVotedSlot(bank.voteState);
  return own !== null && own >= slot ? share + world.site.stakeShare : share;
}

/** Whether the bank holds a vote of the group for `slot` or newer: a group's vote for a block lands in its child. */
function hasLandedVote(bank: Block, group: number, slot: number): boolean {
  let block = bank.parent;
  while (block !== null && block.slot >= slot && ((block.voters >> group) & 1) === 0) block = block.parent;
  // What came before the blocks that are known has landed.
  return block === null || block.slot >= slot;
}

function decideSwitch(world: World, validator: Validator, heaviest: Block): SwitchDecision {
  const { leaves, tower } = validator;
  const stake = (voter: string) => (voter === 'own' ? world.site.stakeShare : world.cluster.others.shares[Number(voter)]! * (1 - world.site.stakeShare));
  return switchDecision({
    tower,
    switchSlot: heaviest.slot,
    parentOf: (slot) => parentOf(leaves, slot, validator.forksRoot),
    tips: leaves.map((leaf) => leaf.slot),
    lockoutIntervals: (slot) => {
      const leaf = leaves.find((candidate) => candidate.slot === slot);
      return leaf === undefined ? [] : landedLockouts(leaf);
    },
    gossipVotes: GROUPS.flatMap((group) => {
      const voted = newestVoteOf(world, leaves, group);
      return voted === null ? [] : [{ voter: String(group), slot: voted.slot }];
    }),
    stakeOf: stake,
    totalStake: 1,
    invalidAncestor: null,
    lastVoteDumped: false,
  });
}

function parentOf(leaves: readonly Block[], slot: number, root: number): number | null | undefined {
  for (const leaf of leaves) {
    const index = indexOnFork(leaf, slot);
    if (index < 0) continue;
    return slot <= root ? null : (leaf.chain.slots[index - 1] ?? null);
  }
  return undefined;
}

/** Lockouts landed in a bank: the groups vote consecutively for every block of theirs, we as our account says. */
function landedLockouts(bank: Block): LockoutInterval[] {
  const intervals: LockoutInterval[] = [];
  for (const group of GROUPS) {
    let count = 0;
    for (let block: Block | null = bank.parent; block !== null && count < 31; block = block.parent) {
      if (((block.voters >> group) & 1) === 0) continue;
      count++;
      intervals.push({ start: block.slot, end: lastLockedOutSlot({ slot: block.slot, confirmationCount: count }), voter: String(group) });
    }
  }
  for (const vote of bank.voteState.votes) intervals.push({ start: vote.slot, end: lastLockedOutSlot(vote), voter: 'own' });
  return intervals;
}

/** The bank from which a tower is rebuilt: at every fork the branch with the lower slot, without any stake. */
export function rebuildSource(leaves: readonly Block[]): Block {
  let best = leaves[0]!;
  for (const leaf of leaves.slice(1)) {
    const [a, b] = branchesOf(best, leaf);
    if (a !== null && b !== null && b.slot < a.slot) best = leaf;
  }
  return best;
}

/** The true share of stake whose newest vote stands on a fork without `last`; what a switch away from it can show. */
export function stakeOnOtherForks(world: World, tips: readonly Block[], last: Block): number {
  let share = 0;
  for (const group of GROUPS) {
    const voted = newestVoteOf(world, tips, group);
    if (voted !== null && !descendsFrom(voted, last) && !descendsFrom(last, voted)) share += world.cluster.others.shares[group]!;
  }
  return share * (1 - world.site.stakeShare);
}

