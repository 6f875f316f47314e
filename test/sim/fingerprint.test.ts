/** Fingerprints: equal worlds have equal ones, and a change anywhere in what is mutable shows. */
import { describe, expect, test } from 'vitest';
import { MILDEST, configOf } from '../../src/explore/run-spec.ts';
import { copyWorld, canBeCopied } from '../../src/sim/copy-world.ts';
import { Disk } from '../../src/sim/disk.ts';
import type { Journal } from '../../src/sim/disk-durability.ts';
import type { Inode } from '../../src/sim/disk-inode.ts';
import { fingerprint } from '../../src/sim/fingerprint.ts';
import { Mixer, keyOf } from '../../src/sim/mixer.ts';
import { prepareRun } from '../../src/sim/run.ts';
import { stepWorld } from '../../src/sim/world.ts';
import type { World } from '../../src/sim/world.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';

const subject = { site: GUIDE_SITE, procedure: loadProcedure('guide-hot-swap', GUIDE_SITE, {}) };

/** A world in the middle of the procedure; `slot` is relative to its start. */
function worldAt(slot: number): World {
  const world = prepareRun(configOf(subject, MILDEST), []);
  while (world.slot < world.startSlot + slot || !canBeCopied(world)) stepWorld(world);
  return world;
}

describe('fingerprints', () => {
  test('are the same for a copy, and for the same world made again', () => {
    for (const slot of [-5, 12, 30]) {
      const world = worldAt(slot);
      expect(fingerprint(copyWorld(world))).toBe(fingerprint(world));
      expect(fingerprint(worldAt(slot))).toBe(fingerprint(world));
    }
  });

  test('differ after a step, and a copy that takes the same steps comes to the same', () => {
    const world = worldAt(12);
    const copy = copyWorld(world);
    const before = fingerprint(world);
    for (let i = 0; i < 40; i++) {
      stepWorld(world);
      stepWorld(copy);
    }
    expect(fingerprint(world)).not.toBe(before);
    expect(fingerprint(copy)).toBe(fingerprint(world));
  });

  test('tell every number, text and truth value of the machines and processes', () => {
    const world = worldAt(30);
    const before = fingerprint(world);
    const blind: string[] = [];
    let tried = 0;
    const tryAll = (name: string, part: object) => {
      const fields = part as Record<string, unknown>;
      for (const key of Object.keys(fields)) {
        const value = fields[key];
        if (!['number', 'string', 'boolean'].includes(typeof value)) continue;
        fields[key] = typeof value === 'number' ? (Number.isFinite(value) ? value + 1 : 0) : typeof value === 'string' ? `${value}x` : !value;
        tried++;
        if (fingerprint(world) === before) blind.push(`${name}.${key}`);
        fields[key] = value;
      }
    };
    for (const [name, machine] of Object.entries(world.hosts)) {
      tryAll(name, machine);
      tryAll(`${name}.unit`, machine.unit);
      tryAll(`${name}.validator`, machine.validator!);
    }
    tryAll('operator', world.operator);
    expect(blind).toEqual(['operator.played', 'operator.resting', 'operator.resumed']);
    expect(tried).toBeGreaterThan(60);
    expect(fingerprint(world)).toBe(before);
  });

  test('tell every inode of the disks and of what a loss of power would bring back', () => {
    const world = worldAt(30);
    const before = fingerprint(world);
    const inodes = new Set<Inode>();
    const journals: Journal[] = [];
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('mtime' in value && 'number' in value) inodes.add(value as Inode);
      if (value instanceof Map) for (const item of value.values()) collect(item);
      else if (!(value instanceof Uint8Array)) for (const item of Object.values(value)) if (!inodes.has(item as Inode)) collect(item);
    };
    for (const { disk } of Object.values(world.hosts)) {
      const { root, journal } = disk as unknown as { readonly root: Inode; readonly journal: Journal };
      journals.push(journal);
      collect(root);
      const { recent, head } = journal as unknown as { readonly recent: readonly unknown[]; readonly head: number };
      for (const change of recent.slice(head)) collect(change);
    }
    expect(inodes.size).toBeGreaterThan(60);
    const fingerprintAfresh = () => {
      for (const journal of journals) journal.standing = null;
      return fingerprint(world);
    };
    for (const inode of inodes) {
      inode.mtime++;
      expect(fingerprintAfresh(), `inode ${inode.number}`).not.toBe(before);
      inode.mtime--;
      inode.mode ^= 1;
      expect(fingerprintAfresh(), `inode ${inode.number}`).not.toBe(before);
      inode.mode ^= 1;
    }
    expect(fingerprintAfresh()).toBe(before);
  });
});

test('words mixed in another order, or one word more, give another digest', () => {
  const keys = [[], [0], [0, 0], [1], [1, 0], [0, 1], [1, 1], [-1], [1, 2, 3], [3, 2, 1]].map((words) => {
    const mixer = new Mixer();
    for (const word of words) mixer.word(word);
    return keyOf(mixer.end());
  });
  expect(new Set(keys).size).toBe(keys.length);
});

describe('what stands for a disk', () => {
  const t = 9;
  const actor = { user: 'root', cwd: '/', t };
  const bytes = new Uint8Array([1]);
  const changes: Readonly<Record<string, (disk: Disk) => void>> = {
    sync: (disk) => disk.sync(),
    fsync: (disk) => disk.fsync('/a/file', actor),
    losePower: (disk) => disk.losePower(t),
    writeFile: (disk) => disk.writeFile('/a/file', bytes, actor),
    append: (disk) => disk.append('/a/file', bytes, actor),
    replaceFile: (disk) => disk.replaceFile('/a/file', bytes, actor),
    openTarget: (disk) => disk.openTarget('/a', 'file', actor).replace(bytes, t),
    copy: (disk) => disk.copy('/a/file', '/a/other', actor),
    mkdir: (disk) => disk.mkdir('/b', actor),
    mkdirs: (disk) => disk.mkdirs('/b/c', actor),
    symlink: (disk) => disk.symlink('/a', '/link', actor),
    link: (disk) => disk.link('/a/file', '/a/other', actor),
    rename: (disk) => disk.rename('/a/file', '/a/other', actor),
    unlink: (disk) => disk.unlink('/a/file', actor),
    rmdir: (disk) => disk.rmdir('/empty', actor),
    chmod: (disk) => disk.chmod('/a/file', 0o600, actor),
    chown: (disk) => disk.chown('/a/file', 'sol', 'sol', actor),
    touch: (disk) => disk.touch('/a/file', actor),
    full: (disk) => { disk.full = true; },
    readOnly: (disk) => { disk.readOnly = true; },
  };
  const reads = ['constructor', 'clone', 'stat', 'lstat', 'exists', 'access', 'readFile', 'readContent', 'readLazy', 'readlink', 'realpath', 'readdir'];
  const disk = new Disk();
  disk.mkdir('/a', { ...actor, t: 1 });
  disk.mkdir('/empty', { ...actor, t: 1 });
  disk.writeFile('/a/file', bytes, { ...actor, t: 2 });

  test('each operation of a disk is known here to change it or not', () => {
    expect([...Object.keys(changes), ...reads].sort()).toEqual([...Object.getOwnPropertyNames(Disk.prototype), 'full', 'readOnly'].sort());
  });

  test.each(Object.keys(changes))('is another object after %s, and the same in a copy before', (name) => {
    const copy = disk.clone();
    expect(copy.standing).toBe(disk.standing);
    changes[name]!(copy);
    expect(copy.standing).not.toBe(disk.standing);
  });
});
