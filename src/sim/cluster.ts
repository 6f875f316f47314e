/**
 * The cluster: builds blocks slot by slot as the fork plan says, and executes our votes in them with the rules of the
 * vote program. The other voters are three groups; a minority of 30 % votes on a losing branch.
 */
import { SLOT_HASHES_ENTRIES, applyTowerSync } from '../model/vote-program.ts';
import type { TowerSync, VoteState } from '../model/vote-program.ts';
import type { Micros } from '../model/trace.ts';
import { extendChain, hashOnFork } from './block.ts';
import type { Block } from './block.ts';
import { planSlot, winningBranch } from './fork-plan.ts';
import type { ForkPlan } from './fork-plan.ts';
import { NONE, withLast } from './short-list.ts';

/** The other voters, in three groups. */
export interface OtherVoters {
  /** Shares of the other stake, by group. */
  readonly shares: readonly [number, number, number];
  /** Groups that vote on a losing branch, and on the winning one, as bits. */
  readonly losing: number;
  readonly winning: number;
}

/** A minority that a losing branch gets, and two halves of the rest. */
export const USUAL_VOTERS: OtherVoters = { shares: [0.3, 0.37, 0.33], losing: 0b001, winning: 0b110 };
export const GROUPS: readonly number[] = [0, 1, 2];
const ALL_GROUPS = 0b111;
/** Blocks of the winning branch after which the minority votes there as well (its short lockouts have expired). */
const MINORITY_REJOINS = 8;
/** A vote transaction dies with its blockhash: MAX_PROCESSING_AGE (solana-sdk clock). */
const MAX_PROCESSING_AGE = 150;

/** A vote transaction that has left a host. */
export interface VoteTransaction {
  readonly id: number;
  readonly sync: TowerSync;
  readonly slot: number;
  readonly hash: string;
  /** From when leaders have it. */
  readonly arrivesAt: Micros;
  /** Leader slots after which it is forgotten: two more by the vote port, the age of its blockhash by gossip. */
  readonly lastLeaderSlot: number;
  /** Blocks that executed it, one on each fork at most. */
  executedIn: readonly { readonly slot: number; readonly hash: string }[];
}

export interface Cluster {
  plan: ForkPlan | null;
  readonly others: OtherVoters;
  /** Slot in which the procedure starts: what plans are relative to. */
  readonly startSlot: number;
  readonly skips: Set<number>;
  /** Newest block of each branch; `main` until the fork and when there is none. */
  tips: { main: Block; x: Block | null; y: Block | null };
  pool: readonly VoteTransaction[];
  /** Blocks of no branch, oldest first, whose ancestors are still known, and which no copy of the world has. */
  known: Block[];
}

/** A history of consecutive voting up to `slot`, and a cluster that goes on from there. */
export function createCluster(slot: number, startSlot: number, plan: ForkPlan | null, others: OtherVoters): Cluster {
  const slots: number[] = [];
  const hashes: string[] = [];
  for (let s = Math.max(0, slot - 600); s <= slot; s++) {
    slots.push(s);
    hashes.push(`B${s}`);
  }
  // The vote for the first block counts as landed in it: what came before the trace has no loose ends.
  const votes = Array.from({ length: 31 }, (_, i) => ({ slot: slot - 30 + i, confirmationCount: 31 - i }));
  const genesis: Block = {
    slot,
    parent: null,
    hash: `B${slot}`,
    chain: { slots, hashes },
    length: slots.length,
    producedAt: 0,
    branch: 'main',
    voteState: { votes, root: slot - 31 },
    voters: ALL_GROUPS,
    executed: [],
  };
  return { plan, others, startSlot, skips: new Set(), tips: { main: genesis, x: null, y: null }, pool: NONE, known: [genesis] };
}

/** The block on which the cluster builds in `slot`, and its branch; null when the slot is skipped. */
export function parentFor(cluster: Cluster, slot: number): { parent: Block; branch: Block['branch'] } | null {
  if (cluster.skips.has(slot)) return null;
  const plan = planSlot(cluster.plan, slot - cluster.startSlot);
  if (plan.kind === 'skip') return null;
  if (plan.kind === 'extend') return { parent: cluster.tips.main, branch: 'main' };
  return { parent: cluster.tips[plan.branch] ?? cluster.tips.main, branch: plan.branch };
}

/** The newest block of the winning fork. */
export function winningTip(cluster: Cluster): Block {
  const { main, x, y } = cluster.tips;
  if (cluster.plan === null || cluster.plan.losing === 0) return main;
  return (winningBranch(cluster.plan) === 'x' ? x : y) ?? main;
}

