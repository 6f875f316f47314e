/** The disks with which a world begins. They are laid out once for a site, and copied for each world. */
import { keyFileText } from '../model/identity.ts';
import type { Tower } from '../model/tower.ts';
import { towerFileName } from '../model/tower-file.ts';
import type { Site } from '../transition/site.ts';
import { Disk } from './disk.ts';
import type { DiskSnapshot } from './disk.ts';
import type { HostName } from './host-name.ts';
import { siteKeys } from './key-files.ts';
import { validatorFiles } from './prepared-etcd.ts';
import { startScript } from './start-flags.ts';
import { lazyTower } from './tower-storage.ts';

const ROOT = { user: 'root', cwd: '/', t: 0 };

const snapshots = new WeakMap<Site, Map<string, DiskSnapshot>>();

/** guide: as `guide-setup` leaves it; etcd: as `guide-etcd-setup` does; bare: the staked key and the vote key alone. */
export type Layout = 'guide' | 'etcd' | 'bare';

/** The folders and files of a host. `tower`: what the active has saved last. */
export function preparedDisk(site: Site, host: HostName, layout: Layout, tower: Tower): Disk {
  const ofSite = snapshots.get(site) ?? new Map<string, DiskSnapshot>();
  snapshots.set(site, ofSite);
  const name = `${host} ${layout}`;
  let snapshot = ofSite.get(name);
  if (snapshot === undefined) ofSite.set(name, (snapshot = laidOut(site, host, layout, tower).snapshot()));
  return Disk.fromSnapshot(snapshot);
}

function laidOut(site: Site, host: HostName, layout: Layout, tower: Tower): Disk {
  const disk = new Disk();
  const { user, junkKey } = site.hosts[host];
  const keys = siteKeys();
  for (const folder of new Set([site.home, `${site.home}/bin`, site.ledger, site.towerDir, folderOf(site.startScript)])) {
    disk.mkdirs(folder, ROOT);
    disk.chown(folder, user, user, ROOT);
  }
  const own = { user, cwd: '/', t: 0 };
  const write = (path: string, text: string, mode: number) => disk.writeFile(path, new TextEncoder().encode(text), own, mode);
  write(site.stakedKey, keyFileText(keys.staked), 0o600);
  write(site.voteKey, keyFileText(keys.vote), 0o600);
  if (host === 'active' && layout !== 'etcd') disk.writeFile(`${site.towerDir}/${towerFileName(keys.staked.address)}`, lazyTower(tower), own);
  if (layout === 'bare') {
    // As a validator runs that was never prepared for a swap: its own key, and no flag more than it needs.
    const first = `${site.home}/${host}-first-identity.json`;
    write(site.startScript, startScript(site, { authorizedVoter: false, requireTower: false, identity: host === 'active' ? site.stakedKey : first }), 0o755);
    if (host === 'inactive') write(first, keyFileText(keys.junk[host]), 0o600);
    return disk;
  }
  if (layout !== 'etcd' || host === 'inactive') write(junkKey, keyFileText(keys.junk[host]), 0o600);
  if (layout === 'etcd') {
    disk.mkdirs(`${site.home}/certs`, own);
    for (const [name, text] of validatorFiles()) write(`${site.home}/certs/${name}`, text, 0o600);
    const primary = host === 'active';
    const identity = primary ? site.stakedKey : junkKey;
    write(site.startScript, startScript(site, { authorizedVoter: !primary, requireTower: false, identity, etcd: primary ? 'primary' : 'secondary' }), 0o755);
    return disk;
  }
  write(site.startScript, startScript(site, { authorizedVoter: true, requireTower: false, identity: site.identityLink }), 0o755);
  disk.symlink(host === 'active' ? site.stakedKey : junkKey, site.identityLink, own);
  return disk;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** The disk of the operator's own machine. */
export function deskDisk(): Disk {
  const disk = new Disk();
  disk.mkdirs('/home/operator', ROOT);
  return disk;
}
