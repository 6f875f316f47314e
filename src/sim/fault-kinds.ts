/** Each kind of fault: what starts it, what heals it, and its sentence. */
import { endDrift, startDrift } from './clock.ts';
import { ETCD_FAULT_KINDS } from './etcd-faults.ts';
import { deflate } from './fault-files.ts';
import type { HostName } from './host-name.ts';
import { cut, delay, linkFault, lose } from './link-faults.ts';
import { CHANNELS, LATE_SLOTS } from './network.ts';
import { losePower, powerOn, startProcess, stopProcess, thawProcess } from './process.ts';
import { exitProcess } from './process-end.ts';
import { serve } from './voting-service.ts';
import { whenAwake } from './world.ts';
import type { World } from './world.ts';

/** What a fault that struck keeps for its healing: plain data. */
export type Struck = number | true;

export interface FaultKind {
  readonly on: 'host' | 'cluster' | 'rpc' | 'step' | 'etcd';
  /** Strikes only where that is a part of the world. */
  readonly needs?: 'etcd';
  readonly sentence: (on: string) => string;
  /** `fault`: its position in the plan. Null when it could not strike (no process, no file). */
  readonly start: (world: World, on: string, fault: number) => Struck | null;
  /** Null for an event that needs no healing. */
  readonly heal: ((world: World, on: string, struck: Struck) => void) | null;
}

function rpc(fault: World['rpcFault'], sentence: string): FaultKind {
  return {
    on: 'rpc',
    sentence: () => sentence,
    start: (world) => {
      world.rpcFault = fault;
      return true;
    },
    heal: (world) => {
      world.rpcFault = 'none';
    },
  };
}

function onCommand(kind: 'fails' | 'hangs', sentence: string): FaultKind {
  return {
    on: 'step',
    sentence: () => sentence,
    start: (world, _, fault) => {
      world.commandFault = { kind, fault };
      return fault;
    },
    heal: (world, _, fault) => {
      if (world.commandFault?.fault === fault) world.commandFault = null;
    },
  };
}

function clockStep(seconds: number): FaultKind {
  return {
    on: 'host',
    sentence: (on) => `the clock of ${on} steps ${seconds > 0 ? 'forward' : 'back'} by ${Math.abs(seconds)} s`,
    start: (world, on) => {
      world.hosts[on as HostName].clockOffset += seconds * 1_000_000;
      return true;
    },
    heal: (world, on) => {
      world.hosts[on as HostName].clockOffset -= seconds * 1_000_000;
    },
  };
}

/** Skipped slots from the next one on, as many as the fault lasts. */
const stall: FaultKind = {
  on: 'cluster',
  sentence: () => 'the cluster makes no block',
  start: (world) => {
    for (let slot = world.slot; slot < world.slot + 400; slot++) world.cluster.skips.add(slot);
    return world.slot;
  },
  heal: (world, _, first) => {
    for (let slot = world.slot; slot < Number(first) + 400; slot++) world.cluster.skips.delete(slot);
  },
};

