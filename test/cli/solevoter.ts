/** The command line as it is shipped, in a process of its own. */
import { spawn } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const MAIN = join(ROOT, 'dist/cli/main.js');

export interface Ended {
  /** Exit code; null: ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end, with nothing on its standard input. */
export function runProgram(program: string, args: readonly string[], { cwd = ROOT, env = {} }: Surroundings = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        out[name] += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...out }));
  });
}

export function solevoter(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return runProgram(process.execPath, [MAIN, ...args], surroundings);
}

/** An empty folder of the test's own. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'solevoter-test-'));
}

/** What a folder holds: path, size and time of the last change of each entry; links are not followed. */
export function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort().map((path) => {
    const { size, mtimeMs } = lstatSync(join(folder, path));
    return `${path} ${size} ${mtimeMs}`;
  });
}
