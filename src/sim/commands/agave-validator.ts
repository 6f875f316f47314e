/**
 * `agave-validator` subcommands over the admin socket, with the words and exit codes of 4.2.0. Every error of the
 * admin RPC is exit 1 behind "Validator command failed: ".
 */
import { posix } from 'node:path';
import { addVoter, removeAllVoters, setIdentity } from '../admin-rpc.ts';
import type { AdminAnswer, PendingAnswer } from '../admin-rpc.ts';
import { attempt, rustMessage } from '../disk-error.ts';
import { readKeyFile } from '../key-files.ts';
import { FIXED } from '../latency.ts';
import type { Machine, Validator } from '../machine.ts';
import { exitProcess } from '../process-end.ts';
import { startFlags } from '../start-flags.ts';
import { later, whenAwake } from '../world.ts';
import type { World } from '../world.ts';
import { awaitAwake, done, failed, gap, machineOf, parseOptions } from './command.ts';
import type { Command, CommandContext, Run } from './command.ts';
import { REFUSED, commandFailed } from './validator-failure.ts';
import { waitForRestartWindow } from './restart-window.ts';

/** From the moment at which the identity is set to the answer. */
const KEY_BEFORE_ANSWER = 20_000;

type Sub = (context: CommandContext, socket: Socket, args: readonly string[]) => Run;

/** The ledger folder as given, and the process behind its socket. */
export interface Socket {
  readonly ledger: string;
  readonly machine: Machine;
  readonly validator: Validator | null;
  /** Why nothing can be asked, without what the client puts before it; null when there is a process. */
  readonly error: string | null;
}

const SUBCOMMANDS: Readonly<Record<string, Sub>> = {
  'set-identity': runSetIdentity,
  'authorized-voter': runAuthorizedVoter,
  'contact-info': contactInfo,
  exit: runExit,
  monitor: runMonitor,
  'wait-for-restart-window': waitForRestartWindow,
};

export const agaveValidator: Command = function* (context, argv) {
  const args = argv.slice(1);
  if (args[0] === '--version' || args[0] === '-V') {
    yield context.world.now + FIXED.fileCommand;
    return done(`agave-validator ${machineOf(context)?.installed ?? context.world.version} (src:00000000; feat:00000000, client:Agave)\n`);
  }
  let ledger = 'ledger';
  while (args[0] === '-l' || args[0] === '--ledger') {
    ledger = args[1] ?? '';
    args.splice(0, 2);
  }
  const name = args.shift() ?? '';
  const sub = SUBCOMMANDS[name];
  if (sub === undefined) return gap(`agave-validator ${name}`);
  const machine = machineOf(context);
  if (machine === null) return failed(127, 'bash: agave-validator: command not found');
  return yield* sub(context, connect(context, machine, ledger), args);
};

function connect(context: CommandContext, machine: Machine, ledger: string): Socket {
  const { validator } = machine;
  const reader = { user: context.user, cwd: context.cwd };
  const real = (path: string) => attempt(() => machine.disk.realpath(path, reader));
  const given = real(ledger);
  const missing = `Client error: ${posix.join(ledger, 'admin.rpc')} does not exist`;
  if (!given.ok) return { ledger, machine, validator: null, error: missing };
  // A process that has ended leaves its socket in its ledger folder.
  const flags = validator === null ? startFlags(machine) : { ok: true as const, flags: validator.flags };
  const own = flags.ok ? real(flags.flags.ledger) : flags;
  if (!own.ok || own.value !== given.value) return { ledger, machine, validator: null, error: missing };
  // The socket is its user's alone, and root reaches it by a capability.
  const reaches = context.user === machine.user || (context.user === 'root' && !context.world.agave.dropsCapabilities);
  if (!reaches) return { ledger, machine, validator: null, error: rustMessage('EACCES') };
  return { ledger, machine, validator, error: validator === null ? REFUSED : null };
}

