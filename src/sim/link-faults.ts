/** Faults of links: cut, late, lossy, hung. */
import { gossipHealed } from './gossip.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { HostName } from './host-name.ts';
import { resumeRequests } from './etcd.ts';
import { healLink, impairLink } from './network.ts';
import type { Channel, Direction, Impairment } from './network.ts';
import { repairMissed } from './slots.ts';
import type { World } from './world.ts';

/** One way in which links of a host suffer. */
export interface Suffering {
  readonly how: Impairment;
  readonly channels: readonly Channel[];
  readonly directions: readonly Direction[];
}

/** A fault of links of a host; HOST in its sentence stands for the host. Where there is no etcd, its link does not suffer. */
export function linkFault(what: string, ...sufferings: readonly Suffering[]): FaultKind {
  const each = (world: World, act: (channel: Channel, direction: Direction, how: Impairment) => void): boolean => {
    let any = false;
    for (const { how, channels, directions } of sufferings) {
      for (const channel of channels) for (const direction of directions) {
        if (channel === 'etcd' && world.etcd === null) continue;
        act(channel, direction, how);
        any = true;
      }
    }
    return any;
  };
  return {
    on: 'host',
    sentence: (on) => what.replace('HOST', on),
    start: (world, on) => (each(world, (channel, direction, how) => impairLink(world.network, on as HostName, channel, direction, how)) ? true : null),
    heal: (world, on) => {
      const host = on as HostName;
      each(world, (channel, direction, how) => healLink(world.network, host, channel, direction, how));
      repairMissed(world, host);
      gossipHealed(world, host);
      resumeRequests(world);
    },
  };
}

/** Nothing passes. */
export function cut(channels: readonly Channel[], directions: readonly Direction[], what: string): FaultKind {
  return linkFault(what, { how: 'cut', channels, directions });
}

/** Everything is late. */
export function delay(channels: readonly Channel[], directions: readonly Direction[], what: string): FaultKind {
  return linkFault(what, { how: 'late', channels, directions });
}

/** Over with the one packet that it loses. */
export function lose(channel: Channel, direction: Direction, what: string): FaultKind {
  return { ...linkFault(what, { how: 'lossy', channels: [channel], directions: [direction] }), heal: null };
}
