import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Disk, type Actor } from '../../src/sim/disk.ts';
import type { PowerLoss } from '../../src/sim/disk-durability.ts';
import { attempt } from '../../src/sim/disk-error.ts';
import { listing, onDisk, operations, type Operation } from './disk-oracle.ts';

const SECOND = 1_000_000;
const encode = (text: string) => new TextEncoder().encode(text);
const at = (seconds: number): Actor => ({ user: 'root', t: seconds * SECOND });

function read(disk: Disk, path: string): string | undefined {
  const found = attempt(() => new TextDecoder().decode(disk.readFile(path, at(0))));
  return found.ok ? found.value : undefined;
}

function tree(disk: Disk): string[] {
  return listing((op) => onDisk(disk, op), '');
}

describe('a loss of power', () => {
  test('keeps what is older than 30 s and takes the rest', () => {
    const disk = new Disk();
    disk.replaceFile('/tower', encode('1'), at(0));
    disk.replaceFile('/tower', encode('2'), at(10));
    disk.replaceFile('/tower', encode('3'), at(35));
    disk.losePower(41 * SECOND);
    expect(read(disk, '/tower')).toBe('2');
    disk.losePower(41 * SECOND, { keep: 'synced' });
    expect(read(disk, '/tower')).toBe('2');
  });

  test('keeps everything before a sync', () => {
    const disk = new Disk();
    disk.writeFile('/a', encode('1'), at(0));
    disk.sync();
    disk.writeFile('/a', encode('2'), at(1));
    disk.losePower(2 * SECOND);
    expect(read(disk, '/a')).toBe('1');
  });

  test('keeps only synced changes, or all of them, when asked', () => {
    const run = (loss: PowerLoss) => {
      const disk = new Disk();
      disk.writeFile('/a', encode('1'), at(0));
      disk.sync();
      for (let s = 1; s <= 100; s++) disk.replaceFile('/a', encode(`after ${s}`), at(s));
      disk.losePower(100 * SECOND, loss);
      return read(disk, '/a');
    };
    expect([run({ keep: 'synced' }), run({}), run({ keep: 'all' })]).toEqual(['1', 'after 69', 'after 100']);
    expect([run({ keep: 'synced', emptyUnsyncedRenames: true }), run({ emptyUnsyncedRenames: true }), run({ keep: 'all', emptyUnsyncedRenames: true })])
      .toEqual(['', '', 'after 100']);
  });

  test('takes back a swap of the identity link that was not synced', () => {
    const disk = new Disk();
    disk.symlink('/junk', '/identity', at(0));
    disk.sync();
    disk.symlink('/staked', '/identity.tmp', at(1));
    disk.rename('/identity.tmp', '/identity', at(1));
    disk.losePower(2 * SECOND);
    expect(disk.readlink('/identity', at(2))).toBe('/junk');
    expect(disk.readdir('/', at(2))).toEqual(['identity']);
  });

  test('may give a file back empty whose rename was not synced', () => {
    const disk = new Disk();
    disk.replaceFile('/tower', encode('1'), at(0));
    disk.sync();
    disk.replaceFile('/tower', encode('2'), at(1));
    disk.losePower(2 * SECOND, { emptyUnsyncedRenames: true });
    expect(read(disk, '/tower')).toBe('');
  });

  test('takes nothing of a file that was synced, also when unsynced renames come back empty', () => {
    const disk = new Disk();
    disk.writeFile('/tower.new', encode('2'), at(1));
    disk.fsync('/tower.new', at(1));
    disk.rename('/tower.new', '/tower', at(1));
    disk.losePower(2 * SECOND, { emptyUnsyncedRenames: true });
    expect(read(disk, '/tower')).toBe('2');
  });

  test('after fsync of a file: its data and all names are kept, other new files are empty, replaced files are whole', () => {
    const disk = new Disk();
    disk.writeFile('/tower', encode('0'), at(0));
    disk.sync();
    disk.replaceFile('/tower', encode('1'), at(1));
    disk.openTarget('/', 'fast', { user: 'root' }).replace(encode('1'), 1 * SECOND);
    disk.openTarget('/', 'fast', { user: 'root' }).replace(encode('2'), 1 * SECOND);
    disk.writeFile('/copied', encode('c'), at(1));
    disk.writeFile('/key', encode('k'), at(1));
    disk.fsync('/key', at(2));
    disk.writeFile('/late', encode('l'), at(2));
    disk.losePower(3 * SECOND);
    expect(['/tower', '/fast', '/copied', '/key', '/late'].map((path) => read(disk, path))).toEqual(['1', '2', '', 'k', undefined]);
  });

  test('takes back permissions and owners, too', () => {
    const disk = new Disk();
    disk.writeFile('/f', encode(''), at(0));
    disk.sync();
    const before = disk.stat('/f', at(0));
    disk.chmod('/f', 0o600, at(1));
    disk.chown('/f', 'sol', 'sol', at(1));
    disk.touch('/f', at(1));
    disk.losePower(1 * SECOND);
    expect(disk.stat('/f', at(0))).toEqual(before);
  });
});

