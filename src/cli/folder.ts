/** Whether a path that a user gave is a folder of files. */
import { statSync } from 'node:fs';

/** What cannot be looked at is no folder: reading it as a file tells why. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
