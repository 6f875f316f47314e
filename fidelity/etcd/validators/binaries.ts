/** The validators of the 2.3 line: the last with `--tower-storage etcd`. Taken from a folder, packed (.xz) or not. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preloadLibraries } from '../../../test/fidelity/validators/preload.ts';
import type { Preload } from '../../../test/fidelity/validators/preload.ts';

export const VERSION = '2.3.13';
const NAMES = [`agave-validator-${VERSION}`, `solana-test-validator-${VERSION}`] as const;

/** Where the binaries are: SOLEVOTER_AGAVE_BIN, or a folder beside the repository. */
export const BINARIES = process.env['SOLEVOTER_AGAVE_BIN'] ?? join(fileURLToPath(new URL('../../../..', import.meta.url)), 'shared', 'agave', 'bin');

/** Why the validators cannot be run; null when they can. */
export function missingBinaries(): string | null {
  const missing = NAMES.filter((name) => !existsSync(join(BINARIES, name)) && !existsSync(join(BINARIES, `${name}.xz`)));
  if (missing.length > 0) return `${missing.join(' and ')} are not in ${BINARIES} (SOLEVOTER_AGAVE_BIN names another folder)`;
  return hasTool('gcc') ? null : 'there is no gcc to build what is preloaded into them';
}

function hasTool(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface Binaries {
  readonly validator: string;
  readonly testValidator: string;
  readonly preload: Preload;
}

/** Unpacks what is packed into the user's cache, and builds what is preloaded into `folder`. */
export function readyBinaries(folder: string): Binaries {
  const [validator, testValidator] = NAMES.map(unpacked) as [string, string];
  return { validator, testValidator, preload: preloadLibraries(folder) };
}

function unpacked(name: string): string {
  const given = join(BINARIES, name);
  if (existsSync(given)) return given;
  const cache = join(homedir(), '.cache', 'solevoter-agave');
  const file = join(cache, name);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    const partial = `${file}.${process.pid}`;
    execFileSync('bash', ['-c', 'xz -dc "$0" > "$1" || { rm "$1"; exit 1; }', `${given}.xz`, partial]);
    chmodSync(partial, 0o755);
    renameSync(partial, file);
  }
  return file;
}
