/** What may happen to etcd and to the links to it. These strike only where etcd is a part of the world. */
import { emptyStore } from '../model/etcd-store.ts';
import { elect, isServing, resumeRequests, startEtcd, stopEtcd } from './etcd.ts';
import type { Etcd } from './etcd.ts';
import { FIXED } from './latency.ts';
import type { FaultKind, Struck } from './fault-kinds.ts';
import { cut, delay, linkFault } from './link-faults.ts';
import { LATE_SLOTS } from './network.ts';
import { at } from './world.ts';
import type { World } from './world.ts';

/** A fault of etcd; it strikes where etcd has been started. */
function ofEtcd(sentence: string, start: (world: World, etcd: Etcd) => Struck | null, heal: ((world: World, etcd: Etcd) => void) | null): FaultKind {
  return {
    on: 'etcd',
    needs: 'etcd',
    sentence: () => sentence,
    start: (world) => (world.etcd === null || world.etcd.server === null ? null : start(world, world.etcd)),
    heal: heal === null ? null : (world) => heal(world, world.etcd!),
  };
}

/** It is started again as soon as it has ended. */
function restart(world: World): true {
  stopEtcd(world);
  at(world, world.now + FIXED.etcdStart, startAgain, null);
  return true;
}

function startAgain(world: World): void {
  startEtcd(world);
}

const ofLink = (kind: FaultKind): FaultKind => ({ ...kind, needs: 'etcd' });
const BOTH = ['in', 'out'] as const;

export const ETCD_FAULT_KINDS: Readonly<Record<string, FaultKind>> = {
  'etcd-stop': ofEtcd('etcd ends, of three nodes the leader', (world, etcd) => {
    if (!isServing(etcd)) return null;
    stopEtcd(world);
    return true;
  }, startEtcd),
  'etcd-restart': ofEtcd('etcd is restarted', (world, etcd) => (isServing(etcd) ? restart(world) : null), null),
  'etcd-freeze': ofEtcd('etcd stands still (SIGSTOP, a stalled disk)', (_, etcd) => {
    etcd.frozen++;
    return true;
  }, (world, etcd) => {
    etcd.frozen--;
    resumeRequests(world);
  }),
  'etcd-leader-change': ofEtcd('etcd loses its leader and elects another', (world, { nodes }) => {
    if (nodes === 1) return null;
    elect(world);
    return true;
  }, null),
  'etcd-restore': ofEtcd('etcd is restored from a snapshot, taken before the procedure began', (world, etcd) => {
    if (etcd.backup === null) return null;
    etcd.store = etcd.backup;
    return restart(world);
  }, null),
  'etcd-data-lost': ofEtcd('etcd has lost its data, and starts empty', (world, etcd) => {
    etcd.store = emptyStore();
    return restart(world);
  }, null),
  'etcd-certificate-expired': ofEtcd('the certificates of etcd and of its clients have expired: no new connection is made', (_, etcd) => {
    etcd.expired++;
    return true;
  }, (_, etcd) => {
    etcd.expired--;
  }),
  'etcd-disk-full': ofEtcd('the disk of etcd is full: it ends when its next write is committed', (_, etcd) => {
    etcd.full++;
    return true;
  }, (world, etcd) => {
    etcd.full--;
    startEtcd(world);
  }),
  'cut-etcd': ofLink(cut(['etcd'], BOTH, 'the link of HOST to etcd is cut, and its connection reset')),
  'hang-etcd': ofLink(linkFault('the link of HOST to etcd swallows everything', { how: 'hung', channels: ['etcd'], directions: BOTH })),
  'delay-etcd': ofLink(delay(['etcd'], BOTH, `the link of HOST to etcd is ${LATE_SLOTS} slots late, each way`)),
};