/** A key file as an argument: read and checked before anything else happens. null: it holds a key. */
function keyArgumentProblem(context: CommandContext, socket: Socket, path: string): ReturnType<typeof failed> | null {
  const read = readKeyFile(socket.machine.disk, path, { user: context.user, cwd: context.cwd });
  return read.ok ? null : failed(1, `error: Invalid value for '<KEYPAIR>': ${read.error}`);
}

/**
 * Sends one request to the process; `took` is the time at which the process acts on it. In a stopped process the
 * request lies in the socket's buffer: it is taken at the thaw, whether or not the client still waits for the answer.
 */
export function* request(context: CommandContext, socket: Socket, took: number, act: AdminCall['act']): Generator<number, AdminAnswer, void> {
  const { validator, error } = socket;
  if (validator === null) return `admin rpc error: ${error}`;
  yield took;
  const call: AdminCall = { act, answer: undefined };
  whenAwake(context.world, validator, takeCall, call);
  while (call.answer === undefined && !validator.dead) yield context.world.now + FIXED.rpc;
  return call.answer === undefined ? 'admin rpc error: Client error: Connection reset by peer (os error 104)' : call.answer;
}

/** A request and what the process answered. `act` acts on the world that it is told, which may be a copy; undefined: it answers later. */
interface AdminCall extends PendingAnswer {
  readonly act: (world: World, validator: Validator, call: PendingAnswer) => AdminAnswer | undefined;
}

function takeCall(world: World, validator: Validator, call: AdminCall): void {
  const answer = call.act(world, validator, call);
  if (answer !== undefined) call.answer = answer;
}

/**
 * The client resolves the link; the process opens the file (agave validator/src/commands/set_identity/mod.rs). The key
 * is in force at the end: 4 to 25 ms before the answer arrives on real 4.2.0 validators, also when the command took 1.5 s
 * (docs/fidelity-swaps.md).
 */
function* runSetIdentity(context: CommandContext, socket: Socket, args: readonly string[]): Run {
  const options = parseOptions(args, ['--require-tower', '--do-not-require-vote-history'], []);
  if (options.unknown !== null) return gap(`agave-validator set-identity ${options.unknown}`);
  const [path, extra] = options.positionals;
  if (extra !== undefined) {
    return failed(1, `error: Found argument '${extra}' which wasn't expected, or isn't valid in this context\n\nUSAGE:\n    agave-validator set-identity [OPTIONS] [KEYPAIR]\n\nFor more information try --help`);
  }
  if (path === undefined) return gap('agave-validator set-identity with the key on standard input');
  const { world } = context;
  const problem = keyArgumentProblem(context, socket, path);
  if (problem !== null) return problem;
  const real = attempt(() => socket.machine.disk.realpath(path, { user: context.user, cwd: context.cwd }));
  if (!real.ok) return failed(1, `error: Invalid value for '<KEYPAIR>': ${rustMessage(real.code)}`);
  const stdout = `New validator identity path: ${real.value}\n`;
  const start = world.now;
  const duration = world.latencies.setIdentity;
  const error = yield* request(context, socket, start + duration - Math.min(KEY_BEFORE_ANSWER, Math.floor(duration / 2)), (then, validator, call) =>
    setIdentity(then, then.hosts[validator.host], validator, real.value, options.flags.has('--require-tower'), call));
  if (error !== null) return commandFailed(error, stdout);
  if (socket.validator !== null && !(yield* awaitAwake(context, socket.validator))) return commandFailed('admin rpc error: Client error: Connection reset by peer (os error 104)', stdout);
  yield start + duration;
  return done(stdout);
}

