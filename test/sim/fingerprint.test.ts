/** Fingerprints: equal worlds have equal ones, and a change anywhere in what is mutable shows. */
import { describe, expect, test } from 'vitest';
import { MILDEST, configOf } from '../../src/explore/run-spec.ts';
import { copyWorld, isBetweenCommands } from '../../src/sim/copy-world.ts';
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
  while (world.slot < world.startSlot + slot || !isBetweenCommands(world)) stepWorld(world);
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
    expect(blind).toEqual(['operator.resumed']);
    expect(tried).toBeGreaterThan(60);
    expect(fingerprint(world)).toBe(before);
  });

  test('tell every inode of the disks and of what a loss of power would bring back', () => {
    const world = worldAt(30);
    const before = fingerprint(world);
    const inodes = new Set<Inode>();
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('mtime' in value && 'number' in value) inodes.add(value as Inode);
      if (value instanceof Map) for (const item of value.values()) collect(item);
      else if (!(value instanceof Uint8Array)) for (const item of Object.values(value)) if (!inodes.has(item as Inode)) collect(item);
    };
    for (const { disk } of Object.values(world.hosts)) {
      const { root, journal } = disk as unknown as { readonly root: Inode; readonly journal: { readonly recent: readonly unknown[]; readonly head: number } };
      collect(root);
      for (const change of journal.recent.slice(journal.head)) collect(change);
    }
    expect(inodes.size).toBeGreaterThan(60);
    for (const inode of inodes) {
      inode.mtime++;
      expect(fingerprint(world), `inode ${inode.number}`).not.toBe(before);
      inode.mtime--;
      inode.mode ^= 1;
      expect(fingerprint(world), `inode ${inode.number}`).not.toBe(before);
      inode.mode ^= 1;
    }
    expect(fingerprint(world)).toBe(before);
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
