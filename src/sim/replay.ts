/**
 * The replay loop of one validator, turn by turn, in the order of agave core/src/replay_stage.rs (4.2; the same from
 * 2.3 to 4.3): freeze, compute stats (and adopt), choose a fork, refresh or vote, and only then, when the reset bank
 * has moved, notice that the identity was changed.
 */
import { lastVotedSlot } from '../model/lockout.ts';
import { toRuns } from '../model/lockout-runs.ts';
import { TowerPanic } from '../model/tower.ts';
import { adoptOnChainTower } from '../model/tower-adopt.ts';
import type { Tower } from '../model/tower.ts';
import { descendsFrom, hashOnFork, isOnFork } from './block.ts';
import type { Block } from './block.ts';
import { winningTip } from './cluster.ts';
import { heaviestLeaf, selectVote } from './fork-choice.ts';
import { FIXED } from './latency.ts';
import { logLine } from './log.ts';
import type { Machine, Validator } from './machine.ts';
import { isCut, slotsLate } from './network.ts';
import { exitProcess, hangProcess } from './process-end.ts';
import { loadFromEtcd } from './etcd-tower.ts';
import type { Loaded } from './etcd-tower.ts';
import { fitTower, readTower } from './tower-storage.ts';
import type { TowerRead } from './tower-storage.ts';
import { castVote, maybeRefresh } from './voting-service.ts';
import { emit, later, pass, whenAwake } from './world.ts';
import type { World } from './world.ts';

/** A block reached the host at this time; it is frozen as soon as its parent is. */
export function receiveBlock(world: World, machine: Machine, block: Block): void {
  const validator = machine.validator;
  if (validator === null || validator.phase !== 'running') return;
  whenAwake(world, validator, freeze, block);
}

function freeze(world: World, validator: Validator, block: Block): void {
  const machine = world.hosts[validator.host];
  if (validator.phase === 'hung') return;
  if (validator.loadsTower) return void validator.held.push(block);
  if (knows(validator, block) || block.slot <= validator.forksRoot) return;
  if (block.parent !== null && !knows(validator, block.parent)) {
    if (!validator.pending.includes(block)) validator.pending.push(block);
    return;
  }
  const leaf = block.parent === null ? -1 : validator.leaves.indexOf(block.parent);
  if (leaf >= 0) validator.leaves[leaf] = block;
  else validator.leaves.push(block);
  if (descendsFrom(block, machine.ledgerTip)) machine.ledgerTip = block;
  adopt(world, validator, block);
  pass(world, validator, 'bank-frozen', afterFreeze, block);
}

function afterFreeze(world: World, validator: Validator, block: Block): void {
  turn(world, validator);
  if (validator.pending.length === 0 || validator.dead) return;
  const children = validator.pending.filter((waiting) => waiting.parent === block);
  if (children.length === 0) return;
  // At a fork a block has two children, and both may have waited for it.
  validator.pending = validator.pending.filter((waiting) => waiting.parent !== block);
  children.forEach((child, i) => later(world, validator, world.now + (i + 1) * FIXED.catchUpBank, freeze, child));
}

/** Whether the process has frozen this block. */
export function knows(validator: Validator, block: Block): boolean {
  for (const leaf of validator.leaves) if (leaf === block || descendsFrom(leaf, block)) return true;
  return false;
}

/**
 * adopt_on_chain_tower_if_behind: only when the stats of a bank are computed for the first time, that is here; so the
 * tower that set-identity loads meets a tip that was computed before, and is not compared with it.
 */
function adopt(world: World, validator: Validator, block: Block): void {
  const before = lastVotedSlot(validator.tower.stack);
  const tower = adoptOnChainTower(validator.tower, block.voteState, (slot) => hashOnFork(block, slot) ?? '', (ancestor) => isOnFork(block, ancestor));
  if (tower === validator.tower) return;
  validator.tower = tower;
  emit(world, {
    type: 'tower-loaded', t: world.now, host: validator.host, identity: validator.votingIdentity, source: 'adopted',
    slot: lastVotedSlot(tower.stack), root: tower.stack.root, lockouts: toRuns(tower.stack.votes), why: `bank ${block.slot} is ahead of last vote ${before ?? 'none'}`,
  });
}

