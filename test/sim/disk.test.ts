import { describe, expect, test } from 'vitest';
import { Disk, type Actor, type LazyBytes } from '../../src/sim/disk.ts';
import { attempt, errnoMessage, rustMessage } from '../../src/sim/disk-error.ts';
import { EXECUTE, WRITE } from '../../src/sim/disk-inode.ts';

const root: Actor = { user: 'root', t: 5 };
const encode = (text: string) => new TextEncoder().encode(text);
const at = (t: number): Actor => ({ user: 'root', t });

function read(disk: Disk, path: string): string {
  return new TextDecoder().decode(disk.readFile(path, root));
}

function lazy(text: string): LazyBytes & { readonly renders: () => number } {
  let renders = 0;
  return { render: () => (renders++, encode(text)), value: text, renders: () => renders };
}

describe('content', () => {
  test('an atomic swap of a symbolic link keeps it a link', () => {
    const disk = new Disk();
    disk.writeFile('/staked', encode('s'), root);
    disk.symlink('/junk', '/identity', root);
    disk.symlink('/staked', '/identity.tmp', root);
    disk.rename('/identity.tmp', '/identity', root);
    expect(disk.readlink('/identity', root)).toBe('/staked');
    expect(read(disk, '/identity')).toBe('s');
    expect(disk.readdir('/', root)).toEqual(['identity', 'staked']);
  });

  test('lazy content is rendered once, and only when bytes are needed', () => {
    const disk = new Disk();
    const tower = lazy('tower');
    disk.replaceFile('/t', tower, root);
    disk.copy('/t', '/copy', root);
    disk.rename('/copy', '/moved', root);
    expect(disk.readLazy('/moved', root)).toBe(tower);
    expect(tower.renders()).toBe(0);
    expect(read(disk, '/t') + read(disk, '/moved')).toBe('towertower');
    expect(disk.stat('/t', root).size).toBe(5);
    expect(tower.renders()).toBe(1);
  });

  test('content that was touched is lazy no more', () => {
    const disk = new Disk();
    disk.writeFile('/t', lazy('tower'), root);
    disk.append('/t', encode('!'), root);
    expect(disk.readLazy('/t', root)).toBeUndefined();
    expect(read(disk, '/t')).toBe('tower!');
    disk.writeFile('/t', encode('tower'), root);
    expect(disk.readLazy('/t', root)).toBeUndefined();
  });

  test('content goes to another disk as it was given', () => {
    const [from, to] = [new Disk(), new Disk()];
    const tower = lazy('tower');
    from.writeFile('/t', tower, root);
    to.writeFile('/t', from.readContent('/t', root), root);
    expect(to.readLazy('/t', root)).toBe(tower);
  });

  test('times and inode numbers', () => {
    const disk = new Disk();
    disk.writeFile('/f', encode('1'), at(10));
    const first = disk.stat('/f', root);
    disk.append('/f', encode('2'), at(20));
    expect(disk.stat('/f', root)).toEqual({ ...first, mtime: 20, size: 2 });
    disk.replaceFile('/f', encode('3'), at(30));
    expect(disk.stat('/f', root).inode).not.toBe(first.inode);
    expect(disk.stat('/', root).mtime).toBe(30);
    disk.touch('/f', at(40));
    disk.touch('/f', at(50), 7);
    expect(disk.stat('/f', root).mtime).toBe(7);
  });

  test('a hard link shares content until one name is replaced', () => {
    const disk = new Disk();
    disk.writeFile('/a', encode('1'), root);
    disk.link('/a', '/b', root);
    disk.append('/b', encode('2'), root);
    disk.replaceFile('/a', encode('3'), root);
    expect([read(disk, '/a'), read(disk, '/b')]).toEqual(['3', '12']);
  });
});

