/** Scenarios of Agave's local cluster (local-cluster/tests/local_cluster.rs), told with this product's rules and world. */
import { ancestorsOf, isAncestor } from '../../src/model/ancestry.ts';
import type { ParentOf } from '../../src/model/ancestry.ts';
import { lastLockedOutSlot, lastVotedSlot } from '../../src/model/lockout.ts';
import { describeViolation, isOptimisticallyConfirmed, verifyConfirmed } from '../../src/model/optimistic-confirmation.ts';
import type { ConfirmedBlock } from '../../src/model/optimistic-confirmation.ts';
import { rebuildFromBank } from '../../src/model/tower-restore.ts';
import { switchDecision } from '../../src/model/tower-switch.ts';
import { thresholdFailures } from '../../src/model/tower-threshold.ts';
import { isLockedOut, newTower, recordVote } from '../../src/model/tower.ts';
import type { Tower } from '../../src/model/tower.ts';
import { TOWER, play } from '../sim/facts/world.ts';

/** Relative slot `next`, on which A votes last before it stops. */
const NEXT = 3;

/**
 * A is the active, with 31 % of the stake; B (36 %) is down after `next`; C builds from the parent of `next` and votes.
 * A starts again and follows C. Without its tower, `next` is purged from its ledger too.
 */
export function restartBesideFork(withTower: boolean, stakes = { A: 0.31, B: 0.36, C: 0.33 }): { readonly votesOnFork: boolean; readonly newest: number } {
  const others = stakes.B + stakes.C;
  const { all, one } = play({
    site: { stakeShare: stakes.A },
    others: { shares: [0, stakes.B / others, stakes.C / others], losing: 0, winning: 0b100 },
    fork: { at: NEXT, losing: 1, skipped: 0, firstSeen: { active: 'losing', inactive: 'winning' }, winner: 'second' },
    lines: [
      { wait: NEXT + 1 }, ['active', 'sleep 0.1'], ['active', 'sudo systemctl stop sol'],
      ...(withTower ? [] : [['active', `rm ${TOWER}`] as const]),
      { wait: 6 }, ['active', 'sudo systemctl start sol'],
    ],
    deeds: withTower ? {} : { [NEXT + 5]: ({ hosts }) => { hosts.active.ledgerTip = hosts.active.ledgerTip.parent!; } },
    tailSlots: 100,
  });
  const next = 1000 + NEXT;
  if (all('vote', { host: 'active', slot: next }).length === 0) throw new Error(`A has not voted for ${next}`);
  const restarted = one('process', { host: 'active', state: 'started' });
  const fork = new Set(all('block').filter(({ slot, parent }) => slot > next && parent !== next).map(({ hash }) => hash));
  const votes = all('vote', { host: 'active' }).filter(({ t }) => t > restarted.t);
  return { votesOnFork: votes.some(({ hash }) => fork.has(hash)), newest: Math.max(next, ...votes.map(({ slot }) => slot)) };
}

type Name = 'light' | 'heavy';
interface Node {
  readonly stake: number;
  tower: Tower;
}

/** What the detector of the lighter node says in the end. */
export interface Reverted {
  readonly violations: readonly string[];
  /** The block that was confirmed and left out. */
  readonly confirmed: number;
  readonly root: number;
  readonly rootIsOnNewFork: boolean;
}

/**
 * Two nodes, 50 and 51 of 101: the heavier stops when a slot above 50 is confirmed; its tower is removed and that slot
 * marked dead; it builds a sibling, and then votes there. The rules of the tower bring the lighter one over.
 */
export function revertConfirmed(stakes: { readonly light: number; readonly heavy: number } = { light: 50, heavy: 51 }, lastSlot = 200): Reverted {
  const total = stakes.light + stakes.heavy;
  const parents = new Map<number, number | null>([[0, null]]);
  const parentOf: ParentOf = (slot) => parents.get(slot);
  const on = (ancestor: number, slot: number) => ancestor === slot || isAncestor(parentOf, ancestor, slot);
  const nodes: Readonly<Record<Name, Node>> = { light: { stake: stakes.light, tower: newTower('light') }, heavy: { stake: stakes.heavy, tower: newTower('heavy') } };
  let confirmed: ConfirmedBlock[] = [];
  const violations: ConfirmedBlock[] = [];
  const newest = (name: Name) => lastVotedSlot(nodes[name].tower.stack);

  /** The node votes for the block if its tower allows it. */
  const consider = (name: Name, slot: number): void => {
    const { tower } = nodes[name];
    const other = name === 'light' ? 'heavy' : 'light';
    const votedFor = (at: number) => (['light', 'heavy'] as const).reduce((sum, voter) => sum + (on(at, newest(voter) ?? 0) ? nodes[voter].stake : 0), 0);
    const decision = switchDecision({
      tower, switchSlot: slot, parentOf, tips: [slot],
      lockoutIntervals: () => nodes[other].tower.stack.votes.map((vote) => ({ start: vote.slot, end: lastLockedOutSlot(vote), voter: other })),
      gossipVotes: [], stakeOf: (voter) => nodes[voter as Name].stake, totalStake: total, invalidAncestor: null, lastVoteDumped: false,
    });
    if (decision.kind !== 'SameFork' && decision.kind !== 'SwitchProof') return;
    if (isLockedOut(tower, slot, (ancestor) => isAncestor(parentOf, ancestor, slot))) return;
    if (thresholdFailures(tower, slot, votedFor, total).some(({ depth }) => depth >= tower.thresholdDepth)) return;
    nodes[name].tower = recordVote(tower, slot, `B${slot}`);
  };
  const root = () => nodes.light.tower.stack.root ?? 0;
  const watch = (slot: number): void => {
    const stake = (['light', 'heavy'] as const).reduce((sum, name) => sum + (newest(name) === slot ? nodes[name].stake : 0), 0);
    if (isOptimisticallyConfirmed(stake, total)) confirmed.push({ slot, hash: `B${slot}` });
    const ancestors = new Set(ancestorsOf(parentOf, root()));
    const verified = verifyConfirmed(confirmed, { root: { slot: root(), hash: `B${root()}` }, isRooted: (at) => ancestors.has(at) });
    confirmed = [...verified.pending];
    violations.push(...verified.violations);
  };

  let slot = 1;
  for (; confirmed.at(-1) === undefined || confirmed.at(-1)!.slot <= 50; slot++) {
    if (slot > lastSlot) throw new Error('no slot above 50 was confirmed');
    parents.set(slot, slot - 1);
    consider('light', slot);
    consider('heavy', slot);
    watch(slot);
  }
  const dead = confirmed.at(-1)!.slot;
  // The lighter one goes on for a while; then the heavier one is back, without tower and without the dead slot.
  for (; slot <= dead + 4; slot++) {
    parents.set(slot, slot - 1);
    consider('light', slot);
  }
  const landed = { votes: nodes.heavy.tower.stack.votes.filter((vote) => vote.slot < dead - 1), root: nodes.heavy.tower.stack.root };
  nodes.heavy.tower = rebuildFromBank('heavy', landed, nodes.heavy.tower.stack.root ?? 0);
  const sibling = slot;
  for (let parent = dead - 1; slot <= lastSlot; parent = slot++) {
    parents.set(slot, parent);
    consider('heavy', slot);
    consider('light', slot);
    watch(slot);
  }
  return { violations: violations.map(describeViolation), confirmed: dead, root: root(), rootIsOnNewFork: on(sibling, root()) };
}
