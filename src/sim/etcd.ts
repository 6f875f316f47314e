/**
 * etcd on the third host: its store, its connections, and what becomes of a request. One node, or three with a leader;
 * of the three only what a client sees: they go on without one of them, after an election.
 *
 * Seen with etcd 3.4.23 and agave-validator 2.3.13: connections are made at the first request; a request into a connection
 * that has been broken fails, the next one connects again; a stopped etcd (SIGSTOP) lets requests wait, and nothing
 * gives them up.
 */
import type { Micros } from '../model/trace.ts';
import { askStore, autoCompaction, emptyStore } from '../model/etcd-store.ts';
import type { EtcdAnswer, EtcdRequest, EtcdStore } from '../model/etcd-store.ts';
import type { Tower } from '../model/tower.ts';
import type { EtcdSite } from '../transition/site.ts';
import type { Disk } from './disk.ts';
import { DOMAIN_NAME, distrust } from './etcd-certificates.ts';
import type { Credentials } from './etcd-certificates.ts';
import type { HostName } from './host-name.ts';
import { FIXED } from './latency.ts';
import type { Validator } from './machine.ts';
import { isCut, isHung, slotsLate } from './network.ts';
import type { ProcessAct } from './queue.ts';
import { at, later } from './world.ts';
import type { World } from './world.ts';

/** Instance ids are numbers (ms), towers are objects; other clients write text. */
export type EtcdValue = number | string | Tower;

/** One run of the etcd process: its flags, and what it read at its start. */
export interface EtcdServer {
  /** Which start it is; connections of an earlier one are broken. */
  readonly run: number;
  readonly credentials: Credentials;
  readonly clientCertAuth: boolean;
  /** Address and port on which it listens. */
  readonly listens: string;
  /** Revisions kept by automatic compaction; null: none. */
  readonly retention: number | null;
}

export interface Etcd {
  readonly name: 'etcd';
  readonly address: string;
  readonly hostname: string;
  readonly user: string;
  readonly disk: Disk;
  readonly nodes: 1 | 3;
  /** Null before its first start. */
  server: EtcdServer | null;
  /** Nodes that do not run. */
  down: number;
  /** Stands still (SIGSTOP): what comes waits. Counts the faults that do it. */
  frozen: number;
  /** No room: the commit after the next write ends it. Counts the faults that do it. */
  full: number;
  /** The certificates have expired: counts the faults that say so. */
  expired: number;
  /** No leader until then: requests wait. */
  electingUntil: Micros;
  /** What is stored; all nodes agree on it. */
  store: EtcdStore<EtcdValue>;
  /** The newest snapshot. */
  backup: EtcdStore<EtcdValue> | null;
  /** Requests that wait, in their order. */
  waiting: EtcdCall[];
  /** Key pairs that cfssl has made. */
  keys: number;
}

/** What a client is told: an answer of the store, or why there is none, in the words of the client. */
export type EtcdReply = { readonly ok: true; readonly answer: EtcdAnswer<EtcdValue> } | { readonly ok: false; readonly error: string };

/** A request of a validator under way. `next` gets the reply and `data`. */
export interface EtcdCall {
  readonly host: HostName;
  readonly pid: number;
  readonly request: EtcdRequest<EtcdValue>;
  readonly next: ProcessAct<EtcdReplied>;
  readonly data: unknown;
}

export interface EtcdReplied {
  readonly reply: EtcdReply;
  readonly data: unknown;
}

const grpc = (status: string, message: string): string => `grpc request error: status: ${status}, message: "${message}", details: [], metadata: MetadataMap { headers: {} }`;
/** Seen: the connection was broken since the last request. */
const BROKEN = grpc('Unknown', 'transport error');
/** Seen: nobody listens. */
const REFUSED = grpc('Unavailable', 'error trying to connect: tcp connect error: Connection refused (os error 111)');
const TIMED_OUT = grpc('Unavailable', 'etcdserver: request timed out');

/** An etcd that was never started. */
export function createEtcd(site: EtcdSite, disk: Disk): Etcd {
  return {
    name: 'etcd', address: site.address, hostname: 'etcd', user: site.user, disk, nodes: site.nodes, server: null, down: 0, frozen: 0, full: 0, expired: 0, electingUntil: 0,
    store: emptyStore(), backup: null, waiting: [], keys: 0,
  };
}

/** The etcd of a world. Throws Error where there is none: who asks it has its flags. */
export function etcdOf({ etcd }: World): Etcd {
  if (etcd === null) throw new Error('a validator with its tower in etcd, in a world without');
  return etcd;
}

/** Whether it answers: it was started, and a majority of its nodes runs. */
export function isServing({ server, nodes, down }: Etcd): boolean {
  return server !== null && down * 2 < nodes;
}

/** Sends a request; `next` comes when the reply does. Nothing gives it up before. */
export function askEtcd<Data>(world: World, validator: Validator, request: EtcdRequest<EtcdValue>, next: ProcessAct<{ readonly reply: EtcdReply; readonly data: Data }>, data: Data): void {
  const call: EtcdCall = { host: validator.host, pid: validator.pid, request, next: next as ProcessAct<EtcdReplied>, data };
  at(world, world.now + travel(world, validator.host, 'out'), reachEtcd, call);
}

function travel({ network, slotMicros }: World, host: HostName, direction: 'in' | 'out'): Micros {
  return Math.floor(FIXED.etcd / 2) + slotsLate(network, host, 'etcd', direction) * slotMicros;
}

