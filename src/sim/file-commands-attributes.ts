/** mkdir, touch, chmod, chown and sync, as in GNU coreutils 9.1. */
import { fileCommand, joined, quoted, type Run } from './command-frame.ts';
import { umaskOf } from './disk-tree.ts';

const mkdir = fileCommand('mkdir', { flags: 'p', values: 'm', long: { parents: 'p', mode: 'm' } }, (run) => {
  const { operands } = run;
  if (operands.length === 0) return run.usage('missing operand');
  const wanted = run.value('m');
  if (wanted !== undefined && !/^[0-7]{1,4}$/.test(wanted)) return run.gap(`the mode "${wanted}"`);
  const mode = wanted === undefined ? undefined : Number.parseInt(wanted, 8);
  for (const path of operands) {
    if (run.has('p')) makeParents(run, path, mode);
    else makeDirectory(run, path, mode);
  }
});

/** True if it was made. `mode` is exact: the umask does not shape it. */
function makeDirectory(run: Run, path: string, mode: number | undefined): boolean {
  const { disk, context } = run;
  const made = run.try(() => disk.mkdir(path, mode === undefined ? context : { ...context, umask: 0 }, mode));
  if (!made.ok) run.failWith(`cannot create directory ${quoted(path)}`, made.code);
  return made.ok;
}

function makeParents(run: Run, path: string, mode: number | undefined): void {
  const { disk, context } = run;
  const names = path.split('/').filter((name) => name !== '');
  names.every((_, i) => {
    const isLast = i === names.length - 1;
    const prefix = isLast ? path : (path.startsWith('/') ? '/' : '') + names.slice(0, i + 1).join('/');
    const found = run.try(() => disk.stat(prefix, context));
    if (!found.ok && found.code === 'ELOOP' && isLast && run.try(() => disk.lstat(prefix, context)).ok) {
      run.failWith(`cannot stat ${quoted(prefix)}`, found.code);
      return false;
    }
    if (!found.ok) return makeDirectory(run, prefix, isLast ? mode : undefined);
    if (found.value.kind === 'directory') return true;
    run.failWith(`cannot create directory ${quoted(prefix)}`, isLast ? 'EEXIST' : 'ENOTDIR');
    return false;
  });
}

const touch = fileCommand('touch', { flags: 'cm', long: { 'no-create': 'c' } }, (run) => {
  const { disk, context, operands } = run;
  if (operands.length === 0) return run.usage('missing file operand');
  for (const path of operands) {
    const opened = run.has('c') ? undefined : run.try(() => disk.append(path, new Uint8Array(0), context));
    const timed = run.try(() => disk.touch(path, context));
    if (timed.ok || (run.has('c') && timed.code === 'ENOENT')) continue;
    // What open(2) said counts, but that it was a directory.
    if (opened?.ok === false && opened.code !== 'EISDIR') run.failWith(`cannot touch ${quoted(path)}`, opened.code);
    else run.failWith(`setting times of ${quoted(path)}`, timed.code);
  }
});

const chmod = fileCommand('chmod', { flags: 'R', long: { recursive: 'R' } }, (run) => {
  const [text, ...paths] = run.operands;
  if (text === undefined) return run.usage('missing operand');
  if (paths.length === 0) return run.usage(`missing operand after ${quoted(text)}`);
  const change = modeChange(run, text);
  if (change === undefined) return run.usage(`invalid mode: ${quoted(text)}`);
  const { disk, context } = run;
  eachPath(run, paths, (path) => {
    const { mode, kind } = disk.stat(path, context);
    const done = run.try(() => disk.chmod(path, change(mode, kind === 'directory'), context));
    if (!done.ok) run.failWith(`changing permissions of ${quoted(path)}`, done.code);
  }, (path, code, dangling) =>
    dangling ? run.fail(`cannot operate on dangling symlink ${quoted(path)}`) : run.failWith(`cannot access ${quoted(path)}`, code));
});

const WHO: Readonly<Record<string, number>> = { u: 0o700, g: 0o070, o: 0o007, a: 0o777 };
const WHAT: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111 };

