/** cat, head, tail, wc, cut, echo, basename and dirname, as in GNU coreutils 9.1. */
import { fileCommand, lastPart, named, quoted, textOf, type FileCommand, type Run } from './command-frame.ts';
import type { Errno } from './disk-error.ts';

/** What a command reads: a file, or standard input ("-", or no operand). */
type Input = { readonly name: string; readonly bytes: Uint8Array } | { readonly name: string; readonly code: Errno };

/** What a filter reads: its operands in order, "-" or none being standard input. */
export function inputs(run: Run): Input[] {
  const operands = run.operands.length === 0 ? ['-'] : run.operands;
  return operands.map((name) => {
    if (name === '-') return { name, bytes: new TextEncoder().encode(run.context.stdin ?? '') };
    const read = run.try(() => run.disk.readFile(name, run.context));
    return read.ok ? { name, bytes: read.value } : { name, code: read.code };
  });
}

/** Lines, each with its newline; the last may lack it. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

const cat = fileCommand('cat', {}, (run) => {
  for (const input of inputs(run)) {
    if ('code' in input) run.failWith(named(input.name), input.code);
    else run.print(textOf(run, input.bytes, input.name));
  }
});

const head = excerpt('head', (text, count, unit) => {
  const all = unit === 'n' ? linesOf(text) : [...text];
  return (count.startsWith('-') ? all.slice(0, Math.max(0, all.length - Number(count.slice(1)))) : all.slice(0, Number(count))).join('');
}, /^-?\d+$/);

const tail = excerpt('tail', (text, count, unit) => {
  const all = unit === 'n' ? linesOf(text) : [...text];
  if (count.startsWith('+')) return all.slice(Math.max(0, Number(count.slice(1)) - 1)).join('');
  const kept = Number(count.replace('-', ''));
  return kept === 0 ? '' : all.slice(-kept).join('');
}, /^[-+]?\d+$/);

/** head and tail: -n lines or -c bytes, with headers when there are several files. */
function excerpt(name: 'head' | 'tail', cut: (text: string, count: string, unit: 'n' | 'c') => string, count: RegExp): FileCommand {
  const command = fileCommand(name, { flags: 'qv', values: 'nc', long: { lines: 'n', bytes: 'c', quiet: 'q', verbose: 'v' } }, (run) => {
    const unit = run.last('nc') === 'c' ? 'c' : 'n';
    const wanted = run.value(unit) ?? '10';
    if (!count.test(wanted)) {
      if (/^[-+]?\d+\w+$/.test(wanted)) return run.gap(`the count "${wanted}"`);
      return run.fail(`invalid number of ${unit === 'n' ? 'lines' : 'bytes'}: ${quoted(wanted)}`);
    }
    const all = inputs(run);
    const headers = run.last('qv') === 'v' || (all.length > 1 && run.last('qv') === undefined);
    let first = true;
    for (const input of all) {
      if ('code' in input && input.code !== 'EISDIR') {
        run.failWith(`cannot open ${quoted(input.name)} for reading`, input.code);
        continue;
      }
      if (headers) run.print(`${first ? '' : '\n'}==> ${input.name === '-' ? 'standard input' : input.name} <==\n`);
      first = false;
      if ('code' in input) run.failWith(`error reading ${quoted(input.name)}`, input.code);
      else {
        const text = textOf(run, input.bytes, input.name);
        if (unit === 'c' && input.bytes.length !== text.length) return run.gap('bytes of text that is not ASCII');
        run.print(cut(text, wanted, unit));
      }
    }
  });
  // The old form: head -5.
  return (disk, context, argv) => command(disk, context, argv.map((arg, i) => (i === 1 && /^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg)));
}

const wc = fileCommand('wc', { flags: 'lwc', long: { lines: 'l', words: 'w', bytes: 'c' } }, (run) => {
  const chosen = ['l', 'w', 'c'].filter((letter) => run.has(letter) || run.last('lwc') === undefined);
  const all = inputs(run);
  const sizes = all.reduce((sum, input) => sum + ('bytes' in input ? input.bytes.length : 0), 0);
  // A pipe or a directory has no size beforehand: then the numbers are seven wide.
  const irregular = all.some((input) => input.name === '-' || ('code' in input && input.code === 'EISDIR'));
  const width = all.length === 1 && chosen.length === 1 ? 1 : Math.max(String(sizes).length, irregular ? 7 : 1);
  const total = [0, 0, 0];
  const row = (counts: readonly number[], name: string) => {
    const numbers = ['l', 'w', 'c'].flatMap((letter, i) => (chosen.includes(letter) ? [String(counts[i]).padStart(width)] : []));
    run.print(`${numbers.join(' ')}${name === '' ? '' : ` ${name}`}\n`);
  };
  for (const input of all) {
    if ('code' in input) {
      run.failWith(named(input.name), input.code);
      if (input.code === 'EISDIR') row([0, 0, 0], input.name);
      continue;
    }
    const newlines = input.bytes.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0);
    const words = chosen.includes('w') ? textOf(run, input.bytes, input.name).split(/[ \t\n\v\f\r]+/).filter((word) => word !== '').length : 0;
    const counts = [newlines, words, input.bytes.length];
    counts.forEach((count, i) => (total[i] = total[i]! + count));
    row(counts, run.operands.length === 0 ? '' : input.name);
  }
  if (all.length > 1) row(total, 'total');
});

