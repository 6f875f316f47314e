/**
 * What the cluster may do to us, slot by slot: a bounded adversary.
 *
 * A fork has two branches from one parent. X is built first; Y starts from the same parent after some skipped slots.
 * Either may win. The stake of the losing branch is a minority (30 % of the others), so it is never confirmed by two
 * thirds, and the adversary never reverts what is.
 */
import type { HostName } from './host-name.ts';

export interface ForkPlan {
  /** First slot of branch X, relative to the slot in which the procedure starts. */
  readonly at: number;
  /** Blocks on the losing branch (0: no fork at all, only skipped slots). A host that follows it casts so many votes. */
  readonly losing: number;
  /** Slots without any block: between X and Y, or by themselves when there is no fork. */
  readonly skipped: number;
  /** Which branch each host sees first; the other one reaches it only when the first has ended. */
  readonly firstSeen: Readonly<Record<HostName, 'losing' | 'winning'>>;
  /** Whether the branch that was built first, or the second one, wins. */
  readonly winner: 'first' | 'second';
}

export type SlotPlan =
  | { readonly kind: 'extend' }
  | { readonly kind: 'skip' }
  | { readonly kind: 'branch'; readonly branch: 'x' | 'y'; readonly first: boolean };

const EXTEND: SlotPlan = { kind: 'extend' };
const SKIP: SlotPlan = { kind: 'skip' };

/** Length of X before Y begins, and of Y before X goes on (only when X wins). */
function lengths(plan: ForkPlan): { x: number; y: number } {
  return plan.winner === 'second' ? { x: plan.losing, y: Number.POSITIVE_INFINITY } : { x: 1, y: plan.losing };
}

/** What the cluster does in a slot, `slot` being relative to the start of the procedure. */
export function planSlot(plan: ForkPlan | null, slot: number): SlotPlan {
  if (plan === null || slot < plan.at) return EXTEND;
  let offset = slot - plan.at;
  if (plan.losing === 0) return offset < plan.skipped ? SKIP : EXTEND;
  const { x, y } = lengths(plan);
  if (offset < x) return { kind: 'branch', branch: 'x', first: offset === 0 };
  offset -= x;
  if (offset < plan.skipped) return SKIP;
  offset -= plan.skipped;
  if (offset < y) return { kind: 'branch', branch: 'y', first: offset === 0 };
  return { kind: 'branch', branch: 'x', first: false };
}

/** The branch that wins. */
export function winningBranch(plan: ForkPlan): 'x' | 'y' {
  return plan.winner === 'second' ? 'y' : 'x';
}

/**
 * The relative slot from which a host may see a branch that is not its first one; blocks of it that were built
 * earlier arrive then. X held back from a host that sees Y first: until Y has two blocks, or has
 * ended and its last block was voted for.
 */
export function heldUntil(plan: ForkPlan, host: HostName, branch: 'x' | 'y'): number {
  const seesFirst = plan.firstSeen[host] === 'winning' ? winningBranch(plan) : winningBranch(plan) === 'x' ? 'y' : 'x';
  if (branch === seesFirst || branch === 'y') return plan.at;
  const { x, y } = lengths(plan);
  return plan.at + x + plan.skipped + (plan.winner === 'second' ? 2 : y + 1);
}

/** One sentence for people. */
export function describeFork(plan: ForkPlan | null): string {
  if (plan === null || (plan.losing === 0 && plan.skipped === 0)) return 'no fork, no skipped slot';
  const skips = plan.skipped === 0 ? 'no skipped slot' : `${plan.skipped} skipped slot${plan.skipped === 1 ? '' : 's'}`;
  if (plan.losing === 0) return `no fork, ${skips} from slot ${signed(plan.at)}`;
  const seen = `active sees the ${plan.firstSeen.active} branch first, inactive the ${plan.firstSeen.inactive} one`;
  return `fork at slot ${signed(plan.at)}: ${plan.losing} block${plan.losing === 1 ? '' : 's'} on the losing branch, ${skips}, ${seen}, the ${plan.winner} one built wins`;
}

function signed(slot: number): string {
  return slot < 0 ? String(slot) : `+${slot}`;
}
