/**
 * `ssh` and `scp` between the machines. scp reads its source when the connection stands, and writes the target in
 * place: a connection that breaks in between leaves a torn file (OpenSSH sftp and scp protocols alike).
 */
import type { FileContent } from '../disk.ts';
import { bytesOf, contentOf } from '../disk-inode.ts';
import { attempt, errnoMessage } from '../disk-error.ts';
import { FIXED } from '../latency.ts';
import { HOST_NAMES } from '../host-name.ts';
import { isCut } from '../network.ts';
import type { World } from '../world.ts';
import { failed, gap, hostOf, pause, take } from './command.ts';
import type { Command, CommandContext, Run, Station } from './command.ts';

/** Bytes that arrive before a torn copy breaks off: less than a full tower. */
const TORN_BYTES = 1000;

interface Place {
  readonly station: Station;
  readonly user: string;
  /** Where a relative path begins: here the folder of the command, over there the home folder. */
  readonly cwd: string;
  readonly path: string;
}

/** "user@address:path"; null when it is a local path; undefined when the address is not one of the site. */
function remotePlace(context: CommandContext, word: string): Place | null | undefined {
  const match = /^(?:([^@/:]+)@)?([^/:]+):(.*)$/.exec(word);
  if (match === null) return null;
  const found = stationAt(context.world, match[2]!);
  return found === undefined ? undefined : placeAt(found, match[1] ?? context.user, match[3] === '' ? '.' : match[3]!);
}

function placeAt(station: Station, user: string, path: string): Place {
  return { station, user, cwd: homeOf(user), path };
}

/** The host in "user@host:path". */
function hostIn(word: string): string {
  return /^(?:[^@/:]+@)?([^/:]+)/.exec(word)?.[1] ?? word;
}

function stationAt(world: World, address: string): Station | undefined {
  const { etcd } = world;
  if (etcd !== null && (address === etcd.address || address === etcd.hostname)) return etcd;
  const name = HOST_NAMES.find((host) => world.hosts[host].address === address || world.hosts[host].hostname === address || host === address);
  return name === undefined ? undefined : world.hosts[name];
}

/** Whether ssh can pass from one machine to another now. */
export function sshReaches(world: World, from: Station, to: Station): boolean {
  const cut = (station: Station, direction: 'in' | 'out') => {
    const host = hostOf(station);
    return host !== null && isCut(world.network, host, 'ssh', direction);
  };
  const powered = (station: Station) => {
    const host = hostOf(station);
    return host === null || world.hosts[host].powered;
  };
  if (from.name === to.name) return powered(to);
  return powered(from) && powered(to) && !cut(from, 'out') && !cut(to, 'in');
}

const SSH_OPTIONS_WITH_VALUE = new Set(['-o', '-i', '-p', '-P', '-l', '-F', '-J']);
const SCP_FLAGS = new Set(['-p', '-q', '-C', '-v', '-B', '-O']);

function splitOptions(args: readonly string[], flags: ReadonlySet<string>): { rest: string[]; unknown: string | null } {
  let i = 0;
  for (; i < args.length && args[i]!.startsWith('-'); i++) {
    if (SSH_OPTIONS_WITH_VALUE.has(args[i]!)) i++;
    else if (!flags.has(args[i]!)) return { rest: [], unknown: args[i]! };
  }
  return { rest: args.slice(i), unknown: null };
}

