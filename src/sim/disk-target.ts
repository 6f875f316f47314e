/**
 * The fast way of `Disk.replaceFile` for a file that is replaced once a slot. It resolves and checks the path once,
 * and again only when a name or a permission on the disk has changed; anything but the plain case takes the slow
 * way. What it leaves is the same: a new inode under the name, new times, one record in the journal.
 */
import type { Micros } from '../model/trace.ts';
import type { Journal } from './disk-durability.ts';
import { contentOf, newFile, type DirectoryInode, type FileContent } from './disk-inode.ts';

/** What a disk lends to a target. */
export interface TargetSource {
  readonly generation: () => number;
  /** The directory, checked for the plain case; undefined when it is not given. */
  readonly directory: () => DirectoryInode | undefined;
  readonly replaceFile: (content: FileContent, t: Micros) => void;
  readonly newInode: () => number;
  readonly journal: Journal;
  readonly name: string;
  readonly owner: string;
  readonly mode: number;
}

export class ReplaceTarget {
  private readonly source: TargetSource;
  private generation = -1;
  private directory: DirectoryInode | undefined;

  constructor(source: TargetSource) {
    this.source = source;
  }

  /** As `Disk.replaceFile` at time `t`. Throws `DiskError`. */
  replace(content: FileContent, t: Micros): void {
    const { source } = this;
    if (this.generation !== source.generation()) {
      this.directory = source.directory();
      this.generation = source.generation();
    }
    const { directory } = this;
    if (directory === undefined) return source.replaceFile(content, t);
    const { name, owner, mode } = source;
    const before = directory.entries.get(name);
    const inode = newFile(source.newInode(), owner, mode, t, contentOf(content));
    inode.flushed = before !== undefined;
    source.journal.add({ kind: 'replacement', t, directory, name, inode, before, mtime: directory.mtime });
    directory.entries.set(name, inode);
    directory.mtime = t;
  }
}
