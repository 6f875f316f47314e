/**
 * Optimistic confirmation, and the watch over it. Pure.
 *
 * Rules: agave core/src/cluster_info_vote_listener.rs (more than two thirds of the stake has voted for exactly this
 * block) and core/src/optimistic_confirmation_verifier.rs (4.3): a violation is only reported, nothing else happens.
 */

/** Share of the epoch's stake that must be exceeded. */
export const OPTIMISTIC_CONFIRMATION_SIZE = 2 / 3;

export interface ConfirmedBlock {
  readonly slot: number;
  readonly hash: string;
}

/** Whether the stake that voted for exactly this slot and hash confirms it. */
export function isOptimisticallyConfirmed(votedStake: number, totalStake: number): boolean {
  return votedStake / totalStake > OPTIMISTIC_CONFIRMATION_SIZE;
}

export interface RootedChain {
  /** The new root. */
  readonly root: ConfirmedBlock;
  /** Whether a slot is an ancestor of the root, or was rooted before. */
  readonly isRooted: (slot: number) => boolean;
}

export interface Verified {
  /** Confirmed blocks that the root has passed and left out. */
  readonly violations: readonly ConfirmedBlock[];
  /** Confirmed blocks that are newer than the root. */
  readonly pending: readonly ConfirmedBlock[];
}

/** Holds the confirmed blocks, in any order, against a new root. */
export function verifyConfirmed(confirmed: readonly ConfirmedBlock[], { root, isRooted }: RootedChain): Verified {
  const isLeftOut = ({ slot, hash }: ConfirmedBlock) => (slot === root.slot ? hash !== root.hash : !isRooted(slot));
  return {
    violations: confirmed.filter((block) => block.slot <= root.slot && isLeftOut(block)),
    pending: confirmed.filter((block) => block.slot > root.slot),
  };
}

/** The line in the log of the node that notices. */
export function describeViolation({ slot }: ConfirmedBlock): string {
  return `Optimistically confirmed slot ${slot} was not rooted`;
}