export const scp: Command = function* (context, argv) {
  const { rest, unknown } = splitOptions(argv.slice(1), SCP_FLAGS);
  if (unknown !== null) return gap(`scp ${unknown}`);
  if (rest.length !== 2) return gap(`scp with ${rest.length} paths`);
  const { world } = context;
  const remotes = rest.map((word) => remotePlace(context, word));
  const unresolved = rest.find((_, i) => remotes[i] === undefined);
  if (unresolved !== undefined) return failed(255, `ssh: Could not resolve hostname ${hostIn(unresolved)}: Name or service not known\nscp: Connection closed`);
  // Between two paths of one machine scp runs cp.
  if (remotes.every((place) => place === null)) return yield* context.exec(context, ['cp', ...(argv.includes('-p') ? ['-p'] : []), '--', ...rest]);
  const [from, to] = remotes.map((place, i) => place ?? { station: context.station, user: context.user, cwd: context.cwd, path: rest[i]! }) as [Place, Place];
  const other = [from, to].find((place) => place.station.name !== context.station.name)?.station ?? context.station;
  const start = take(world, () => world.now);
  const reaches = () => take(world, () => other === context.station || sshReaches(world, context.station, other));
  if (!reaches()) {
    yield* pause(world, start + FIXED.sshTimeout);
    return failed(255, `ssh: connect to host ${other.address} port 22: Connection timed out\nscp: Connection closed`);
  }
  const duration = world.latencies.scp;
  yield* pause(world, start + Math.floor(duration * 0.85));
  const reader = { user: from.user, cwd: from.cwd };
  const content = take(world, () => attempt(() => from.station.disk.readContent(from.path, reader)));
  if (!content.ok) return failed(1, `scp: ${from.path}: ${errnoMessage(content.code)}`);
  yield* pause(world, start + Math.floor(duration * 0.95));
  const connected = reaches();
  const torn = take(world, () => world.tornCopy || !connected);
  const error = take(world, () => writeTo(context, to, from.path, content.value, torn, from.station.disk.stat(from.path, reader).mode));
  if (error !== null) return failed(1, error);
  yield* pause(world, start + duration);
  return torn ? failed(255, 'client_loop: send disconnect: Broken pipe\nscp: Connection closed') : { exit: 0, stdout: '', stderr: '' };
};

/**
 * A new file gets the rights of the source, as far as the umask leaves them. A file that is there is written over in place, and cut
 * to its new length at the end: a copy that breaks off leaves a new beginning and an old rest (seen with OpenSSH 9.2).
 */
function writeTo(context: CommandContext, to: Place, sourcePath: string, content: FileContent, torn: boolean, mode: number): string | null {
  const actor = { user: to.user, cwd: to.cwd, t: context.world.now };
  const inFolder = attempt(() => to.station.disk.stat(to.path, actor));
  const path = inFolder.ok && inFolder.value.kind === 'directory' ? `${to.path.replace(/\/$/, '')}/${sourcePath.split('/').at(-1)}` : to.path;
  const old = torn ? attempt(() => to.station.disk.readContent(path, actor)) : null;
  const arrived = torn ? begun(content, old?.ok === true ? old.value : null) : content;
  const written = attempt(() => to.station.disk.writeFile(path, arrived, actor, mode & 0o777));
  return written.ok ? null : `scp: dest open "${path}": ${errnoMessage(written.code)}`;
}

/** The first bytes of a content, and behind them what an older one had there. */
function begun(content: FileContent, old: FileContent | null): Uint8Array {
  const beginning = bytesOf(contentOf(content)).subarray(0, TORN_BYTES);
  const rest = old === null ? [] : bytesOf(contentOf(old)).subarray(beginning.length);
  return Uint8Array.of(...beginning, ...rest);
}

export const ssh: Command = function* (context, argv): Run {
  const { rest, unknown } = splitOptions(argv.slice(1), new Set(['-q', '-T', '-t', '-n', '-v', '-A']));
  if (unknown !== null) return gap(`ssh ${unknown}`);
  const [target, ...words] = rest;
  if (target === undefined || words.length === 0) return gap('ssh without a command');
  const place = remotePlace(context, `${target}:`);
  if (place === undefined || place === null) return failed(255, `ssh: Could not resolve hostname ${target}: Name or service not known`);
  const { world } = context;
  const reaches = () => take(world, () => sshReaches(world, context.station, place.station));
  if (!reaches()) {
    yield* pause(world, world.now + FIXED.sshTimeout);
    return failed(255, `ssh: connect to host ${place.station.address} port 22: Connection timed out`);
  }
  yield* pause(world, world.now + FIXED.sshConnect);
  const outcome = yield* context.shell(place.station, place.user, words.join(' '));
  // The command has run; what is lost is only its answer.
  return reaches() ? outcome : failed(255, 'client_loop: send disconnect: Broken pipe');
};

function homeOf(user: string): string {
  return user === 'root' ? '/root' : `/home/${user}`;
}
