/** The errors of Linux file operations, with their numbers and messages as glibc's strerror gives them. */
const ERRNO = {
  EPERM: [1, 'Operation not permitted'],
  ENOENT: [2, 'No such file or directory'],
  EIO: [5, 'Input/output error'],
  EACCES: [13, 'Permission denied'],
  EBUSY: [16, 'Device or resource busy'],
  EEXIST: [17, 'File exists'],
  ENOTDIR: [20, 'Not a directory'],
  EISDIR: [21, 'Is a directory'],
  EINVAL: [22, 'Invalid argument'],
  ENOSPC: [28, 'No space left on device'],
  EROFS: [30, 'Read-only file system'],
  ENAMETOOLONG: [36, 'File name too long'],
  ENOTEMPTY: [39, 'Directory not empty'],
  ELOOP: [40, 'Too many levels of symbolic links'],
} as const satisfies Record<string, readonly [number, string]>;

export type Errno = keyof typeof ERRNO;

/** As C programs print it: "No such file or directory". */
export function errnoMessage(code: Errno): string {
  return ERRNO[code][1];
}

/** As Rust's std::io::Error prints it: "No such file or directory (os error 2)". */
export function rustMessage(code: Errno): string {
  return `${ERRNO[code][1]} (os error ${ERRNO[code][0]})`;
}

/**
 * A file operation that the disk refused; nothing was changed unless the operation says so. An everyday answer, and no
 * mistake of the program: it carries no stack trace, which would cost more than the operation.
 */
export class DiskError {
  readonly code: Errno;
  readonly path: string;
  constructor(code: Errno, path: string) {
    this.code = code;
    this.path = path;
  }

  get message(): string {
    return `${this.path}: ${errnoMessage(this.code)}`;
  }
}

export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: Errno };

/** Runs a file operation and gives its error as data. Anything but a `DiskError` is thrown on. */
export function attempt<T>(operation: () => T): Attempt<T> {
  try {
    return { ok: true, value: operation() };
  } catch (error) {
    if (error instanceof DiskError) return { ok: false, code: error.code };
    throw error;
  }
}
