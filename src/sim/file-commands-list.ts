/** ls and stat, as in GNU coreutils 9.1, C locale, time zone UTC, standard output no terminal. */
import { fileCommand, joined, named, quoted, type Run } from './command-frame.ts';
import type { Stat } from './disk.ts';
import { formatTime } from './calendar.ts';

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly stat: Stat;
}

const ls = fileCommand(
  'ls',
  { flags: 'l1aAdtr', long: { all: 'a', 'almost-all': 'A', directory: 'd', reverse: 'r' }, usageExit: 2 },
  (run) => {
    const { disk, context } = run;
    const operands = run.operands.length === 0 ? ['.'] : run.operands;
    const follow = !run.has('l') && !run.has('d');
    const entries: Entry[] = [];
    for (const path of operands) {
      const itself = run.try(() => disk.lstat(path, context));
      const target = follow && itself.ok ? run.try(() => disk.stat(path, context)) : itself;
      if (!itself.ok) run.failWith(`cannot access ${quoted(path)}`, itself.code, 2);
      else if (!target.ok && target.code !== 'ENOENT') run.failWith(`cannot access ${quoted(path)}`, target.code, 2);
      else entries.push({ name: path, path, stat: target.ok ? target.value : itself.value });
    }
    const isListed = (entry: Entry) => entry.stat.kind === 'directory' && !run.has('d');
    const files = sorted(run, entries.filter((entry) => !isListed(entry)));
    const directories = sorted(run, entries.filter(isListed));
    // The columns are as wide as all operands need, also those whose content is listed.
    if (files.length > 0) printEntries(run, files, entries);
    let first = files.length === 0;
    for (const directory of directories) {
      const names = run.try(() => disk.readdir(directory.path, context));
      if (!names.ok) {
        run.failWith(`cannot open directory ${quoted(directory.path)}`, names.code, 2);
        continue;
      }
      if (operands.length > 1) run.print(`${first ? '' : '\n'}${directory.name}:\n`);
      first = false;
      const own = run.last('aA') === 'a' ? ['.', '..'] : [];
      const shown = names.value.filter((name) => !name.startsWith('.') || run.last('aA') !== undefined);
      const children: Entry[] = [];
      for (const name of [...own, ...shown]) {
        const path = joined(directory.path, name);
        const found = run.try(() => disk.lstat(path, context));
        if (found.ok) children.push({ name, path, stat: found.value });
        else run.failWith(`cannot access ${quoted(path)}`, found.code, 1);
      }
      if (run.has('l')) run.print(`total ${children.reduce((sum, child) => sum + kibibytes(child.stat), 0)}\n`);
      printEntries(run, sorted(run, children));
    }
  },
);

function sorted(run: Run, entries: readonly Entry[]): readonly Entry[] {
  const byName = (a: Entry, b: Entry) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const order = run.has('t') ? (a: Entry, b: Entry) => b.stat.mtime - a.stat.mtime || byName(a, b) : byName;
  const result = entries.toSorted(order);
  return run.has('r') ? result.reverse() : result;
}

/** Blocks of 4 KiB, as on ext4; a short link lives in its inode. */
function kibibytes(stat: Stat): number {
  if (stat.kind === 'link' && stat.size < 60) return 0;
  return Math.ceil(stat.size / 4096) * 4;
}

/** One a line; with -l in columns that fit all of `measured`. */
function printEntries(run: Run, entries: readonly Entry[], measured: readonly Entry[] = entries): void {
  if (!run.has('l')) {
    for (const { name } of entries) run.print(`${name}\n`);
    return;
  }
  const { disk, context } = run;
  const epoch = context.epoch ?? 0;
  const row = ({ name, path, stat }: Entry) => ({
    mode: permissions(stat),
    links: String(stat.links),
    owner: stat.owner,
    group: stat.group,
    size: String(stat.size),
    time: formatTime(epoch + stat.mtime, epoch + context.t),
    name: stat.kind === 'link' ? `${name} -> ${disk.readlink(path, context)}` : name,
  });
  const all = measured.map(row);
  const width = (column: 'links' | 'owner' | 'group' | 'size') => Math.max(...all.map((one) => one[column].length));
  for (const { mode, links, owner, group, size, time, name } of entries.map(row)) {
    run.print(
      `${mode} ${links.padStart(width('links'))} ${owner.padEnd(width('owner'))} ${group.padEnd(width('group'))} ` +
      `${size.padStart(width('size'))} ${time} ${name}\n`,
    );
  }
}

/** "drwxr-xr-x" */
function permissions({ kind, mode }: Stat): string {
  const bits = [...'rwxrwxrwx'].map((letter, i) => (mode & (0o400 >> i) ? letter : '-'));
  const special = (bit: number, at: number, letter: string) => {
    if (mode & bit) bits[at] = bits[at] === '-' ? letter.toUpperCase() : letter;
  };
  special(0o4000, 2, 's');
  special(0o2000, 5, 's');
  special(0o1000, 8, 't');
  return { file: '-', directory: 'd', link: 'l' }[kind] + bits.join('');
}

const stat = fileCommand('stat', { flags: 'L', values: 'c', long: { format: 'c', dereference: 'L' } }, (run) => {
  const { disk, context, operands } = run;
  const format = run.value('c');
  if (operands.length === 0) return run.usage('missing operand');
  if (format === undefined) return run.gap('stat without -c');
  for (const path of operands) {
    const found = run.try(() => (run.has('L') ? disk.stat(path, context) : disk.lstat(path, context)));
    if (!found.ok) {
      run.failWith(`cannot statx ${quoted(path)}`, found.code);
      continue;
    }
    const text = format.replace(/%(.?)/g, (_, letter: string) => directive(run, letter, path, found.value));
    run.print(`${text}\n`);
  }
});

function directive(run: Run, letter: string, path: string, found: Stat): string {
  switch (letter) {
    case '%': return '%';
    case 's': return String(found.size);
    case 'Y': return String(Math.floor(((run.context.epoch ?? 0) + found.mtime) / 1_000_000));
    case 'n': return path;
    case 'N': return found.kind === 'link' ? `${quoted(path)} -> ${quoted(run.disk.readlink(path, run.context))}` : quoted(path);
    case 'U': return found.owner;
    case 'G': return found.group;
    case 'a': return found.mode.toString(8);
    case 'A': return permissions(found);
    case 'i': return String(found.inode);
    case 'h': return String(found.links);
    case 'F':
      if (found.kind === 'file') return found.size === 0 ? 'regular empty file' : 'regular file';
      return found.kind === 'link' ? 'symbolic link' : 'directory';
    default: return run.gap(`stat's directive ${named(`%${letter}`)}`);
  }
}

export const listCommands = { ls, stat };
