/**
 * Links, by host, channel and direction. Counters, so that two faults may cut the same link and heal apart.
 *
 * gossip: contact info and votes between the host and the cluster; turbine: blocks into the host; votes: transactions
 * to the leaders' vote ports; ssh: between the operator's machine, or the other host, and this host; rpc: the
 * operator's JSON-RPC provider, and the host's own JSON-RPC port.
 */
import type { HostName } from './host-name.ts';

export type Channel = 'gossip' | 'turbine' | 'votes' | 'ssh' | 'rpc';
export type Direction = 'in' | 'out';

export const CHANNELS: readonly Channel[] = ['gossip', 'turbine', 'votes', 'ssh', 'rpc'];

export interface Network {
  isCut(host: HostName, channel: Channel, direction: Direction): boolean;
  cut(host: HostName, channel: Channel, direction: Direction): void;
  heal(host: HostName, channel: Channel, direction: Direction): void;
}

/** A network in which nothing is cut. */
export function createNetwork(): Network {
  const cuts = new Map<string, number>();
  let any = 0;
  const name = (host: HostName, channel: Channel, direction: Direction) => `${host} ${channel} ${direction}`;
  return {
    isCut: (host, channel, direction) => any > 0 && (cuts.get(name(host, channel, direction)) ?? 0) > 0,
    cut(host, channel, direction) {
      const link = name(host, channel, direction);
      cuts.set(link, (cuts.get(link) ?? 0) + 1);
      any++;
    },
    heal(host, channel, direction) {
      const link = name(host, channel, direction);
      cuts.set(link, Math.max(0, (cuts.get(link) ?? 0) - 1));
      any--;
    },
  };
}
