/**
 * Evaluation of a command line by the rules of bash (exit status, word splitting, pipes, `set -e`), without any input or
 * output of its own: every command and every file access is a request, which a simulator can give its own time.
 */
import { looksLikeGlob } from './command-line.ts';
import type { CommandLine, Group, List, Pipeline, Redirect, SimpleCommand, Word } from './command-line.ts';
import type { CommandOutcome } from './host.ts';
import { BUILTINS, GapMet, ShellExit, absolute, copyOf, runBuiltin, variable } from './shell.ts';
import type { Shell, Steps, Stream, Streams } from './shell.ts';

export type { ExecRequest } from './shell.ts';

/**
 * Runs a command line; the value returned is its exit status and what reaches the terminal. `env` holds the exported
 * variables; HOME is needed for `~`, and PWD (otherwise HOME) is the folder to start in.
 *
 * What the grammar or the evaluation does not know sets `gap` and ends the line with exit 127; a gap that a command
 * reports is kept, and the line goes on with the exit status of that command. In a pipe the commands run one after the
 * other, and a `$(…)` in it does not see the pipe's text.
 */
export function* evaluate(line: CommandLine, env: Readonly<Record<string, string>>): Steps<CommandOutcome> {
  if (line.type === 'gap') return { exit: 127, stdout: '', stderr: '', gap: line.what };
  if (line.type === 'syntax-error') return { exit: 2, stdout: '', stderr: `bash: syntax error: ${line.what}\n` };
  const io: Streams = { stdin: '', out: { text: '' }, err: { text: '' }, gaps: [] };
  const shell: Shell = {
    variables: { ...env },
    exported: new Set(Object.keys(env)),
    cwd: env['PWD'] ?? env['HOME'] ?? '/',
    errexit: false,
    nounset: false,
    pipefail: false,
    status: 0,
  };
  let exit: number;
  try {
    exit = yield* runSubshell(line.list, shell, io, false);
  } catch (error) {
    if (!(error instanceof GapMet)) throw error;
    io.gaps.push(error.message);
    exit = 127;
  }
  const outcome = { exit, stdout: io.out.text, stderr: io.err.text };
  return io.gaps[0] === undefined ? outcome : { ...outcome, gap: io.gaps[0] };
}

/** A list in a shell of its own, which is all that `exit` and `set -e` end. */
function* runSubshell(list: List, shell: Shell, io: Streams, ignoreErrors: boolean): Steps<number> {
  try {
    return yield* runList(list, shell, io, ignoreErrors);
  } catch (error) {
    if (error instanceof ShellExit) return error.status;
    throw error;
  }
}

function* runList(list: List, shell: Shell, io: Streams, ignoreErrors: boolean): Steps<number> {
  if (list.length === 0) return 0;
  for (const [i, { join, pipeline }] of list.entries()) {
    if ((join === '&&' && shell.status !== 0) || (join === '||' && shell.status === 0)) continue;
    // Bash, set -e: a failure is ignored in every part of && and || but the last, and under "!".
    const ignored = ignoreErrors || (list[i + 1]?.join ?? ';') !== ';' || pipeline.negated;
    shell.status = yield* runPipeline(pipeline, shell, io, ignored);
    // A { …; } that fails has already ended the shell, if anything in it was to.
    const judged = pipeline.commands.some((command) => command.type === 'simple' || command.subshell);
    if (shell.errexit && judged && !ignored && shell.status !== 0) throw new ShellExit(shell.status);
  }
  return shell.status;
}

function* runPipeline(pipeline: Pipeline, shell: Shell, io: Streams, ignoreErrors: boolean): Steps<number> {
  const { commands } = pipeline;
  const [only] = commands;
  let status = 0;
  if (commands.length === 1) {
    status = yield* runCommand(only!, shell, io, ignoreErrors);
  } else {
    let stdin = io.stdin;
    for (const [i, command] of commands.entries()) {
      const last = i === commands.length - 1;
      const out = last ? io.out : { text: '' };
      const aside: List = [{ join: ';', pipeline: { negated: false, commands: [command] } }];
      const exit = yield* runSubshell(aside, copyOf(shell), { ...io, stdin, out }, ignoreErrors);
      if (exit !== 0 || (last && !shell.pipefail)) status = exit;
      stdin = out.text;
    }
  }
  if (pipeline.negated) return status === 0 ? 1 : 0;
  return status;
}

