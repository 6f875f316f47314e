/** What may have been left undone, or done wrong, before the procedure begins: applied to the disks before the boot. */
import { keyFileText, throwawayKey } from '../model/identity.ts';
import { newTower, recordVote } from '../model/tower.ts';
import type { Tower } from '../model/tower.ts';
import { oldTowerFileName, towerFileName } from '../model/tower-file.ts';
import type { HostName } from './host-name.ts';
import { siteKeys } from './key-files.ts';
import { startScript } from './start-flags.ts';
import type { ScriptOptions } from './start-flags.ts';
import { lazyTower, renderTower } from './tower-storage.ts';
import type { World } from './world.ts';

export interface Preparation {
  readonly kind: string;
  readonly host: HostName;
  readonly sentence: string;
  /** Before the validators were started, or since. */
  readonly when: 'before-boot' | 'after-boot';
  readonly apply: (world: World) => void;
}

/** `only`: it means something only where the tower is kept there. */
type Flaw = { readonly since?: 'after-boot'; readonly only?: 'etcd' | 'files'; readonly sentence: (host: HostName) => string; readonly apply: (world: World, host: HostName) => void };

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
    only: 'files',
    sentence: (host) => `identity.json of ${host} points to the staked key${host === 'inactive' ? ', though it runs as junk' : ''}`,
    since: 'after-boot',
    apply: (world, host) => linkTo(world, host, world.site.stakedKey),
  },
  'link-to-junk': {
    only: 'files',
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
  'keys-swapped': {
    sentence: (host) => `the staked and the junk key file of ${host} hold each other's key`,
    since: 'after-boot',
    apply: (world, host) => {
      const { staked, junk } = siteKeys();
      writeKey(world, host, world.site.stakedKey, keyFileText(junk[host]));
      writeKey(world, host, world.site.hosts[host].junkKey, keyFileText(staked));
    },
  },
  'other-staked-key': {
    sentence: (host) => `the staked key file of ${host} holds the key of another validator`,
    since: 'after-boot',
    apply: (world, host) => writeKey(world, host, world.site.stakedKey, keyFileText(throwawayKey('another validator'))),
  },
  'key-unreadable': {
    sentence: (host) => `the staked key on ${host} belongs to root and cannot be read by the validator`,
    since: 'after-boot',
    apply: (world, host) => world.hosts[host].disk.chown(world.site.stakedKey, 'root', 'root', ROOT),
  },
  'leftover-tower': {
    only: 'files',
    sentence: (host) => `a tower of the staked identity from an earlier tenure lies on ${host}`,
    apply: (world, host) => writeTower(world, host, 'current'),
  },
  'old-name-tower': {
    only: 'files',
    sentence: (host) => `a tower with the old file name lies on ${host}`,
    apply: (world, host) => writeTower(world, host, 'old-name'),
  },
  'tower-folder-read-only': {
    only: 'files',
    sentence: (host) => `the tower folder of ${host} belongs to root`,
    apply: (world, host) => world.hosts[host].disk.chown(world.site.towerDir, 'root', 'root', ROOT),
  },
  'same-millisecond': {
    sentence: () => 'both validators were started in the same millisecond',
    only: 'etcd',
    since: 'after-boot',
    apply: ({ hosts: { active, inactive } }) => {
      if (active.validator !== null && inactive.validator !== null) inactive.validator.instance = active.validator.instance;
    },
  },
  'same-junk-key': {
    sentence: () => 'both hosts have the same junk key',
    apply: (world, host) => writeKey(world, host, world.site.hosts[host].junkKey, keyFileText(siteKeys().junk[host === 'active' ? 'inactive' : 'active'])),
  },
};

/** Kinds of preparation faults. */
export const PREPARATION_KINDS: readonly string[] = Object.keys(FLAWS);

/** Those that mean something in the world of a procedure. */
export function preparationKindsIn({ etcd }: { readonly etcd?: true }): string[] {
  const where = etcd === true ? 'etcd' : 'files';
  return PREPARATION_KINDS.filter((kind) => (FLAWS[kind]!.only ?? where) === where);
}

/** The flaw of a kind on a host; null for an unknown kind. */
export function preparation(kind: string, host: HostName): Preparation | null {
  const flaw = FLAWS[kind];
  if (flaw === undefined) return null;
  return { kind, host, sentence: flaw.sentence(host), when: flaw.since ?? 'before-boot', apply: (world) => flaw.apply(world, host) };
}

function writeKey(world: World, host: HostName, path: string, text: string): void {
  const { disk, user } = world.hosts[host];
  disk.writeFile(path, new TextEncoder().encode(text), { user, cwd: '/', t: 0 }, 0o600);
}

function writeScript(world: World, host: HostName, change: Partial<ScriptOptions>): void {
  const { disk, user } = world.hosts[host];
  const text = startScript(world.site, { ...usualScript(world, host), ...change });
  disk.writeFile(world.site.startScript, new TextEncoder().encode(text), { user, cwd: '/', t: 0 });
}

function usualScript({ site, etcd }: World, host: HostName): ScriptOptions {
  if (etcd === null) return { authorizedVoter: true, requireTower: false, identity: site.identityLink };
  const primary = host === 'active';
  return { authorizedVoter: !primary, requireTower: false, identity: primary ? site.stakedKey : site.hosts[host].junkKey, etcd: primary ? 'primary' : 'secondary' };
}

function linkTo(world: World, host: HostName, target: string): void {
  const { disk, user } = world.hosts[host];
  const actor = { user, cwd: '/', t: 0 };
  disk.unlink(world.site.identityLink, actor);
  disk.symlink(target, world.site.identityLink, actor);
}

/** Slots by which a leftover tower is behind: an earlier tenure, an hour or two ago. */
const LEFTOVER_AGE = 300;

function writeTower(world: World, host: HostName, layout: 'current' | 'old-name'): void {
  const { disk, user } = world.hosts[host];
  const last = world.startSlot - LEFTOVER_AGE;
  let tower: Tower = { ...newTower(world.stakedIdentity), stack: { votes: [], root: last - 32 } };
  for (let slot = last - 31; slot <= last; slot++) tower = recordVote(tower, slot, `B${slot}`);
  const name = layout === 'current' ? towerFileName : oldTowerFileName;
  const content = layout === 'current' ? lazyTower(tower) : renderTower(tower, layout);
  disk.writeFile(`${world.site.towerDir}/${name(world.stakedIdentity)}`, content, { user, cwd: '/', t: 0 });
}
