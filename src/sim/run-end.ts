/**
 * When a run is over. Faults heal, the operator finishes; from then on the identity owes votes, unless it is still locked out
 * by what it voted for on a losing branch. The run ends some slots later when votes are accepted again, and at the
 * liveness bound in any case.
 */
import { lastVotedSlot, lockoutOf } from '../model/lockout.ts';
import { VOTE_THRESHOLD_DEPTH } from '../model/tower.ts';
import { winningTip } from './cluster.ts';
import { HOST_NAMES } from './host-name.ts';
import { emit } from './world.ts';
import type { World } from './world.ts';

/** Slots after healing within which votes must be accepted again: a restart, a catch-up and a turned-over stack. */
export const LIVENESS_BOUND = 256;

/** Slots after its start in which a procedure, with what strikes it, must be over: an hour of 400 ms. */
export const MOST_SLOTS = 9000;

/** Looked at once a slot. */
export function considerEnd(world: World): void {
  const { operator, plan } = world;
  if (world.healedIn === null) {
    if (!operator.finished || operator.returns || plan.open.size > 0) return;
    world.healedIn = world.slot;
    emit(world, { type: 'phase', t: world.now, phase: 'heal', slot: world.slot });
    world.endSlot = Math.min(world.endSlot, world.slot + world.tailSlots);
  }
  if (world.slot < world.endSlot || isSettled(world)) return;
  if (plan.open.size > 0 && world.slot < world.lastSlot) {
    // What struck after the procedure keeps the votes away: they are owed when that has healed.
    world.healedIn = null;
    world.endSlot = world.lastSlot;
  } else if (world.slot < Math.max(world.healedIn, unlockedIn(world)) + LIVENESS_BOUND) {
    world.endSlot = world.slot + 8;
  }
}

/**
 * Slot in which the votes for a losing branch lock out no more; 0 without a fork. The first one is doubled by every later
 * one, and the threshold check lets none be cast on eight that two thirds have not voted for.
 */
function unlockedIn({ cluster: { plan, startSlot } }: World): number {
  return plan === null || plan.losing === 0 ? 0 : startSlot + plan.at + lockoutOf(Math.min(plan.losing, VOTE_THRESHOLD_DEPTH));
}

/** No machine is booting, and no process is starting. */
export function areUp(world: World): boolean {
  return HOST_NAMES.every((host) => {
    const { powered, validator, unit } = world.hosts[host];
    return powered && (validator === null ? !unit.wanted : validator.phase !== 'loading');
  });
}

/** Every machine is where it will stay, and votes have been accepted for the last slots. */
function isSettled(world: World): boolean {
  if (!areUp(world)) return false;
  const newest = lastVotedSlot(winningTip(world.cluster).voteState) ?? 0;
  return newest >= world.slot - 8;
}

/** The last events of a run: what is rooted, and that it is over. */
export function concludeRun(world: World): void {
  const tip = winningTip(world.cluster);
  const index = Math.max(0, tip.length - 33);
  emit(world, { type: 'rooted', t: world.now, slot: tip.chain.slots[index]!, hash: tip.chain.hashes[index]! });
  const { finished, returns } = world.operator;
  emit(world, { type: 'phase', t: world.now, phase: 'end', slot: world.slot, ...(finished && !returns ? {} : { why: 'the procedure was not over' }) });
}
