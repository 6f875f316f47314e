/** test and [, as in GNU coreutils 9.1; how many words there are decides what they mean (POSIX). */
import { gapOutcome, quoted, type FileCommand, type FileContext } from './command-frame.ts';
import type { Disk, Stat } from './disk.ts';
import { attempt } from './disk-error.ts';
import { EXECUTE, READ, WRITE } from './disk-inode.ts';

class WrongCall extends Error {}
class NotModelled extends Error {}

export const test: FileCommand = (disk, context, [, ...args]) => outcome('test', disk, context, args);

export const bracket: FileCommand = (disk, context, [, ...args]) =>
  args.at(-1) === ']' ? outcome('[', disk, context, args.slice(0, -1)) : { exit: 2, stdout: '', stderr: "[: missing ']'\n" };

function outcome(name: string, disk: Disk, context: FileContext, args: readonly string[]) {
  try {
    return { exit: evaluate(disk, context, args) ? 0 : 1, stdout: '', stderr: '' };
  } catch (error) {
    if (error instanceof WrongCall) return { exit: 2, stdout: '', stderr: `${name}: ${error.message}\n` };
    if (error instanceof NotModelled) return gapOutcome(name, error.message);
    throw error;
  }
}

function evaluate(disk: Disk, context: FileContext, words: readonly string[]): boolean {
  const [a, b, c, d] = words as [string, string, string, string];
  if (words.includes('-a', 1) || words.includes('-o', 1)) {
    if (words.length > 3 || (words.length === 3 && (b === '-a' || b === '-o'))) throw new NotModelled('-a and -o in conditions');
  }
  switch (words.length) {
    case 0: return false;
    case 1: return a !== '';
    case 2:
      if (a === '!') return b === '';
      if (!a.startsWith('-') || a.length !== 2) throw new WrongCall(`missing argument after ${quoted(b)}`);
      return unary(disk, context, a, b);
    case 3:
      if (b in BINARY) return BINARY[b]!(a, c);
      if (b === '-nt' || b === '-ot' || b === '-ef') return compareFiles(disk, context, a, b, c);
      if (a === '!') return !evaluate(disk, context, [b, c]);
      if (a === '(' && c === ')') return b !== '';
      throw new WrongCall(`${quoted(b)}: binary operator expected`);
    case 4:
      if (a === '!') return !evaluate(disk, context, [b, c, d]);
      if (a === '(' && d === ')') return evaluate(disk, context, [b, c]);
      break;
    default:
  }
  if (a === '!' || a === '(') throw new NotModelled('conditions of more than four words');
  throw new WrongCall(`extra argument ${quoted(a.startsWith('-') && a.length === 2 ? c : b in BINARY ? d : b)}`);
}

function unary(disk: Disk, context: FileContext, operator: string, word: string): boolean {
  const found = attempt(() => disk.stat(word, context));
  const is = (holds: (stat: Stat) => boolean) => found.ok && holds(found.value);
  switch (operator) {
    case '-n': return word !== '';
    case '-z': return word === '';
    case '-e': return found.ok;
    case '-f': return is((stat) => stat.kind === 'file');
    case '-d': return is((stat) => stat.kind === 'directory');
    case '-s': return is((stat) => stat.size > 0);
    case '-O': return is((stat) => stat.owner === context.user);
    case '-L':
    case '-h': {
      const link = attempt(() => disk.lstat(word, context));
      return link.ok && link.value.kind === 'link';
    }
    case '-r': return disk.access(word, context, READ);
    case '-w': return disk.access(word, context, WRITE);
    case '-x': return disk.access(word, context, EXECUTE);
    case '-b': case '-c': case '-p': case '-S': case '-u': case '-g': case '-k': case '-t': case '-G': case '-N':
      throw new NotModelled(`the condition ${operator}`);
    default: throw new WrongCall(`${quoted(operator)}: unary operator expected`);
  }
}

const BINARY: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '-eq': (a, b) => integer(a) === integer(b),
  '-ne': (a, b) => integer(a) !== integer(b),
  '-lt': (a, b) => integer(a) < integer(b),
  '-le': (a, b) => integer(a) <= integer(b),
  '-gt': (a, b) => integer(a) > integer(b),
  '-ge': (a, b) => integer(a) >= integer(b),
};

function integer(word: string): bigint {
  const parts = /^[ \t]*([-+]?)(\d+)[ \t]*$/.exec(word);
  if (parts === null) throw new WrongCall(`invalid integer ${quoted(word)}`);
  return parts[1] === '-' ? -BigInt(parts[2]!) : BigInt(parts[2]!);
}

/** Newer, older (a missing file is older than any), or one inode. */
function compareFiles(disk: Disk, context: FileContext, a: string, operator: '-nt' | '-ot' | '-ef', b: string): boolean {
  const [x, y] = [a, b].map((path) => {
    const found = attempt(() => disk.stat(path, context));
    return found.ok ? found.value : undefined;
  });
  if (operator === '-ef') return x !== undefined && x.inode === y?.inode;
  const [newer, older] = operator === '-nt' ? [x, y] : [y, x];
  return newer !== undefined && (older === undefined || newer.mtime > older.mtime);
}
