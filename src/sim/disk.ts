/**
 * The disk of a simulated machine: a tree of files, directories and symbolic links with owners and permissions, whose
 * operations answer as Linux does (path_resolution(7), rename(2), open(2) …). Time comes from the caller in µs and
 * must not go back. What a loss of power leaves is told in `Journal`.
 *
 * All operations throw `DiskError`. Bytes that go in or come out are shared: nobody may change them.
 */
import type { Micros } from '../model/trace.ts';
import type { PowerLoss } from './disk-durability.ts';
import { DiskError, attempt, type Errno } from './disk-error.ts';
import { EXECUTE, READ, WRITE, bytesOf, contentOf, may, type DirectoryInode, type FileContent, type Inode, type LazyBytes } from './disk-inode.ts';
import { walk, type Reader } from './disk-path.ts';
import { ReplaceTarget } from './disk-target.ts';
import { DiskTree, mayCreate, mayRemove, needOwner, umaskOf, type Actor, type DiskSnapshot } from './disk-tree.ts';

export type { Actor, DiskSnapshot } from './disk-tree.ts';
export type { FileContent, LazyBytes } from './disk-inode.ts';
export type { Reader } from './disk-path.ts';

export interface Stat {
  readonly kind: Inode['kind'];
  /** Bytes; for a link the length of its target; 4096 for a directory. */
  readonly size: number;
  readonly mtime: Micros;
  readonly inode: number;
  /** Number of names; a directory has its own "." and the ".." in its folders among them. */
  readonly links: number;
  readonly owner: string;
  readonly group: string;
  /** Permission bits, 0..0o7777. */
  readonly mode: number;
}

/** ext4 keeps a link's target in the inode up to this length, so that it needs no block. */
const FAST_LINK = 59;

export class Disk extends DiskTree {
  static fromSnapshot(snapshot: DiskSnapshot, writeback?: Micros): Disk {
    return new Disk(writeback, snapshot);
  }

  /** Another disk that stands as this one does; the two share nothing that can change. */
  clone(): Disk {
    const copy = new Disk(this.journal.writeback);
    copy.copyFrom(this);
    return copy;
  }

  // Durability

  /** sync(2): everything is durable. */
  sync(): void {
    this.journal.sync();
  }

  /** open(2) for reading and fsync(2): the file's data, and every name so far, are durable. */
  fsync(path: string, reader: Reader): void {
    const inode = this.lookup(path, reader);
    if (!may(inode, reader.user, READ)) throw new DiskError('EACCES', path);
    this.journal.fsync(inode);
  }

  /** The machine loses power at `t` and finds its disk again as the tree then stands. */
  losePower(t: Micros, loss: PowerLoss = {}): void {
    this.journal.losePower(t, loss);
    this.generation++;
  }

  // Reading

  /** Lazy content is rendered when the size is read. */
  stat(path: string, reader: Reader): Stat {
    return statOf(this.lookup(path, reader), this.root);
  }

  /** As `stat`, but of the symbolic link itself. */
  lstat(path: string, reader: Reader): Stat {
    return statOf(this.lookup(path, reader, 'slash'), this.root);
  }

  exists(path: string, reader: Reader): boolean {
    return attempt(() => this.lookup(path, reader)).ok;
  }

  /** access(2): `want` is one of READ, WRITE, EXECUTE. Root may execute only what somebody may execute. */
  access(path: string, reader: Reader, want: number): boolean {
    const found = attempt(() => this.lookup(path, reader));
    if (!found.ok) return false;
    const inode = found.value;
    if (want === WRITE && this.isReadOnly) return false;
    if (want === EXECUTE && inode.kind === 'file' && (inode.mode & 0o111) === 0) return false;
    return may(inode, reader.user, want);
  }

  readFile(path: string, reader: Reader): Uint8Array {
    return bytesOf(this.openToRead(path, reader).content);
  }

  /** The content as it was given, bytes or lazy: what a copy to another disk writes there. */
  readContent(path: string, reader: Reader): FileContent {
    const { content } = this.openToRead(path, reader);
    return content.lazy ?? content.bytes!;
  }

  /** The lazy content, if the file holds exactly that, written whole or copied whole. */
  readLazy(path: string, reader: Reader): LazyBytes | undefined {
    return this.openToRead(path, reader).content.lazy;
  }

  readlink(path: string, reader: Reader): string {
    const inode = this.lookup(path, reader, 'slash');
    if (inode.kind !== 'link') throw new DiskError('EINVAL', path);
    return inode.target;
  }

  /** The path without links, "." and "..". `missing: 'last'`: the last part need not exist. */
  realpath(path: string, reader: Reader, missing: 'none' | 'last' = 'none'): string {
    const found = walk(this.root, path, reader, 'always');
    if (found.inode === undefined && missing === 'none') throw new DiskError('ENOENT', path);
    if (found.trailing && found.inode !== undefined && found.inode.kind !== 'directory') throw new DiskError('ENOTDIR', path);
    return `/${(found.last === 'name' ? [...found.names, found.name] : found.names).join('/')}`;
  }