describe('faults', () => {
  test('a full disk lets the truncation through and not the content', () => {
    const disk = new Disk();
    disk.writeFile('/f', encode('old'), root);
    disk.full = true;
    expect(attempt(() => disk.writeFile('/f', encode('new'), root))).toEqual({ ok: false, code: 'ENOSPC' });
    expect(read(disk, '/f')).toBe('');
  });

  test('on a full disk a replaced file keeps its content, with an empty new file beside it', () => {
    const disk = new Disk();
    const target = disk.openTarget('/', 'tower', { user: 'root' });
    target.replace(encode('old'), 5);
    disk.full = true;
    expect(attempt(() => target.replace(encode('new'), 6))).toEqual({ ok: false, code: 'ENOSPC' });
    expect([read(disk, '/tower'), read(disk, '/tower.new')]).toEqual(['old', '']);
    disk.full = false;
    target.replace(encode('newest'), 7);
    expect(read(disk, '/tower')).toBe('newest');
    expect(disk.exists('/tower.new', root)).toBe(false);
  });

  test('on a full disk a short link can be made, a directory cannot', () => {
    const disk = new Disk();
    disk.full = true;
    disk.symlink('/home/sol/staked-identity.json', '/l', root);
    expect(attempt(() => disk.symlink('x'.repeat(60), '/m', root))).toEqual({ ok: false, code: 'ENOSPC' });
    expect(attempt(() => disk.mkdir('/d', root))).toEqual({ ok: false, code: 'ENOSPC' });
    expect(disk.readdir('/', root)).toEqual(['l']);
  });

  test('a read-only disk can be read and nothing else', () => {
    const disk = new Disk();
    disk.mkdir('/d', root);
    disk.writeFile('/f', encode('1'), root);
    disk.readOnly = true;
    const changes = [
      () => disk.writeFile('/f', encode('2'), root), () => disk.writeFile('/g', encode('2'), root),
      () => disk.append('/f', encode('2'), root), () => disk.mkdir('/e', root), () => disk.rmdir('/d', root),
      () => disk.unlink('/f', root), () => disk.unlink('/missing', root), () => disk.rename('/f', '/g', root),
      () => disk.symlink('f', '/l', root), () => disk.link('/f', '/h', root), () => disk.chmod('/f', 0, root),
      () => disk.chown('/f', 'sol', undefined, root), () => disk.touch('/f', root),
    ];
    expect(changes.map(attempt)).toEqual(changes.map(() => ({ ok: false, code: 'EROFS' })));
    expect(attempt(() => disk.mkdir('/d', root))).toEqual({ ok: false, code: 'EEXIST' });
    expect(read(disk, '/f')).toBe('1');
    expect(disk.access('/f', root, WRITE)).toBe(false);
  });
});

test('access of root: everything but the execution of a file that nobody may execute', () => {
  const disk = new Disk();
  disk.writeFile('/f', encode(''), root);
  disk.chmod('/f', 0, root);
  expect([disk.access('/f', root, WRITE), disk.access('/f', root, EXECUTE), disk.access('/', root, EXECUTE)]).toEqual([true, false, true]);
});

test('a disk made from a snapshot starts equal and goes its own way', () => {
  const disk = new Disk();
  disk.mkdirs('/mnt/ledger', root);
  disk.writeFile('/mnt/ledger/a', encode('1'), root);
  disk.link('/mnt/ledger/a', '/mnt/ledger/b', root);
  const snapshot = disk.snapshot();
  disk.writeFile('/mnt/ledger/a', encode('changed'), root);
  const copy = Disk.fromSnapshot(snapshot);
  copy.append('/mnt/ledger/b', encode('2'), root);
  copy.mkdir('/new', root);
  expect([read(copy, '/mnt/ledger/a'), read(disk, '/mnt/ledger/a')]).toEqual(['12', 'changed']);
  copy.losePower(5, { keep: 'synced' });
  expect(read(copy, '/mnt/ledger/a')).toBe('1');
  expect(Disk.fromSnapshot(snapshot).readdir('/', root)).toEqual(['mnt']);
});

test('messages as C and Rust programs print them', () => {
  expect(errnoMessage('ENOENT')).toBe('No such file or directory');
  expect(rustMessage('ENOENT')).toBe('No such file or directory (os error 2)');
  expect(rustMessage('EACCES')).toBe('Permission denied (os error 13)');
});
