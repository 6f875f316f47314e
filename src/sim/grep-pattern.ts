/** POSIX regular expressions with GNU's extensions, written as JavaScript's. */
import { remembered } from './remembered.ts';

export type Syntax = 'basic' | 'extended' | 'fixed';

/** `error` is grep's own message; `gap` says what is not modelled. */
export type Translation = { readonly source: string } | { readonly error: string } | { readonly gap: string };

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z', digit: '0-9', alnum: 'A-Za-z0-9', upper: 'A-Z', lower: 'a-z', space: ' \\t\\n\\v\\f\\r', blank: ' \\t',
  xdigit: '0-9A-Fa-f', punct: '!-\\/:-@\\[-`{-~', print: ' -~', graph: '!-~', cntrl: '\\x00-\\x1f\\x7f',
};

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const TRANSLATORS: Readonly<Record<Syntax, (pattern: string) => Translation>> = {
  basic: remembered((pattern) => translate(pattern, 'basic')),
  extended: remembered((pattern) => translate(pattern, 'extended')),
  fixed: remembered((pattern) => translate(pattern, 'fixed')),
};

/** A pattern of grep as source of a RegExp, or why it is not one. */
export function toJavaScript(pattern: string, syntax: Syntax): Translation {
  return TRANSLATORS[syntax](pattern);
}

function translate(pattern: string, syntax: Syntax): Translation {
  if (syntax === 'fixed') return { source: literal(pattern) };
  const extended = syntax === 'extended';
  let source = '';
  let depth = 0;
  /** At the start of an expression, where "*" and, in basic syntax, only here "^", have their other meaning. */
  let start = true;
  /** Position in `source` just behind a repetition: a second one there would mean something else in JavaScript. */
  let repetition = -1;
  for (let i = 0; i < pattern.length; i++) {
    let char = pattern[i]!;
    let operator = false;
    if (char === '\\') {
      char = pattern[++i] ?? '';
      if (char === '') return { error: 'Trailing backslash' };
      if ('(){}|+?'.includes(char) && !extended) operator = true;
      else if ('wWsSbB'.includes(char)) {
        source += `\\${char}`;
        start = false;
        continue;
      } else if (char === '<' || char === '>') {
        source += char === '<' ? '\\b(?=\\w)' : '\\b(?<=\\w)';
        start = false;
        continue;
      } else if (/[0-9a-zA-Z`']/.test(char)) return { gap: `\\${char}` };
      else {
        source += literal(char);
        start = false;
        continue;
      }
    } else if (extended && '(){}|+?'.includes(char)) operator = true;

    if (operator && char === '(') {
      source += '(?:';
      depth++;
      start = true;
    } else if (operator && char === ')') {
      if (depth === 0) return extended ? { gap: 'an unmatched )' } : { error: 'Unmatched ) or \\)' };
      source += ')';
      depth--;
      start = false;
    } else if (operator && char === '|') {
      source += '|';
      start = true;
    } else if (operator && (char === '+' || char === '?')) {
      if (start || repetition === source.length) return { gap: `"${char}" with nothing to repeat` };
      source += char;
      repetition = source.length;
    } else if (operator && char === '{') {
      const interval = (extended ? /^\{(\d*)(,?)(\d*)\}/ : /^\{(\d*)(,?)(\d*)\\\}/).exec(pattern.slice(i));
      if (interval === null || start || repetition === source.length || (interval[1] === '' && interval[3] === '')) return { gap: 'a brace that is no interval' };
      source += `{${interval[1] || '0'}${interval[2]}${interval[3]}}`;
      repetition = source.length;
      i += interval[0].length - 1;
    } else if (char === '*') {
      if (repetition === source.length || (start && extended)) return { gap: '"*" with nothing to repeat' };
      source += start ? '\\*' : '*';
      if (!start) repetition = source.length;
      start = false;
    } else if (char === '.') {
      source += '[^\\n]';
      start = false;
    } else if (char === '^') {
      source += start || extended ? '^' : '\\^';
    } else if (char === '$') {
      const rest = pattern.slice(i + 1);
      source += extended || rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|') ? '$' : '\\$';
      start = false;
    } else if (char === '[') {
      const bracket = bracketExpression(pattern, i);
      if (bracket === 'unknown') return { gap: 'this bracket expression' };
      if (bracket === 'unmatched') return { error: /\[\^?$/.test(pattern) ? 'Invalid regular expression' : 'Unmatched [, [^, [:, [., or [=' };
      source += bracket.source;
      i = bracket.end;
      start = false;
    } else {
      source += literal(char);
      start = false;
    }
  }
  return depth > 0 ? { error: 'Unmatched ( or \\(' } : { source };
}

/** The set that begins at `from`, and the position of its "]". */
function bracketExpression(pattern: string, from: number): { readonly source: string; readonly end: number } | 'unmatched' | 'unknown' {
  let i = from + 1;
  let source = '[';
  if (pattern[i] === '^') {
    source += '^';
    i++;
  }
  for (let first = true; ; first = false, i++) {
    const char = pattern[i];
    if (char === undefined) return 'unmatched';
    if (char === ']' && !first) return { source: `${source}]`, end: i };
    if (char === '[' && pattern[i + 1] === ':') {
      const end = pattern.indexOf(':]', i);
      const set = end < 0 ? undefined : CLASSES[pattern.slice(i + 2, end)];
      if (set === undefined) return 'unknown';
      source += set;
      i = end + 1;
    } else if (char === '[' && (pattern[i + 1] === '.' || pattern[i + 1] === '=')) return 'unknown';
    else if (char === '-' && !first && pattern[i + 1] !== ']' && pattern[i - 1]! > (pattern[i + 1] ?? '')) return 'unknown';
    else source += '\\[]^'.includes(char) ? `\\${char}` : char;
  }
}
