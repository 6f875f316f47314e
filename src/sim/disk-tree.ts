/** The tree under a disk: how things are found in it, what forbids a change, and the only places where it changes. */
import type { Micros } from '../model/trace.ts';
import { DEFAULT_WRITEBACK, Journal, type Change } from './disk-durability.ts';
import { DiskError, attempt } from './disk-error.ts';
import {
  EMPTY, EXECUTE, READ, WRITE, copyInode, may, newFile,
  type Content, type DirectoryInode, type FileInode, type Inode, type InodeCopies,
} from './disk-inode.ts';
import { walk, type Reader, type Walk } from './disk-path.ts';

/** Who acts, when, and with which umask (0o022 by default). */
export interface Actor extends Reader {
  readonly t: Micros;
  readonly umask?: number;
}

/** A tree to make disks from. Everything in it counts as durable. */
export interface DiskSnapshot {
  readonly root: DirectoryInode;
  readonly nextInode: number;
}

export class DiskTree {
  protected root: DirectoryInode;
  protected nextInode: number;
  protected journal: Journal;
  protected isFull = false;
  protected isReadOnly = false;
  /** Grows with every change of names or permissions: what was found by a path before must be looked up again. */
  protected generation = 0;

  /** `writeback`: age in µs from which changes are durable by themselves; see `Journal`. */
  constructor(writeback: Micros = DEFAULT_WRITEBACK, snapshot?: DiskSnapshot) {
    this.journal = new Journal(writeback);
    this.root = snapshot === undefined
      ? { kind: 'directory', number: 2, owner: 'root', group: 'root', mode: 0o755, mtime: 0, entries: new Map() }
      : copyInode(snapshot.root, []);
    this.nextInode = snapshot?.nextInode ?? 3;
  }

  snapshot(): DiskSnapshot {
    return { root: copyInode(this.root, []), nextInode: this.nextInode };
  }

  /** Makes this disk stand as the other one does, with all that a loss of power would take back. */
  protected copyFrom(other: DiskTree): void {
    const copies: InodeCopies = [];
    this.root = copyInode(other.root, copies);
    this.nextInode = other.nextInode;
    this.journal = other.journal.copy(copies);
    this.isFull = other.isFull;
    this.isReadOnly = other.isReadOnly;
  }

  /**
   * Stands for all that the disk holds: another object after each change, and the same in copies that hold the same.
   * Every change goes through the journal or is one of the faults below.
   */
  get standing(): object {
    return (this.journal.standing ??= {});
  }

  // Faults

  /** No free block: writes fail with ENOSPC after the truncation of open(2), mkdir fails; names in existing directories still change. */
  get full(): boolean {
    return this.isFull;
  }

  set full(on: boolean) {
    this.isFull = on;
    this.journal.standing = null;
    this.generation++;
  }

  /** Every change fails with EROFS. */
  get readOnly(): boolean {
    return this.isReadOnly;
  }

  set readOnly(on: boolean) {
    this.isReadOnly = on;
    this.journal.standing = null;
    this.generation++;
  }

  protected lookup(path: string, reader: Reader, follow: 'always' | 'slash' = 'always'): Inode {
    const { inode, trailing } = walk(this.root, path, reader, follow);
    if (inode === undefined) throw new DiskError('ENOENT', path);
    if (trailing && inode.kind !== 'directory') throw new DiskError('ENOTDIR', path);
    return inode;
  }

  protected openToRead(path: string, reader: Reader): FileInode {
    const inode = this.lookup(path, reader);
    if (!may(inode, reader.user, READ)) throw new DiskError('EACCES', path);
    if (inode.kind !== 'file') throw new DiskError('EISDIR', path);
    return inode;
  }

  /** open(O_WRONLY | O_CREAT): the file, made when it is missing, also behind a dangling link. */
  protected openToWrite(path: string, actor: Actor, mode: number): FileInode {
    const found = walk(this.root, path, actor, 'create');
    if (found.last !== 'name') throw new DiskError('EISDIR', path);
    const { inode } = found;
    if (inode === undefined) {
      this.needWritable(path);
      mayCreate(found, path, actor);
      const file = newFile(this.nextInode++, actor.user, mode & ~umaskOf(actor), actor.t, EMPTY);
      this.setEntry(found, file, actor.t);
      return file;
    }
    if (inode.kind !== 'file') throw new DiskError('EISDIR', path);
    this.needWritable(path);
    if (!may(inode, actor.user, WRITE)) throw new DiskError('EACCES', path);
    return inode;
  }

