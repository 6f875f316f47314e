/** What may have been left undone, or done wrong, before the procedure begins: applied to the disks before the boot. */
import { keyFileText, throwawayKey } from '../model/identity.ts';
import { newTower, recordVote } from '../model/tower.ts';
import type { Tower } from '../model/tower.ts';
import { oldTowerFileName, towerFileName } from '../model/tower-file.ts';
import type { HostName } from './host-name.ts';
import { startScript } from './start-flags.ts';
import { lazyTower } from './tower-storage.ts';
import type { World } from './world.ts';

export interface Preparation {
  readonly kind: string;
  readonly host: HostName;
  readonly sentence: string;
  /** Before the validators were started, or since. */
  readonly when: 'before-boot' | 'after-boot';
  readonly apply: (world: World) => void;
}

type Flaw = { readonly since?: 'after-boot'; readonly sentence: (host: HostName) => string; readonly apply: (world: World, host: HostName) => void };

const ROOT = { user: 'root', cwd: '/', t: 0 };

const FLAWS: Readonly<Record<string, Flaw>> = {
  'no-authorized-voter': {
    sentence: (host) => `${host} was started without --authorized-voter`,
    apply: (world, host) => writeScript(world, host, { authorizedVoter: false }),
  },
  'identity-not-a-link': {
    sentence: (host) => `the start script of ${host} names the staked key itself, not the link`,
    since: 'after-boot',
    apply: (world, host) => writeScript(world, host, { identity: world.site.stakedKey }),
  },
  'require-tower-at-start': {
    sentence: (host) => `${host} starts with --require-tower`,
    apply: (world, host) => writeScript(world, host, { requireTower: true }),
  },
  'link-to-staked': {
    sentence: (host) => `identity.json of ${host} points to the staked key`,
    apply: (world, host) => linkTo(world, host, world.site.stakedKey),
  },
  'link-to-junk': {
    sentence: (host) => `identity.json of ${host} points to the junk key, though it runs as staked`,
    since: 'after-boot',
    apply: (world, host) => linkTo(world, host, world.site.hosts[host].junkKey),
  },
  'key-missing': {
    sentence: (host) => `the staked key is missing on ${host}`,
    since: 'after-boot',
    apply: (world, host) => world.hosts[host].disk.unlink(world.site.stakedKey, ROOT),
  },
  'junk-key-missing': {
    sentence: (host) => `the junk key is missing on ${host}`,
    since: 'after-boot',
    apply: (world, host) => world.hosts[host].disk.unlink(world.site.hosts[host].junkKey, ROOT),
  },
  'key-unreadable': {
    sentence: (host) => `the staked key on ${host} belongs to root and cannot be read by the validator`,
    since: 'after-boot',
    apply: (world, host) => world.hosts[host].disk.chown(world.site.stakedKey, 'root', 'root', ROOT),
  },
  'leftover-tower': {
    sentence: (host) => `a tower of the staked identity from an earlier tenure lies on ${host}`,
    apply: (world, host) => writeTower(world, host, towerFileName),
  },
  'old-name-tower': {
    sentence: (host) => `a tower with the old file name lies on ${host}`,
    apply: (world, host) => writeTower(world, host, oldTowerFileName),
  },
  'tower-folder-read-only': {
    sentence: (host) => `the tower folder of ${host} belongs to root`,
    apply: (world, host) => world.hosts[host].disk.chown(world.site.towerDir, 'root', 'root', ROOT),
  },
  'same-junk-key': {
    sentence: () => 'both hosts have the same junk key',
    apply: (world, host) => {
      const { disk, user } = world.hosts[host];
      const other = host === 'active' ? 'inactive' : 'active';
      disk.writeFile(world.site.hosts[host].junkKey, new TextEncoder().encode(keyFileText(throwawayKey(`${other} unstaked-identity.json`))), { user, cwd: '/', t: 0 });
    },
  },
};

/** Kinds of preparation faults. */
export const PREPARATION_KINDS: readonly string[] = Object.keys(FLAWS);

/** The flaw of a kind on a host; null for an unknown kind. */
export function preparation(kind: string, host: HostName): Preparation | null {
  const flaw = FLAWS[kind];
  if (flaw === undefined) return null;
  return { kind, host, sentence: flaw.sentence(host), when: flaw.since ?? 'before-boot', apply: (world) => flaw.apply(world, host) };
}

function writeScript(world: World, host: HostName, change: Partial<Parameters<typeof startScript>[1]>): void {
  const { disk, user } = world.hosts[host];
  const text = startScript(world.site, { authorizedVoter: true, requireTower: false, identity: world.site.identityLink, ...change });
  disk.writeFile(world.site.startScript, new TextEncoder().encode(text), { user, cwd: '/', t: 0 });
}

function linkTo(world: World, host: HostName, target: string): void {
  const { disk, user } = world.hosts[host];
  const actor = { user, cwd: '/', t: 0 };
  disk.unlink(world.site.identityLink, actor);
  disk.symlink(target, world.site.identityLink, actor);
}

/** Slots by which a leftover tower is behind: an earlier tenure, an hour or two ago. */
const LEFTOVER_AGE = 300;

function writeTower(world: World, host: HostName, name: (address: string) => string): void {
  const { disk, user } = world.hosts[host];
  const last = world.startSlot - LEFTOVER_AGE;
  let tower: Tower = { ...newTower(world.stakedIdentity), stack: { votes: [], root: last - 32 } };
  for (let slot = last - 31; slot <= last; slot++) tower = recordVote(tower, slot, `B${slot}`);
  disk.writeFile(`${world.site.towerDir}/${name(world.stakedIdentity)}`, lazyTower(tower), { user, cwd: '/', t: 0 });
}
