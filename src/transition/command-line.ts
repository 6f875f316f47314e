/**
 * The grammar of a step's command line: the part of bash in which runbooks are written.
 *
 * Known: words with quotes, backslash, `$NAME`, `${NAME}`, `$?`, `$(…)` and `~`; `&&`, `||`, `;`, newline, `|`, `!`;
 * `{ …; }` and `( … )`; assignments; redirections to and from files, `2>&1`, `>&2`, `&>file`, `<<<`; comments.
 * Everything else (loops, conditions, functions, arithmetic, globs, braces, here-documents, jobs) is a gap: it is
 * reported and nothing of the line is run, for a command half understood would be worse than one not understood.
 */

/** One piece of a word. A quoted piece is not split into fields. */
export type WordPart =
  | { readonly type: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly type: 'variable'; readonly name: string; readonly quoted: boolean }
  | { readonly type: 'substitution'; readonly list: List; readonly quoted: boolean }
  | { readonly type: 'tilde' };

export type Word = readonly WordPart[];

export type Redirect =
  | { readonly fd: 0 | 1 | 2; readonly op: '<' | '>' | '>>' | '<<<'; readonly target: Word }
  /** `2>&1`, `>&2`: the descriptor becomes what the other one is at that moment. */
  | { readonly fd: 1 | 2; readonly op: '>&'; readonly to: 1 | 2 };

