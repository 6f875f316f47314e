/** mv, cp and rm, as in GNU coreutils 9.1. Nobody is asked: standard input is no terminal. */
import { fileCommand, joined, lastPart, quoted, type Run } from './command-frame.ts';
import type { Errno } from './disk-error.ts';
import { targetDirectory } from './file-commands-links.ts';

const mv = fileCommand(
  'mv',
  { flags: 'fnT', long: { force: 'f', 'no-clobber': 'n', 'no-target-directory': 'T' } },
  (run) => eachToTarget(run, move),
);

const cp = fileCommand(
  'cp',
  { flags: 'fpT', long: { force: 'f', 'no-target-directory': 'T' } },
  (run) => eachToTarget(run, copyFile),
);

function eachToTarget(run: Run, act: (run: Run, source: string, target: string) => void): void {
  const directory = targetDirectory(run);
  const { operands } = run;
  if (directory === undefined) return act(run, operands[0]!, operands[1]!);
  for (const source of operands.slice(0, -1)) act(run, source, joined(directory, lastPart(source)));
}

function move(run: Run, source: string, target: string): void {
  const { disk, context } = run;
  const from = run.try(() => disk.lstat(source, context));
  if (!from.ok) return run.failWith(`cannot stat ${quoted(source)}`, from.code);
  // renameat2(2) with RENAME_NOREPLACE sees the name before it sees a slash behind it.
  if (run.last('fn') === 'n' && run.try(() => disk.lstat(target.replace(/(?<=.)\/+$/, ''), context)).ok) return;
  const to = run.try(() => disk.lstat(target, context));
  if (to.ok) {
    const same = from.value.inode === to.value.inode || leadsTo(run, source, target);
    if (same) return run.fail(`${quoted(source)} and ${quoted(target)} are the same file`);
    const directories = [from.value.kind, to.value.kind].map((kind) => kind === 'directory');
    if (directories[0] && !directories[1]) {
      return run.fail(`cannot overwrite non-directory ${quoted(target)} with directory ${quoted(source)}`);
    }
    if (!directories[0] && directories[1]) return run.fail(`cannot overwrite directory ${quoted(target)} with non-directory`);
  } else if (to.code !== 'ENOENT') return run.failWith(`cannot stat ${quoted(target)}`, to.code);
  const moved = run.try(() => disk.rename(source, target, context));
  if (moved.ok) return;
  if (moved.code === 'EINVAL') run.fail(`cannot move ${quoted(source)} to a subdirectory of itself, ${quoted(target)}`);
  else run.failWith(`cannot move ${quoted(source)} to ${quoted(target)}`, moved.code);
}

/** True if `source` is a link to the very name `target`. */
function leadsTo(run: Run, source: string, target: string): boolean {
  const { disk, context } = run;
  if (disk.lstat(source, context).kind !== 'link' || disk.lstat(target, context).kind === 'link') return false;
  const end = run.try(() => disk.realpath(source, context));
  return end.ok && end.value === disk.realpath(target, context);
}

function copyFile(run: Run, source: string, target: string): void {
  const { disk, context } = run;
  const from = run.try(() => disk.stat(source, context));
  if (!from.ok) return run.failWith(`cannot stat ${quoted(source)}`, from.code);
  if (from.value.kind === 'directory') return run.fail(`-r not specified; omitting directory ${quoted(source)}`);
  const to = run.try(() => disk.stat(target, context));
  // With -f a loop of links counts as a target that cannot be opened.
  const loops = !to.ok && to.code === 'ELOOP' && run.has('f');
  if (to.ok) {
    if (from.value.inode === to.value.inode) return run.fail(`${quoted(source)} and ${quoted(target)} are the same file`);
    if (to.value.kind === 'directory') return run.fail(`cannot overwrite directory ${quoted(target)} with non-directory`);
  } else if (to.code !== 'ENOENT' && !loops) return run.failWith(`cannot stat ${quoted(target)}`, to.code);
  else if (!loops && run.try(() => disk.lstat(target, context)).ok) return run.fail(`not writing through dangling symlink ${quoted(target)}`);
  const opened = run.try(() => disk.readContent(source, context));
  if (!opened.ok) return run.failWith(`cannot open ${quoted(source)} for reading`, opened.code);
  let copied = run.try(() => disk.copy(source, target, context));
  if (!copied.ok && copied.code !== 'ENOSPC' && (to.ok || loops) && run.has('f')) {
    const removed = run.try(() => disk.unlink(target, context));
    if (!removed.ok) return run.failWith(`cannot remove ${quoted(target)}`, removed.code);
    copied = run.try(() => disk.copy(source, target, context));
  }
  if (!copied.ok && copied.code === 'ENOSPC') return run.failWith(`error writing ${quoted(target)}`, copied.code);
  if (!copied.ok) {
    const missing = !to.ok && target.endsWith('/');
    return run.failWith(`cannot create regular file ${quoted(target)}`, missing && copied.code === 'EISDIR' ? 'ENOTDIR' : copied.code);
  }
  if (run.has('p')) preserve(run, source, target);
}

