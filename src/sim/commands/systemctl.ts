/**
 * `systemctl` on the validator's unit (Restart=always, RestartSec=1), and `kill`, `pgrep`, `sudo`. Changing a unit
 * needs root. `mask` fails where the unit file lies in /etc/systemd/system, as it does here.
 */
import { FIXED } from '../latency.ts';
import type { HostName } from '../host-name.ts';
import type { Machine, Validator } from '../machine.ts';
import { startProcess, stopProcess, thawProcess } from '../process.ts';
import { exitProcess } from '../process-end.ts';
import { at } from '../world.ts';
import type { World } from '../world.ts';
import { done, failed, gap, machineOf, parseOptions } from './command.ts';
import type { Command } from './command.ts';

/** Time from SIGTERM to the end of the process: the validator installs no handler and dies at once. */
const TERM = 20_000;

export const systemctl: Command = function* (context, argv) {
  const options = parseOptions(argv.slice(1), ['--no-block', '--now', '-q|--quiet', '--value'], ['-s|--signal', '-p|--property', '--kill-whom', '--kill-who']);
  const [verb, unit, extra] = options.positionals;
  const { world } = context;
  const machine = machineOf(context);
  if (options.unknown !== null || extra !== undefined || verb === undefined) return gap(`systemctl ${argv.slice(1).join(' ')}`);
  yield world.now + FIXED.fileCommand;
  if (verb === 'daemon-reload') return done();
  if (machine === null || unit === undefined || unit.replace(/\.service$/, '') !== world.site.unit) {
    return failed(5, `Failed to ${verb} ${unit ?? ''}: Unit ${unit ?? ''}.service not found.`);
  }
  const state = machine.unit;
  const active = machine.validator !== null;
  switch (verb) {
    case 'is-active':
      return active ? done('active\n') : { exit: 3, stdout: state.wanted ? 'activating\n' : 'inactive\n', stderr: '' };
    case 'is-enabled':
      return state.enabled ? done('enabled\n') : { exit: 1, stdout: 'disabled\n', stderr: '' };
    case 'show':
      return done(showProperties(machine, options.values.get('--property') ?? '', options.flags.has('--value')));
  }
  if (context.user !== 'root') return failed(4, `Failed to ${verb} ${unit}.service: Interactive authentication required.`);
  switch (verb) {
    case 'start':
      state.wanted = true;
      startProcess(world, machine);
      return done();
    case 'stop':
      state.wanted = false;
      if (!options.flags.has('--no-block')) yield world.now + TERM;
      if (!options.flags.has('--no-block')) terminate(world, machine, 'systemctl stop');
      else at(world, world.now + TERM, terminateHost, machine.name);
      return done();
    case 'restart':
      state.wanted = false;
      terminate(world, machine, 'systemctl restart');
      state.wanted = true;
      startProcess(world, machine);
      return done();
    case 'kill':
      return signal(world, machine, options.values.get('--signal') ?? 'TERM') ?? gap(`systemctl kill -s ${options.values.get('--signal')}`);
    case 'enable':
      state.enabled = true;
      if (options.flags.has('--now')) {
        state.wanted = true;
        startProcess(world, machine);
      }
      return done();
    case 'disable':
      state.enabled = false;
      if (options.flags.has('--now')) {
        state.wanted = false;
        terminate(world, machine, 'systemctl disable --now');
      }
      return done();
    case 'mask':
      return failed(1, `Failed to mask unit: File '/etc/systemd/system/${world.site.unit}.service' already exists.`);
    case 'unmask':
      return done();
    default:
      return gap(`systemctl ${verb}`);
  }
};

function showProperties(machine: Machine, property: string, valueOnly: boolean): string {
  const values: Readonly<Record<string, string>> = {
    ActiveState: machine.validator === null ? (machine.unit.wanted ? 'activating' : 'inactive') : 'active',
    MainPID: String(machine.validator?.pid ?? 0),
    UnitFileState: machine.unit.enabled ? 'enabled' : 'disabled',
    Restart: machine.unit.restarts ? 'always' : 'no',
  };
  const names = property === '' ? Object.keys(values) : property.split(',');
  return names.map((name) => `${valueOnly ? '' : `${name}=`}${values[name] ?? ''}\n`).join('');
}

/** SIGTERM: a stopped process keeps it until it runs again. */
function terminate(world: World, machine: Machine, why: string): void {
  const { validator } = machine;
  if (validator === null) return;
  if (validator.stopped) validator.deferred.unshift({ t: world.now, order: 0, host: validator.host, pid: validator.pid, act: exitBySignal, data: why });
  else exitProcess(world, validator, 0, why);
}

function exitBySignal(world: World, validator: Validator, why: string): void {
  exitProcess(world, validator, 0, why);
}

function terminateHost(world: World, host: HostName): void {
  terminate(world, world.hosts[host], 'systemctl stop');
}

function signal(world: World, machine: Machine, name: string): ReturnType<typeof done> | null {
  const { validator } = machine;
  if (validator === null) return done();
  switch (name.replace(/^SIG/, '')) {
    case 'KILL':
    case '9':
      exitProcess(world, validator, 137, 'killed by SIGKILL');
      return done();
    case 'TERM':
    case '15':
      terminate(world, machine, 'killed by SIGTERM');
      return done();
    case 'STOP':
    case '19':
      stopProcess(world, validator);
      return done();
    case 'CONT':
    case '18':
      thawProcess(world, validator);
      return done();
    case '0':
      return done();
    default:
      return null;
  }
}

/** kill [-s SIG | -SIG] PID: the validator's process only; any other PID is gone. */
export const kill: Command = function* (context, argv) {
  const args = argv.slice(1);
  let name = 'TERM';
  if (args[0] === '-s') [, name = ''] = args.splice(0, 2);
  else if (/^-[A-Z0-9]+$/.test(args[0] ?? '')) name = args.shift()!.slice(1);
  const [pid, extra] = args;
  const machine = machineOf(context);
  yield context.world.now + FIXED.fileCommand;
  if (pid === undefined || extra !== undefined || !/^\d+$/.test(pid)) return gap(`kill ${argv.slice(1).join(' ')}`);
  if (machine?.validator == null || machine.validator.pid !== Number(pid)) return failed(1, `bash: kill: (${pid}) - No such process`);
  if (context.user !== 'root' && context.user !== machine.user) return failed(1, `bash: kill: (${pid}) - Operation not permitted`);
  return signal(context.world, machine, name) ?? gap(`kill -${name}`);
};

/** pgrep [-f|-x] PATTERN: the validator's process. */
export const pgrep: Command = function* (context, argv) {
  const options = parseOptions(argv.slice(1), ['-f', '-x'], []);
  yield context.world.now + FIXED.fileCommand;
  const [pattern, extra] = options.positionals;
  if (options.unknown !== null || pattern === undefined || extra !== undefined) return gap(`pgrep ${argv.slice(1).join(' ')}`);
  const validator = machineOf(context)?.validator;
  return validator != null && 'agave-validator'.includes(pattern) ? done(`${validator.pid}\n`) : failed(1, '');
};

/** sudo [-n] [-u USER] COMMAND…, without a password. */
export const sudo: Command = function* (context, argv) {
  const args = argv.slice(1);
  let user = 'root';
  while (args[0]?.startsWith('-')) {
    if (args[0] === '-n') args.shift();
    else if (args[0] === '-u') [, user = 'root'] = args.splice(0, 2);
    else return gap(`sudo ${args[0]}`);
  }
  return yield* context.exec({ ...context, user }, args);
};
