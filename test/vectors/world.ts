/** Vectors told in prose that only a whole simulated world can answer, by name. */
import { DEMOTE, JUNK, STAKED, play } from '../sim/facts/world.ts';
import { restartBesideFork, revertConfirmed } from './cluster-scenario.ts';
import type { WorldExecutors } from './run.ts';

/** Nothing that a vector could say. */
const NEVER = /^(?!)/;

/** set-identity from one staked identity to another, Agave 4.3. */
function stakedToStaked() {
  const { outcome, world } = play({ lines: [['active', DEMOTE]], site: { agave: '4.3.0' }, first: ({ stakes }) => stakes.set(JUNK.active, 1) });
  const { exit, stdout } = outcome(0);
  return {
    error: exit === 1 && stdout!.includes('rpc error Invalid params: ') ? 'invalid params' : exit === 0 ? '' : stdout,
    identity_unchanged: world.hosts.active.validator!.clusterIdentity === STAKED && world.hosts.active.validator!.votingIdentity === STAKED,
  };
}

/** A demotion, with and without a new bank after it. */
function delayedEffect() {
  const { outcome, one, all, trace, start } = play({ lines: [['active', DEMOTE]] });
  const returned = outcome(0);
  const switched = one('identity', { host: 'active', layer: 'voting', to: JUNK.active });
  const next = all('vote', { host: 'active' }).filter(({ t }) => t > returned.t);
  const byOldIdentity = returned.exit === 0 && switched.t > returned.t && next.length === 1 && next[0]!.identity === STAKED && next[0]!.slot === 1000;
  // The turn that froze the bank is over when its vote is sent by the voting thread.
  const sameTurn = switched.t === start(1) + 15_000 && trace.events.indexOf(switched) < trace.events.indexOf(next[0]!);
  const stalled = play({ lines: [['active', DEMOTE]], skips: Array.from({ length: 30 }, (_, i) => i), tailSlots: 20 });
  const waits = stalled.all('identity', { host: 'active', layer: 'voting', to: JUNK.active }).every(({ t }) => t > stalled.start(30));
  const towerWithIt = one('tower-loaded', { host: 'active', identity: JUNK.active }).t === switched.t;
  return {
    vote_on_N_signed_by: byOldIdentity ? /^old identity \(or silently skipped by a promoting node/ : NEVER,
    identity_and_tower_switched: sameTurn && waits && towerWithIt ? /^in the reset step of the same iteration, only if the reset bank differs/ : NEVER,
  };
}

function revertedConfirmation() {
  const { violations, confirmed, rootIsOnNewFork } = revertConfirmed();
  return { log: violations.join('\n').replace(String(confirmed), '<slot>'), new_root_on_new_fork: rootIsOnNewFork };
}

export const worldExecutors: WorldExecutors = {
  test_no_lockout_violation_with_tower: () => ({ A_votes_on_C_fork: restartBesideFork(true).votesOnFork }),
  test_lockout_violation_without_tower: () => ({ A_votes_on_C_fork: restartBesideFork(false).votesOnFork }),
  test_optimistic_confirmation_violation_detection: revertedConfirmation,
  test_set_identity_rejects_staked_to_staked_transition: stakedToStaked,
  set_identity_effect_is_delayed: delayedEffect,
};