/** Times, owner and mode, as far as the user may set them. */
function preserve(run: Run, source: string, target: string): void {
  const { disk, context } = run;
  const { mtime, owner, group, mode } = disk.stat(source, context);
  const timed = run.try(() => disk.touch(target, context, mtime));
  if (!timed.ok) run.failWith(`preserving times for ${quoted(target)}`, timed.code);
  const owned = run.try(() => disk.chown(target, owner, group, context));
  const set = run.try(() => disk.chmod(target, owned.ok ? mode : mode & 0o777, context));
  if (!set.ok) run.failWith(`preserving permissions for ${quoted(target)}`, set.code);
}

const rm = fileCommand('rm', { flags: 'frR', long: { force: 'f', recursive: 'r' } }, (run) => {
  const { disk, context, operands } = run;
  if (operands.length === 0 && !run.has('f')) return run.usage('missing operand');
  const recursive = run.last('rR') !== undefined;
  for (const path of operands) {
    const found = run.try(() => disk.lstat(path, context));
    if (!found.ok) failToRemove(run, path, found.code);
    else if (found.value.kind !== 'directory') removeName(run, path, 'unlink');
    else if (!recursive) run.failWith(`cannot remove ${quoted(path)}`, 'EISDIR');
    else if (/(^|\/)\.\.?\/*$/.test(path)) run.fail(`refusing to remove '.' or '..' directory: skipping ${quoted(path)}`);
    else if (disk.realpath(path, context) === '/') {
      run.fail(`it is dangerous to operate recursively on ${quoted(path)}`);
      run.fail('use --no-preserve-root to override this failsafe');
    } else removeTree(run, path);
  }
});

/** True if all of it is gone. */
function removeTree(run: Run, path: string): boolean {
  const { disk, context } = run;
  if (disk.lstat(path, context).kind !== 'directory') return removeName(run, path, 'unlink');
  const names = run.try(() => disk.readdir(path, context));
  if (!names.ok) {
    run.failWith(`cannot remove ${quoted(path)}`, names.code);
    return false;
  }
  let gone = true;
  for (const name of names.value) {
    const child = joined(path, name);
    const seen = run.try(() => disk.lstat(child, context));
    if (!seen.ok) run.failWith(`cannot remove ${quoted(child)}`, seen.code);
    gone = seen.ok && removeTree(run, child) && gone;
  }
  return gone && removeName(run, path, 'rmdir');
}

function removeName(run: Run, path: string, operation: 'unlink' | 'rmdir'): boolean {
  const removed = run.try(() => run.disk[operation](path, run.context));
  if (!removed.ok) failToRemove(run, path, removed.code);
  return removed.ok;
}

/** With -f a name that cannot exist is no error. */
function failToRemove(run: Run, path: string, code: Errno): void {
  const absent = code === 'ENOENT' || code === 'ENOTDIR';
  if (!(absent && run.has('f'))) run.failWith(`cannot remove ${quoted(path)}`, code);
}

export const moveCommands = { mv, cp, rm };
