/**
 * What of a disk survives a loss of power. A process crash loses nothing: the page cache is the kernel's.
 *
 * The journal keeps how to take back every change that may not have reached the disk. Changes are of two sorts, as
 * in ext4 with its defaults (data=ordered, delayed allocation): *names* (directory entries, attributes, truncation)
 * go to the journal of the file system in order, *data* go to the file's blocks.
 *
 * Assumption: what was done more than `writeback` ago is durable (the kernel's vm.dirty_expire_centisecs, 30 s), and
 * what came later is not; so the tree comes back as a prefix of the operations left it, cut at the last sync or at
 * `now − writeback`, whichever is later. A real disk may keep more: `keep` and `emptyUnsyncedRenames` choose.
 * - sync(2) makes everything durable.
 * - fsync(2) makes the data of one file durable and, as the journal commits in order, every name before it. The data
 *   of other files stay behind, except where a file was replaced by rename or by truncation: ext4 then writes them
 *   with the names (mount option auto_da_alloc, Linux Documentation/admin-guide/ext4.rst).
 */
import type { Micros } from '../model/trace.ts';
import { EMPTY, copyInode, type InodeCopies, type Content, type DirectoryInode, type FileInode, type Inode } from './disk-inode.ts';

export const DEFAULT_WRITEBACK: Micros = 30_000_000;

/** A change and what was there before it. */
export type Change =
  | { readonly kind: 'entry'; readonly t: Micros; readonly directory: DirectoryInode; readonly name: string; readonly before: Inode | undefined; readonly mtime: Micros }
  | { readonly kind: 'attributes'; readonly t: Micros; readonly inode: Inode; readonly owner: string; readonly group: string; readonly mode: number; readonly mtime: Micros }
  | { readonly kind: 'truncate'; readonly t: Micros; readonly inode: FileInode; readonly before: Content; readonly mtime: Micros }
  | { readonly kind: 'data'; readonly t: Micros; readonly inode: FileInode; readonly before: Content; readonly mtime: Micros; readonly flushed: boolean }
  | Replacement;

/** A file written under a new name and renamed over `name`: entries and data in one record. `mtime` is the directory's. */
export interface Replacement {
  readonly kind: 'replacement';
  readonly t: Micros;
  readonly directory: DirectoryInode;
  readonly name: string;
  inode: FileInode;
  readonly before: Inode | undefined;
  readonly mtime: Micros;
}

export interface PowerLoss {
  /** synced: only what sync and fsync covered; expired (default): also what writeback has done; all: everything. */
  readonly keep?: 'synced' | 'expired' | 'all';
  /**
   * Every name is kept and the data beyond the cut are lost, also of files replaced by rename: a file system that
   * orders nothing (ext4 with noauto_da_alloc, XFS) gives such files back empty. No effect with keep: 'all'.
   */
  readonly emptyUnsyncedRenames?: boolean;
}

export class Journal {
  readonly writeback: Micros;
  /** Of `DiskTree.standing`; null: nobody has asked since the last change. */
  standing: object | null = null;
  /** Younger than `writeback`, from `head` on. */
  private recent: Change[] = [];
  private head = 0;
  /** Older: on the disk, though nobody asked for it. */
  private expired = new FirstChanges([]);

  constructor(writeback: Micros) {
    this.writeback = writeback;
  }

  /** The same journal over copies of its inodes. */
  copy(copies: InodeCopies): Journal {
    const copy = new Journal(this.writeback);
    copy.standing = this.standing ??= {};
    copy.expired = new FirstChanges(this.expired.changes.map((change) => copyChange(change, copies)));
    for (let i = this.head; i < this.recent.length; i++) copy.recent.push(copyChange(this.recent[i]!, copies));
    return copy;
  }

  /** Times must not go back. */
  add(change: Change): void {
    this.standing = null;
    this.expire(change.t - this.writeback);
    this.recent.push(change);
  }

  sync(): void {
    this.standing = null;
    this.recent = [];
    this.head = 0;
    this.expired = new FirstChanges([]);
  }

  fsync(inode: Inode): void {
    this.standing = null;
    this.expired = new FirstChanges(this.expired.changes.flatMap((change) => afterFsync(change, inode)));
    this.recent = this.recent.slice(this.head).flatMap((change) => afterFsync(change, inode));
    this.head = 0;
  }

