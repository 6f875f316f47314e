/**
 * The port of procedures (src/transition/host.ts) onto a container: one session of the user sol, in which each line is run by bash. The
 * session stays open, so that commands follow each other as in a script on that host.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Host } from '../../src/transition/host.ts';
import type { Machine } from './lab.ts';

/** A command as it went; times are those of the host's clock, RFC 3339. */
export interface CommandRecord {
  readonly machine: string;
  readonly line: string;
  readonly start: string;
  readonly end: string;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RecordingHost extends Host {
  /** What was run so far, oldest first. */
  readonly records: readonly CommandRecord[];
  /** Ends the session. */
  close(): void;
}

/** A host for a procedure, with its session open. */
export async function containerHost(machine: Machine): Promise<RecordingHost> {
  const session = spawn('docker', ['exec', '-i', '-u', 'sol', '-w', '/home/sol', '-e', 'HOME=/home/sol', '-e', 'USER=sol', machine.container.getId(), 'operator-shell'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<string, { readonly resolve: (answer: string[]) => void; readonly reject: (error: Error) => void }>();
  createInterface(session.stdout).on('line', (line) => {
    const [id, ...answer] = line.split(' ');
    waiting.get(id!)?.resolve(answer);
    waiting.delete(id!);
  });
  const fail = (why: string) => {
    for (const { reject } of waiting.values()) reject(new Error(`the session on host ${machine.name} ended: ${why}`));
    waiting.clear();
  };
  session.on('error', (error) => fail(error.message)).on('exit', (code) => fail(`exit ${code ?? 'by a signal'}`));
  let count = 0;
  const ask = (line: string) => new Promise<string[]>((resolve, reject) => {
    const id = String(++count);
    waiting.set(id, { resolve, reject });
    session.stdin.write(`${id} ${Buffer.from(line).toString('base64')}\n`);
  });
  const records: CommandRecord[] = [];
  await ask('true');
  return {
    name: machine.name,
    records,
    run: async (line) => {
      const [code, begin, end, out, err] = await ask(line);
      const text = (packed: string) => Buffer.from(packed.slice(1), 'base64').toString();
      const outcome = { exit: Number(code), stdout: text(out!), stderr: text(err!) };
      records.push({ machine: machine.name, line, start: timeText(begin!), end: timeText(end!), ...outcome });
      return outcome;
    },
    close: () => session.stdin.end(),
  };
}

/** "1795949444.159123" as RFC 3339. */
function timeText(seconds: string): string {
  const [whole, fraction] = seconds.split('.');
  return `${new Date(Number(whole) * 1000).toISOString().slice(0, 19)}.${fraction!}Z`;
}