/** Builds the block of `slot` at time `t`, with the votes of ours that its leader has. */
export function produceBlock(cluster: Cluster, slot: number, t: Micros, parent: Block, branch: Block['branch'], hashSuffix = ''): Block {
  const hash = `B${slot}${branch === 'main' ? '' : branch}${hashSuffix}`;
  const chain = extendChain(parent, slot, hash);
  const { voteState, executed } = executeVotes(cluster, slot, hash, t, parent);
  const block: Block = {
    slot,
    parent,
    hash,
    chain,
    length: parent.length + 1,
    producedAt: t,
    branch,
    voteState,
    voters: votersOf(cluster, parent, branch),
    executed,
  };
  cluster.tips[branch] = block;
  if (branch === 'main') cluster.known.push(block);
  return block;
}

/** Cuts the ancestors of blocks before `slot`, so that a long run needs little memory; what a fork stands on remains. */
export function forgetBefore(cluster: Cluster, slot: number): void {
  const first = cluster.known.findIndex((block) => block.slot >= slot);
  for (const block of cluster.known.splice(0, Math.max(0, first))) block.parent = null;
}

function votersOf(cluster: Cluster, parent: Block, branch: Block['branch']): number {
  if (branch === 'main' || cluster.plan === null) return ALL_GROUPS;
  const { losing, winning } = cluster.others;
  if (branch !== winningBranch(cluster.plan)) return losing;
  const blocksOnBranch = parent.length - cluster.tips.main.length;
  return blocksOnBranch >= MINORITY_REJOINS ? losing | winning : winning;
}

/**
 * Executes what has arrived. A leader takes only votes whose newest slot and hash are on its own fork, and of those
 * the newest slot (agave core/src/banking_stage/latest_validator_vote_packet.rs and vote_storage, 2.x–4.x); two
 * different transactions for one slot are both executed, as seen on real validators in slot 237 and 502.
 */
function executeVotes(cluster: Cluster, slot: number, hash: string, t: Micros, parent: Block): Pick<Block, 'voteState' | 'executed'> {
  let voteState: VoteState = parent.voteState;
  const newest = newestExecutable(cluster, slot, t, parent);
  if (newest < 0) {
    forgetSpent(cluster, slot, t, newest);
    return { voteState, executed: NONE };
  }
  const slotHashes = { slots: parent.chain.slots, hashes: parent.chain.hashes, from: Math.max(0, parent.length - SLOT_HASHES_ENTRIES), to: parent.length };
  let executed: Block['executed'] = NONE;
  for (const vote of cluster.pool) {
    if (vote.slot !== newest || !isExecutable(vote, slot, t, parent)) continue;
    const { error, state } = applyTowerSync(voteState, vote.sync, slotHashes);
    if (error === null) voteState = state;
    executed = withLast(executed, [vote.id, error]);
    vote.executedIn = withLast(vote.executedIn, { slot, hash });
  }
  forgetSpent(cluster, slot, t, newest);
  return { voteState, executed };
}

/** Drops what is too old, and without a fork what nobody else needs: the votes just taken, and all older ones. */
function forgetSpent(cluster: Cluster, slot: number, t: Micros, newest: number): void {
  const { pool, plan, startSlot } = cluster;
  const forks = plan !== null && plan.losing > 0 && slot >= startSlot + plan.at;
  let kept: VoteTransaction[] | null = null;
  for (const vote of pool) if (vote.lastLeaderSlot >= slot && (forks || vote.slot > newest || vote.arrivesAt > t)) (kept ??= []).push(vote);
  cluster.pool = kept ?? NONE;
}

/** Newest slot among the votes that the leader can take; −1 for none. */
function newestExecutable({ pool }: Cluster, slot: number, t: Micros, parent: Block): number {
  let newest = -1;
  for (const vote of pool) if (vote.slot > newest && isExecutable(vote, slot, t, parent)) newest = vote.slot;
  return newest;
}

function isExecutable(vote: VoteTransaction, slot: number, t: Micros, parent: Block): boolean {
  return vote.lastLeaderSlot >= slot && vote.arrivesAt <= t && hashOnFork(parent, vote.slot) === vote.hash && !wasExecuted(parent, vote);
}

function wasExecuted(tip: Block, vote: VoteTransaction): boolean {
  for (const { slot, hash } of vote.executedIn) if (hashOnFork(tip, slot) === hash) return true;
  return false;
}

/** The last slot of a leader that may still take a vote sent in `slot`. */
export function lastLeaderSlot(slot: number, throughGossip: boolean): number {
  return throughGossip ? slot + MAX_PROCESSING_AGE : slot + 2;
}
