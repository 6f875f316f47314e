/** ln and readlink, as in GNU coreutils 9.1. */
import { fileCommand, isDirectory, joined, lastPart, named, quoted, type Run } from './command-frame.ts';
import type { Errno } from './disk-error.ts';

const ln = fileCommand(
  'ln',
  { flags: 'sfnT', long: { symbolic: 's', force: 'f', 'no-dereference': 'n', 'no-target-directory': 'T' } },
  (run) => {
    const { disk, context, operands } = run;
    const [first, second, third] = operands;
    if (first === undefined) return run.usage('missing file operand');
    if (run.has('T')) {
      if (second === undefined) return run.usage(`missing destination file operand after ${quoted(first)}`);
      if (third !== undefined) return run.usage(`extra operand ${quoted(third)}`);
      return makeLink(run, first, second);
    }
    if (second === undefined) return makeLink(run, first, joined('.', lastPart(first)));
    const target = operands.at(-1)!;
    // A new name is linked at once; only when that fails is the target looked at as a directory.
    if (operands.length === 2 && run.try(() => linkOnce(run, first, second)).ok) return;
    const found = run.try(() => (run.has('n') ? disk.lstat(target, context) : disk.stat(target, context)));
    if (found.ok && found.value.kind === 'directory') {
      for (const source of operands.slice(0, -1)) makeLink(run, source, joined(target, lastPart(source)));
    } else if (operands.length === 2) makeLink(run, first, second);
    else run.failWith(`target ${quoted(target)}`, found.ok ? 'ENOTDIR' : found.code);
  },
);

function linkOnce(run: Run, source: string, name: string): void {
  if (run.has('s')) run.disk.symlink(source, name, run.context);
  else run.disk.link(source, name, run.context);
}

function makeLink(run: Run, source: string, name: string): void {
  const { disk, context } = run;
  const symbolic = run.has('s');
  if (!symbolic) {
    const found = run.try(() => disk.lstat(source, context));
    if (!found.ok) return run.failWith(`failed to access ${quoted(source)}`, found.code);
    if (found.value.kind === 'directory') return run.fail(`${named(source)}: hard link not allowed for directory`);
  }
  if (run.has('f')) {
    const there = run.try(() => disk.lstat(name, context));
    if (there.ok) {
      if (there.value.kind === 'directory') return run.fail(`${named(name)}: cannot overwrite directory`);
      const found = run.try(() => (symbolic ? disk.stat(source, context) : disk.lstat(source, context)));
      if (found.ok && found.value.inode === there.value.inode && (there.value.links === 1 || sameName(run, source, name))) {
        return run.fail(`${quoted(source)} and ${quoted(name)} are the same file`);
      }
    } else if (there.code !== 'ENOENT') return run.failWith(`failed to access ${quoted(name)}`, there.code);
  }
  let made = run.try(() => linkOnce(run, source, name));
  if (!made.ok && made.code === 'EEXIST' && run.has('f')) made = run.try(() => linkOver(run, source, name));
  if (!made.ok) failToLink(run, source, name, made.code);
}

/** Over an existing name ln links under a name of its own and renames, so that the name never is missing (force-link.c). */
function linkOver(run: Run, source: string, name: string): void {
  const own = joined(name.includes('/') ? name.slice(0, name.lastIndexOf('/') + 1) : '.', 'CuXXXXXX');
  linkOnce(run, source, own);
  run.disk.rename(own, name, run.context);
  // rename(2) does nothing for two names of one file.
  if (run.try(() => run.disk.lstat(own, run.context)).ok) run.disk.unlink(own, run.context);
}

function failToLink(run: Run, source: string, name: string, code: Errno): void {
  const kind = run.has('s') ? 'symbolic' : 'hard';
  const withSource = run.has('s') ? source === '' || code === 'ENAMETOOLONG' : !['EEXIST', 'ENOSPC', 'EROFS'].includes(code);
  const arrow = run.has('s') ? '->' : '=>';
  run.failWith(`failed to create ${kind} link ${quoted(name)}${withSource ? ` ${arrow} ${quoted(source)}` : ''}`, code);
}

/** Same directory and same last part. */
function sameName(run: Run, a: string, b: string): boolean {
  const place = (path: string) => {
    const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '.';
    return joined(run.disk.realpath(parent, run.context), lastPart(path));
  };
  return place(a) === place(b);
}

const readlink = fileCommand(
  'readlink',
  { flags: 'fen', long: { canonicalize: 'f', 'canonicalize-existing': 'e', 'no-newline': 'n' } },
  (run) => {
    const { disk, context, operands } = run;
    if (operands.length === 0) return run.usage('missing operand');
    const canonical = run.last('fe');
    const newline = run.has('n') && operands.length === 1 ? '' : '\n';
    for (const path of operands) {
      const found = run.try(() =>
        canonical === undefined ? disk.readlink(path, context) : disk.realpath(path, context, canonical === 'f' ? 'last' : 'none'));
      if (found.ok) run.print(found.value + newline);
      else run.exit(1);
    }
  },
);

/** The directory that a command with "FILE... DIRECTORY" writes into, or undefined for "FILE NAME". Ends wrong calls. */
export function targetDirectory(run: Run): string | undefined {
  const { operands, disk, context } = run;
  const [first, second, third] = operands;
  if (first === undefined) return run.usage('missing file operand');
  if (second === undefined) return run.usage(`missing destination file operand after ${quoted(first)}`);
  if (run.has('T')) return third === undefined ? undefined : run.usage(`extra operand ${quoted(third)}`);
  const target = operands.at(-1)!;
  if (isDirectory(run, target)) return target;
  if (third === undefined) return undefined;
  const found = run.try(() => disk.stat(target, context));
  run.failWith(`target ${quoted(target)}`, found.ok ? 'ENOTDIR' : found.code);
  return run.end();
}

export const linkCommands = { ln, readlink };
