/** The state of the shell that runs a command line, and its own commands that change it. */
import { posix } from 'node:path';
import type { CommandOutcome } from './host.ts';

/**
 * What the shell asks of its machine. Each is answered with a CommandOutcome; a file request that fails answers with a
 * nonzero exit and the bare reason in stderr ("No such file or directory"). A command that does not exist answers 127.
 */
export type ExecRequest =
  /** Run a command, which reads `stdin` and has the exported variables as its environment. */
  | {
      readonly kind: 'exec';
      readonly argv: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd: string;
      readonly stdin: string;
    }
  /** `<file`: the answer's stdout is its content. */
  | { readonly kind: 'read'; readonly path: string }
  /** `>file`, before the command: make it, or cut it to nothing. */
  | { readonly kind: 'create'; readonly path: string }
  /** Add text at the end, and make the file when it is not there: `>>file` with '' before, and the output after. */
  | { readonly kind: 'append'; readonly path: string; readonly text: string }
  /** `cd`: exit 0 when it is a folder that can be entered. */
  | { readonly kind: 'enter'; readonly path: string };

export type Steps<T> = Generator<ExecRequest, T, CommandOutcome>;

/** Where text goes; a path marks a file, to which it is added when the command has ended. */
export interface Stream {
  text: string;
  readonly path?: string;
}

export interface Streams {
  readonly stdin: string;
  readonly out: Stream;
  readonly err: Stream;
  readonly gaps: string[];
}

export interface Shell {
  variables: Record<string, string>;
  exported: Set<string>;
  cwd: string;
  errexit: boolean;
  nounset: boolean;
  pipefail: boolean;
  /** `$?` */
  status: number;
  /** Status of the last `$(…)` of the command in hand. */
  substitution?: number;
}

/** The shell (or the subshell) ends. */
export class ShellExit extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/** Something outside of the evaluation: the whole line ends. */
export class GapMet extends Error {}

/** A shell that changes apart from the first, as a subshell does. */
export function copyOf(shell: Shell): Shell {
  return { ...shell, variables: { ...shell.variables }, exported: new Set(shell.exported) };
}

/** The commands of the shell itself: those that change it, and those that are known to be missing here. */
const CHANGERS = ['cd', 'exec', 'exit', 'export', 'set'];
const MISSING = [
  '.', 'alias', 'bg', 'bind', 'break', 'builtin', 'caller', 'complete', 'continue', 'declare', 'dirs', 'disown', 'enable',
  'eval', 'fg', 'getopts', 'hash', 'jobs', 'let', 'local', 'mapfile', 'popd', 'pushd', 'read', 'readarray', 'readonly',
  'return', 'shift', 'shopt', 'source', 'times', 'trap', 'typeset', 'ulimit', 'umask', 'unalias', 'unset', 'wait',
];
export const BUILTINS = new Set([...CHANGERS, ...MISSING]);

/** Runs a command of the shell itself, but for exec. */
export function* runBuiltin(argv: readonly string[], shell: Shell, io: Streams): Steps<number> {
  const [name, ...words] = argv;
  switch (name) {
    case 'cd':
      return yield* changeFolder(words, shell, io);
    case 'exit': {
      if (words.length > 1 || !/^-?\d{1,9}$/.test(words[0] ?? '0')) throw new GapMet('"exit" with such words is not modelled');
      throw new ShellExit(words[0] === undefined ? shell.status : Number(words[0]) & 255);
    }
    case 'export':
      for (const word of words) {
        const match = /^([A-Za-z_][A-Za-z0-9_]*)(?:=([^]*))?$/.exec(word);
        if (match === null) throw new GapMet(`"export ${word}" is not modelled`);
        if (match[2] !== undefined) shell.variables[match[1]!] = match[2];
        shell.exported.add(match[1]!);
      }
      return 0;
    case 'set':
      setOptions(words, shell);
      return 0;
    default:
      throw new GapMet(`the shell's own command "${name!}" is not modelled`);
  }
}

function* changeFolder(words: readonly string[], shell: Shell, io: Streams): Steps<number> {
  const target = words[0] ?? shell.variables['HOME'];
  if (words.length > 1 || target === undefined || target === '' || target.startsWith('-') || 'CDPATH' in shell.variables) {
    throw new GapMet('"cd" with such words is not modelled');
  }
  const path = posix.resolve(shell.cwd, target);
  const outcome = yield { kind: 'enter', path };
  if (outcome.gap !== undefined) io.gaps.push(outcome.gap);
  if (outcome.exit !== 0) {
    io.err.text += `bash: line 1: cd: ${target}: ${outcome.stderr.trim()}\n`;
    return 1;
  }
  shell.cwd = path;
  shell.variables['PWD'] = path;
  return 0;
}

function setOptions(words: readonly string[], shell: Shell): void {
  const rest = [...words];
  if (rest.length === 0) throw new GapMet('"set" without options is not modelled');
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!/^[-+][euo]+$/.test(word)) throw new GapMet(`"set ${word}" is not modelled`);
    const on = word.startsWith('-');
    for (const letter of word.slice(1)) {
      const option = letter === 'o' ? rest.shift() : letter;
      if (option === 'e' || option === 'errexit') shell.errexit = on;
      else if (option === 'u' || option === 'nounset') shell.nounset = on;
      else if (option === 'pipefail') shell.pipefail = on;
      else throw new GapMet(`"set -o ${option ?? ''}" is not modelled`);
    }
  }
}

/** Bash gives these a value of its own, which is not known here. */
const OF_BASH = /^(_|BASH.*|COLUMNS|DIRSTACK|EPOCH.*|EUID|GROUPS|HOST.*|IFS|LINENO|LINES|MACHTYPE|OLDPWD|OPT.*|OSTYPE|PATH|PIPESTATUS|PPID|PS\d|RANDOM|SECONDS|SHELL.*|SHLVL|SRANDOM|TERM|UID|USER|LOGNAME)$/;

/** The value of a variable. Throws GapMet for what only a real shell knows. */
export function variable(name: string, shell: Shell, io: Streams): string {
  if (name === '?') return String(shell.status);
  if (name === 'PWD') return shell.cwd;
  const value = Object.hasOwn(shell.variables, name) ? shell.variables[name] : undefined;
  if (value !== undefined) return value;
  if (OF_BASH.test(name) || name === 'HOME') throw new GapMet(`the value of $${name} is not known here`);
  if (shell.nounset) {
    io.err.text += `bash: line 1: ${name}: unbound variable\n`;
    throw new ShellExit(127);
  }
  return '';
}

/** A path from the root. */
export function absolute(path: string, shell: Shell): string {
  return path.startsWith('/') ? path : `${shell.cwd}/${path}`;
}
