/**
 * The end of an agave-validator process. Apart from its start, because what a process does leads to its end, and its
 * start to all that it does; what systemd does then comes as an act of the world.
 */
import { descendsFrom } from './block.ts';
import type { HostName } from './host-name.ts';
import { FIXED } from './latency.ts';
import type { Machine, Validator } from './machine.ts';
import { at, emit } from './world.ts';
import type { World } from './world.ts';

/** One boot of a host: what was to happen in an earlier one does not. */
export interface Boot {
  readonly host: HostName;
  readonly bootId: number;
}

/** Ends a process: by itself (panic, duplicate, failed save) or by a signal. Votes in its queue never leave it. */
export function exitProcess(world: World, validator: Validator, code: number, reason: string): void {
  if (validator.dead) return;
  const machine = world.hosts[validator.host];
  validator.dead = true;
  machine.validator = null;
  // The end of one that hangs has been told.
  if (validator.phase !== 'hung') {
    dropQueue(world, validator, reason);
    keepRepaired(machine, validator);
    emit(world, { type: 'process', t: world.now, host: validator.host, state: 'exited', exit: code, reason });
  }
  restartLater(world, machine);
}

/**
 * Ends all services of a process, which waits for one that does not end: it is in gossip and replays no more, its RPC is gone, its admin
 * socket answers, and systemd sees it run. Seen with 4.2.0 each time (three runs, looked at for up to three minutes).
 */
export function hangProcess(world: World, validator: Validator, reason: string): void {
  validator.phase = 'hung';
  validator.inGossip = false;
  dropQueue(world, validator, reason);
  validator.queue = [];
  keepRepaired(world.hosts[validator.host], validator);
  emit(world, { type: 'process', t: world.now, host: validator.host, state: 'exited', reason });
}

function dropQueue(world: World, validator: Validator, reason: string): void {
  for (const vote of validator.queue) {
    emit(world, { type: 'unsent', t: world.now, host: validator.host, identity: vote.identity, slot: vote.slot, hash: vote.hash, reason });
  }
}

/** What repair has brought lies in the blockstore, replayed or not: the next start replays it before it votes. */
function keepRepaired(machine: Machine, { repairedTip }: Validator): void {
  if (repairedTip !== null && descendsFrom(repairedTip, machine.ledgerTip)) machine.ledgerTip = repairedTip;
}

/** Restart=always, RestartSec=1, no start limit: the documented unit. */
export function restartLater(world: World, { name: host, bootId }: Machine): void {
  at(world, world.now + FIXED.restartDelay, world.restartUnit, { host, bootId });
}