const cut = fileCommand('cut', { flags: 's', values: 'dfcb', long: { delimiter: 'd', fields: 'f', characters: 'c', bytes: 'b', 'only-delimited': 's' } }, (run) => {
  const kind = run.last('fcb');
  if (kind === undefined) return run.usage('you must specify a list of bytes, characters, or fields');
  const delimiter = run.value('d') ?? '\t';
  if (delimiter.length !== 1) return run.usage('the delimiter must be a single character');
  const list = run.value(kind)!;
  const wanted = list.split(/[ ,]/).map((range): readonly [number, number] => {
    const parts = /^(\d*)(-?)(\d*)$/.exec(range);
    if (parts === null || (parts[1] === '' && parts[3] === '')) return run.usage(`invalid ${kind === 'f' ? 'field' : 'byte/character position'} value ${quoted(range)}`);
    const from = parts[1] === '' ? 1 : Number(parts[1]);
    const to = parts[2] === '' ? from : parts[3] === '' ? Number.POSITIVE_INFINITY : Number(parts[3]);
    if (from === 0) return run.usage(kind === 'f' ? 'fields are numbered from 1' : 'byte/character positions are numbered from 1');
    if (to < from) return run.usage('invalid decreasing range');
    return [from, to];
  });
  const isWanted = (i: number) => wanted.some(([from, to]) => i + 1 >= from && i + 1 <= to);
  for (const input of inputs(run)) {
    if ('code' in input) {
      run.failWith(named(input.name), input.code);
      continue;
    }
    const text = textOf(run, input.bytes, input.name);
    if (kind !== 'f' && text.length !== input.bytes.length) return run.gap('positions in text that is not ASCII');
    for (const line of linesOf(text)) {
      const bare = line.replace(/\n$/, '');
      if (kind !== 'f') run.print(`${[...bare].filter((_, i) => isWanted(i)).join('')}\n`);
      else if (bare.includes(delimiter)) run.print(`${bare.split(delimiter).filter((_, i) => isWanted(i)).join(delimiter)}\n`);
      else if (!run.has('s')) run.print(`${bare}\n`);
    }
  }
});

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\',
};

/** Reads no option but -n, -e and -E, and only in front; all else is text. */
const echo: FileCommand = (_disk, _context, [, ...args]) => {
  let newline = '\n';
  let escapes = false;
  let from = 0;
  for (; from < args.length && /^-[neE]+$/.test(args[from]!); from++) {
    for (const letter of args[from]!.slice(1)) {
      if (letter === 'n') newline = '';
      else escapes = letter === 'e';
    }
  }
  let text = args.slice(from).join(' ');
  if (escapes) {
    const stop = /^(?:[^\\]|\\[^c])*?\\c/.exec(text);
    if (stop !== null) {
      text = stop[0].slice(0, -2);
      newline = '';
    }
    text = text.replace(/\\(?:0([0-7]{1,3})|([1-7][0-7]{0,2})|x([0-9a-fA-F]{1,2})|(.))/gs, (all, zero?: string, octal?: string, hex?: string, letter?: string) => {
      if (letter !== undefined) return letter === '0' ? '\0' : (ESCAPES[letter] ?? all);
      return String.fromCharCode(hex === undefined ? Number.parseInt((zero ?? octal)!, 8) & 0xff : Number.parseInt(hex, 16));
    });
  }
  return { exit: 0, stdout: text + newline, stderr: '' };
};

const basename = fileCommand('basename', {}, (run) => {
  const [path, suffix = '', extra] = run.operands;
  if (path === undefined) return run.usage('missing operand');
  if (extra !== undefined) return run.usage(`extra operand ${quoted(extra)}`);
  const name = lastPart(path);
  run.print(`${name !== suffix && name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name}\n`);
});

const dirname = fileCommand('dirname', {}, (run) => {
  if (run.operands.length === 0) return run.usage('missing operand');
  for (const path of run.operands) {
    const parent = path.replace(/\/+$/, '').replace(/[^/]*$/, '');
    run.print(`${parent.replace(/\/+$/, '') || (path.startsWith('/') ? '/' : '.')}\n`);
  }
});

export const textCommands = { cat, head, tail, wc, cut, echo, basename, dirname };
