/** grep, as in GNU grep 3.8, C locale, for text. */
import { fileCommand, named, textOf } from './command-frame.ts';
import { inputs, linesOf } from './file-commands-text.ts';
import { toJavaScript, type Syntax } from './grep-pattern.ts';

export const grep = fileCommand(
  'grep',
  {
    flags: 'qcoEFGvinxwshHl',
    values: 'e',
    long: {
      quiet: 'q', silent: 'q', count: 'c', 'only-matching': 'o', 'extended-regexp': 'E', 'fixed-strings': 'F', 'basic-regexp': 'G', 'invert-match': 'v',
      'ignore-case': 'i', 'line-number': 'n', 'line-regexp': 'x', 'word-regexp': 'w', 'no-messages': 's', 'no-filename': 'h', 'with-filename': 'H',
      'files-with-matches': 'l', regexp: 'e',
    },
    usageExit: 2,
  },
  (given) => {
    const [first, ...rest] = given.operands;
    const withE = given.has('e');
    if (!withE && first === undefined) return given.usage('Usage: grep [OPTION]... PATTERNS [FILE]...', '');
    const run = { ...given, operands: withE ? given.operands : rest };
    const patterns = (withE ? run.values('e') : [first!]).flatMap((text) => text.split('\n'));
    const syntax: Syntax = ({ E: 'extended', F: 'fixed', G: 'basic' } as const)[(run.last('EFG') ?? 'G') as 'E' | 'F' | 'G'];
    const sources: string[] = [];
    for (const pattern of patterns) {
      const read = toJavaScript(pattern, syntax);
      if ('error' in read) return run.fail(read.error, 2);
      if ('gap' in read) return run.gap(`the pattern "${pattern}" (${read.gap})`);
      sources.push(read.source);
    }
    let source = sources.map((one) => `(?:${one})`).join('|');
    if (run.has('x')) source = `^(?:${source})$`;
    else if (run.has('w')) source = `(?<!\\w)(?:${source})(?!\\w)`;
    const flags = run.has('i') ? 'i' : '';
    const regExp = new RegExp(source, flags);

    const showName = run.last('hH') === 'H' || (run.operands.length > 1 && run.last('hH') === undefined);
    let any = false;
    let trouble = false;
    for (const input of inputs(run)) {
      const name = input.name === '-' ? '(standard input)' : input.name;
      if ('code' in input) {
        trouble = true;
        if (!run.has('s')) run.failWith(named(input.name), input.code, 2);
        continue;
      }
      const prefix = showName ? `${name}:` : '';
      let count = 0;
      for (const [i, withNewline] of linesOf(textOf(run, input.bytes, input.name)).entries()) {
        const line = withNewline.replace(/\n$/, '');
        if (regExp.test(line) === run.has('v')) continue;
        any = true;
        count++;
        if (run.has('q')) return run.exit(0);
        if (run.has('l')) break;
        if (run.has('c')) continue;
        const place = prefix + (run.has('n') ? `${i + 1}:` : '');
        if (!run.has('o')) run.print(`${place}${line}\n`);
        else if (!run.has('v')) for (const match of longestMatches(line, source, flags)) run.print(`${place}${match}\n`);
      }
      if (run.has('l')) run.print(count > 0 ? `${name}\n` : '');
      else if (run.has('c') && !run.has('q')) run.print(`${prefix}${count}\n`);
    }
    run.exit(trouble ? 2 : any ? 0 : 1);
  },
);

/** Matches that are not empty, from the left, each the longest at its place, as POSIX wants; JavaScript takes the first alternative. */
function longestMatches(line: string, source: string, flags: string): string[] {
  const matches: string[] = [];
  const search = new RegExp(source, `${flags}g`);
  for (let match = search.exec(line); match !== null; match = search.exec(line)) {
    let length = match[0].length;
    if (source.includes('|')) {
      for (let end = line.length; end > match.index + length; end--) {
        const whole = new RegExp(`(?:${source})(?<=^[^]{${end}})`, `${flags}y`);
        whole.lastIndex = match.index;
        if (whole.test(line)) length = end - match.index;
      }
    }
    if (length > 0) matches.push(line.slice(match.index, match.index + length));
    search.lastIndex = match.index + Math.max(1, length);
  }
  return matches;
}