/** One turn of the loop. */
function turn(world: World, validator: Validator): void {
  const heaviest = heaviestLeaf(world, validator);
  let choice;
  try {
    choice = selectVote(world, validator, heaviest);
  } catch (error) {
    return panic(world, validator, error);
  }
  if (choice.vote === null) {
    maybeRefresh(world, validator);
    resetTo(world, validator, choice.reset);
    return;
  }
  try {
    castVote(world, validator, choice.vote);
  } catch (error) {
    return panic(world, validator, error);
  }
  setRoot(validator, world.hosts[validator.host]);
  pass(world, validator, 'vote-recorded', resetTo, choice.reset);
}

/** A root of the tower becomes the root of the bank forks; leader slots open once a vote of this identity is rooted. */
function setRoot(validator: Validator, machine: Machine): void {
  const root = validator.tower.stack.root;
  if (root === null || root <= validator.forksRoot) return;
  const tip = leafOn(validator.leaves, root);
  if (tip === undefined) return;
  validator.forksRoot = root;
  machine.ledgerRoot = root;
  // The blocks that came first were on a fork that has lost: the next start begins from the root.
  if (!isOnFork(machine.ledgerTip, root)) machine.ledgerTip = tip;
  if (validator.leaves.length > 1) validator.leaves = validator.leaves.filter((leaf) => isOnFork(leaf, root));
  if (validator.firstLanding !== null && root >= validator.firstLanding) validator.newVoteRooted = true;
}

function leafOn(leaves: readonly Block[], slot: number): Block | undefined {
  for (const leaf of leaves) if (isOnFork(leaf, slot)) return leaf;
  return undefined;
}

/** The reset step. Only here, and only when the reset bank has changed, is a new identity noticed. */
function resetTo(world: World, validator: Validator, reset: Block | null): void {
  if (reset === null || reset.hash === validator.resetHash) return;
  validator.resetHash = reset.hash;
  if (validator.clusterIdentity === validator.votingIdentity) return;
  pass(world, validator, 'identity-noticed', switchIdentity, reset);
}

function switchIdentity(world: World, validator: Validator, reset: Block): void {
  const to = validator.clusterIdentity;
  const { flags, host } = validator;
  if (flags.etcd === null) return adoptIdentity(world, validator, { read: readTower(world.hosts[host], flags.towerDir, to), data: { to, reset } });
  validator.loadsTower = true;
  loadFromEtcd(world, validator, to, adoptIdentity, { to, reset });
}

function adoptIdentity(world: World, validator: Validator, { read, data: { to, reset } }: Loaded<{ readonly to: string; readonly reset: Block }>): void {
  const from = validator.votingIdentity;
  replayHeld(world, validator);
  const tower = towerForIdentity(world, validator, read, to, 'set-identity', reset);
  if (typeof tower === 'string') {
    // The loop returns, and the exit flag is set.
    const why = `Unable to load new tower when attempting to change identity from ${from} to ${to} on set-identity, Exiting: ${tower}`;
    if (world.agave.hangsWithoutTower) hangProcess(world, validator, why);
    else exitProcess(world, validator, 0, why);
    return;
  }
  validator.votingIdentity = to;
  validator.tower = tower;
  validator.lastVote = 'uninitialized';
  validator.newVoteRooted = false;
  validator.firstLanding = null;
  validator.firstVoteId = world.votes.length;
  emit(world, { type: 'identity', t: world.now, host: validator.host, layer: 'voting', from, to });
  logLine(world, validator.host, `Identity changed from ${from} to ${to}`);
  pass(world, validator, 'tower-loaded', beginNextTurn, null);
}

