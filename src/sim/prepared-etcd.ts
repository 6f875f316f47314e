/** The third host as a world begins with it: etcd with the certificates of `guide-etcd-setup`, and what it holds by then. */
import { instanceKey, towerKey } from '../model/etcd-lock.ts';
import { askStore } from '../model/etcd-store.ts';
import type { Tower } from '../model/tower.ts';
import type { Site } from '../transition/site.ts';
import { Disk } from './disk.ts';
import { AUTHORITY_LIFE, LEAF_LIFE, certificateText, keyText } from './etcd-certificates.ts';
import type { Certificate } from './etcd-certificates.ts';
import { createEtcd, scheduleCompaction } from './etcd.ts';
import type { Etcd, EtcdValue } from './etcd.ts';
import { HOST_NAMES } from './host-name.ts';
import type { World } from './world.ts';

const ROOT = { user: 'root', cwd: '/', t: 0 };
const NAMES = ['localhost', '127.0.0.1'];

const AUTHORITY: Certificate = { subject: 'etcd-ca', issuer: 'etcd-ca', key: 'key-1', signedBy: 'key-1', hosts: NAMES, authority: true, ends: AUTHORITY_LIFE };
const VALIDATOR: Certificate = { ...AUTHORITY, subject: 'etcd', key: 'key-2', authority: false, ends: LEAF_LIFE };
const SERVER: Certificate = { ...VALIDATOR, key: 'key-3' };

/** The files that the guide copies to both validators. */
export function validatorFiles(): [string, string][] {
  return [['etcd-ca.pem', certificateText(AUTHORITY)], ['validator.pem', certificateText(VALIDATOR)], ['validator-key.pem', keyText('key-2')]];
}

/** The third host; `bare`: nothing was made there yet. */
export function preparedEtcd(site: Site, bare: boolean): Etcd {
  const disk = new Disk();
  const { user } = site.etcd;
  const home = `/home/${user}`;
  disk.mkdirs(home, ROOT);
  disk.chown(home, user, user, ROOT);
  const etcd = createEtcd(site.etcd, disk);
  if (bare) return etcd;
  const own = { user, cwd: '/', t: 0 };
  disk.mkdirs(`${home}/certs`, own);
  for (const [name, text] of [...validatorFiles(), ['etcd.pem', certificateText(SERVER)], ['etcd-key.pem', keyText('key-3')]] as const) {
    disk.writeFile(`${home}/certs/${name}`, new TextEncoder().encode(text), own, 0o600);
  }
  etcd.keys = 3;
  etcd.server = { run: 1, credentials: { authority: AUTHORITY, certificate: SERVER, key: 'key-3' }, clientCertAuth: true, listens: `${site.etcd.address}:2379`, retention: 2 };
  return etcd;
}

/** What the validators have stored by the start: the locks of both, the tower of the voter; and a snapshot of it. */
export function fillEtcd(world: World, etcd: Etcd, tower: Tower): void {
  const put = (key: string, value: EtcdValue) => {
    etcd.store = askStore(etcd.store, { op: 'put', key, value }).store;
  };
  for (const host of HOST_NAMES) {
    const { validator } = world.hosts[host];
    if (validator === null) continue;
    put(instanceKey(validator.clusterIdentity), validator.instance);
    if (validator.clusterIdentity === world.stakedIdentity) put(towerKey(world.stakedIdentity), tower);
    if (validator.flags.etcd !== null && etcd.server !== null) validator.etcdRun = etcd.server.run;
  }
  etcd.backup = etcd.store;
  scheduleCompaction(world);
}
