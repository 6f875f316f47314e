/** What a simulated command is: a generator that yields the times at which it wants to go on, and returns its outcome. */
import type { Micros } from '../../model/trace.ts';
import type { CommandOutcome } from '../../transition/host.ts';
import { FIXED } from '../latency.ts';
import type { HostName } from '../host-name.ts';
import type { Machine, Validator } from '../machine.ts';
import { remembered } from '../remembered.ts';
import type { World } from '../world.ts';

/** A machine on which commands run: one of the hosts, that of etcd, or the operator's own. */
export type Station = Pick<Machine, 'address' | 'hostname' | 'disk' | 'user'> & { readonly name: HostName | 'etcd' | 'operator' };

export interface CommandContext {
  readonly world: World;
  readonly station: Station;
  readonly user: string;
  readonly cwd: string;
  readonly stdin: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs another command in the same place: for sudo, timeout, ssh. */
  readonly exec: (context: CommandContext, argv: readonly string[]) => Run;
  /** Runs a command line of the shell on a station as a user. */
  readonly shell: (station: Station, user: string, line: string) => Run;
}

/** Yields the simulated time, in µs, at which it wants to be resumed. */
export type Run = Generator<Micros, CommandOutcome, void>;

/** `argv[0]` is the command's name. */
export type Command = (context: CommandContext, argv: readonly string[]) => Run;

export const done = (stdout = ''): CommandOutcome => ({ exit: 0, stdout, stderr: '' });
export const failed = (exit: number, stderr: string, stdout = ''): CommandOutcome => ({ exit, stdout, stderr: stderr === '' ? '' : `${stderr}\n` });

/** Something that the simulation does not know: reported, never taken for a success. */
export function gap(what: string): CommandOutcome {
  return { exit: 127, stdout: '', stderr: `solevoter: not modelled: ${what}\n`, gap: what };
}

/** The name of a station that is one of the two hosts; null of another. */
export function hostOf({ name }: Station): HostName | null {
  return name === 'operator' || name === 'etcd' ? null : name;
}

/** The validator's machine behind a station; null on the other ones. */
export function machineOf(context: CommandContext): Machine | null {
  const host = hostOf(context.station);
  return host === null ? null : context.world.hosts[host];
}

/** Waits until a stopped process runs again (its sockets accept, and nothing answers); true when it is still alive. */
export function* awaitAwake(context: CommandContext, validator: Validator): Generator<Micros, boolean, void> {
  while (validator.stopped && !validator.dead) yield context.world.now + FIXED.rpc;
  return !validator.dead;
}

/** What `look` gives, or has given when the command was here before: where it stands is then told by its tape. */
export function take<T>({ operator }: World, look: () => T): T {
  if (operator.played < operator.tape.length) return operator.tape[operator.played++] as T;
  const value = look();
  operator.tape.push(value);
  operator.played++;
  return value;
}

/**
 * A part of a command. Once it is over only its outcome stays on the tape. While a part runs that does not tell the tape
 * what it meets, or waits otherwise than by `pause`, the world cannot be copied.
 */
export function* part({ operator }: World, run: Run): Run {
  const place = operator.played;
  const known = operator.tape[place];
  if (known instanceof PartOver) {
    operator.played++;
    return known.outcome;
  }
  const outcome = yield* run;
  operator.tape.length = place;
  operator.tape.push(new PartOver(outcome));
  operator.played = place + 1;
  return outcome;
}

/** On the tape: a part that is over. */
class PartOver {
  readonly outcome: CommandOutcome;

  constructor(outcome: CommandOutcome) {
    this.outcome = outcome;
  }
}

/** Waits until `t`, µs. Here a world can be copied, when all that the command has met before is on its tape. */
export function* pause({ operator }: World, t: Micros): Generator<Micros, void, void> {
  let until = t;
  const place = operator.played++;
  if (place < operator.tape.length) {
    if (operator.played < operator.tape.length) return;
    until = operator.tape[place] as Micros;
  } else {
    operator.tape.push(t);
  }
  operator.resting = true;
  yield until;
  operator.resting = false;
  // When it ended is told by what came after it.
  operator.tape[place] = 0;
}

export interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly positionals: readonly string[];
  /** The first option that is not known. */
  readonly unknown: string | null;
}

/** The last name of each option, by all of its names, from the options with spaces between them. */
const aliasesOf = remembered((options) => new Map((options === '' ? [] : options.split(' ')).flatMap((names) => names.split('|').map((name, _, all) => [name, all.at(-1)!] as const))));

/** Splits arguments. `flags` stand alone, `values` take the next word or follow "=". Both may have aliases: "-l|--ledger". */
export function parseOptions(args: readonly string[], flags: readonly string[], values: readonly string[]): Options {
  const flagNames = aliasesOf(flags.join(' '));
  const valueNames = aliasesOf(values.join(' '));
  const found = { flags: new Set<string>(), values: new Map<string, string>(), positionals: [] as string[], unknown: null as string | null };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const [name, inline] = arg.startsWith('--') && arg.includes('=') ? [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)] : [arg, undefined];
    const flag = flagNames.get(name);
    const value = valueNames.get(name);
    if (flag !== undefined) found.flags.add(flag);
    else if (value !== undefined) found.values.set(value, inline ?? args[++i] ?? '');
    else if (arg.startsWith('-') && arg !== '-') found.unknown ??= arg;
    else found.positionals.push(arg);
  }
  return found;
}