  /** Names in the order of their code units. */
  readdir(path: string, reader: Reader): string[] {
    const inode = this.lookup(path, reader);
    if (inode.kind !== 'directory') throw new DiskError('ENOTDIR', path);
    if (!may(inode, reader.user, READ)) throw new DiskError('EACCES', path);
    return [...inode.entries.keys()].sort();
  }

  // Content

  /** open(O_CREAT | O_TRUNC) and write. On a full disk the file is left empty. `mode` is for a new file, before umask. */
  writeFile(path: string, content: FileContent, actor: Actor, mode = 0o666): void {
    this.writeContent(path, contentOf(content), actor, mode);
  }

  append(path: string, bytes: Uint8Array, actor: Actor): void {
    const file = this.openToWrite(path, actor, 0o666);
    if (bytes.length === 0) return;
    const old = bytesOf(file.content);
    const joined = new Uint8Array(old.length + bytes.length);
    joined.set(old);
    joined.set(bytes, old.length);
    this.setData(file, path, contentOf(joined), actor.t);
  }

  /**
   * Writes `path + ".new"` and renames it over `path`, without fsync: how Agave saves its tower
   * (core/src/consensus/tower_storage.rs, FileTowerStorage::store, 2.1 to 4.3).
   */
  replaceFile(path: string, content: FileContent, actor: Actor): void {
    this.writeFile(`${path}.new`, content, actor);
    this.rename(`${path}.new`, path, actor);
  }

  /** A place in a directory for repeated `replaceFile`, which it does without resolving the path each time. */
  openTarget(directory: string, name: string, actor: Omit<Actor, 't'>): ReplaceTarget {
    return new ReplaceTarget({
      generation: () => this.generation,
      directory: () => this.plainTarget(directory, name, actor),
      replaceFile: (content, t) => this.replaceFile(`${directory}/${name}`, content, { ...actor, t }),
      newInode: () => this.nextInode++,
      journal: this.journal,
      name, owner: actor.user, mode: 0o666 & ~umaskOf(actor),
    });
  }

  /** Copies a file's content as cp does to a target that it opens; lazy content stays lazy. */
  copy(from: string, to: string, actor: Actor): void {
    const source = this.openToRead(from, actor);
    this.writeContent(to, source.content, actor, source.mode & 0o777);
  }

  // Names

  mkdir(path: string, actor: Actor, mode = 0o777): void {
    const place = this.place(path, actor, true);
    mayCreate(place, path, actor);
    if (this.isFull) throw new DiskError('ENOSPC', path);
    const { user, t } = actor;
    this.setEntry(place, { kind: 'directory', number: this.nextInode++, owner: user, group: user, mode: mode & ~umaskOf(actor), mtime: t, entries: new Map() }, t);
  }

  /** mkdir -p: makes what is missing; an existing directory is no error. */
  mkdirs(path: string, actor: Actor): void {
    const names = path.split('/').filter((part) => part !== '');
    for (let i = 1; i <= names.length; i++) {
      const prefix = `${path.startsWith('/') ? '/' : ''}${names.slice(0, i).join('/')}`;
      const found = walk(this.root, prefix, actor, 'always');
      if (found.inode === undefined) this.mkdir(prefix, actor);
      else if (found.inode.kind !== 'directory') throw new DiskError(i === names.length ? 'EEXIST' : 'ENOTDIR', path);
    }
  }

  symlink(target: string, path: string, actor: Actor): void {
    if (target === '') throw new DiskError('ENOENT', path);
    const place = this.place(path, actor, false);
    mayCreate(place, path, actor);
    if (this.isFull && target.length > FAST_LINK) throw new DiskError('ENOSPC', path);
    const { user, t } = actor;
    this.setEntry(place, { kind: 'link', number: this.nextInode++, owner: user, group: user, mode: 0o777, mtime: t, target, linked: false }, t);
  }

  /** link(2): a second name for a file. */
  link(from: string, to: string, actor: Actor): void {
    const inode = this.lookup(from, actor, 'slash');
    const place = this.place(to, actor, false);
    // fs.protected_hardlinks = 1, the default of the distributions.
    const own = actor.user === 'root' || actor.user === inode.owner;
    if (!own && !(inode.kind === 'file' && may(inode, actor.user, READ | WRITE))) throw new DiskError('EPERM', from);
    mayCreate(place, to, actor);
    if (inode.kind === 'directory') throw new DiskError('EPERM', from);
    inode.linked = true;
    this.setEntry(place, inode, actor.t);
  }

