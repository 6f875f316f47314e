/** What all simulated file commands share: their context, the reading of options, and the making of an outcome. */
import type { CommandOutcome } from '../transition/host.ts';
import type { Actor, Disk } from './disk.ts';
import { attempt, errnoMessage, type Attempt, type Errno } from './disk-error.ts';

/** Who runs a command, where and when. Times are µs; `cwd` is absolute. */
export interface FileContext extends Actor {
  readonly cwd: string;
  /** Text on standard input; empty by default. */
  readonly stdin?: string;
  /** Unix time at t = 0, in µs; 0 by default. */
  readonly epoch?: number;
  /** Users known to chown; without it every name is. A group has the name of its user. */
  readonly accounts?: readonly string[];
}

/** A command; `argv[0]` is its name. It changes the disk and never throws a `DiskError`. */
export type FileCommand = (disk: Disk, context: FileContext, argv: readonly string[]) => CommandOutcome;

export interface OptionGrammar {
  /** Letters without a value. */
  readonly flags?: string;
  /** Letters with a value. */
  readonly values?: string;
  /** Long names and the letters they stand for. */
  readonly long?: Readonly<Record<string, string>>;
  /** Exit code of a wrong call; 1 by default. */
  readonly usageExit?: number;
}

/** One run of a command: its options, its operands, and what it has said so far. */
export interface Run {
  readonly disk: Disk;
  readonly context: FileContext;
  readonly operands: readonly string[];
  has(letter: string): boolean;
  /** The one of these letters that came last. */
  last(letters: string): string | undefined;
  value(letter: string): string | undefined;
  values(letter: string): string[];
  try<T>(operation: () => T): Attempt<T>;
  print(text: string): void;
  /** "name: message" on stderr, and the exit code (1 by default); the command goes on. */
  fail(message: string, exit?: number): void;
  failWith(message: string, code: Errno, exit?: number): void;
  /** Sets the exit code without a word. */
  exit(code: number): void;
  /** Ends the command with what it has said. */
  end(): never;
  /** A wrong call: the message, after "name: " or another prefix, and where to find help. Ends the command. */
  usage(message: string, prefix?: string): never;
  /** Something that is not modelled. Ends the command. */
  gap(sentence: string): never;
}

class Ended extends Error {
  readonly sentence: string | undefined;
  constructor(sentence?: string) {
    super(sentence);
    this.sentence = sentence;
  }
}

/** A command from its option grammar and its body. Options that the grammar lacks end in a gap, not in success. */
export function fileCommand(name: string, grammar: OptionGrammar, body: (run: Run) => void): FileCommand {
  return (disk, context, [, ...args]) => {
    let stdout = '';
    let stderr = '';
    let exit = 0;
    let options: readonly Option[] = [];
    const run: Run = {
      disk,
      context,
      operands: [],
      has: (letter) => options.some((option) => option.letter === letter),
      last: (letters) => options.findLast((option) => letters.includes(option.letter))?.letter,
      value: (letter) => options.findLast((option) => option.letter === letter)?.value,
      values: (letter) => options.filter((option) => option.letter === letter).map((option) => option.value ?? ''),
      try: attempt,
      print: (text) => void (stdout += text),
      fail: (message, code = 1) => {
        stderr += `${name}: ${message}\n`;
        exit = code;
      },
      failWith: (message, code, exitCode) => run.fail(`${message}: ${errnoMessage(code)}`, exitCode),
      exit: (code) => void (exit = code),
      end: () => {
        throw new Ended();
      },
      usage: (message, prefix = `${name}: `) => {
        stderr += `${prefix}${message}\nTry '${name} --help' for more information.\n`;
        exit = grammar.usageExit ?? 1;
        throw new Ended();
      },
      gap: (sentence) => {
        throw new Ended(sentence);
      },
    };
    try {
      const parsed = parseOptions(args, grammar);
      if ('unknown' in parsed) run.gap(`option ${parsed.unknown}`);
      if ('lacking' in parsed) run.usage(`option requires an argument -- '${parsed.lacking}'`);
      options = parsed.options;
      body({ ...run, operands: parsed.operands });
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      if (error.sentence !== undefined) return gapOutcome(name, error.sentence, stdout, stderr);
    }
    return { exit, stdout, stderr };
  };
}

/** The outcome of a command that met something not modelled: exit code 2, said on stderr and in `gap`. */
export function gapOutcome(name: string, sentence: string, stdout = '', stderr = ''): CommandOutcome {
  const gap = `${name}: the simulator does not model ${sentence}`;
  return { exit: 2, stdout, stderr: `${stderr}${gap}\n`, gap };
}

interface Option {
  readonly letter: string;
  readonly value?: string;
}

type Parsed =
  | { readonly options: readonly Option[]; readonly operands: readonly string[] }
  | { readonly unknown: string }
  | { readonly lacking: string };

/** getopt_long(3): options and operands may be mixed, "--" ends the options. */
function parseOptions(args: readonly string[], { flags = '', values = '', long = {} }: OptionGrammar): Parsed {
  const options: Option[] = [];
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      operands.push(arg);
      continue;
    }
    if (arg.startsWith('--')) {
      const [word, value] = splitOnce(arg.slice(2), '=');
      const letter = long[word];
      if (letter === undefined || (value !== undefined && !values.includes(letter))) return { unknown: arg };
      if (!values.includes(letter)) options.push({ letter });
      else if (value !== undefined) options.push({ letter, value });
      else if (++i < args.length) options.push({ letter, value: args[i]! });
      else return { lacking: letter };
      continue;
    }
    for (let j = 1; j < arg.length; j++) {
      const letter = arg[j]!;
      if (flags.includes(letter)) options.push({ letter });
      else if (!values.includes(letter)) return { unknown: `-${letter}` };
      else {
        const value = j + 1 < arg.length ? arg.slice(j + 1) : args[++i];
        if (value === undefined) return { lacking: letter };
        options.push({ letter, value });
        break;
      }
    }
  }
  return { options, operands };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A file name in an error message, always in quotes, as the GNU coreutils write it in the C locale. */
export function quoted(name: string): string {
  if (!name.includes("'")) return `'${name}'`;
  return /["$`\\]/.test(name) ? `'${name.replaceAll("'", "'\\''")}'` : `"${name}"`;
}

/** In quotes only where a shell would need them. */
export function named(name: string): string {
  return name === '' || /[^\w./+,:@%-]/.test(name) ? quoted(name) : name;
}

/** The last part of a path without slashes at its end; "/" of the root. */
export function lastPart(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' ? path.slice(0, 1) : trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** The path of a name in a directory. */
export function joined(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

/** True if the path leads to a directory, through links too. */
export function isDirectory(run: Run, path: string): boolean {
  const found = run.try(() => run.disk.stat(path, run.context));
  return found.ok && found.value.kind === 'directory';
}

/** Text of bytes. Bytes that are not UTF-8 cannot pass through a simulated pipe, which carries text: a gap. */
export function textOf(run: Run, bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return run.gap(`a pipe with bytes that are not text (${name})`);
  }
}
