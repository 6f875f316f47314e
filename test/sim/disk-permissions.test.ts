import fc from 'fast-check';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Disk, type Actor } from '../../src/sim/disk.ts';
import { attempt } from '../../src/sim/disk-error.ts';
import { onDisk, onOracle, operations, pathsUnder, UIDS, type Fs, type Operation } from './disk-oracle.ts';

const base = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'solevoter-permissions-')));
fs.chmodSync(base, 0o755);
afterAll(() => fs.rmSync(base, { recursive: true, force: true }), 60_000);

const root: Actor = { user: 'root', t: 0 };
const sol: Actor = { user: 'sol', t: 0 };
const bytes = new TextEncoder().encode('x');

describe.skipIf(process.getuid?.() !== 0)('as on Linux for three users', () => {
  test('random operations, chmod and chown give the same errors', { timeout: 60_000 }, () => {
    const modes = fc.constantFrom(0o000, 0o700, 0o755, 0o644, 0o711, 0o444, 0o333, 0o070, 0o007, 0o777);
    const path = pathsUnder('@', false);
    const step = fc.record({
      user: fc.constantFrom('root', 'daemon', 'daemon', 'bin'),
      op: fc.oneof(
        { weight: 5, arbitrary: operations('@').filter((op) => op.kind !== 'link') },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('chmod' as const), path, mode: modes }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('chown' as const), path, user: fc.constantFrom('root', 'daemon', 'bin') }) },
      ),
    });
    let round = 0;
    const umask = process.umask(0o022);
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (script) => {
        const folder = `${base}/${round++}`;
        fs.mkdirSync(folder);
        fs.chmodSync(folder, 0o777);
        const disk = new Disk();
        disk.mkdirs(folder, root);
        disk.chmod(folder, 0o777, root);
        const place = (p: string) => p.replace('@', folder);
        for (const { user, op } of script) {
          const placed = { ...op, path: place(op.path), ...('from' in op ? { from: place(op.from) } : {}) } as Operation;
          const simulated = onDisk(disk, placed, { user, t: 1 });
          const real = as(user, () =>
            onOracle(fs as unknown as Fs, placed, (p) => fs.realpathSync.native(p), (from, to) => copyByCalls(from, to)));
          expect([user, placed, simulated]).toEqual([user, placed, real]);
        }
        fs.rmSync(folder, { recursive: true, force: true });
      }),
      { numRuns: 150 },
    );
    process.umask(umask);
  });
});

/** cp gives a new file the mode of its source. */
function copyByCalls(from: string, to: string): void {
  const content = fs.readFileSync(from);
  fs.writeFileSync(to, content, { mode: fs.statSync(from).mode & 0o777 });
}

function as<T>(user: string, work: () => T): T {
  process.setegid!(UIDS[user]!);
  process.seteuid!(UIDS[user]!);
  try {
    return work();
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
  }
}

describe('permissions that need no oracle', () => {
  function prepared(): Disk {
    const disk = new Disk();
    disk.mkdirs('/home/sol', root);
    disk.chown('/home/sol', 'sol', 'sol', root);
    disk.mkdirs('/tmp', root);
    disk.chmod('/tmp', 0o1777, root);
    disk.mkdirs('/etc', root);
    return disk;
  }

  test('a sticky directory protects the names of others', () => {
    const disk = prepared();
    disk.writeFile('/tmp/r', bytes, root);
    disk.writeFile('/tmp/s', bytes, sol);
    expect(attempt(() => disk.unlink('/tmp/r', sol))).toEqual({ ok: false, code: 'EPERM' });
    expect(attempt(() => disk.rename('/tmp/s', '/tmp/r', sol))).toEqual({ ok: false, code: 'EPERM' });
    expect(attempt(() => disk.unlink('/tmp/s', sol)).ok).toBe(true);
  });

  test('the umask shapes new files and directories', () => {
    const disk = prepared();
    disk.writeFile('/home/sol/key.json', bytes, { ...sol, umask: 0o077 });
    disk.mkdir('/home/sol/d', { ...sol, umask: 0o027 });
    expect(disk.stat('/home/sol/key.json', root)).toMatchObject({ mode: 0o600, owner: 'sol', group: 'sol', size: 1 });
    expect(disk.stat('/home/sol/d', root).mode).toBe(0o750);
  });

  test.each([
    ['mkdir', () => prepared().mkdir('/etc/x', sol), 'EACCES'],
    ['chown to another', () => { const d = prepared(); d.writeFile('/home/sol/f', bytes, sol); d.chown('/home/sol/f', 'root', undefined, sol); }, 'EPERM'],
    ['chmod of another', () => prepared().chmod('/etc', 0o777, sol), 'EPERM'],
    ['touch of another', () => prepared().touch('/etc', sol), 'EACCES'],
    ['hard link to another', () => { const d = prepared(); d.writeFile('/etc/f', bytes, root); d.link('/etc/f', '/home/sol/f', sol); }, 'EPERM'],
  ] as const)('%s is refused', (_, work, code) => {
    expect(attempt(work)).toEqual({ ok: false, code });
  });
});