  /** Where a new name shall stand; whether the user may write there is asked next. */
  protected place(path: string, actor: Actor, directory: boolean): Walk {
    const found = walk(this.root, path, actor, 'never');
    if (found.last !== 'name' || found.inode !== undefined) throw new DiskError('EEXIST', path);
    if (found.trailing && !directory) throw new DiskError('ENOENT', path);
    this.needWritable(path);
    return found;
  }

  /** The directory, if nothing but the plain case of `replaceFile` can happen in it as long as no name changes. */
  protected plainTarget(path: string, name: string, actor: Reader): DirectoryInode | undefined {
    if (this.isFull || this.isReadOnly || name === '' || name === '.' || name === '..' || name.includes('/') || name.length > 251) return undefined;
    const found = attempt(() => this.lookup(path, actor));
    if (!found.ok) return undefined;
    const directory = found.value;
    if (directory.kind !== 'directory' || (directory.mode & 0o1000) !== 0 || !may(directory, actor.user, WRITE | EXECUTE)) return undefined;
    if (directory.entries.has(`${name}.new`) || directory.entries.get(name)?.kind === 'directory') return undefined;
    return directory;
  }

  protected needWritable(path: string): void {
    if (this.isReadOnly) throw new DiskError('EROFS', path);
  }

  protected writeContent(path: string, content: Content, actor: Actor, mode: number): void {
    const file = this.openToWrite(path, actor, mode);
    const { t } = actor;
    if (file.content !== EMPTY || file.mtime !== t) {
      this.journal.add({ kind: 'truncate', t, inode: file, before: file.content, mtime: file.mtime });
      file.flushed = file.content !== EMPTY;
      file.content = EMPTY;
      file.mtime = t;
    }
    if (content === EMPTY) return;
    const { flushed } = file;
    this.setData(file, path, content, t);
    file.flushed = flushed;
  }

  protected setData(file: FileInode, path: string, content: Content, t: Micros): void {
    if (this.isFull) throw new DiskError('ENOSPC', path);
    this.journal.add({ kind: 'data', t, inode: file, before: file.content, mtime: file.mtime, flushed: false });
    file.content = content;
    file.mtime = t;
    file.flushed = false;
  }

  protected setEntry(place: Walk, inode: Inode | undefined, t: Micros): void {
    const directory = place.directories.at(-1)!;
    const { name } = place;
    this.change({ kind: 'entry', t, directory, name, before: directory.entries.get(name), mtime: directory.mtime });
    if (inode === undefined) directory.entries.delete(name);
    else directory.entries.set(name, inode);
    directory.mtime = t;
  }

  protected setAttributes(inode: Inode, to: Partial<Pick<Inode, 'owner' | 'group' | 'mode' | 'mtime'>>, t: Micros): void {
    const { owner, group, mode, mtime } = inode;
    this.change({ kind: 'attributes', t, inode, owner, group, mode, mtime });
    Object.assign(inode, to);
  }

  private change(change: Change): void {
    this.journal.add(change);
    this.generation++;
  }
}

/** The actor's file mode creation mask; 022 unless told. */
export function umaskOf(actor: Omit<Actor, 't'>): number {
  return actor.umask ?? 0o022;
}

/** Throws EPERM unless the actor is root or owns the inode. */
export function needOwner(inode: Inode, path: string, actor: Actor): void {
  if (actor.user !== 'root' && actor.user !== inode.owner) throw new DiskError('EPERM', path);
}

/** Throws EACCES unless the actor may write into the directory at which a walk ended. */
export function mayCreate(place: Walk, path: string, actor: Actor): void {
  if (!may(place.directories.at(-1)!, actor.user, WRITE | EXECUTE)) throw new DiskError('EACCES', path);
}

/** In a sticky directory only the owner of the file or of the directory may take a name away. */
export function mayRemove(place: Walk, path: string, actor: Actor): void {
  mayCreate(place, path, actor);
  const directory = place.directories.at(-1)!;
  const sticky = (directory.mode & 0o1000) !== 0 && actor.user !== 'root';
  if (sticky && actor.user !== directory.owner && actor.user !== place.inode!.owner) throw new DiskError('EPERM', path);
}