export const FAULT_KINDS: Readonly<Record<string, FaultKind>> = {
  crash: {
    on: 'host',
    sentence: (on) => `the validator on ${on} crashes; systemd starts it again`,
    start: (world, on) => {
      const { validator } = world.hosts[on as HostName];
      if (validator === null) return null;
      exitProcess(world, validator, 139, 'crashed');
      return true;
    },
    heal: null,
  },
  restart: {
    on: 'host',
    sentence: (on) => `somebody restarts the validator on ${on}`,
    start: (world, on) => {
      const machine = world.hosts[on as HostName];
      if (machine.validator === null) return null;
      exitProcess(world, machine.validator, 0, 'systemctl restart');
      startProcess(world, machine);
      return true;
    },
    heal: null,
  },
  freeze: {
    on: 'host',
    sentence: (on) => `the validator on ${on} stands still (SIGSTOP, a paused machine)`,
    start: (world, on) => {
      const { validator } = world.hosts[on as HostName];
      if (validator === null) return null;
      stopProcess(world, validator);
      return validator.pid;
    },
    heal: (world, on, pid) => {
      const { validator } = world.hosts[on as HostName];
      if (validator !== null && validator.pid === pid) thawProcess(world, validator);
    },
  },
  'power-loss': {
    on: 'host',
    sentence: (on) => `${on} loses power, and boots when it is back`,
    start: (world, on) => {
      const machine = world.hosts[on as HostName];
      if (!machine.powered) return null;
      losePower(world, machine);
      return true;
    },
    heal: (world, on) => powerOn(world, world.hosts[on as HostName]),
  },
  'disk-stall': {
    on: 'host',
    sentence: (on) => `the disk of ${on} stalls: the voting service cannot write its tower`,
    start: (world, on) => {
      world.hosts[on as HostName].stalledUntil = Number.MAX_SAFE_INTEGER;
      return true;
    },
    heal: (world, on) => {
      const machine = world.hosts[on as HostName];
      machine.stalledUntil = 0;
      const { validator, votingWaits } = machine;
      machine.votingWaits = null;
      if (validator !== null && validator.pid === votingWaits) whenAwake(world, validator, serve, null);
    },
  },
  'disk-full': {
    on: 'host',
    sentence: (on) => `the disk of ${on} is full`,
    start: (world, on) => {
      world.hosts[on as HostName].disk.full = true;
      return true;
    },
    heal: (world, on) => {
      world.hosts[on as HostName].disk.full = false;
    },
  },
  'cut-all': linkFault('HOST is cut off from everything', { how: 'cut', channels: CHANNELS, directions: ['in', 'out'] }, { how: 'hung', channels: ['etcd'], directions: ['in', 'out'] }),
  'cut-gossip': cut(['gossip'], ['in', 'out'], 'gossip of HOST is cut'),
  'cut-gossip-in': cut(['gossip'], ['in'], 'HOST receives no gossip'),
  'cut-turbine': cut(['turbine'], ['in'], 'HOST receives no blocks'),
  'cut-votes': cut(['votes', 'gossip'], ['out'], 'nothing that HOST sends reaches the cluster'),
  'cut-ssh': cut(['ssh'], ['in', 'out'], 'ssh to and from HOST is cut'),
  'cut-rpc': cut(['rpc'], ['in', 'out'], 'HOST cannot reach the RPC provider'),
  'clock-forward': clockStep(3600),
  'clock-back': clockStep(-3600),
  'tower-torn': deflate('torn', 'is cut short'),
  'tower-corrupt': deflate('corrupt', 'has one byte changed'),
  'tower-removed': deflate('removed', 'is removed'),
  'tower-stale': deflate('stale', 'is replaced by one that is 64 votes older'),
  'tower-foreign': deflate('foreign', 'is that of another identity'),
  'tower-wrong-owner': deflate('wrong-owner', 'belongs to root, mode 600'),
  'copy-torn': {
    on: 'step',
    sentence: () => 'the copy over the network breaks off',
    start: (world) => {
      world.tornCopy = true;
      return true;
    },
    heal: (world) => {
      world.tornCopy = false;
    },
  },
  'command-fails': onCommand('fails', 'the command fails and does nothing,'),
  'command-hangs': onCommand('hangs', 'the command hangs and begins late,'),
  'rpc-errors': rpc('errors', 'the RPC provider answers with errors'),
  'rpc-empty': rpc('empty', 'the RPC provider answers with nothing'),
  'rpc-lags': rpc('lags', 'the RPC provider is 64 slots behind'),
  'rpc-lies': rpc('lies', 'the RPC provider says that the validator is delinquent'),
  stall,
  'delay-turbine': delay(['turbine'], ['in'], `blocks reach HOST ${LATE_SLOTS} slots late`),
  'delay-votes': delay(['votes', 'gossip'], ['out'], `what HOST sends arrives ${LATE_SLOTS} slots late`),
  'delay-gossip': delay(['gossip'], ['in', 'out'], `gossip to and from HOST is ${LATE_SLOTS} slots late`),
  'lose-turbine': lose('turbine', 'in', 'the next block does not reach HOST, and is repaired later'),
  'lose-votes': lose('votes', 'out', 'the next vote that HOST sends is lost on its way to the leaders, gossip apart'),
  'clock-drift': {
    on: 'host',
    sentence: (on) => `the clock of ${on} runs 1 % fast`,
    start: (world, on) => {
      startDrift(world.hosts[on as HostName], world.now);
      return world.now;
    },
    heal: (world, on, since) => endDrift(world.hosts[on as HostName], Number(since)),
  },
  ...ETCD_FAULT_KINDS,
};

/** Names of the kinds that can strike in the world of a procedure. */
export function faultKindsIn({ etcd }: { readonly etcd?: true }): string[] {
  return Object.keys(FAULT_KINDS).filter((kind) => FAULT_KINDS[kind]!.needs === undefined || etcd === true);
}
