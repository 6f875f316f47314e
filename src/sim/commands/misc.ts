/** Small commands around the others: sleep, timeout, date, hostname, printf, bash -c. */
import { wallClock } from '../clock.ts';
import { done, failed, gap, hostOf, pause, take } from './command.ts';
import type { Command } from './command.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };

/** "2", "0.5", "3m" in µs; null when it is no duration. */
function duration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(text);
  return match === null ? null : Math.round(Number(match[1]) * UNITS[match[2]!]! * 1_000_000);
}

export const sleep: Command = function* (context, argv) {
  const micros = argv.length === 2 ? duration(argv[1]!) : null;
  if (micros === null) return failed(1, `sleep: invalid time interval ‘${argv[1] ?? ''}’\nTry 'sleep --help' for more information.`);
  yield* pause(context.world, context.world.now + micros);
  return done();
};

/** timeout [-s SIG] [-k N] DURATION COMMAND…: the client is killed; what it had already asked for happens. */
export const timeout: Command = function* (context, argv) {
  const args = argv.slice(1);
  let signal = 'TERM';
  while (args[0]?.startsWith('-')) {
    if (args[0] === '-s' || args[0] === '--signal') [, signal = 'TERM'] = args.splice(0, 2);
    else if (args[0] === '-k') args.splice(0, 2);
    else return gap(`timeout ${args[0]}`);
  }
  const micros = duration(args[0] ?? '');
  if (micros === null || args.length < 2) return failed(125, `timeout: invalid time interval ‘${args[0] ?? ''}’`);
  const { world } = context;
  const deadline = take(world, () => world.now + micros);
  const inner = context.exec(context, args.slice(1));
  for (;;) {
    const step = inner.next();
    if (step.done === true) return step.value;
    if (step.value > deadline) {
      // What the command waits for is not waited for any more.
      world.operator.resting = false;
      yield deadline;
      return failed(signal === 'KILL' ? 137 : 124, '');
    }
    yield step.value;
  }
};

export const hostname: Command = function* (context, argv) {
  return argv.length === 1 ? done(`${context.station.hostname}\n`) : gap(`hostname ${argv.slice(1).join(' ')}`);
};

/** date +%s: the machine's own clock, faults included. */
export const date: Command = function* (context, argv) {
  const { world, station } = context;
  if (argv[1] !== '+%s' || argv.length !== 2) return gap(`date ${argv.slice(1).join(' ')}`);
  const host = hostOf(station);
  const clock = host === null ? world.now : wallClock(world.hosts[host], world.now);
  return done(`${Math.floor(clock / 1_000_000)}\n`);
};

/** bash -c 'LINE'. */
export const bash: Command = function* (context, argv) {
  if (argv[1] !== '-c' || argv.length !== 3) return gap(`bash ${argv.slice(1).join(' ')}`);
  return yield* context.shell(context.station, context.user, argv[2]!);
};

/** printf with %s, %d, %% and the usual escapes; the format is used again while arguments are left, as bash does. */
export const printf: Command = function* (_context, argv) {
  const [, format, ...args] = argv;
  if (format === undefined) return failed(2, 'printf: usage: printf [-v var] format [arguments]');
  if (format.startsWith('-') || /%[^sd%]/.test(format)) return gap(`printf ${format}`);
  let stdout = '';
  let rest = args;
  do {
    const before = rest.length;
    stdout += format.replaceAll(/%[sd%]|\\[nt\\]/g, (part) => {
      if (part === '%%') return '%';
      if (part === '\\n') return '\n';
      if (part === '\\t') return '\t';
      if (part === '\\\\') return '\\';
      const [value = part === '%d' ? '0' : '', ...others] = rest;
      rest = others;
      return value;
    });
    if (rest.length === before) break;
  } while (rest.length > 0);
  return done(stdout);
};