/** The request comes to etcd, or to where it can go no further. */
function reachEtcd(world: World, call: EtcdCall): void {
  const etcd = etcdOf(world);
  const validator = world.hosts[call.host].validator;
  if (validator === null || validator.pid !== call.pid) return;
  if (isCut(world.network, call.host, 'etcd', 'out')) return replyTo(world, call, { ok: false, error: wasConnected(validator) ? BROKEN : REFUSED });
  if (isHung(world.network, call.host) || etcd.frozen > 0 || world.now < etcd.electingUntil) return void etcd.waiting.push(call);
  if (!isServing(etcd)) {
    if (etcd.server !== null && etcd.down < etcd.nodes) return at(world, world.now + FIXED.etcdTimeout, giveUp, call);
    return replyTo(world, call, { ok: false, error: wasConnected(validator) ? BROKEN : REFUSED });
  }
  const error = connect(etcd, validator, world.now);
  if (error !== null) return replyTo(world, call, { ok: false, error });
  // What is written goes to the log, which has its room from the start; etcd ends when it commits to its database.
  if (etcd.full > 0 && isWrite(call.request)) at(world, world.now + FIXED.etcdCommit, failCommit, null);
  const { store, answer } = askStore(etcd.store, call.request);
  etcd.store = store;
  replyTo(world, call, { ok: true, answer });
}

function failCommit(world: World): void {
  const etcd = etcdOf(world);
  if (etcd.full > 0 && isServing(etcd)) stopEtcd(world);
}

/** A connection that was broken is noticed by the request that goes into it. Forgets it. */
function wasConnected(validator: Validator): boolean {
  const was = validator.etcdRun !== null;
  validator.etcdRun = null;
  return was;
}

/** The connection for a request; what stands in its way. A connection that stands is not looked at again. */
function connect({ server, expired }: Etcd, validator: Validator, now: Micros): string | null {
  const { run, credentials, clientCertAuth, listens } = server!;
  if (validator.etcdRun === run) return null;
  if (wasConnected(validator)) return BROKEN;
  const own = validator.etcdCredentials!;
  if (validator.flags.etcd!.endpoint !== listens && !listens.startsWith('0.0.0.0:')) return REFUSED;
  const refusal = expired > 0 ? 'Expired' : distrust(credentials.certificate, own.authority, DOMAIN_NAME, now);
  if (refusal !== null) return grpc('Unavailable', `error trying to connect: invalid peer certificate: ${refusal}`);
  if (clientCertAuth && (own.certificate.key !== own.key || distrust(own.certificate, credentials.authority, null, now) !== null)) {
    return grpc('Unavailable', 'error trying to connect: received fatal alert: BadCertificate');
  }
  validator.etcdRun = run;
  return null;
}

function isWrite(request: EtcdRequest<EtcdValue>): boolean {
  return request.op === 'txn' ? request.success.some(({ op }) => op !== 'range') : request.op !== 'range';
}

function giveUp(world: World, call: EtcdCall): void {
  replyTo(world, call, { ok: false, error: TIMED_OUT });
}

/** The reply sets out. On a link that is hung it arrives when the link works again. */
function replyTo(world: World, call: EtcdCall, reply: EtcdReply): void {
  at(world, world.now + travel(world, call.host, 'in'), deliverReply, { call, reply });
}

function deliverReply(world: World, { call, reply }: { readonly call: EtcdCall; readonly reply: EtcdReply }): void {
  const { validator } = world.hosts[call.host];
  if (validator === null || validator.pid !== call.pid) return;
  if (isHung(world.network, call.host)) return at(world, world.now + world.slotMicros, deliverReply, { call, reply });
  // What was stored may be lost to the one who stored it.
  const received: EtcdReply = isCut(world.network, call.host, 'etcd', 'in') && reply.ok && wasConnected(validator) ? { ok: false, error: BROKEN } : reply;
  later(world, validator, world.now, call.next, { reply: received, data: call.data });
}

/** Lets those requests go on that wait. What still keeps one keeps it again. */
export function resumeRequests(world: World): void {
  const { etcd } = world;
  if (etcd === null || etcd.waiting.length === 0) return;
  const { waiting } = etcd;
  etcd.waiting = [];
  for (const call of waiting) at(world, world.now, reachEtcd, call);
}

/** The etcd process ends, of three nodes that which leads: connections are broken, and the others elect a leader. */
export function stopEtcd(world: World): void {
  const etcd = etcdOf(world);
  etcd.down++;
  if (etcd.nodes === 3) elect(world);
  else resumeRequests(world);
}

/** A node comes back, with what was stored. Everybody has to connect again to the only one. */
export function startEtcd(world: World): void {
  const etcd = etcdOf(world);
  if (etcd.server === null || etcd.down === 0 || etcd.full > 0) return;
  etcd.down--;
  if (etcd.nodes === 1) etcd.server = { ...etcd.server, run: etcd.server.run + 1 };
  resumeRequests(world);
}

/** No leader for a while: what comes waits for the next one. */
export function elect(world: World): void {
  const etcd = etcdOf(world);
  etcd.electingUntil = world.now + FIXED.etcdElection;
  at(world, etcd.electingUntil, elected, null);
}

function elected(world: World): void {
  if (world.now < etcdOf(world).electingUntil) return;
  resumeRequests(world);
}

/** Compaction by revision looks every five minutes (etcdserver/api/v3compactor/revision.go). */
export function scheduleCompaction(world: World): void {
  at(world, world.now + FIXED.etcdCompaction, compactNow, null);
}

function compactNow(world: World): void {
  const etcd = etcdOf(world);
  const { server } = etcd;
  if (server === null) return;
  const request = server.retention === null || !isServing(etcd) ? null : autoCompaction(etcd.store, server.retention);
  if (request !== null) etcd.store = askStore(etcd.store, request).store;
  scheduleCompaction(world);
}
