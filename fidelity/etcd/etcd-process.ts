/** A real etcd in a folder of its own, on loopback, started with the guide's command line. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { GUIDE_ADDRESS, START_ETCD } from './guide-commands.ts';

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class EtcdProcess {
  /** HOST:PORT for clients. */
  readonly address: string;
  /** What it has written, over all its starts. */
  log = '';
  readonly #folder: string;
  readonly #line: string;
  #child: ChildProcess | null = null;
  #ending: Promise<Ending> = Promise.resolve({ code: null, signal: null });

  private constructor(folder: string, port: number, peerPort: number, flags: string) {
    this.#folder = folder;
    this.address = `127.0.0.1:${port}`;
    const peers = `http://127.0.0.1:${peerPort}`;
    // The guide leaves the port for peers as it is (2380), which may be in use here.
    this.#line = `exec ${START_ETCD.replaceAll(GUIDE_ADDRESS, this.address)} --listen-peer-urls=${peers} --initial-advertise-peer-urls=${peers} --initial-cluster=default=${peers} ${flags}`;
  }

  /** An etcd that has not been started yet; its certificates are in `certs` of the folder. `flags` are added to the guide's. */
  static async in(folder: string, flags = ''): Promise<EtcdProcess> {
    return new EtcdProcess(folder, await freePort(), await freePort(), flags);
  }

  /** The whole command line. */
  get line(): string {
    return this.#line;
  }

  /** Starts it. Resolves to true when it serves clients, to false when it has ended before. */
  async start(): Promise<boolean> {
    const child = spawn('bash', ['-c', this.#line], { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    running.add(child);
    const from = this.log.length;
    return await new Promise((resolve) => {
      const read = (chunk: Buffer): void => {
        this.log += chunk.toString();
        if (this.log.includes('serving client requests on', from)) resolve(true);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      this.#ending = new Promise((ended) => child.once('close', (code, signal) => {
        running.delete(child);
        resolve(false);
        ended({ code, signal });
      }));
    });
  }

  /** Starts it. Throws with what it wrote when it has ended before it serves clients. */
  async serve(): Promise<void> {
    if (!(await this.start())) throw new Error(`etcd has ended at its start:\n${this.log.slice(-2000)}`);
  }

  /** Of the process that was started last. */
  get pid(): number {
    return this.#child!.pid!;
  }

  /** Sends a signal; SIGSTOP and SIGCONT leave it alive. */
  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** Resolves when the process that was started last has ended, whoever ended it. */
  ended(): Promise<Ending> {
    return this.#ending;
  }

  /** Ends it by a signal, and waits for the end. */
  async stop(name: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<Ending> {
    this.signal(name);
    return await this.ended();
  }
}
