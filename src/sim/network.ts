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

/** How many faults cut each link. */
export type Network = Map<string, number>;

const linkName = (host: HostName, channel: Channel, direction: Direction) => `${host} ${channel} ${direction}`;

/** Whether a link is cut. */
export function isCut(network: Network, host: HostName, channel: Channel, direction: Direction): boolean {
  return network.size > 0 && network.has(linkName(host, channel, direction));
}

/** One more fault cuts the link. */
export function cutLink(network: Network, host: HostName, channel: Channel, direction: Direction): void {
  const link = linkName(host, channel, direction);
  network.set(link, (network.get(link) ?? 0) + 1);
}

/** One fault less cuts the link. */
export function healLink(network: Network, host: HostName, channel: Channel, direction: Direction): void {
  const link = linkName(host, channel, direction);
  const cuts = (network.get(link) ?? 0) - 1;
  if (cuts > 0) network.set(link, cuts);
  else network.delete(link);
}
