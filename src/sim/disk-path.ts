/** Path resolution as Linux does it (path_resolution(7)): search permission, symbolic links, "..", trailing slashes. */
import { DiskError } from './disk-error.ts';
import { EXECUTE, may, type DirectoryInode, type Inode } from './disk-inode.ts';

/** The kernel's MAXSYMLINKS. */
const MAX_LINKS = 40;
const MAX_NAME = 255;

/** Who looks, and from where a relative path starts ("/" by default). */
export interface Reader {
  readonly user: string;
  readonly cwd?: string;
}

export interface Walk {
  /** What the last part of the path is. With a name, `directories` ends with the directory that holds it. */
  readonly last: 'name' | 'dot' | 'dotdot' | 'root';
  /** From the root down. */
  readonly directories: readonly DirectoryInode[];
  /** Names of `directories` after the root. */
  readonly names: readonly string[];
  readonly name: string;
  /** Undefined when the last name does not exist. */
  readonly inode: Inode | undefined;
  /** The path, or the last link in it, ends in a slash: it must be a directory. */
  readonly trailing: boolean;
}

/**
 * Finds the last part of a path. `follow`: what to do when it is a symbolic link. `always`: go on to its target;
 * `slash`: only if a slash stands behind it (as lstat(2)); `never`: as operations on names (rename(2), unlink(2));
 * `create`: always, and a slash at the end is EISDIR before anything is looked up there (as open(2) with O_CREAT).
 * Throws ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG for what comes before the last part.
 */
export function walk(root: DirectoryInode, path: string, reader: Reader, follow: 'always' | 'slash' | 'never' | 'create'): Walk {
  if (path === '') throw new DiskError('ENOENT', path);
  const full = path.startsWith('/') ? path : `${reader.cwd ?? ''}/${path}`;
  const pending = parts(full);
  const directories: DirectoryInode[] = [root];
  const names: string[] = [];
  let trailing = path.endsWith('/');
  let last: Walk['last'] = 'root';
  let links = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const directory = directories.at(-1)!;
    if (!may(directory, reader.user, EXECUTE)) throw new DiskError('EACCES', path);
    if (name === '.') {
      last = 'dot';
      continue;
    }
    if (name === '..') {
      last = 'dotdot';
      if (names.pop() !== undefined) directories.pop();
      continue;
    }
    if (name.length > MAX_NAME) throw new DiskError('ENAMETOOLONG', path);
    const inode = directory.entries.get(name);
    const isLast = pending.length === 0;
    if (isLast && trailing && follow === 'create') throw new DiskError('EISDIR', path);
    if (inode?.kind === 'link' && (!isLast || follow === 'always' || follow === 'create' || (follow === 'slash' && trailing))) {
      if (++links > MAX_LINKS) throw new DiskError('ELOOP', path);
      if (inode.target.startsWith('/')) {
        directories.length = 1;
        names.length = 0;
        last = 'root';
      }
      if (isLast && inode.target.endsWith('/')) trailing = true;
      for (const part of parts(inode.target)) pending.push(part);
      continue;
    }
    if (isLast) return { last: 'name', directories, names, name, inode, trailing };
    if (inode === undefined) throw new DiskError('ENOENT', path);
    if (inode.kind !== 'directory') throw new DiskError('ENOTDIR', path);
    directories.push(inode);
    names.push(name);
  }
  return { last, directories, names, name: '', inode: directories.at(-1), trailing };
}

/** Non-empty parts, last first. */
function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '').reverse();
}
