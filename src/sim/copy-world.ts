/**
 * A copy of a world, with everything that is still to come. The two share what never changes
 * (blocks, towers, votes, events of the past) and nothing else, so that each may go its own way.
 */
import { copyPast } from './past.ts';
import type { Machine, Validator } from './machine.ts';
import { STANDING } from './world.ts';
import type { World } from './world.ts';

/** Whether a world can be copied now: no command runs, or it waits where its tape tells where it stands. */
export function canBeCopied({ operator }: World): boolean {
  return operator.run === null || operator.resting;
}

/** Copies a world, which from now on keeps the blocks that it has. Throws Error while a command is at work. */
export function copyWorld(world: World): World {
  if (!canBeCopied(world)) throw new Error('a world cannot be copied while a command is at work');
  const { cluster, gossip, plan, operator } = world;
  // Neither may cut the ancestors of a block that both have; each may cut those of its own.
  cluster.known = [];
  return {
    ...world,
    stakes: new Map(world.stakes),
    queue: { heap: world.queue.heap.slice(), order: world.queue.order },
    network: new Map(world.network),
    cluster: {
      ...cluster,
      skips: new Set(cluster.skips),
      tips: { ...cluster.tips },
      pool: cluster.pool.map((vote) => ({ ...vote })),
      known: [],
    },
    gossip: {
      votes: new Map(Array.from(gossip.votes, ([label, votes]) => [label, votes.map((vote) => ({ ...vote }))])),
      contacts: new Map(Array.from(gossip.contacts, ([label, contacts]) => [label, contacts.map((contact) => ({ ...contact }))])),
    },
    etcd: world.etcd === null ? null : { ...world.etcd, disk: world.etcd.disk.clone(), waiting: world.etcd.waiting.slice() },
    hosts: { active: copyMachine(world.hosts.active), inactive: copyMachine(world.hosts.inactive) },
    desk: { ...world.desk, disk: world.desk.disk.clone() },
    events: world.events.slice(),
    past: copyPast(world.past),
    votes: world.votes.slice(),
    operator: { ...operator, run: operator.run === null ? null : STANDING, tape: operator.tape.slice() },
    plan: { faults: plan.faults, fired: plan.fired.slice(), waiting: plan.waiting.slice(), open: new Map(plan.open), endWithStep: plan.endWithStep.slice() },
  };
}

function copyMachine(machine: Machine): Machine {
  return {
    ...machine,
    disk: machine.disk.clone(),
    unit: { ...machine.unit },
    validator: machine.validator === null ? null : copyValidator(machine.validator),
    missed: machine.missed.slice(),
  };
}

function copyValidator(validator: Validator): Validator {
  return {
    ...validator,
    // A target is a place on the old disk: the new one opens its own.
    towerTargets: new Map(),
    authorizedVoters: new Set(validator.authorizedVoters),
    leaves: validator.leaves.slice(),
    pending: validator.pending.slice(),
    held: validator.held.slice(),
    deferred: validator.deferred.slice(),
  };
}