/** One operation a second, with a sync now and then. */
const script = fc.array(fc.oneof({ weight: 12, arbitrary: operations('') }, { weight: 1, arbitrary: fc.constant('sync' as const) }), { maxLength: 80 });

function play(disk: Disk, steps: readonly (Operation | 'sync')[]): void {
  for (const [second, step] of steps.entries()) {
    if (step === 'sync') disk.sync();
    else onDisk(disk, step, at(second));
  }
}

test('the tree after a loss of power is the tree after a prefix of the operations', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(script, fc.constantFrom('synced', 'expired', 'all'), (steps, keep) => {
      const disk = new Disk();
      play(disk, steps);
      const now = steps.length - 1;
      disk.losePower(now * SECOND, { keep });
      const synced = steps.lastIndexOf('sync') + 1;
      const cut = keep === 'all' ? steps.length : keep === 'synced' ? synced : Math.max(synced, now - 30);
      const expected = new Disk();
      play(expected, steps.slice(0, cut));
      expect(tree(disk)).toEqual(tree(expected));
    }),
    { numRuns: 300 },
  );
});

test('a target that is replaced the fast way leaves the same disk as one replaced the slow way', { timeout: 60_000 }, () => {
  const step = fc.oneof(
    { weight: 10, arbitrary: fc.record({ kind: fc.constant('replace' as const), text: fc.constantFrom('', 'one', 'three') }) },
    { weight: 6, arbitrary: operations('') },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Operation>(
        { kind: 'write', path: '/a/b.new', text: 'left over' }, { kind: 'mkdir', path: '/a/b' }, { kind: 'mkdir', path: '/a' }, { kind: 'unlink', path: '/a/b' },
        { kind: 'rename', from: '/a', path: '/c' }, { kind: 'symlink', from: '/c', path: '/a' },
        { kind: 'symlink', from: 'x', path: '/a/b' }, { kind: 'link', from: '/a/b', path: '/c' },
        { kind: 'chmod', path: '/a', mode: 0o555 }, { kind: 'chmod', path: '/a', mode: 0o1777 }, { kind: 'chmod', path: '/a', mode: 0o777 },
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('full' as const, 'readOnly' as const, 'sync' as const, 'fsync' as const) },
  );
  const loss = fc.record({ keep: fc.constantFrom('synced', 'expired', 'all'), emptyUnsyncedRenames: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.array(loss, { maxLength: 1 }), fc.constantFrom('root', 'sol'), (steps, losses, user) => {
      const [fast, slow] = [new Disk(), new Disk()];
      for (const disk of [fast, slow]) {
        disk.mkdir('/a', at(0));
        disk.chmod('/a', 0o777, at(0));
      }
      const target = fast.openTarget('/a', 'b', { user });
      for (const [second, one] of steps.entries()) {
        const actor = { user, t: second * SECOND };
        if (typeof one === 'string') {
          for (const disk of [fast, slow]) {
            if (one === 'sync') disk.sync();
            else if (one === 'fsync') attempt(() => disk.fsync('/a', at(second)));
            else disk[one] = !disk[one];
          }
        } else if (one.kind === 'replace') {
          const quick = attempt(() => target.replace(encode(one.text), actor.t));
          expect(quick).toEqual(attempt(() => slow.replaceFile('/a/b', encode(one.text), actor)));
        } else {
          expect(onDisk(fast, one, at(second))).toBe(onDisk(slow, one, at(second)));
        }
      }
      for (const one of losses) for (const disk of [fast, slow]) disk.losePower(steps.length * SECOND, one);
      expect(tree(fast)).toEqual(tree(slow));
      expect(fast.snapshot()).toEqual(slow.snapshot());
    }),
    {
      numRuns: 1000,
      // A new file that is then written over: ext4 writes the data of what was truncated with the names.
      examples: [[[{ kind: 'replace', text: 'one' }, { kind: 'write', path: '/a/b', text: 'one' }, 'fsync'], [{ keep: 'synced', emptyUnsyncedRenames: false }], 'root']],
    },
  );
});