function* runAuthorizedVoter(context: CommandContext, socket: Socket, args: readonly string[]): Run {
  const [action, ...rest] = args;
  const { world } = context;
  if (action === 'remove-all' && rest.length === 0) {
    const error = yield* request(context, socket, world.now + FIXED.rpc, (_, validator) => removeAllVoters(validator));
    return error === null ? done('All authorized voters removed\n') : commandFailed(error);
  }
  if (action !== 'add' || rest.length !== 1 || rest[0]!.startsWith('-')) return gap(`agave-validator authorized-voter ${args.join(' ')}`);
  const problem = keyArgumentProblem(context, socket, rest[0]!);
  if (problem !== null) return problem;
  const real = attempt(() => socket.machine.disk.realpath(rest[0]!, { user: context.user, cwd: context.cwd }));
  if (!real.ok) return failed(1, `error: Invalid value for '<KEYPAIR>': ${rustMessage(real.code)}`);
  const stdout = `Adding authorized voter path: ${real.value}\n`;
  const error = yield* request(context, socket, world.now + FIXED.rpc, (then, validator) => addVoter(then.hosts[validator.host], validator, real.value));
  return error === null ? done(stdout) : commandFailed(error, stdout);
}

function* contactInfo(context: CommandContext, socket: Socket, args: readonly string[]): Run {
  if (args.length > 0) return gap(`agave-validator contact-info ${args.join(' ')}`);
  let identity = '';
  const error = yield* request(context, socket, context.world.now + FIXED.rpc, (_, validator) => {
    if (validator.phase === 'loading') return 'admin rpc error: Server returned rpc error Invalid params: Retry once validator start up is complete';
    identity = validator.clusterIdentity;
    return null;
  });
  if (error !== null) return commandFailed(error);
  const { address } = socket.machine;
  const ports: readonly (readonly [string, number])[] = [
    ['Gossip', 8001], ['TVU', 8002], ['TPU', 8003], ['TPU Forwards', 8004], ['TPU Votes', 8005], ['RPC', 8899], ['RPC Pubsub', 8900], ['Serve Repair', 8008],
  ];
  const lines = [`Identity: ${identity}`, ...ports.map(([name, port]) => `${name}: ${address}:${port}`), `Last Updated Timestamp: ${Math.floor(context.world.now / 1000)}`, 'Shred Version: 0'];
  return done(`${lines.join('\n')}\n\n`);
}

/** Voting goes on until the process is gone: up to some five seconds after the answer (agave admin_rpc_service.rs exit). */
function* runExit(context: CommandContext, socket: Socket, args: readonly string[]): Run {
  const options = parseOptions(args, ['-f|--force', '--no-wait-for-exit', '--skip-new-snapshot-check', '--skip-health-check'], ['--min-idle-time', '--max-delinquent-stake']);
  if (options.unknown !== null || options.positionals.length > 0) return gap(`agave-validator exit ${args.join(' ')}`);
  const { world } = context;
  if (!options.flags.has('--force')) {
    const window = args.filter((arg) => arg !== '--no-wait-for-exit');
    const waited = yield* waitForRestartWindow(context, socket, window);
    if (waited.exit !== 0) return waited;
  }
  let leaving: Validator | null = null;
  const error = yield* request(context, socket, world.now + FIXED.rpc, (then, validator) => {
    leaving = validator;
    later(then, validator, then.now + 5_000_000, exitOnRequest, null);
    return null;
  });
  if (error !== null) return commandFailed(error);
  const stdout = 'Exit request sent\n';
  if (!world.agave.exitWaits || options.flags.has('--no-wait-for-exit')) return done(stdout);
  if (leaving === null) return done(stdout);
  const process = leaving as Validator;
  while (!process.dead) yield world.now + 500_000;
  return done(`${stdout}Waiting for agave-validator process ${process.pid} to terminate\n`);
}

function exitOnRequest(world: World, validator: Validator): void {
  exitProcess(world, validator, 0, 'exit requested');
}

/** A dashboard that runs until Ctrl-C. Assumption: the operator reads it for two seconds. */
function* runMonitor(context: CommandContext, socket: Socket, args: readonly string[]): Run {
  if (args.length > 0) return gap(`agave-validator monitor ${args.join(' ')}`);
  let identity = '';
  const error = yield* request(context, socket, context.world.now + 2_000_000, (_, validator) => {
    identity = validator.clusterIdentity;
    return null;
  });
  return error === null ? done(`Ledger location: ${socket.ledger}\nIdentity: ${identity}\n`) : commandFailed(error);
}
