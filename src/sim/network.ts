/**
 * Links, by host, channel and direction. Counters, so that two faults may impair the same link and heal apart.
 *
 * gossip: contact info and votes between the host and the cluster; turbine: blocks into the host; votes: transactions
 * to the leaders' vote ports; ssh: between the operator's machine, or the other host, and this host; rpc: the
 * operator's JSON-RPC provider, and the host's own JSON-RPC port; etcd: between the host and etcd.
 */
import type { HostName } from './host-name.ts';

export type Channel = 'gossip' | 'turbine' | 'votes' | 'ssh' | 'rpc' | 'etcd';
export type Direction = 'in' | 'out';

/**
 * cut: nothing passes, and of etcd's link the connection is reset; late: everything arrives `LATE_SLOTS` later; lossy: the
 * next packet is lost; hung, of etcd's link: packets vanish, the connection stands, and what was sent arrives when the link
 * works again.
 */
export type Impairment = 'cut' | 'late' | 'lossy' | 'hung';

/** Channels that are there with and without etcd. */
export const CHANNELS: readonly Channel[] = ['gossip', 'turbine', 'votes', 'ssh', 'rpc'];

/** Slots by which a late link delays what it carries: a leader window. */
export const LATE_SLOTS = 4;

/** How many faults impair each link, by impairment. */
export type Network = Map<string, number>;

const linkName = (host: HostName, channel: Channel, direction: Direction, how: Impairment) => `${host} ${channel} ${direction} ${how}`;

/** Whether a link is cut. */
export function isCut(network: Network, host: HostName, channel: Channel, direction: Direction): boolean {
  return network.size > 0 && network.has(linkName(host, channel, direction, 'cut'));
}

/** Whether the link of a host to etcd hangs. */
export function isHung(network: Network, host: HostName): boolean {
  return network.size > 0 && network.has(linkName(host, 'etcd', 'out', 'hung'));
}

/** Slots by which a link delays: 0, or `LATE_SLOTS`. */
export function slotsLate(network: Network, host: HostName, channel: Channel, direction: Direction): number {
  return network.size > 0 && network.has(linkName(host, channel, direction, 'late')) ? LATE_SLOTS : 0;
}

/** Whether a link loses the packet that is sent now. Each fault loses one. */
export function losesPacket(network: Network, host: HostName, channel: Channel, direction: Direction): boolean {
  if (network.size === 0 || !network.has(linkName(host, channel, direction, 'lossy'))) return false;
  healLink(network, host, channel, direction, 'lossy');
  return true;
}

/** One more fault impairs the link. */
export function impairLink(network: Network, host: HostName, channel: Channel, direction: Direction, how: Impairment): void {
  const link = linkName(host, channel, direction, how);
  network.set(link, (network.get(link) ?? 0) + 1);
}

/** One fault less impairs the link. */
export function healLink(network: Network, host: HostName, channel: Channel, direction: Direction, how: Impairment): void {
  const link = linkName(host, channel, direction, how);
  const faults = (network.get(link) ?? 0) - 1;
  if (faults > 0) network.set(link, faults);
  else network.delete(link);
}
