/**
 * The real programs: from SOLEVOTER_AGAVE_BIN, from a folder beside the repository, or from PATH. Packed ones (.xz) are
 * unpacked once into .fidelity/agave. Nothing is downloaded.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const PROGRAMS = ['agave-validator', 'solana-test-validator', 'solana-keygen', 'solana'] as const;
export const VERSION = '4.2.0';

/** A folder in which the programs stand under their plain names, or why there is none. */
export type Agave = { readonly bin: string } | { readonly missing: string };

const CACHE = '.fidelity/agave';
const BESIDE = join('..', 'shared', 'agave', 'bin');

/** Finds the programs, and unpacks them where they are packed. */
export function findAgave(): Agave {
  const folder = process.env['SOLEVOTER_AGAVE_BIN'] ?? (existsSync(BESIDE) ? BESIDE : null);
  const bin = resolve(CACHE, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const program of PROGRAMS) {
    const path = folder === null ? onPath(program) : inFolder(resolve(folder), program);
    if (path === null) return { missing: `${program} ${VERSION} is not ${folder === null ? 'on PATH' : `in ${folder}`}; set SOLEVOTER_AGAVE_BIN` };
    const link = join(bin, program);
    if (!existsSync(link) || statSync(link).ino !== statSync(path).ino) {
      spawnSync('rm', ['-f', link]);
      symlinkSync(path, link);
    }
    const { stdout } = spawnSync(link, ['--version'], { encoding: 'utf8' });
    if (stdout?.split(' ')[1] !== VERSION) return { missing: `${path} is ${stdout?.trim() || 'no program that runs here'}, wanted ${VERSION}` };
  }
  return { bin };
}

function onPath(program: string): string | null {
  const { stdout, status } = spawnSync('bash', ['-c', `command -v ${program}`], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** Under its name, its name and version, or packed. */
function inFolder(folder: string, program: string): string | null {
  for (const name of [program, `${program}-${VERSION}`]) if (existsSync(join(folder, name))) return join(folder, name);
  const packed = readdirSync(folder).find((name) => name === `${program}-${VERSION}.xz`);
  if (packed === undefined) return null;
  const target = resolve(CACHE, `${program}-${VERSION}`);
  if (existsSync(target)) return target;
  const { status } = spawnSync('bash', ['-c', 'xz -dkc "$1" >"$2.part"', 'bash', join(folder, packed), target]);
  if (status !== 0) return null;
  chmodSync(`${target}.part`, 0o755);
  renameSync(`${target}.part`, target);
  return target;
}