function* runCommand(command: SimpleCommand | Group, shell: Shell, io: Streams, ignoreErrors: boolean): Steps<number> {
  if (command.type === 'simple') return yield* runSimple(command, shell, io);
  if (command.subshell) return yield* runSubshell(command.list, copyOf(shell), io, ignoreErrors);
  return yield* runList(command.list, shell, io, ignoreErrors);
}

/** In the order of bash: words, redirections, assignments, then the command. */
function* runSimple(command: SimpleCommand, shell: Shell, io: Streams): Steps<number> {
  delete shell.substitution;
  const argv: string[] = [];
  const exporting = plainText(command.words[0]) === 'export';
  for (const word of command.words) {
    // The arguments of export are assignments, which are not split.
    if (exporting && isAssignment(word)) argv.push(yield* expandText(word, shell, io));
    else argv.push(...(yield* expandFields(word, shell, io)));
  }
  const redirected = yield* redirect(command.redirects, shell, io);
  if (redirected === null) return 1;
  const values: [string, string][] = [];
  for (const { name, value } of command.assignments) {
    const text = yield* expandText(value, shell, io);
    if (argv.length === 0) shell.variables[name] = text;
    else values.push([name, text]);
  }
  let status = shell.substitution ?? 0;
  if (argv.length > 0) {
    if (argv[0] === 'exec') return yield* replaceShell(argv.slice(1), Object.fromEntries(values), shell, redirected);
    status = BUILTINS.has(argv[0]!)
      ? yield* runBuiltin(argv, shell, redirected)
      : yield* runExec(argv, Object.fromEntries(values), shell, redirected);
  }
  return yield* writeFiles(redirected, argv[0] ?? 'bash', status);
}

function* runExec(argv: readonly string[], extra: Record<string, string>, shell: Shell, io: Streams): Steps<number> {
  const env: Record<string, string> = {};
  for (const name of shell.exported) {
    const value = shell.variables[name];
    if (value !== undefined) env[name] = value;
  }
  Object.assign(env, extra);
  const outcome = yield { kind: 'exec', argv, env, cwd: shell.cwd, stdin: io.stdin };
  io.out.text += outcome.stdout;
  io.err.text += outcome.stderr;
  if (outcome.gap !== undefined) io.gaps.push(outcome.gap);
  return outcome.exit;
}

/** `exec`: the command takes the place of the shell, which ends with it. */
function* replaceShell(argv: readonly string[], extra: Record<string, string>, shell: Shell, io: Streams): Steps<number> {
  const [name] = argv;
  if (name === undefined || name.startsWith('-')) throw new GapMet('"exec" without a command is not modelled');
  if (BUILTINS.has(name)) throw new GapMet(`"exec ${name}" is not modelled`);
  const status = yield* runExec(argv, extra, shell, io);
  throw new ShellExit(yield* writeFiles(io, name, status));
}