export interface SimpleCommand {
  readonly type: 'simple';
  readonly assignments: readonly { readonly name: string; readonly value: Word }[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

/** `{ …; }`, or `( … )` whose changes of variables stay inside. */
export interface Group {
  readonly type: 'group';
  readonly subshell: boolean;
  readonly list: List;
}

export interface Pipeline {
  readonly negated: boolean;
  readonly commands: readonly (SimpleCommand | Group)[];
}

/** Pipelines, each with the operator that joins it to the one before it (the first: ';'). */
export type List = readonly { readonly join: ';' | '&&' | '||'; readonly pipeline: Pipeline }[];

export type CommandLine =
  | { readonly type: 'list'; readonly list: List }
  /** Valid bash, perhaps, but outside of the grammar. */
  | { readonly type: 'gap'; readonly what: string }
  /** Bash would refuse it too. */
  | { readonly type: 'syntax-error'; readonly what: string };

/** Reads a command line, or several separated by newlines. Never throws. */
export function parseCommandLine(text: string): CommandLine {
  const reader: Reader = { text, at: 0, depth: 0 };
  try {
    const list = readList(reader, null);
    if (reader.at < text.length) throw new Refusal('syntax-error', `unexpected "${text[reader.at]}"`);
    return { type: 'list', list };
  } catch (error) {
    if (error instanceof Refusal) return { type: error.type, what: error.message };
    throw error;
  }
}

/** A piece of unquoted text that bash would match against file names. `[` alone is the test command. */
export function looksLikeGlob(text: string): boolean {
  return /[*?]|\[[^\]]*\]/.test(text);
}

class Refusal extends Error {
  readonly type: 'gap' | 'syntax-error';
  constructor(type: 'gap' | 'syntax-error', message: string) {
    super(message);
    this.type = type;
  }
}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

const KEYWORDS = new Set([
  'if', 'then', 'elif', 'else', 'fi', 'for', 'while', 'until', 'do', 'done', 'case', 'esac', 'function', 'select', 'time',
  'coproc', '[[',
]);

const DEEPEST = 50;
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/;
const END_OF_WORD = /[\s;|&<>()]/;

function rest(reader: Reader): string {
  return reader.text.slice(reader.at);
}

function startsWith(reader: Reader, token: string): boolean {
  return reader.text.startsWith(token, reader.at);
}

function take(reader: Reader, token: string): boolean {
  if (!startsWith(reader, token)) return false;
  reader.at += token.length;
  return true;
}

/** Blanks, continued lines and comments; newlines too when asked. */
function skip(reader: Reader, newlines = false): void {
  for (;;) {
    const character = reader.text[reader.at];
    if (character === ' ' || character === '\t' || (newlines && character === '\n')) reader.at++;
    else if (startsWith(reader, '\\\n')) reader.at += 2;
    else if (character === '#') while (reader.at < reader.text.length && reader.text[reader.at] !== '\n') reader.at++;
    else return;
  }
}

/** Pipelines up to the end of the text or the closing word, which is left unread. */
function readList(reader: Reader, closing: ')' | '}' | null): List {
  const items: { join: ';' | '&&' | '||'; pipeline: Pipeline }[] = [];
  let join: ';' | '&&' | '||' = ';';
  for (;;) {
    skip(reader, true);
    const ended = reader.at >= reader.text.length || (closing !== null && atClosing(reader, closing));
    if (ended && join === ';') return items;
    items.push({ join, pipeline: readPipeline(reader) });
    skip(reader);
    if (take(reader, '&&')) join = '&&';
    else if (take(reader, '||')) join = '||';
    else if (startsWith(reader, ';;')) throw new Refusal('syntax-error', 'unexpected ";;"');
    else if (take(reader, ';') || take(reader, '\n')) join = ';';
    else if (startsWith(reader, '&')) throw new Refusal('gap', 'a job in the background ("&") is not modelled');
    else return items;
  }
}

function atClosing(reader: Reader, closing: ')' | '}'): boolean {
  if (!startsWith(reader, closing)) return false;
  return closing === ')' || END_OF_WORD.test(reader.text[reader.at + 1] ?? ' ');
}

function readPipeline(reader: Reader): Pipeline {
  let negated = false;
  while (/^!(?=[\s;|&<>()]|$)/.test(rest(reader))) {
    negated = !negated;
    reader.at++;
    skip(reader);
    if (reader.at >= reader.text.length || /[;\n#]/.test(reader.text[reader.at]!)) {
      throw new Refusal('gap', '"!" without a command is not modelled');
    }
  }
  const commands = [readCommand(reader)];
  for (;;) {
    skip(reader);
    if (startsWith(reader, '|&')) throw new Refusal('gap', '"|&" is not modelled; write "2>&1 |"');
    if (startsWith(reader, '||') || !take(reader, '|')) break;
    skip(reader, true);
    commands.push(readCommand(reader));
  }
  if (commands.length > 1 && commands.some((command) => command.type === 'group')) {
    throw new Refusal('gap', 'a group of commands inside a pipe is not modelled');
  }
  return { negated, commands };
}

function readCommand(reader: Reader): SimpleCommand | Group {
  if (startsWith(reader, '((')) throw new Refusal('gap', 'arithmetic ("((") is not modelled');
  if (take(reader, '(')) return readGroup(reader, ')');
  if (/^\{(?=[\s;|&<>()]|$)/.test(rest(reader))) {
    reader.at++;
    return readGroup(reader, '}');
  }
  return readSimple(reader);
}

function readGroup(reader: Reader, closing: ')' | '}'): Group {
  const list = readNested(reader, closing);
  if (list.length === 0) throw new Refusal('syntax-error', `a command was expected before "${closing}"`);
  skip(reader);
  if (/^(\d*[<>]|&>)/.test(rest(reader))) throw new Refusal('gap', 'a redirection of a whole group is not modelled');
  if (reader.at < reader.text.length && !/^[;|&)}\n]/.test(rest(reader))) {
    throw new Refusal('syntax-error', `unexpected text after "${closing}"`);
  }
  return { type: 'group', subshell: closing === ')', list };
}

/** A list inside brackets, and the closing bracket. */
function readNested(reader: Reader, closing: ')' | '}'): List {
  if (++reader.depth > DEEPEST) throw new Refusal('gap', `commands nested more than ${DEEPEST} deep are not modelled`);
  const list = readList(reader, closing);
  if (!take(reader, closing)) throw new Refusal('syntax-error', `missing "${closing}"`);
  reader.depth--;
  return list;
}

function readSimple(reader: Reader): SimpleCommand {
  const assignments: { name: string; value: Word }[] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  for (;;) {
    skip(reader);
    const character = reader.text[reader.at];
    if (character === undefined) break;
    const found = readRedirects(reader);
    if (found.length > 0) {
      redirects.push(...found);
      continue;
    }
    if (character === '(' && words.length > 0) throw new Refusal('gap', 'a function is not modelled');
    if (END_OF_WORD.test(character)) break;
    const assigned = words.length === 0 ? readAssignment(reader) : null;
    if (assigned !== null) {
      assignments.push(assigned);
      continue;
    }
    const start = reader.at;
    const word = readWord(reader);
    const raw = reader.text.slice(start, reader.at).replaceAll('\\\n', '');
    if (words.length + assignments.length + redirects.length === 0) refuseKeyword(raw);
    words.push(word);
  }
  if (assignments.length + words.length + redirects.length === 0) {
    const unexpected = reader.text[reader.at];
    const what = unexpected === undefined ? 'the end' : `"${unexpected === '\n' ? 'newline' : unexpected}"`;
    throw new Refusal('syntax-error', `a command was expected before ${what}`);
  }
  return { type: 'simple', assignments, words, redirects };
}

function refuseKeyword(raw: string): void {
  if (raw === '}') throw new Refusal('syntax-error', 'unexpected "}"');
  if (raw === '!') throw new Refusal('gap', '"!" inside a pipe is not modelled');
  if (KEYWORDS.has(raw)) throw new Refusal('gap', `"${raw}" is not modelled`);
}

function readAssignment(reader: Reader): { name: string; value: Word } | null {
  const text = rest(reader);
  if (/^[A-Za-z_][A-Za-z0-9_]*(\+=|\[)/.test(text)) throw new Refusal('gap', 'appending ("+=") and arrays are not modelled');
  const match = ASSIGNMENT.exec(text);
  if (match === null) return null;
  const name = match[0].slice(0, -1);
  if (name === 'IFS') throw new Refusal('gap', 'a changed IFS is not modelled');
  reader.at += match[0].length;
  if (startsWith(reader, '(')) throw new Refusal('gap', 'an array is not modelled');
  const next = reader.text[reader.at];
  const empty = next === undefined || END_OF_WORD.test(next);
  return { name, value: empty ? [] : readWord(reader, true) };
}

/** The redirection at the reader (two for `&>`), or none. */
function readRedirects(reader: Reader): Redirect[] {
  const match = /^(?:(\d+)?(<<<|<<|<>|<&|<\(|<|>>|>&|>\||>\(|>)|(&>>?))/.exec(rest(reader));
  if (match === null) return [];
  reader.at += match[0].length;
  if (match[3] !== undefined) {
    const target = readTarget(reader);
    return [{ fd: 1, op: match[3] === '&>' ? '>' : '>>', target }, { fd: 2, op: '>&', to: 1 }];
  }
  const op = match[2]!;
  const fd = match[1] === undefined ? (op.startsWith('<') ? 0 : 1) : Number(match[1]);
  if (op === '>&') {
    const to = /^([12])(?=[\s;|&<>()]|$)/.exec(rest(reader));
    if (to === null || (fd !== 1 && fd !== 2)) throw new Refusal('gap', `the redirection "${match[0]}" is not modelled`);
    reader.at += 1;
    return [{ fd, op, to: to[1] === '1' ? 1 : 2 }];
  }
  if (op === '<' || op === '<<<') {
    if (fd !== 0) throw new Refusal('gap', `the redirection "${match[0]}" is not modelled`);
    return [{ fd, op, target: readTarget(reader) }];
  }
  if ((op === '>' || op === '>>') && (fd === 1 || fd === 2)) return [{ fd, op, target: readTarget(reader) }];
  throw new Refusal('gap', `the redirection "${match[0]}" is not modelled`);
}

function readTarget(reader: Reader): Word {
  skip(reader);
  const next = reader.text[reader.at];
  if (next === undefined || END_OF_WORD.test(next) || /^\d+[<>]/.test(rest(reader))) throw new Refusal('syntax-error', 'a redirection without a file');
  return readWord(reader);
}

/** One word; `value` when it is the right side of an assignment, where nothing is matched against files. */
function readWord(reader: Reader, value = false): Word {
  const parts: WordPart[] = [];
  const start = reader.at;
  let plain = '';
  const flush = (): void => {
    if (plain !== '') parts.push({ type: 'text', text: plain, quoted: false });
    plain = '';
  };
  for (;;) {
    const character = reader.text[reader.at];
    if (character === undefined || END_OF_WORD.test(character)) break;
    if (character === '\\') {
      const escaped = reader.text[reader.at + 1];
      reader.at += escaped === undefined ? 1 : 2;
      if (escaped === '\n') continue;
      flush();
      parts.push({ type: 'text', text: escaped ?? '\\', quoted: true });
    } else if (character === "'") {
      flush();
      const end = reader.text.indexOf("'", reader.at + 1);
      if (end < 0) throw new Refusal('syntax-error', 'a single quote is not closed');
      parts.push({ type: 'text', text: reader.text.slice(reader.at + 1, end), quoted: true });
      reader.at = end + 1;
    } else if (character === '"') {
      flush();
      parts.push(...readDoubleQuoted(reader));
    } else if (character === '`') {
      throw new Refusal('gap', 'backquotes are not modelled; write "$(…)"');
    } else if (character === '$') {
      const part = readDollar(reader, false);
      if (part === null) plain += '$';
      else {
        flush();
        parts.push(part);
      }
    } else if (character === '~' && tildeStands(reader, start, value)) {
      if (!/^~(?=[\s/;|&<>():]|$)/.test(rest(reader))) throw new Refusal('gap', 'the home of another user ("~name") is not modelled');
      flush();
      parts.push({ type: 'tilde' });
      reader.at++;
    } else {
      plain += character;
      reader.at++;
    }
  }
  flush();
  if (!value) refusePatterns(parts);
  return parts;
}

/** Where bash reads `~` as the home: at the start of a word, and in NAME=~ also after "=" and ":". */
function tildeStands(reader: Reader, start: number, value: boolean): boolean {
  if (reader.at === start) return true;
  const before = reader.text.slice(start, reader.at);
  if (value) return before.endsWith(':');
  return ASSIGNMENT.test(before) && (before.endsWith(':') || before.indexOf('=') === before.length - 1);
}

function refusePatterns(parts: Word): void {
  const bare = parts.map((part) => (part.type === 'text' && !part.quoted ? part.text : '\0')).join('');
  if (looksLikeGlob(bare)) throw new Refusal('gap', 'a file pattern (*, ?, […]) is not modelled; quote it if it is meant as text');
  if (/\{[^{}]*(,|\.\.)[^{}]*\}/.test(bare)) throw new Refusal('gap', 'braces ({a,b}) are not modelled');
}

function readDoubleQuoted(reader: Reader): WordPart[] {
  reader.at++;
  const parts: WordPart[] = [];
  let text = '';
  for (;;) {
    const character = reader.text[reader.at];
    if (character === undefined) throw new Refusal('syntax-error', 'a double quote is not closed');
    if (character === '"') break;
    if (character === '`') throw new Refusal('gap', 'backquotes are not modelled; write "$(…)"');
    if (character === '\\') {
      const escaped = reader.text[reader.at + 1] ?? '';
      // Inside double quotes a backslash keeps its place before every character but these.
      if (escaped !== '\n') text += /[$`"\\]/.test(escaped) ? escaped : `\\${escaped}`;
      reader.at += 2;
      continue;
    }
    const part = character === '$' ? readDollar(reader, true) : null;
    if (part === null) {
      text += character;
      if (character !== '$') reader.at++;
      continue;
    }
    parts.push({ type: 'text', text, quoted: true }, part);
    text = '';
  }
  reader.at++;
  parts.push({ type: 'text', text, quoted: true });
  return parts;
}

/** What stands after "$"; null, with the "$" read, when it is only a dollar sign. */
function readDollar(reader: Reader, quoted: boolean): WordPart | null {
  const text = rest(reader);
  if (text.startsWith('$((')) throw new Refusal('gap', 'arithmetic ("$((…))") is not modelled');
  if (text.startsWith('$(')) {
    reader.at += 2;
    return { type: 'substitution', list: readNested(reader, ')'), quoted };
  }
  const name = /^\$(?:([A-Za-z_][A-Za-z0-9_]*|\?)|\{([A-Za-z_][A-Za-z0-9_]*|\?)\})/.exec(text);
  if (name !== null) {
    reader.at += name[0].length;
    return { type: 'variable', name: (name[1] ?? name[2])!, quoted };
  }
  if (/^\$[{$!#@*\-0-9]/.test(text) || (!quoted && /^\$['"]/.test(text)) || text.startsWith('$[')) {
    throw new Refusal('gap', `the expansion "${text.slice(0, 2)}…" is not modelled`);
  }
  reader.at++;
  return null;
}
