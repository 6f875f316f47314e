/** An etcd as a sequence of operations sees it, real or simulated: what can be done to it, and a client of it. */
import { copyFileSync } from 'node:fs';
import { emptyStore } from '../../src/model/etcd-store.ts';
import type { EtcdStore } from '../../src/model/etcd-store.ts';
import { distrust } from '../../src/sim/etcd-certificates.ts';
import type { Certificate } from '../../src/sim/etcd-certificates.ts';
import { CORRECTED_CERTIFICATES } from './guide-commands.ts';
import { clientFiles, issueCertificate, makeStrangeAuthority, overAMinuteAgo, runLines } from './certificates.ts';
import { realDriver, simulatedDriver } from './driver.ts';
import type { Driver, Reply, Unanswered } from './driver.ts';
import { EtcdProcess } from './etcd-process.ts';

/** Which certificate a client shows. `none`: no certificate; `stranger`: signed by another authority. */
export const CLIENT_CERTIFICATES = ['validator', 'expired', 'stranger', 'none'] as const;
export type ClientCertificate = (typeof CLIENT_CERTIFICATES)[number];

/** Which certificate the server shows. */
export const SERVER_CERTIFICATES = ['etcd', 'expired', 'stranger'] as const;
export type ServerCertificate = (typeof SERVER_CERTIFICATES)[number];

export interface Etcd {
  /** A client with a certificate; it connects with its first request, and again after its connection has broken. */
  client(certificate: ClientCertificate): Driver;
  /** The files of the server's certificate are replaced; the process goes on. */
  showCertificate(certificate: ServerCertificate): void;
  /** Ends the process: by SIGTERM as `systemctl stop` does, or by SIGKILL. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts it with what is on its disk. */
  start(): Promise<void>;
}

/** The certificates of docs/etcd-real.md, and those with which something is wrong, in `certs` of the folder. */
export function makeCertificates(folder: string): void {
  runLines(folder, CORRECTED_CERTIFICATES);
  runLines(folder, 'cp certs/etcd.pem certs/server.pem && cp certs/etcd-key.pem certs/server-key.pem');
  makeStrangeAuthority(folder);
  issueCertificate(folder, 'expired', { validity: overAMinuteAgo() });
  issueCertificate(folder, 'stranger', { authority: 'strange-ca' });
}

/** So that a restart takes a tenth of a second; a single node elects itself. */
export const QUICK_ELECTION = '--heartbeat-interval=10 --election-timeout=100';

/** A real etcd in a folder that `makeCertificates` has filled; it must be started and, at the end, stopped. */
export async function realEtcd(folder: string): Promise<Etcd & { readonly process: EtcdProcess }> {
  const process = await EtcdProcess.in(folder, QUICK_ELECTION);
  return {
    process,
    client: (certificate) => realDriver(process.address, clientFiles(folder, certificate === 'none' ? null : certificate)),
    showCertificate: (certificate) => {
      const name = certificate === 'etcd' ? 'server' : certificate;
      for (const end of ['.pem', '-key.pem']) copyFileSync(`${folder}/certs/${name}${end}`, `${folder}/certs/etcd${end}`);
    },
    stop: async (signal) => void (await process.stop(signal)),
    start: () => process.serve(),
  };
}

/** The certificates of `makeCertificates` as the simulation knows them, at a time 0. */
const AUTHORITY: Certificate = { subject: 'etcd-ca', issuer: 'etcd-ca', key: 'ca', signedBy: 'ca', hosts: [], authority: true, ends: 1 };
const LEAF: Certificate = { ...AUTHORITY, subject: 'etcd', key: 'leaf', hosts: ['localhost', '127.0.0.1'], authority: false };
const CERTIFICATES: Readonly<Record<Exclude<ClientCertificate | ServerCertificate, 'none'>, Certificate>> = {
  etcd: LEAF, validator: LEAF, expired: { ...LEAF, ends: 0 }, stranger: { ...LEAF, signedBy: 'strange-ca' },
};

/** The simulated etcd: the product's store behind a connection whose certificates are looked at when it is made. */
export function simulatedEtcd(store: { current: EtcdStore<string> } = { current: emptyStore() }): Etcd {
  let life = 0;
  let up = true;
  let shown: ServerCertificate = 'etcd';
  return {
    client: (certificate) => {
      const behind = simulatedDriver(store);
      /** The life of the server in which this client has connected; what was accepted then is not looked at again. */
      let connectedIn: number | null = null;
      const whyNot = (): Unanswered | null => {
        if (!up) return 'connection refused';
        if (connectedIn === life) return null;
        const refused = certificate === 'none' || distrust(CERTIFICATES[shown], AUTHORITY, '127.0.0.1', 0) !== null || distrust(CERTIFICATES[certificate], AUTHORITY, null, 0) !== null;
        return refused ? 'certificate refused' : null;
      };
      return {
        ask: async (request): Promise<Reply> => {
          const message = whyNot();
          if (message !== null) return { ok: false, error: { code: 'Unavailable', message } };
          connectedIn = life;
          return await behind.ask(request);
        },
        close: () => behind.close(),
      };
    },
    showCertificate: (certificate) => {
      shown = certificate;
    },
    stop: async () => {
      up = false;
    },
    start: async () => {
      life += 1;
      up = true;
    },
  };
}