/** Octal, or clauses such as "u+rw,go-w"; undefined if it is no mode. */
function modeChange(run: Run, text: string): ((mode: number, directory: boolean) => number) | undefined {
  if (/^[0-7]+$/.test(text)) {
    const mode = Number.parseInt(text, 8);
    return mode > 0o7777 ? undefined : () => mode;
  }
  if (/^([ugoa]*([-+=][rwxXst]*)+)(,[ugoa]*([-+=][rwxXst]*)+)*$/.test(text) && /[st]/.test(text)) return run.gap(`the mode "${text}"`);
  if (!/^([ugoa]*([-+=][rwxX]*)+)(,[ugoa]*([-+=][rwxX]*)+)*$/.test(text)) return undefined;
  return (mode, directory) => {
    let now = mode;
    for (const clause of text.split(',')) {
      const who = /^[ugoa]*/.exec(clause)![0];
      // Without a "who" the umask decides which bits may change.
      const mask = who === '' ? 0o777 & ~umaskOf(run.context) : [...who].reduce((bits, letter) => bits | WHO[letter]!, 0);
      for (const [, sign, letters] of clause.slice(who.length).matchAll(/([-+=])([rwxX]*)/g)) {
        const executable = directory || (now & 0o111) !== 0;
        const bits = mask & [...letters!].reduce((sum, letter) => sum | (letter === 'X' ? (executable ? 0o111 : 0) : WHAT[letter]!), 0);
        now = sign === '+' ? now | bits : sign === '-' ? now & ~bits : (now & ~(who === '' ? 0o777 : mask)) | bits;
      }
    }
    return now;
  };
}

const chown = fileCommand('chown', { flags: 'R', long: { recursive: 'R' } }, (run) => {
  const [text, ...paths] = run.operands;
  if (text === undefined) return run.usage('missing operand');
  if (paths.length === 0) return run.usage(`missing operand after ${quoted(text)}`);
  const [owner = '', group] = text.split(':', 2);
  const { accounts } = run.context;
  const known = (name: string) => accounts === undefined || accounts.includes(name);
  if (/^\d+$/.test(owner) || /^\d+$/.test(group ?? '')) return run.gap(`owners by number ("${text}")`);
  if (owner !== '' && !known(owner)) return run.fail(`invalid user: ${quoted(text)}`);
  if (group !== undefined && group !== '' && !known(group)) return run.fail(`invalid group: ${quoted(text)}`);
  const { disk, context } = run;
  // "user:" means the user's own group.
  const newGroup = group === '' && owner !== '' ? owner : group === '' ? undefined : group;
  eachPath(run, paths, (path) => {
    const done = run.try(() => disk.chown(path, owner === '' ? undefined : owner, newGroup, context));
    if (!done.ok) run.failWith(`changing ${owner === '' ? 'group' : 'ownership'} of ${quoted(path)}`, done.code);
  }, (path, code, dangling) => run.failWith(`cannot ${dangling ? 'dereference' : 'access'} ${quoted(path)}`, code));
});

/** Acts on every path, with -R on what is below it too; links found below are left alone. */
function eachPath(
  run: Run,
  paths: readonly string[],
  act: (path: string) => void,
  missing: (path: string, code: Parameters<Run['failWith']>[1], dangling: boolean) => void,
): void {
  const { disk, context } = run;
  for (const path of paths) {
    const found = run.try(() => disk.stat(path, context));
    if (!found.ok) {
      missing(path, found.code, run.try(() => disk.lstat(path, context)).ok);
      continue;
    }
    act(path);
    if (!run.has('R') || disk.lstat(path, context).kind !== 'directory') continue;
    const names = run.try(() => disk.readdir(path, context));
    if (!names.ok) run.failWith(`cannot read directory ${quoted(path)}`, names.code);
    const children = names.ok ? names.value.map((name) => joined(path, name)) : [];
    const reached = children.filter((child) => {
      const seen = run.try(() => disk.lstat(child, context));
      return !seen.ok || seen.value.kind !== 'link';
    });
    eachPath(run, reached, act, missing);
  }
}

const sync = fileCommand('sync', { flags: 'df', long: { data: 'd', 'file-system': 'f' } }, (run) => {
  const { disk, context, operands } = run;
  if (run.has('d') && run.has('f')) return run.fail('cannot specify both --data and --file-system');
  if (operands.length === 0) return run.has('d') ? run.fail('--data needs at least one argument') : disk.sync();
  for (const path of operands) {
    const done = run.try(() => disk.fsync(path, context));
    if (!done.ok) run.failWith(`error opening ${quoted(path)}`, done.code);
    else if (run.has('f')) disk.sync();
  }
});

export const attributeCommands = { mkdir, touch, chmod, chown, sync };
