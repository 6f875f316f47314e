/** The faults on a real etcd. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { clientFiles, issueCertificate, runLines } from './certificates.ts';
import { realDriver } from './driver.ts';
import type { Driver, Reply } from './driver.ts';
import { QUICK_ELECTION, makeCertificates } from './etcd.ts';
import { EtcdProcess } from './etcd-process.ts';
import { READ, valueIn, writeOf } from './fault-subject.ts';
import type { FaultName, FaultSubject, Observed } from './fault-subject.ts';

/** etcd takes two log files of 62 MB at its start, and needs room for a third one to start again after a bad end. */
const SMALL_DISK = '260m';
/** How long the certificate of a client is valid that expires while it is connected. */
const SHORT_LIFE = 20_000;

const seenIn = (reply: Reply): Observed => (reply.ok ? 'answered' : 'fails');
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Whether a small file system can be mounted: only root can. */
export function canMount(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    mountSmall(folder);
    execFileSync('umount', [folder], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

function mountSmall(folder: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK}`, 'tmpfs', folder], { stdio: 'pipe' });
}

/** Takes what room there is. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(4096);
  try {
    for (;;) writeSync(descriptor, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** An etcd in an empty folder, started; `close` ends it and what it needed. */
export async function realSubject(folder: string, name: FaultName): Promise<FaultSubject & { close(): Promise<void>; readonly etcd: EtcdProcess }> {
  makeCertificates(folder);
  const small = `${folder}/small`;
  mkdirSync(small);
  if (name === 'full-disk') mountSmall(small);
  const etcd = await EtcdProcess.in(folder, `${QUICK_ELECTION} --data-dir small/data`);
  await etcd.serve();
  const expiring = name === 'client-certificate-expires';
  const notAfter = new Date(Date.now() + SHORT_LIFE);
  if (expiring) issueCertificate(folder, 'brief', { validity: { notBefore: new Date(Date.now() - 60_000), notAfter } });
  const client = () => realDriver(etcd.address, clientFiles(folder, expiring ? 'brief' : 'validator'));
  const first = client();
  let waiting: Promise<Reply> | null = null;
  const once = async <T>(use: (driver: Driver) => Promise<T>): Promise<T> => {
    const driver = client();
    try {
      return await use(driver);
    } finally {
      driver.close();
    }
  };
  const ctl = (line: string) => runLines(folder, `export ETCDCTL_API=3; etcdctl --endpoints https://${etcd.address} --cacert certs/etcd-ca.pem --cert certs/validator.pem --key certs/validator-key.pem ${line}`);
  if (name === 'restore') {
    await first.ask(writeOf('zero'));
    ctl('snapshot save before.db');
  }
  return {
    etcd,
    write: async (value) => {
      const reply = first.ask(writeOf(value));
      if (name !== 'freeze' || !isStopped(etcd)) return seenIn(await reply);
      waiting = reply;
      // A stopped process cannot answer, however long one looks.
      return await Promise.race([reply.then(seenIn), pause(300).then(() => 'waits' as const)]);
    },
    writeAnew: async (value) => seenIn(await once((driver) => driver.ask(writeOf(value)))),
    read: async () => await once(async (driver) => {
      const reply = await driver.ask(READ);
      return reply.ok && reply.op === 'range' ? valueIn(reply.pairs[0]?.value ?? '') : null;
    }),
    late: async () => seenIn(await waiting!),
    strike: async () => {
      switch (name) {
        case 'freeze':
          etcd.signal('SIGSTOP');
          while (!isStopped(etcd)) await pause(10);
          return;
        case 'kill': return void (await etcd.stop('SIGKILL'));
        case 'restore': {
          await etcd.stop('SIGKILL');
          renameSync(`${small}/data`, `${small}/lost`);
          runLines(folder, `export ETCDCTL_API=3; etcdctl snapshot restore before.db --data-dir small/data ${/--initial-advertise-peer-urls=\S+ --initial-cluster=\S+/.exec(etcd.line)![0]}`);
          return await etcd.serve();
        }
        case 'data-lost':
          await etcd.stop('SIGKILL');
          rmSync(`${small}/data`, { recursive: true });
          return await etcd.serve();
        case 'full-disk': return fill(`${small}/filled`);
        case 'server-certificate-expires': return void runLines(folder, 'cp certs/expired.pem certs/etcd.pem && cp certs/expired-key.pem certs/etcd-key.pem');
        case 'client-certificate-expires': return void (await pause(notAfter.getTime() + 1500 - Date.now()));
      }
    },
    ended: async () => void (await etcd.ended()),
    heal: async () => {
      switch (name) {
        case 'freeze': return etcd.signal('SIGCONT');
        case 'server-certificate-expires': return void runLines(folder, 'cp certs/server.pem certs/etcd.pem && cp certs/server-key.pem certs/etcd-key.pem');
        case 'full-disk':
          rmSync(`${small}/filled`);
          break;
        default:
      }
      await etcd.serve();
    },
    close: async () => {
      first.close();
      await etcd.stop();
      if (name === 'full-disk') execFileSync('umount', [small]);
    },
  };
}

function isStopped(etcd: EtcdProcess): boolean {
  return / T /.test(readFileSync(`/proc/${etcd.pid}/stat`, 'utf8'));
}
