/** Random operations on a disk and on an oracle with Node's fs interface, and their observable results. */
import fc from 'fast-check';
import type { Dirent, Stats } from 'node:fs';
import type { Actor, Disk } from '../../src/sim/disk.ts';
import { attempt } from '../../src/sim/disk-error.ts';

export interface Fs {
  readFileSync(path: string): unknown;
  writeFileSync(path: string, data: string): void;
  appendFileSync(path: string, data: string): void;
  mkdirSync(path: string): unknown;
  rmdirSync(path: string): void;
  symlinkSync(target: string, path: string): void;
  linkSync(from: string, to: string): void;
  renameSync(from: string, to: string): void;
  unlinkSync(path: string): void;
  readlinkSync(path: string): unknown;
  readdirSync(path: string): (string | Dirent)[];
  statSync(path: string): Stats;
  lstatSync(path: string): Stats;
  chmodSync(path: string, mode: number): void;
  chownSync(path: string, uid: number, gid: number): void;
}

export type Operation =
  | { readonly kind: 'chmod'; readonly path: string; readonly mode: number }
  | { readonly kind: 'chown'; readonly path: string; readonly user: string }
  | { readonly kind: 'read' | 'mkdir' | 'rmdir' | 'unlink' | 'readlink' | 'list' | 'stat' | 'lstat' | 'realpath'; readonly path: string }
  | { readonly kind: 'write' | 'append'; readonly path: string; readonly text: string }
  | { readonly kind: 'symlink' | 'link' | 'rename' | 'copy'; readonly from: string; readonly path: string };

/** Users of every Debian, with a group of the same name and number. */
export const UIDS: Readonly<Record<string, number>> = { root: 0, daemon: 1, bin: 2 };

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

export function onDisk(disk: Disk, op: Operation, actor: Actor = { user: 'root', t: 1 }): string {
  const result = attempt((): string => {
    switch (op.kind) {
      case 'read': return text(disk.readFile(op.path, actor));
      case 'write': disk.writeFile(op.path, new TextEncoder().encode(op.text), actor); return '';
      case 'append': disk.append(op.path, new TextEncoder().encode(op.text), actor); return '';
      case 'mkdir': disk.mkdir(op.path, actor); return '';
      case 'rmdir': disk.rmdir(op.path, actor); return '';
      case 'unlink': disk.unlink(op.path, actor); return '';
      case 'symlink': disk.symlink(op.from, op.path, actor); return '';
      case 'link': disk.link(op.from, op.path, actor); return '';
      case 'rename': disk.rename(op.from, op.path, actor); return '';
      case 'copy': disk.copy(op.from, op.path, actor); return '';
      case 'chmod': disk.chmod(op.path, op.mode, actor); return '';
      case 'chown': disk.chown(op.path, op.user, op.user, actor); return '';
      case 'readlink': return disk.readlink(op.path, actor);
      case 'realpath': return disk.realpath(op.path, actor);
      case 'list': return disk.readdir(op.path, actor).join();
      case 'stat': case 'lstat': {
        const { kind, size } = disk[op.kind](op.path, actor);
        return kind === 'directory' ? kind : `${kind} ${size}`;
      }
    }
  });
  return result.ok ? result.value : result.code;
}

export function onOracle(fs: Fs, op: Operation, realpath: (path: string) => string, copy: (from: string, to: string) => void): string {
  try {
    switch (op.kind) {
      case 'read': return String(fs.readFileSync(op.path));
      case 'write': fs.writeFileSync(op.path, op.text); return '';
      case 'append': fs.appendFileSync(op.path, op.text); return '';
      case 'mkdir': fs.mkdirSync(op.path); return '';
      case 'rmdir': fs.rmdirSync(op.path); return '';
      case 'unlink': fs.unlinkSync(op.path); return '';
      case 'symlink': fs.symlinkSync(op.from, op.path); return '';
      case 'link': fs.linkSync(op.from, op.path); return '';
      case 'rename': fs.renameSync(op.from, op.path); return '';
      case 'copy': copy(op.from, op.path); return '';
      case 'chmod': fs.chmodSync(op.path, op.mode); return '';
      case 'chown': fs.chownSync(op.path, UIDS[op.user]!, UIDS[op.user]!); return '';
      case 'readlink': return String(fs.readlinkSync(op.path));
      case 'realpath': return realpath(op.path);
      case 'list': return fs.readdirSync(op.path).map(String).sort().join();
      case 'stat': case 'lstat': {
        const stats = op.kind === 'stat' ? fs.statSync(op.path) : fs.lstatSync(op.path);
        return stats.isDirectory() ? 'directory' : `${stats.isSymbolicLink() ? 'link' : 'file'} ${stats.size}`;
      }
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

const name = fc.constantFrom('a', 'b', 'c');

/** Paths under `base`, at most three names deep, now and then with ".", ".." or a slash at the end. */
export function pathsUnder(base: string, odd = true): fc.Arbitrary<string> {
  const part = odd ? fc.oneof({ weight: 12, arbitrary: name }, { weight: 1, arbitrary: fc.constantFrom('.', '..') }) : name;
  const end = odd ? fc.oneof({ weight: 12, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constant('/') }) : fc.constant('');
  return fc.tuple(fc.array(part, { minLength: 1, maxLength: 3 }), end)
    .map(([parts, slash]) => `${base}/${inside(parts).join('/')}${slash}`);
}

/** Drops the ".." that would lead above the folder. */
function inside(parts: readonly string[]): string[] {
  let depth = 0;
  return parts.filter((part) => {
    if (part === '..' && depth === 0) return false;
    depth += part === '..' ? -1 : part === '.' ? 0 : 1;
    return true;
  });
}

export function operations(base: string): fc.Arbitrary<Operation> {
  const path = pathsUnder(base);
  const target = fc.oneof(name, name.map((n) => `./${n}`), name.map((n) => `${n}/`), fc.tuple(name, name).map((names) => names.join('/')), pathsUnder(base));
  const kinds = <K extends string>(...kind: K[]) => fc.constantFrom(...kind);
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: kinds('read', 'unlink', 'rmdir', 'readlink', 'list', 'stat', 'lstat', 'realpath'), path }) },
    { weight: 3, arbitrary: fc.record({ kind: kinds('mkdir'), path }) },
    { weight: 4, arbitrary: fc.record({ kind: kinds('write', 'append'), path, text: fc.constantFrom('', 'one', 'three') }) },
    { weight: 3, arbitrary: fc.record({ kind: kinds('symlink'), from: target, path }) },
    { weight: 5, arbitrary: fc.record({ kind: kinds('rename', 'rename', 'link', 'copy'), from: path, path }) },
  );
}

/** Everything under `base`, one line a path. */
export function listing(run: (op: Operation) => string, base: string): string[] {
  const lines: string[] = [];
  const visit = (path: string): void => {
    const kind = run({ kind: 'lstat', path });
    const content = kind.startsWith('file') ? run({ kind: 'read', path }) : kind.startsWith('link') ? run({ kind: 'readlink', path }) : '';
    lines.push(`${path} ${kind} ${content}`);
    if (kind !== 'directory') return;
    const names = run({ kind: 'list', path });
    for (const child of names === '' ? [] : names.split(',')) visit(`${path}/${child}`);
  };
  visit(base);
  return lines;
}
