/** A machine of the test: a folder, the processes that run in it, and command lines typed there. All on loopback. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import type { CommandOutcome, Host } from '../../../src/transition/host.ts';
import type { Ending } from '../etcd-process.ts';

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => {
  setTimeout(resolve, milliseconds);
});

/** Asks until the answer is not null. There is no limit here: the test has one. */
export async function until<T>(ask: () => T | null | Promise<T | null>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    await pause(250);
  }
}

/** One start of a process. */
export interface Started {
  readonly pid: number;
  /** Path of what it writes. */
  readonly log: string;
  ended(): Promise<Ending>;
  /** Null while it runs. */
  ending(): Ending | null;
  signal(name: NodeJS.Signals): void;
}

/** A command as it was typed. */
export interface Typed {
  readonly start: string;
  readonly end: string;
  readonly line: string;
  readonly exit: number;
}

export class TestMachine implements Host {
  readonly name: string;
  readonly folder: string;
  readonly typed: Typed[] = [];
  readonly #environment: NodeJS.ProcessEnv;
  readonly #bin: string;
  #starts = 0;
  #last: Started | null = null;

  /** `bin`: a folder of commands; `preload`: a library for what is started, not for what is typed. */
  constructor(name: string, folder: string, bin: string, preload: string) {
    this.name = name;
    this.folder = folder;
    this.#bin = `${bin}:${process.env['PATH']}`;
    this.#environment = { ...process.env, PATH: this.#bin, ...(preload === '' ? {} : { LD_PRELOAD: preload }) };
    mkdirSync(folder, { recursive: true });
  }

  /** Starts a process by a line; what it writes goes to a file of its own. */
  start(line: string): Started {
    const log = `${this.folder}/log-${++this.#starts}`;
    const file = openSync(log, 'w');
    const child = spawn('bash', ['-c', `exec ${line}`], { cwd: this.folder, env: this.#environment, stdio: ['ignore', file, file] });
    closeSync(file);
    running.add(child);
    let ending: Ending | null = null;
    const ended = new Promise<Ending>((resolve) => child.once('exit', (code, signal) => {
      running.delete(child);
      ending = { code, signal };
      resolve(ending);
    }));
    this.#last = { pid: child.pid!, log, ended: () => ended, ending: () => ending, signal: (name) => void child.kill(name) };
    return this.#last;
  }

  /** Paths of what its processes have written, oldest first. */
  get logs(): string[] {
    return Array.from({ length: this.#starts }, (_, i) => `${this.folder}/log-${i + 1}`);
  }

  async run(line: string): Promise<CommandOutcome> {
    const start = new Date().toISOString();
    const child = spawn('bash', ['-c', line], { cwd: this.folder, env: { ...process.env, PATH: this.#bin }, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
    const exit = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 128)));
    running.delete(child);
    this.typed.push({ start, end: new Date().toISOString(), line, exit });
    return { exit, stdout, stderr };
  }

  /** Ends what was started last. */
  async stop(): Promise<void> {
    if (this.#last === null || this.#last.ending() !== null) return;
    this.#last.signal('SIGCONT');
    this.#last.signal('SIGKILL');
    await this.#last.ended();
  }
}

/** Lines of a log that match. */
export function linesOf(log: string, pattern: RegExp): string[] {
  return readFileSync(log, 'utf8').split('\n').filter((line) => pattern.test(line));
}
