/** A case run by the real programs, in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { chmodSync, lchownSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IS_ROOT, SOL, plainNames, runAs } from '../validators/account.ts';
import { HOST_RPC } from '../validators/processes.ts';
import { effectOf, entryLine } from './answer.ts';
import type { CommandAnswer, Entry } from './answer.ts';
import { givenLine } from './case.ts';
import type { CommandCase } from './case.ts';
import { HIDDEN, HOME, placed } from './simulated.ts';

/** Of a command, in s: a client that finds a socket and no answer would wait for ever. */
const LONGEST = 60;

/** A folder for the home of the validator's user, which stands for /home/sol. */
export function newHome(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'solevoter-fidelity-')));
  chmodSync(folder, 0o755);
  const home = join(folder, 'sol');
  mkdirSync(home);
  lchownSync(home, SOL.uid, SOL.gid);
  return home;
}

/** Lays the entries out in a home folder, which keeps only what is never compared. */
export function layOut(home: string, entries: readonly Entry[]): void {
  for (const name of readdirSync(home)) if (!HIDDEN.test(name)) rmSync(join(home, name), { recursive: true, force: true });
  for (const { path, kind, mode, owner, content } of entries) {
    const full = join(home, path);
    if (kind === 'directory') mkdirSync(full);
    else if (kind === 'link') symlinkSync((content as string).replaceAll(HOME, home), full);
    else writeFileSync(full, content as Uint8Array);
    if (kind !== 'link') chmodSync(full, mode);
    if (IS_ROOT && owner !== 'root') lchownSync(full, SOL.uid, SOL.gid);
  }
}

/** A ledger folder as a killed process leaves it: with a socket at which nobody listens. */
export function leaveSocket(home: string): void {
  const ledger = join(home, 'ledger');
  mkdirSync(ledger, { recursive: true });
  lchownSync(ledger, SOL.uid, SOL.gid);
  const listen = "require('node:net').createServer().listen('admin.rpc', () => process.kill(process.pid, 'SIGKILL'))";
  spawnSync(process.execPath, ['-e', listen], { cwd: ledger });
  lchownSync(join(ledger, 'admin.rpc'), SOL.uid, SOL.gid);
}

/** Runs the lines of a case in a home folder. `bin`: where the programs stand. */
export function realAnswer(one: CommandCase, home: string, bin: string): CommandAnswer {
  for (const given of one.given) {
    const { as, line } = givenLine(given);
    const { status, stderr } = runLine(as, line, home, bin);
    if (status !== 0) throw new Error(`${one.name}: ${line}: ${stderr}`);
  }
  const before = realListing(home);
  const { status, stdout, stderr } = runLine(one.as, one.run!, home, bin);
  return { exit: status, stdout, stderr, effect: effectOf(before, realListing(home)), process: null };
}

/** Runs a line of bash as a user, and gives its output with the home folder named /home/sol. */
export function runLine(as: 'sol' | 'root', line: string, home: string, bin: string): { status: number; stdout: string; stderr: string } {
  const [program, ...args] = [...runAs(as), 'bash', '-c', `umask 022; ${placed(line).replaceAll('{rpc}', `${HOST_RPC}`).replaceAll(HOME, home)}`];
  const { status, stdout, stderr } = spawnSync(program!, args, {
    cwd: home, encoding: 'utf8', timeout: LONGEST * 1000, input: '',
    env: { HOME: home, USER: 'sol', PATH: `${bin}:/usr/bin:/bin`, LC_ALL: 'C', TZ: 'UTC', NO_COLOR: '1' },
  });
  const plain = (text: string) => plainNames(text.replaceAll(home, HOME)).replaceAll('\r\n', '\n');
  return { status: status ?? -1, stdout: plain(stdout), stderr: plain(stderr) };
}

/** What is below a home folder, as `listing` tells of a simulated one. */
export function realListing(home: string): string[] {
  const name = (id: number) => (id === 0 && IS_ROOT ? 'root' : 'sol');
  const visit = (path: string): Entry[] =>
    readdirSync(join(home, path)).sort().flatMap((child) => {
      const below = path === '' ? child : `${path}/${child}`;
      if (HIDDEN.test(below)) return [];
      const full = join(home, below);
      const stats = lstatSync(full);
      const kind = stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'link' : 'file';
      const content = kind === 'file' ? new Uint8Array(readFileSync(full)) : kind === 'link' ? readlinkSync(full).replaceAll(home, HOME) : null;
      const entry: Entry = { path: below, kind, mode: stats.mode & 0o7777, owner: name(stats.uid), group: name(stats.gid), content };
      return kind === 'directory' ? [entry, ...visit(below)] : [entry];
    });
  return visit('').map(entryLine);
}
