/** A shell on a simulated machine: command lines, the commands that exist there, and redirections to its disk. */
import { parseCommandLine } from '../../transition/command-line.ts';
import { evaluate } from '../../transition/evaluation.ts';
import type { ExecRequest } from '../../transition/evaluation.ts';
import type { CommandOutcome } from '../../transition/host.ts';
import { attempt, errnoMessage } from '../disk-error.ts';
import { fileCommands, runFileCommand } from '../file-commands.ts';
import { FIXED } from '../latency.ts';
import { renderLog } from '../log.ts';
import { remembered } from '../remembered.ts';
import type { World } from '../world.ts';
import { agaveValidator } from './agave-validator.ts';
import { gap, hostOf, part, take } from './command.ts';
import type { Command, CommandContext, Run, Station } from './command.ts';
import { agaveInstall, cfssl, cfssljson, etcd, etcdctl, setsid } from './etcd-tools.ts';
import { bash, date, hostname, printf, sleep, timeout } from './misc.ts';
import { scp, ssh } from './remote.ts';
import { curl, solana } from './solana.ts';
import { solanaKeygen } from './solana-keygen.ts';
import { kill, pgrep, sudo, systemctl } from './systemctl.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  'agave-validator': agaveValidator, 'solana-keygen': solanaKeygen, solana, curl, scp, ssh, systemctl, sudo, kill, pgrep,
  sleep, timeout, date, hostname, printf, bash, cfssl, cfssljson, etcd, etcdctl, setsid, 'agave-install': agaveInstall,
};

/** Names of all commands that exist on the simulated machines. */
export function commandNames(): string[] {
  return [...Object.keys(COMMANDS), ...Object.keys(fileCommands)].sort();
}

const parsed = remembered(parseCommandLine);

/** Runs a command line on a station as a user. */
export function* shell(world: World, station: Station, user: string, line: string): Run {
  const home = user === 'root' ? '/root' : `/home/${user}`;
  const context = (cwd: string, stdin: string, env: Readonly<Record<string, string>>): CommandContext => ({
    world, station, user, cwd, stdin, env, exec, shell: (other, as, text) => shell(world, other, as, text),
  });
  const evaluation = evaluate(parsed(line), { HOME: home, USER: user, PATH: '/usr/bin' });
  let request = evaluation.next();
  while (request.done !== true) {
    const wanted = request.value;
    const outcome = wanted.kind === 'exec' ? yield* exec(context(wanted.cwd, wanted.stdin, wanted.env), wanted.argv) : take(world, () => fileRequest(world, station, user, wanted));
    request = evaluation.next(outcome);
  }
  return request.value;
}

function exec(context: CommandContext, argv: readonly string[]): Run {
  return part(context.world, execNamed(context, argv));
}

function* execNamed(context: CommandContext, argv: readonly string[]): Run {
  const name = argv[0]!.split('/').at(-1)!;
  const command = COMMANDS[name];
  if (command !== undefined) return yield* command(context, argv);
  if (!Object.hasOwn(fileCommands, name)) return gap(`command ${argv[0]}`);
  const { world, station, user, cwd, stdin } = context;
  yield world.now + FIXED.fileCommand;
  refreshLog(world, station, argv);
  refreshBootId(world, station, argv);
  return runFileCommand(station.disk, { user, cwd, t: world.now, stdin }, [name, ...argv.slice(1)]);
}

/** The validator's log is written when somebody looks at it. */
function refreshLog(world: World, station: Station, argv: readonly string[]): void {
  const name = hostOf(station);
  if (name === null) return;
  const { user } = station;
  const { logFile } = world.hosts[name];
  if (!argv.some((arg) => logFile.endsWith(arg.split('/').at(-1)!) && arg !== '')) return;
  const text = renderLog(world, name);
  attempt(() => station.disk.writeFile(logFile, new TextEncoder().encode(text), { user, cwd: '/', t: world.now }));
}

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** The kernel makes a new one at each boot. */
function refreshBootId(world: World, station: Station, argv: readonly string[]): void {
  const host = hostOf(station);
  if (host === null || !argv.includes(BOOT_ID)) return;
  const { name, bootId } = world.hosts[host];
  const text = `${(name === 'active' ? 'a' : 'b').repeat(8)}-0000-4000-8000-${String(bootId).padStart(12, '0')}\n`;
  const { disk } = station;
  const actor = { user: 'root', cwd: '/', t: world.now };
  // What the kernel shows needs no room on the disk.
  const { full } = disk;
  disk.full = false;
  disk.mkdirs('/proc/sys/kernel/random', actor);
  disk.writeFile(BOOT_ID, new TextEncoder().encode(text), actor);
  disk.full = full;
}

function fileRequest(world: World, station: Station, user: string, request: Exclude<ExecRequest, { kind: 'exec' }>): CommandOutcome {
  const { disk } = station;
  const actor = { user, cwd: '/', t: world.now };
  const done = attempt(() => {
    switch (request.kind) {
      case 'read':
        return new TextDecoder().decode(disk.readFile(request.path, actor));
      case 'create':
        disk.writeFile(request.path, new Uint8Array(0), actor);
        return '';
      case 'append':
        if (!disk.exists(request.path, actor)) disk.writeFile(request.path, new Uint8Array(0), actor);
        disk.append(request.path, new TextEncoder().encode(request.text), actor);
        return '';
      case 'enter':
        disk.readdir(request.path, actor);
        return '';
    }
  });
  return done.ok ? { exit: 0, stdout: done.value, stderr: '' } : { exit: 1, stdout: '', stderr: errnoMessage(done.code) };
}
