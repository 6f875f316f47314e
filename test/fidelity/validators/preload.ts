/** Libraries that are put before others (LD_PRELOAD) in real validators of tests, compiled from the C files of `preload`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Values of LD_PRELOAD; empty where nothing is needed. */
export interface Preload {
  /** For agave-validator. */
  readonly host: string;
  /** For solana-test-validator, which leads all the time. */
  readonly cluster: string;
}

/** agave-validator ends unless it can set its limit of open files to this. */
const OPEN_FILES = 1_000_000;
const SOURCES = fileURLToPath(new URL('preload', import.meta.url));

/** Compiles what this machine needs into a folder. Throws Error without gcc. */
export function preloadLibraries(folder: string): Preload {
  mkdirSync(folder, { recursive: true });
  const compiled = (name: string): string => {
    const target = join(folder, `${name}.so`);
    execFileSync('gcc', ['-O1', '-shared', '-fPIC', '-o', target, join(SOURCES, `${name}.c`), '-ldl']);
    return target;
  };
  const host = hardLimit() < OPEN_FILES ? compiled('open-files') : '';
  return { host, cluster: [compiled('paced-scheduler'), host].filter(Boolean).join(':') };
}

function hardLimit(): number {
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))!;
  return hard === 'unlimited' ? Infinity : Number(hard);
}
