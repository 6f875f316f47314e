/** Faults of the tower file of the staked identity on a host. */
import { throwawayKey } from '../model/identity.ts';
import { processNextVoteSlot } from '../model/lockout.ts';
import { newTower } from '../model/tower.ts';
import type { Tower } from '../model/tower.ts';
import { towerFileName } from '../model/tower-file.ts';
import { attempt } from './disk-error.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { HostName } from './host-name.ts';
import { lazyTower } from './tower-storage.ts';
import type { World } from './world.ts';

const STALE_VOTES = 64;
const TORN_BYTES = 1000;

/** A fault that bends the file in place; it cannot strike where there is none. It does not heal. */
export function deflate(how: 'torn' | 'corrupt' | 'removed' | 'stale' | 'foreign' | 'wrong-owner', what: string): FaultKind {
  return {
    on: 'host',
    sentence: (on) => `the tower file on ${on} ${what}`,
    start: (world, on) => {
      const { disk } = world.hosts[on as HostName];
      const { full } = disk;
      // What bends the file is no process that a full disk could refuse.
      disk.full = false;
      const bent = bend(world, on as HostName, how);
      disk.full = full;
      return bent ? true : null;
    },
    heal: null,
  };
}

function bend(world: World, host: HostName, how: string): boolean {
  const { disk } = world.hosts[host];
  const path = `${world.site.towerDir}/${towerFileName(world.stakedIdentity)}`;
  const actor = { user: 'root', cwd: '/', t: world.now };
  const bytes = attempt(() => disk.readFile(path, actor));
  if (!bytes.ok) return false;
  switch (how) {
    case 'removed':
      disk.unlink(path, actor);
      return true;
    case 'torn':
      disk.writeFile(path, bytes.value.slice(0, TORN_BYTES), actor);
      return true;
    case 'corrupt': {
      const changed = bytes.value.slice();
      changed[Math.min(200, changed.length - 1)]! ^= 1;
      disk.writeFile(path, changed, actor);
      return true;
    }
    case 'wrong-owner':
      disk.chown(path, 'root', 'root', actor);
      disk.chmod(path, 0o600, actor);
      return true;
    case 'foreign':
      disk.writeFile(path, lazyTower({ ...newTower(throwawayKey('another validator').address), stack: { votes: [], root: world.slot - STALE_VOTES } }), actor);
      return true;
    default:
      disk.writeFile(path, lazyTower(staleTower(world)), actor);
      return true;
  }
}

/** The tower as it was some votes ago. */
function staleTower(world: World): Tower {
  const last = world.slot - STALE_VOTES;
  let stack: Tower['stack'] = { votes: [], root: last - 32 };
  for (let slot = last - 31; slot <= last; slot++) stack = processNextVoteSlot(stack, slot);
  const lastVote = { lockouts: stack.votes, root: stack.root, hash: `B${last}`, slot: last, timestamp: null };
  return { ...newTower(world.stakedIdentity), stack, lastVote };
}