function beginNextTurn(world: World, validator: Validator): void {
  later(world, validator, world.now + world.latencies.nextTurn, turn, null);
}

/** The loop goes on with the blocks that came while it waited for etcd. */
function replayHeld(world: World, validator: Validator): void {
  if (!validator.loadsTower) return;
  validator.loadsTower = false;
  validator.held.forEach((block, i) => later(world, validator, world.now + (i + 1) * FIXED.catchUpBank, freeze, block));
  validator.held = [];
}

/** The tower of `identity` as start-up or set-identity makes it of what was read; the error when that ends the process. */
function towerForIdentity(world: World, validator: Validator, read: TowerRead, identity: string, situation: 'set-identity' | 'start-up', bank: Block): Tower | string {
  const loaded = fitTower(read, validator, identity, situation, bank);
  if (loaded.tower === null) return loaded.why;
  emit(world, {
    type: 'tower-loaded', t: world.now, host: validator.host, identity, source: loaded.source,
    slot: lastVotedSlot(loaded.tower.stack), root: loaded.tower.stack.root, lockouts: toRuns(loaded.tower.stack.votes), why: loaded.why,
  });
  return loaded.tower;
}

/** The loop begins with the tower of the start-up identity, as it was read; all banks are computed afresh. False: it ended. */
export function startReplay(world: World, machine: Machine, validator: Validator, read: TowerRead): boolean {
  try {
    return beginReplay(world, machine, validator, read);
  } catch (error) {
    panic(world, validator, error);
    return false;
  }
}

/** The last words of a start that must have a tower, as 4.2.0 prints them. */
function mandatoryTower(why: string): string {
  return 'Validator command failed: Unable to restore Tower or VoteHistory and either --require-tower was specified or --do-not-require-vote-history was not specified. ' +
    `Aborting Requested mandatory tower restore failed: ${why}. And there is an existing vote_account containing actual votes. Aborting due to possible conflicting duplicate votes`;
}

function beginReplay(world: World, machine: Machine, validator: Validator, read: TowerRead): boolean {
  const bank = machine.ledgerTip;
  validator.leaves = [bank];
  validator.forksRoot = machine.ledgerRoot;
  validator.resetHash = bank.hash;
  const tower = towerForIdentity(world, validator, read, validator.clusterIdentity, 'start-up', bank);
  if (typeof tower === 'string') {
    exitProcess(world, validator, 1, mandatoryTower(tower));
    return false;
  }
  validator.votingIdentity = validator.clusterIdentity;
  validator.tower = tower;
  validator.firstVoteId = world.votes.length;
  emit(world, { type: 'identity', t: world.now, host: machine.name, layer: 'voting', from: null, to: validator.votingIdentity });
  adopt(world, validator, bank);
  return true;
}

/** Blocks from the end of the ledger to the tip of the cluster are repaired and replayed one after another. */
export function catchUp(world: World, machine: Machine, validator: Validator): void {
  const path: Block[] = [];
  for (let block: Block | null = winningTip(world.cluster); block !== null && !knows(validator, block); block = block.parent) path.push(block);
  path.reverse();
  if (isCut(world.network, machine.name, 'turbine', 'in')) {
    machine.missed.push(...path);
    return;
  }
  validator.repairedTip = path.at(-1) ?? null;
  const begin = world.now + slotsLate(world.network, machine.name, 'turbine', 'in') * world.slotMicros;
  path.forEach((block, i) => {
    later(world, validator, begin + (i + 1) * FIXED.catchUpBank, freeze, block);
  });
}

function panic(world: World, validator: Validator, error: unknown): void {
  if (!(error instanceof TowerPanic)) throw error;
  logLine(world, validator.host, `panicked: ${error.message}`);
  exitProcess(world, validator, 1, error.message);
}