/** Opens the files and says where the streams go; null, with the reason told, when a file cannot be opened. */
function* redirect(redirects: readonly Redirect[], shell: Shell, io: Streams): Steps<Streams | null> {
  let { stdin, out, err } = io;
  for (const entry of redirects) {
    if (entry.op === '>&') {
      const to = entry.to === 1 ? out : err;
      if (entry.fd === 1) out = to;
      else err = to;
      continue;
    }
    const now: Streams = { ...io, out, err };
    if (entry.op === '<<<') {
      stdin = (yield* expandText(entry.target, shell, now)) + '\n';
      continue;
    }
    const fields = yield* expandFields(entry.target, shell, now);
    if (fields.length !== 1) {
      err.text += 'bash: line 1: ambiguous redirect\n';
      return null;
    }
    const path = absolute(fields[0]!, shell);
    const stream: Stream = path === '/dev/null' ? { text: '' } : { text: '', path };
    if (path === '/dev/null') {
      if (entry.fd === 0) stdin = '';
    } else {
      const request = entry.op === '<' ? { kind: 'read', path } as const
        : entry.op === '>' ? { kind: 'create', path } as const
        : { kind: 'append', path, text: '' } as const;
      const outcome = yield request;
      if (outcome.gap !== undefined) io.gaps.push(outcome.gap);
      if (outcome.exit !== 0) {
        err.text += `bash: line 1: ${fields[0]!}: ${outcome.stderr.trim()}\n`;
        return null;
      }
      if (entry.fd === 0) stdin = outcome.stdout;
    }
    if (entry.fd === 1) out = stream;
    if (entry.fd === 2) err = stream;
  }
  return { ...io, stdin, out, err };
}

/** Adds to the files what was sent to them. A failed write makes the command fail. */
function* writeFiles(io: Streams, name: string, status: number): Steps<number> {
  let result = status;
  for (const stream of new Set([io.out, io.err])) {
    if (stream.path === undefined || stream.text === '') continue;
    const outcome = yield { kind: 'append', path: stream.path, text: stream.text };
    if (outcome.gap !== undefined) io.gaps.push(outcome.gap);
    if (outcome.exit !== 0) {
      if (io.err !== stream) io.err.text += `${name}: write error: ${outcome.stderr.trim()}\n`;
      result = 1;
    }
  }
  return result;
}

/** The value of an expansion, and whether it may be split into fields. */
function* expandPart(part: Word[number], shell: Shell, io: Streams): Steps<{ text: string; splits: boolean }> {
  switch (part.type) {
    case 'text':
      return { text: part.text, splits: false };
    case 'tilde':
      return { text: variable('HOME', shell, io), splits: false };
    case 'variable':
      return { text: variable(part.name, shell, io), splits: !part.quoted };
    case 'substitution': {
      const out = { text: '' };
      // Outside of POSIX mode bash clears -e in a command substitution.
      const inner: Shell = { ...copyOf(shell), errexit: false };
      shell.substitution = yield* runSubshell(part.list, inner, { ...io, stdin: '', out }, false);
      shell.status = shell.substitution;
      return { text: out.text.replace(/\n+$/, ''), splits: !part.quoted };
    }
  }
}

/** A word where nothing is split: the value of an assignment, a here-string. */
function* expandText(word: Word, shell: Shell, io: Streams): Steps<string> {
  let text = '';
  for (const part of word) text += (yield* expandPart(part, shell, io)).text;
  return text;
}

/** A word as an argument: none, one or many fields, by the spaces in what was expanded without quotes. */
function* expandFields(word: Word, shell: Shell, io: Streams): Steps<string[]> {
  const fields: string[] = [];
  let current: string | null = null;
  for (const part of word) {
    const { text, splits } = yield* expandPart(part, shell, io);
    if (!splits) {
      current = (current ?? '') + text;
      continue;
    }
    if (looksLikeGlob(text)) throw new GapMet('an unquoted expansion became a file pattern, which is not modelled');
    for (const [i, piece] of text.split(/[ \t\n]+/).entries()) {
      if (i > 0 && current !== null) {
        fields.push(current);
        current = null;
      }
      if (piece !== '') current = (current ?? '') + piece;
    }
  }
  if (current !== null) fields.push(current);
  return fields;
}

function plainText(word: Word | undefined): string | null {
  return word?.length === 1 && word[0]!.type === 'text' ? word[0]!.text : null;
}

function isAssignment(word: Word): boolean {
  const [first] = word;
  return first?.type === 'text' && !first.quoted && /^[A-Za-z_][A-Za-z0-9_]*=/.test(first.text);
}
