/** Files, directories and symbolic links as the tree of a disk holds them, and who may do what with them. */
import type { Micros } from '../model/trace.ts';

/** Content that is rendered to bytes only when somebody reads the bytes. `render` must always give the same. */
export interface LazyBytes {
  render(): Uint8Array;
  readonly value: unknown;
}

export type FileContent = Uint8Array | LazyBytes;

/** What a file holds. Never changed but for the cache of rendered bytes, so files may share it. */
export interface Content {
  bytes: Uint8Array | undefined;
  readonly lazy: LazyBytes | undefined;
}

export const EMPTY: Content = { bytes: new Uint8Array(0), lazy: undefined };

/** Content as it is kept: bytes, or what renders them when they are read. */
export function contentOf(content: FileContent): Content {
  if (!(content instanceof Uint8Array)) return { bytes: undefined, lazy: content };
  return content.length === 0 ? EMPTY : { bytes: content, lazy: undefined };
}

/** The bytes, rendered at the first call. */
export function bytesOf(content: Content): Uint8Array {
  return (content.bytes ??= content.lazy!.render());
}

interface InodeBase {
  readonly number: number;
  owner: string;
  group: string;
  /** Permission bits, 0..0o7777. */
  mode: number;
  /** Last change of content, µs of simulated time. */
  mtime: Micros;
}

export interface FileInode extends InodeBase {
  readonly kind: 'file';
  content: Content;
  /** The file system writes the data out together with the names: see `Journal`. */
  flushed: boolean;
  /** May have more than one name. */
  linked: boolean;
}

export interface DirectoryInode extends InodeBase {
  readonly kind: 'directory';
  readonly entries: Map<string, Inode>;
}

export interface LinkInode extends InodeBase {
  readonly kind: 'link';
  readonly target: string;
  linked: boolean;
}

/** A file that no name leads to yet. `mode`: permission bits. */
export function newFile(number: number, owner: string, mode: number, mtime: Micros, content: Content): FileInode {
  return { kind: 'file', number, owner, group: owner, mode, mtime, content, flushed: false, linked: false };
}

export type Inode = FileInode | DirectoryInode | LinkInode;

export const READ = 4;
export const WRITE = 2;
export const EXECUTE = 1;

/** Permission bits as Linux applies them: the first class that fits decides; root passes. A user's only group has its name. */
export function may(inode: Inode, user: string, want: number): boolean {
  if (user === 'root') return true;
  const shift = inode.owner === user ? 6 : inode.group === user ? 3 : 0;
  return ((inode.mode >> shift) & want) === want;
}

/** Copies made so far, by number: an inode with two names, or kept by a journal, is copied once. */
export type InodeCopies = Inode[];

/** A copy of an inode, and of the whole tree below it, that shares contents, targets and numbers, and nothing that can change. */
export function copyInode<T extends Inode>(inode: T, copies: InodeCopies): T;
/** As above. */
export function copyInode(inode: Inode, copies: InodeCopies): Inode {
  const { kind, number, owner, group, mode, mtime } = inode;
  const known = copies[number];
  if (known !== undefined) return known;
  if (kind === 'file') {
    const { content, flushed, linked } = inode;
    return (copies[number] = { kind, number, owner, group, mode, mtime, content, flushed, linked });
  }
  if (kind === 'link') return (copies[number] = { kind, number, owner, group, mode, mtime, target: inode.target, linked: inode.linked });
  const entries = new Map<string, Inode>();
  copies[number] = { kind, number, owner, group, mode, mtime, entries };
  for (const [name, entry] of inode.entries) entries.set(name, copyInode(entry, copies));
  return copies[number];
}
