/**
 * A tower after a restart or a change of identity: rebuilt from the bank, or loaded and fitted to the ledger. Pure.
 *
 * Rules: agave core/src/consensus.rs `new_from_bankforks`, `initialize_lockouts_from_bank`,
 * `adjust_lockouts_after_replay`, `reconcile_blockstore_roots_with_external_source` (4.3; the same from 2.1 on).
 */
import { ancestorsOf } from './ancestry.ts';
import type { ParentOf } from './ancestry.ts';
import type { Lockout, VoteStack } from './lockout.ts';
import { checkSlot, oldestSlot, withSlot } from './slot-history.ts';
import type { SlotHistory } from './slot-history.ts';
import { TowerPanic, newTower } from './tower.ts';
import type { Tower } from './tower.ts';
import type { TowerError } from './tower-error.ts';

/**
 * A tower made of the vote account in the source bank (null: no such account): its votes above the root of bank forks,
 * with their counts. The message stays empty, so the switching check is skipped until the first vote.
 */
export function rebuildFromBank(node: string, bank: VoteStack | null, bankForksRoot: number): Tower {
  const votes = bank === null ? [] : bank.votes.filter((vote) => vote.slot > bankForksRoot);
  return { ...newTower(node), stack: { votes, root: bankForksRoot } };
}

/**
 * The bank from which a tower is rebuilt. The fork choice made for it knows no stake, and every tie goes to the lowest
 * slot: not the heaviest bank when there are forks. `childrenOf` yields frozen banks.
 */
export function rebuildSourceBank(bankForksRoot: number, childrenOf: (slot: number) => readonly number[]): number {
  let at = bankForksRoot;
  for (let children = childrenOf(at); children.length > 0; children = childrenOf(at)) at = Math.min(...children);
  return at;
}

export type Adjusted = { readonly tower: Tower } | { readonly error: TowerError };

/**
 * Fits a loaded tower to a ledger replayed up to `replayedRoot`, whose bank has the given slot history: votes at or
 * below the newest slot common to both are dropped, and the rest becomes stray. Throws TowerPanic where Agave asserts.
 */
export function adjustAfterReplay(tower: Tower, replayedRoot: number, history: SlotHistory): Adjusted {
  if (checkSlot(history, replayedRoot) !== 'Found') {
    throw new TowerPanic(`replayed root ${replayedRoot} is not in the slot history`);
  }
  const root = tower.stack.root ?? 0;
  if (tower.lastVote === null) {
    if (root !== replayedRoot) throw new TowerPanic(`empty tower with root ${root}, but replayed root ${replayedRoot}`);
    return { tower };
  }
  const last = tower.lastVote.slot;
  // A tower root beyond the replayed one: the ledger is behind, and voting waits until it has passed the last vote.
  const future = root > replayedRoot;
  if (!future && checkSlot(history, last) === 'TooOld') {
    return { error: { kind: 'TooOldTower', lastVoted: last, oldest: oldestSlot(history) } };
  }
  const votes = divergentVotes(tower.stack.votes, root, future ? withSlot(history, root) : history);
  if (typeof votes === 'string') return { error: { kind: 'FatallyInconsistent', why: votes } };
  const stack = { votes, root: future ? root : replayedRoot };
  return votes.length === 0
    ? { tower: { ...tower, stack, lastVote: null } }
    : { tower: { ...tower, stack, strayRestoredSlot: last } };
}

/** Votes newer than the newest slot of [root, votes…] found in the history; or what is fatally inconsistent. */
function divergentVotes(votes: readonly Lockout[], root: number, history: SlotHistory): readonly Lockout[] | string {
  const slots = [root, ...votes.map((vote) => vote.slot)];
  let anchor: number | undefined;
  let inFuture = true;
  let tooOld = false;
  let newer: number | undefined;
  for (let i = slots.length - 1; i >= 0; i--) {
    const slot = slots[i]!;
    const check = checkSlot(history, slot);
    if (anchor === undefined && check === 'Found') anchor = i;
    else if (anchor !== undefined && check === 'NotFound') return 'diverged ancestor?';
    if (check !== 'Future') inFuture = false;
    else if (!inFuture) return 'time warped?';
    if (check === 'TooOld') tooOld = true;
    else if (tooOld) return 'not too old once after got too old?';
    const repeatsRoot = slot === newer && slot === root;
    if (newer !== undefined && slot >= newer && !repeatsRoot) {
      throw new TowerPanic(`slot_in_tower(${slot}) < checked_slot(${newer})`);
    }
    newer = slot;
  }
  if (anchor === undefined) return 'no common slot for rooted tower';
  // Position i of `slots` is vote i - 1.
  return votes.slice(anchor);
}

/**
 * Slots that start-up marks as rooted in the blockstore, oldest first, so that it reaches the root of the tower; none
 * when the blockstore lacks that root. Throws TowerPanic when the two roots are on different forks.
 */
export function reconcileBlockstoreRoots(parentOf: ParentOf, blockstoreRoot: number, towerRoot: number): number[] {
  if (blockstoreRoot >= towerRoot || parentOf(towerRoot) === undefined) return [];
  const rooted = [towerRoot];
  for (const slot of ancestorsOf(parentOf, towerRoot)) {
    if (slot === blockstoreRoot) break;
    if (slot < blockstoreRoot) {
      throw new TowerPanic(
        `last_blockstore_root(${blockstoreRoot}) is skipped while traversing blockstore (currently at ${slot}) from external root (Tower(${towerRoot}))`,
      );
    }
    rooted.push(slot);
  }
  return rooted.reverse();
}
