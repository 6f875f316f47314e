import fc from 'fast-check';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createFsFromVolume, Volume } from 'memfs';
import { Disk } from '../../src/sim/disk.ts';
import { listing, onDisk, onOracle, operations, pathsUnder, type Fs, type Operation } from './disk-oracle.ts';

const base = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'solevoter-disk-')));
afterAll(() => fs.rmSync(base, { recursive: true, force: true }), 60_000);

const setup = { user: 'root', t: 0 };

/** open for reading, stat, open for writing: what `Disk.copy` promises, in single system calls. */
function copyByCalls(from: string, to: string): void {
  const bytes = fs.readFileSync(from);
  fs.writeFileSync(to, bytes);
}

describe('a disk answers as Linux does', () => {
  test('random operations give the same errors, contents, links and listings as a real file system', { timeout: 60_000 }, () => {
    let round = 0;
    fc.assert(
      fc.property(fc.array(operations('@'), { minLength: 5, maxLength: 60 }), (script) => {
        const folder = `${base}/${round++}`;
        const place = (path: string) => path.replace('@', folder);
        fs.mkdirSync(folder);
        const disk = new Disk();
        disk.mkdirs(folder, setup);
        const real = (op: Operation) => onOracle(fs as unknown as Fs, op, (path) => fs.realpathSync.native(path), copyByCalls);
        for (const op of script) {
          const placed = { ...op, path: place(op.path), ...('from' in op ? { from: place(op.from) } : {}) } as Operation;
          expect([placed, onDisk(disk, placed)]).toEqual([placed, real(placed)]);
        }
        expect(listing((op) => onDisk(disk, op), folder)).toEqual(listing(real, folder));
        fs.rmSync(folder, { recursive: true, force: true });
      }),
      { numRuns: 150 },
    );
  });

  test('random operations that memfs gets right give the same on memfs', () => {
    const path = pathsUnder('/base', false);
    const text = fc.constantFrom('', 'one', 'three');
    const plain: fc.Arbitrary<Operation> = fc.oneof(
      fc.record({ kind: fc.constantFrom('write' as const, 'append' as const), path, text }),
      fc.record({ kind: fc.constantFrom('read' as const, 'mkdir' as const, 'stat' as const, 'lstat' as const), path }),
    );
    fc.assert(
      fc.property(fc.array(plain, { minLength: 5, maxLength: 40 }), (script) => {
        const volume = createFsFromVolume(Volume.fromJSON({ '/base/a/x': 'x', '/base/c': 'c' })) as unknown as Fs;
        const disk = new Disk();
        disk.mkdirs('/base/a', setup);
        for (const [file, content] of [['/base/a/x', 'x'], ['/base/c', 'c']] as const) disk.writeFile(file, new TextEncoder().encode(content), setup);
        const memory = (op: Operation) => onOracle(volume, op, (p) => p, () => undefined);
        // memfs opens a directory for writing without an error.
        const wrong = (op: Operation) => (op.kind === 'write' || op.kind === 'append') && onDisk(disk, { kind: 'stat', path: op.path }) === 'directory';
        for (const op of script) if (!wrong(op)) expect([op, onDisk(disk, op)]).toEqual([op, memory(op)]);
        expect(listing((op) => onDisk(disk, op), '/base')).toEqual(listing(memory, '/base'));
      }),
      { numRuns: 200 },
    );
  });
});