  /** Takes back what a loss of power at `t` takes; the rest is durable from then on. */
  losePower(t: Micros, { keep = 'expired', emptyUnsyncedRenames = false }: PowerLoss): void {
    this.expire(t - this.writeback);
    const young = this.recent.slice(this.head);
    const lost = keep === 'all' ? [] : keep === 'expired' ? young : [...this.expired.changes, ...young];
    for (const change of lost.reverse()) {
      if (emptyUnsyncedRenames) loseData(change);
      else if (change.kind !== 'data' || !change.flushed) takeBack(change);
    }
    this.sync();
  }

  private expire(before: Micros): void {
    while (this.head < this.recent.length && this.recent[this.head]!.t < before) this.expired.add(this.recent[this.head++]!);
    if (this.head > 256) {
      this.recent.splice(0, this.head);
      this.head = 0;
    }
  }
}

/**
 * Changes that are taken back all together or not at all: of those that change the same thing only the first counts,
 * so that a long run needs little memory.
 */
class FirstChanges {
  readonly changes: Change[] = [];
  private readonly seen: Record<Change['kind'], Map<Inode, Map<string, Change>>> = {
    entry: new Map(), replacement: new Map(), attributes: new Map(), truncate: new Map(), data: new Map(),
  };

  constructor(changes: readonly Change[]) {
    for (const change of changes) this.add(change);
  }

  add(change: Change): void {
    const holder = 'directory' in change ? change.directory : change.inode;
    const name = 'directory' in change ? change.name : change.kind === 'data' && change.flushed ? 'flushed' : '';
    let named = this.seen[change.kind].get(holder);
    if (named === undefined) this.seen[change.kind].set(holder, (named = new Map()));
    const first = named.get(name);
    if (first === undefined) {
      named.set(name, change);
      this.changes.push(change);
    } else if (first.kind === 'replacement' && change.kind === 'replacement') {
      // The data of the inode replaced can be lost no more, unless it has another name.
      if (change.before !== first.inode || first.inode.linked) this.add(dataOf(first));
      first.inode = change.inode;
    }
  }
}

function copyChange(change: Change, copies: InodeCopies): Change {
  switch (change.kind) {
    case 'entry':
      return { ...change, directory: copyInode(change.directory, copies), before: change.before && copyInode(change.before, copies) };
    case 'replacement':
      return { ...change, directory: copyInode(change.directory, copies), inode: copyInode(change.inode, copies), before: change.before && copyInode(change.before, copies) };
    case 'attributes':
      return { ...change, inode: copyInode(change.inode, copies) };
    case 'truncate':
    case 'data':
      return { ...change, inode: copyInode(change.inode, copies) };
  }
}

/** What remains to be taken back when every name so far and the data of `synced` are durable. */
function afterFsync(change: Change, synced: Inode): Change[] {
  if (change.kind === 'data') {
    return change.inode === synced ? [] : [{ ...change, flushed: change.flushed || change.inode.flushed }];
  }
  if (change.kind === 'replacement' && change.inode !== synced) {
    return [{ ...dataOf(change), flushed: change.inode.flushed }];
  }
  return [];
}

function dataOf({ t, inode }: Replacement): Change & { readonly kind: 'data' } {
  return { kind: 'data', t, inode, before: EMPTY, mtime: inode.mtime, flushed: false };
}

function takeBack(change: Change): void {
  if (change.kind === 'entry' || change.kind === 'replacement') {
    const { directory, name, before, mtime } = change;
    if (before === undefined) directory.entries.delete(name);
    else directory.entries.set(name, before);
    directory.mtime = mtime;
  } else if (change.kind === 'attributes') {
    const { inode, owner, group, mode, mtime } = change;
    inode.owner = owner;
    inode.group = group;
    inode.mode = mode;
    inode.mtime = mtime;
  } else {
    change.inode.content = change.before;
    change.inode.mtime = change.mtime;
  }
}

function loseData(change: Change): void {
  if (change.kind === 'data') change.inode.content = change.before;
  else if (change.kind === 'replacement') change.inode.content = EMPTY;
}