  rename(from: string, to: string, actor: Actor): void {
    const source = walk(this.root, from, actor, 'never');
    const target = walk(this.root, to, actor, 'never');
    // The order of the checks is that of the kernel's do_renameat2 and vfs_rename.
    if (source.last !== 'name' || target.last !== 'name') throw new DiskError('EBUSY', from);
    this.needWritable(from);
    const { inode } = source;
    if (inode === undefined) throw new DiskError('ENOENT', from);
    const isDirectory = inode.kind === 'directory';
    if (!isDirectory && (source.trailing || target.trailing)) throw new DiskError('ENOTDIR', from);
    if (isDirectory && target.directories.includes(inode)) throw new DiskError('EINVAL', from);
    const replaced = target.inode;
    if (replaced?.kind === 'directory' && source.directories.includes(replaced)) throw new DiskError('ENOTEMPTY', to);
    if (replaced === inode) return;
    mayRemove(source, from, actor);
    if (replaced === undefined) mayCreate(target, to, actor);
    else {
      mayRemove(target, to, actor);
      if (isDirectory && replaced.kind !== 'directory') throw new DiskError('ENOTDIR', to);
      if (!isDirectory && replaced.kind === 'directory') throw new DiskError('EISDIR', to);
    }
    const moved = source.directories.at(-1) !== target.directories.at(-1);
    if (isDirectory && moved && !may(inode, actor.user, WRITE)) throw new DiskError('EACCES', from);
    if (replaced?.kind === 'directory' && replaced.entries.size > 0) throw new DiskError('ENOTEMPTY', to);
    if (inode.kind === 'file' && replaced !== undefined) inode.flushed = true;
    this.setEntry(target, inode, actor.t);
    this.setEntry(source, undefined, actor.t);
  }

  unlink(path: string, actor: Actor): void {
    const place = walk(this.root, path, actor, 'never');
    if (place.last !== 'name') throw new DiskError('EISDIR', path);
    this.needWritable(path);
    if (place.inode === undefined) throw new DiskError('ENOENT', path);
    if (place.trailing) throw new DiskError(place.inode.kind === 'directory' ? 'EISDIR' : 'ENOTDIR', path);
    mayRemove(place, path, actor);
    if (place.inode.kind === 'directory') throw new DiskError('EISDIR', path);
    this.setEntry(place, undefined, actor.t);
  }

  rmdir(path: string, actor: Actor): void {
    const place = walk(this.root, path, actor, 'never');
    if (place.last !== 'name') throw new DiskError(LAST_OF_RMDIR[place.last], path);
    this.needWritable(path);
    if (place.inode === undefined) throw new DiskError('ENOENT', path);
    mayRemove(place, path, actor);
    if (place.inode.kind !== 'directory') throw new DiskError('ENOTDIR', path);
    if (place.inode.entries.size > 0) throw new DiskError('ENOTEMPTY', path);
    this.setEntry(place, undefined, actor.t);
  }

  // Attributes

  chmod(path: string, mode: number, actor: Actor): void {
    const inode = this.lookup(path, actor);
    this.needWritable(path);
    needOwner(inode, path, actor);
    this.setAttributes(inode, { mode: mode & 0o7777 }, actor.t);
  }

  /** Only root gives files away. A user may set the group of an own file to the own group. */
  chown(path: string, owner: string | undefined, group: string | undefined, actor: Actor): void {
    const inode = this.lookup(path, actor);
    this.needWritable(path);
    const allowed = actor.user === 'root' ||
      (actor.user === inode.owner && (owner ?? actor.user) === inode.owner && (group === undefined || group === actor.user || group === inode.group));
    if (!allowed) throw new DiskError('EPERM', path);
    this.setAttributes(inode, { owner: owner ?? inode.owner, group: group ?? inode.group }, actor.t);
  }

  /** utimensat(2). Without `mtime`: now, for which the right to write is enough. */
  touch(path: string, actor: Actor, mtime?: Micros): void {
    const inode = this.lookup(path, actor);
    this.needWritable(path);
    if (mtime !== undefined) needOwner(inode, path, actor);
    else if (inode.owner !== actor.user && !may(inode, actor.user, WRITE)) throw new DiskError('EACCES', path);
    this.setAttributes(inode, { mtime: mtime ?? actor.t }, actor.t);
  }
}

const LAST_OF_RMDIR: Readonly<Record<'dot' | 'dotdot' | 'root', Errno>> = { dot: 'EINVAL', dotdot: 'ENOTEMPTY', root: 'EBUSY' };

function statOf(inode: Inode, root: DirectoryInode): Stat {
  const { kind, mtime, number, owner, group, mode } = inode;
  const links = linkCount(inode, root);
  if (inode.kind !== 'file') return { kind, size: inode.kind === 'link' ? inode.target.length : 4096, mtime, inode: number, links, owner, group, mode };
  const { content } = inode;
  // Few ask for the size, and to render a tower is to sign it.
  return { kind, get size() { return bytesOf(content).length; }, mtime, inode: number, links, owner, group, mode };
}

function linkCount(inode: Inode, root: DirectoryInode): number {
  if (inode.kind === 'directory') return 2 + [...inode.entries.values()].filter((child) => child.kind === 'directory').length;
  return inode.linked ? countNames(root, inode) : 1;
}

function countNames(directory: DirectoryInode, inode: Inode): number {
  let names = 0;
  for (const child of directory.entries.values()) {
    if (child === inode) names++;
    else if (child.kind === 'directory') names += countNames(child, inode);
  }
  return names;
}
