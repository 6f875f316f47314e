/**
 * What JSON-RPC shows: of a host (its own port), or of the cluster through the operator's provider, which may lag, be
 * empty, fail, or lie. `lastVote` is the last vote that landed on the provider's fork, and says nothing of who sent it.
 */
import { lastVotedSlot } from '../../model/lockout.ts';
import type { Block } from '../block.ts';
import { winningTip } from '../cluster.ts';
import type { Machine } from '../machine.ts';
import type { World } from '../world.ts';

/** DELINQUENT_VALIDATOR_SLOT_DISTANCE, and the default of --health-check-slot-distance. */
const DISTANCE = 128;
/** How far a lagging provider is behind: an assumption. */
const LAG = 64;

export interface RpcView {
  readonly slot: number;
  /** Newest landed vote of our account; 0: none. */
  readonly lastVote: number;
  readonly delinquent: boolean;
  readonly finalized: number;
  /** The same a root's depth earlier, as commitment "finalized" shows it. */
  readonly asFinalized: () => RpcView;
}

/** The provider's answer; 'error' or 'empty' when it has none. */
export function providerView(world: World): RpcView | 'error' | 'empty' {
  switch (world.rpcFault) {
    case 'errors':
    case 'cut':
      return 'error';
    case 'empty':
      return 'empty';
    case 'lags':
      return viewOf(ancestorAt(winningTip(world.cluster), world.slot - LAG));
    case 'lies':
      // It claims that the account has not voted for a long time.
      return lying(world, viewOf(winningTip(world.cluster)));
    case 'none':
      return viewOf(winningTip(world.cluster));
  }
}

function lying(world: World, view: RpcView): RpcView {
  return { ...view, lastVote: world.startSlot - 2 * DISTANCE, delinquent: true, asFinalized: () => lying(world, view.asFinalized()) };
}

/** What a host's own port answers; null when the process does not serve. */
export function hostView(machine: Machine): RpcView | null {
  const { validator } = machine;
  if (validator === null || validator.stopped || validator.phase !== 'running') return null;
  return viewOf(newest(validator.leaves));
}

function viewOf(tip: Block): RpcView {
  const lastVote = lastVotedSlot(tip.voteState) ?? 0;
  const finalized = tip.chain.slots[Math.max(0, tip.length - 33)] ?? 0;
  return { slot: tip.slot, lastVote, delinquent: lastVote <= tip.slot - DISTANCE, finalized, asFinalized: () => viewOf(ancestorAt(tip, finalized)) };
}

/** getHealth: replayed within the distance of what the cluster has confirmed. "ok" may be 128 slots behind. */
export function isHealthy(world: World, machine: Machine): boolean {
  const view = hostView(machine);
  return view !== null && view.slot >= winningTip(world.cluster).slot - DISTANCE;
}

function newest(blocks: readonly Block[]): Block {
  return blocks.reduce((best, block) => (block.slot > best.slot ? block : best));
}

function ancestorAt(tip: Block, slot: number): Block {
  let block = tip;
  while (block.parent !== null && block.slot > slot) block = block.parent;
  return block;
}
