/** Each kind of fault: what starts it, what heals it, and its sentence. */
import { deflate } from './fault-files.ts';
import type { HostName } from './host-name.ts';
import { gossipHealed } from './gossip.ts';
import { CHANNELS } from './network.ts';
import type { Channel, Direction } from './network.ts';
import { exitProcess, losePower, powerOn, startProcess, stopProcess, thawProcess } from './process.ts';
import { repairMissed } from './slots.ts';
import type { World } from './world.ts';

/** Heals it; 'nothing-to-heal' for an event; null when it could not strike (no process, no file). */
export type Healing = (() => void) | 'nothing-to-heal' | null;

export interface FaultKind {
  readonly on: 'host' | 'cluster' | 'rpc' | 'step';
  readonly heals: boolean;
  readonly sentence: (on: string) => string;
  readonly start: (world: World, on: string) => Healing;
}

function cut(channels: readonly Channel[], directions: readonly Direction[], what: string): FaultKind {
  return {
    on: 'host',
    heals: true,
    sentence: (on) => `${what.replace('HOST', on)}`,
    start: (world, on) => {
      const host = on as HostName;
      for (const channel of channels) for (const direction of directions) world.network.cut(host, channel, direction);
      return () => {
        for (const channel of channels) for (const direction of directions) world.network.heal(host, channel, direction);
        repairMissed(world, host);
        gossipHealed(world, host);
      };
    },
  };
}

function rpc(fault: World['rpcFault'], sentence: string): FaultKind {
  return {
    on: 'rpc',
    heals: true,
    sentence: () => sentence,
    start: (world) => {
      world.rpcFault = fault;
      return () => {
        world.rpcFault = 'none';
      };
    },
  };
}

function onCommand(kind: 'fails' | 'hangs', sentence: string): FaultKind {
  return {
    on: 'step',
    heals: true,
    sentence: () => sentence,
    start: (world) => {
      const fault = { kind };
      world.commandFault = fault;
      return () => {
        if (world.commandFault === fault) world.commandFault = null;
      };
    },
  };
}

function clockStep(seconds: number): FaultKind {
  return {
    on: 'host',
    heals: true,
    sentence: (on) => `the clock of ${on} steps ${seconds > 0 ? 'forward' : 'back'} by ${Math.abs(seconds)} s`,
    start: (world, on) => {
      const machine = world.hosts[on as HostName];
      machine.clockOffset += seconds * 1_000_000;
      return () => {
        machine.clockOffset -= seconds * 1_000_000;
      };
    },
  };
}

/** Skipped slots from the next one on, as many as the fault lasts. */
const stall: FaultKind = {
  on: 'cluster',
  heals: true,
  sentence: () => 'the cluster makes no block',
  start: (world) => {
    const { skips } = world.cluster;
    const first = world.slot;
    for (let slot = first; slot < first + 400; slot++) skips.add(slot);
    return () => {
      for (let slot = world.slot; slot < first + 400; slot++) skips.delete(slot);
    };
  },
};

export const FAULT_KINDS: Readonly<Record<string, FaultKind>> = {
  crash: {
    on: 'host',
    heals: false,
    sentence: (on) => `the validator on ${on} crashes; systemd starts it again`,
    start: (world, on) => {
      const { validator } = world.hosts[on as HostName];
      if (validator === null) return null;
      exitProcess(world, validator, 139, 'crashed');
      return 'nothing-to-heal';
    },
  },
  restart: {
    on: 'host',
    heals: false,
    sentence: (on) => `somebody restarts the validator on ${on}`,
    start: (world, on) => {
      const machine = world.hosts[on as HostName];
      if (machine.validator === null) return null;
      exitProcess(world, machine.validator, 0, 'systemctl restart');
      startProcess(world, machine);
      return 'nothing-to-heal';
    },
  },
  freeze: {
    on: 'host',
    heals: true,
    sentence: (on) => `the validator on ${on} stands still (SIGSTOP, a paused machine)`,
    start: (world, on) => {
      const { validator } = world.hosts[on as HostName];
      if (validator === null) return null;
      stopProcess(world, validator);
      return () => thawProcess(world, validator);
    },
  },
  'power-loss': {
    on: 'host',
    heals: true,
    sentence: (on) => `${on} loses power, and boots when it is back`,
    start: (world, on) => {
      const machine = world.hosts[on as HostName];
      if (!machine.powered) return null;
      losePower(world, machine);
      return () => powerOn(world, machine);
    },
  },
  'disk-stall': {
    on: 'host',
    heals: true,
    sentence: (on) => `the disk of ${on} stalls: the voting service cannot write its tower`,
    start: (world, on) => {
      const machine = world.hosts[on as HostName];
      machine.stalledUntil = Number.MAX_SAFE_INTEGER;
      return () => {
        machine.stalledUntil = 0;
        const waiting = machine.wakeVoting;
        machine.wakeVoting = null;
        waiting?.();
      };
    },
  },
  'disk-full': {
    on: 'host',
    heals: true,
    sentence: (on) => `the disk of ${on} is full`,
    start: (world, on) => {
      const { disk } = world.hosts[on as HostName];
      disk.full = true;
      return () => {
        disk.full = false;
      };
    },
  },
  'cut-all': cut(CHANNELS, ['in', 'out'], 'HOST is cut off from everything'),
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
    heals: true,
    sentence: () => 'the copy over the network breaks off',
    start: (world) => {
      world.tornCopy = true;
      return () => {
        world.tornCopy = false;
      };
    },
  },
  'command-fails': onCommand('fails', 'the command fails and does nothing,'),
  'command-hangs': onCommand('hangs', 'the command hangs and begins late,'),
  'rpc-errors': rpc('errors', 'the RPC provider answers with errors'),
  'rpc-empty': rpc('empty', 'the RPC provider answers with nothing'),
  'rpc-lags': rpc('lags', 'the RPC provider is 64 slots behind'),
  'rpc-lies': rpc('lies', 'the RPC provider says that the validator is delinquent'),
  stall,
};
