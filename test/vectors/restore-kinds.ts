/** Kinds about a tower after a restart: rebuilt, or fitted to the ledger. */
import { TowerPanic } from '../../src/model/tower.ts';
import { catchPanic, NODE, pairsOf, stackOf, towerOf } from './notation.ts';
import type { Parents, StackNotation } from './notation.ts';
import type { Executor, Executors } from './run.ts';

const adjust_lockouts_after_replay: Executor<{
  tower: StackNotation & { last_vote: number };
  slot_history: { always_contains: readonly number[]; added_in_order: readonly number[]; max_entries: number };
  replayed_root: number;
}> = (input, rules) => {
  const { always_contains, added_in_order, max_entries } = input.slot_history;
  if (max_entries !== rules.SLOT_HISTORY_ENTRIES) throw new Error(`slot history of ${max_entries} entries`);
  const history = rules.slotHistoryOf([...always_contains, ...added_in_order]);
  const tower = towerOf(rules, input.tower, input.tower.last_vote);
  const adjusted = catchPanic(() => rules.adjustAfterReplay(tower, input.replayed_root, history));
  if (adjusted instanceof TowerPanic) return { panic: adjusted.message };
  if ('error' in adjusted) return { error: rules.describeTowerError(adjusted.error) };
  const { stack, lastVote, strayRestoredSlot } = adjusted.tower;
  return {
    voted_slots: stack.votes.map(({ slot }) => slot),
    root: stack.root,
    last_voted_slot: lastVote?.slot ?? null,
    stray_restored_slot: strayRestoredSlot,
  };
};

const slot_history_check: Executor<{ adds: readonly number[]; queries: readonly number[] }> = (input, rules) => {
  const history = rules.slotHistoryOf(input.adds);
  return { checks: input.queries.map((slot) => rules.checkSlot(history, slot)) };
};

const rebuild_from_bank: Executor<{ onchain: StackNotation | null; bank_forks_root: number }> = (input, rules) => {
  const onchain = input.onchain === null ? null : stackOf(input.onchain);
  const tower = rules.rebuildFromBank(NODE, onchain, input.bank_forks_root);
  return {
    votes: pairsOf(tower.stack.votes),
    root: tower.stack.root,
    last_vote: tower.lastVote,
    stray_restored_slot: tower.strayRestoredSlot,
    threshold_depth: tower.thresholdDepth,
    threshold_size: tower.thresholdSize === 2 / 3 ? '2/3' : tower.thresholdSize,
  };
};

const rebuild_source_bank: Executor<{ parents: Parents; bank_forks_root: number; frozen: string }> = (input, rules) => {
  if (input.frozen !== 'all') throw new Error(`frozen banks "${input.frozen}"`);
  const childrenOf = (slot: number) =>
    Object.entries(input.parents).flatMap(([child, parent]) => (parent === slot ? [Number(child)] : []));
  return { source_bank: rules.rebuildSourceBank(input.bank_forks_root, childrenOf) };
};

const reconcile_blockstore_roots: Executor<{
  blockstore_parents: Parents;
  blockstore_max_root: number;
  tower_root: number;
}> = (input, rules) => {
  const parentOf = (slot: number) => input.blockstore_parents[slot] ?? (slot === 0 ? null : undefined);
  const rooted = catchPanic(() => rules.reconcileBlockstoreRoots(parentOf, input.blockstore_max_root, input.tower_root));
  return rooted instanceof TowerPanic ? { panic: rooted.message } : { newly_rooted: rooted };
};

export const restoreKinds: Executors = {
  adjust_lockouts_after_replay,
  slot_history_check,
  rebuild_from_bank,
  rebuild_source_bank,
  reconcile_blockstore_roots,
};
