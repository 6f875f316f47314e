/** sha256sum, od and expr and sort for whole numbers, as in GNU coreutils 9.1. */
import { createHash } from 'node:crypto';
import { fileCommand, named, quoted, textOf, type FileCommand, type Run } from './command-frame.ts';
import { inputs, linesOf } from './file-commands-text.ts';

/** Stands for a long option without a letter: nobody can type it. */
const STATUS = '\0';

const sha256sum = fileCommand('sha256sum', { flags: `btc${STATUS}`, long: { check: 'c', status: STATUS } }, (run) => {
  if (run.has('c')) return checkSums(run);
  if (run.has(STATUS)) return run.usage('the --status option is meaningful only when verifying checksums');
  for (const input of inputs(run)) {
    if ('code' in input) run.failWith(named(input.name), input.code);
    else run.print(`${sha256(input.bytes)} ${run.last('bt') === 'b' ? '*' : ' '}${input.name}\n`);
  }
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** sha256sum -c: every file of every list must be there and have its sum. */
function checkSums(run: Run): void {
  const aloud = !run.has(STATUS);
  for (const input of inputs(run)) {
    if ('code' in input) {
      run.failWith(named(input.name), input.code);
      continue;
    }
    const list = input.name === '-' ? "'standard input'" : named(input.name);
    const lines = linesOf(textOf(run, input.bytes, input.name));
    const wanted = lines.flatMap((line) => {
      const parts = /^([0-9a-f]{64}) [ *](.+?)\n?$/.exec(line);
      return parts === null ? [] : [{ sum: parts[1]!, path: parts[2]! }];
    });
    if (wanted.length === 0) {
      run.fail(`${list}: no properly formatted checksum lines found`);
      continue;
    }
    let unread = 0;
    let wrong = 0;
    for (const { sum, path } of wanted) {
      const read = run.try(() => run.disk.readFile(path, run.context));
      if (!read.ok) {
        unread++;
        run.failWith(named(path), read.code);
        if (aloud) run.print(`${path}: FAILED open or read\n`);
        continue;
      }
      const good = sha256(read.value) === sum;
      if (!good) wrong++;
      if (aloud) run.print(`${path}: ${good ? 'OK' : 'FAILED'}\n`);
    }
    const strange = lines.length - wanted.length;
    const warn = (count: number, one: string, more: string) => (count > 0 && aloud ? run.fail(`WARNING: ${count} ${count === 1 ? one : more}`) : undefined);
    if (strange > 0 && aloud) run.fail(`WARNING: ${strange} ${strange === 1 ? 'line is' : 'lines are'} improperly formatted`, 0);
    warn(unread, 'listed file could not be read', 'listed files could not be read');
    warn(wrong, 'computed checksum did NOT match', 'computed checksums did NOT match');
    if (wrong + unread > 0) run.exit(1);
  }
}

/** od -An -tu8 of one file: 64-bit words, little-endian as on x86-64, two a row. */
const od = fileCommand('od', { values: 'AtjN', long: { 'address-radix': 'A', format: 't', 'skip-bytes': 'j', 'read-bytes': 'N' } }, (run) => {
  const [path, extra] = run.operands;
  const skip = count(run, run.value('j') ?? '0', 'j');
  const most = run.value('N') === undefined ? Number.POSITIVE_INFINITY : count(run, run.value('N')!, 'N');
  if (run.value('A') !== 'n' || run.value('t') !== 'u8' || path === undefined || extra !== undefined) return run.gap('any other form than "od -An -tu8 [-j BYTES] [-N BYTES] FILE"');
  const read = run.try(() => run.disk.readFile(path, run.context));
  if (!read.ok) return run.failWith(named(path), read.code);
  if (skip > read.value.length) return run.fail('cannot skip past end of combined input');
  const bytes = read.value.slice(skip, skip + most);
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  for (let i = 0; i < padded.length; i += 8) {
    run.print(` ${view.getBigUint64(i, true).toString().padStart(20)}`);
    if (i % 16 === 8 || i + 8 >= padded.length) run.print('\n');
  }
});

function count(run: Run, text: string, option: string): number {
  if (!/^\d+$/.test(text)) return run.fail(`invalid -${option} argument ${quoted(text)}`), run.end();
  if (/^0\d/.test(text)) return run.gap('octal numbers');
  return Number(text);
}

/** expr with whole numbers and + - * / %, all of one line from left to right, * / % first. Exit 1 when it comes to 0. */
const expr: FileCommand = (_disk, _context, [, ...words]) => {
  const failed = (message: string, exit = 2) => ({ exit, stdout: '', stderr: `expr: ${message}\n` });
  if (words.length === 0) return { exit: 2, stdout: '', stderr: "expr: missing operand\nTry 'expr --help' for more information.\n" };
  const numbers: bigint[] = [];
  const signs: string[] = [];
  for (const [i, word] of words.entries()) {
    if (i % 2 === 1) {
      if (!['+', '-', '*', '/', '%'].includes(word)) {
        const gap = `expr: the simulator does not model ${quoted(word)} here`;
        return { exit: 2, stdout: '', stderr: `${gap}\n`, gap };
      }
      signs.push(word);
    } else if (/^-?\d+$/.test(word)) numbers.push(BigInt(word));
    else if (words.length > 1) return failed('non-integer argument');
    else return { exit: word === '' ? 1 : 0, stdout: `${word}\n`, stderr: '' };
  }
  if (signs.length === numbers.length) return failed(`syntax error: missing argument after ${quoted(signs.at(-1)!)}`);
  const terms: bigint[] = [numbers[0]!];
  for (const [i, sign] of signs.entries()) {
    const number = numbers[i + 1]!;
    if (sign === '+' || sign === '-') terms.push(sign === '+' ? number : -number);
    else if (sign === '*') terms.push(terms.pop()! * number);
    else if (number === 0n) return failed('division by zero');
    else terms.push(sign === '/' ? terms.pop()! / number : terms.pop()! % number);
  }
  const value = terms.reduce((sum, term) => sum + term, 0n);
  return { exit: value === 0n ? 1 : 0, stdout: `${value}\n`, stderr: '' };
};

/** sort [-n] [-r] [-u] in the C locale; with -n lines without a number count as 0. */
const sort = fileCommand('sort', { flags: 'nru', long: { 'numeric-sort': 'n', reverse: 'r', unique: 'u' }, usageExit: 2 }, (run) => {
  const lines: string[] = [];
  for (const input of inputs(run)) {
    if ('code' in input) {
      run.failWith(`cannot read: ${named(input.name)}`, input.code, 2);
      return;
    }
    lines.push(...linesOf(textOf(run, input.bytes, input.name)).map((line) => line.replace(/\n$/, '')));
  }
  const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  const number = (line: string) => Number(/^[ \t]*(-?\d*\.?\d+|-?\d+)/.exec(line)?.[1] ?? 0);
  const key = run.has('n') ? (a: string, b: string) => number(a) - number(b) : bytes;
  const sign = run.has('r') ? -1 : 1;
  // With -u lines of one key are one line, the first.
  const sorted = lines.toSorted((a, b) => sign * (key(a, b) || (run.has('u') ? 0 : bytes(a, b))));
  for (const [i, line] of sorted.entries()) if (!run.has('u') || i === 0 || key(sorted[i - 1]!, line) !== 0) run.print(`${line}\n`);
});

export const sumCommands = { sha256sum, od, expr, sort };
