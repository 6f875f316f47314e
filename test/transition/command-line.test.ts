/** Parser and evaluator against the real bash, and what they must report as a gap. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { parseCommandLine } from '../../src/transition/command-line.ts';
import { evaluate } from '../../src/transition/evaluation.ts';
import type { ExecRequest } from '../../src/transition/evaluation.ts';
import type { CommandOutcome } from '../../src/transition/host.ts';

const folder = mkdtempSync(join(tmpdir(), 'solevoter-shell-'));
afterAll(() => rmSync(folder, { recursive: true }));

const REASONS: Record<string, string> = {
  ENOENT: 'No such file or directory',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
};

/** Answers a request with the machine's own files and programs. */
function answer(request: ExecRequest): CommandOutcome {
  if (request.kind === 'exec') {
    const [name, ...args] = request.argv;
    const done = spawnSync(name! || 'false', args, { cwd: request.cwd, env: { ...request.env }, input: request.stdin, encoding: 'utf8' });
    if (done.error !== undefined || name === '') return { exit: 127, stdout: '', stderr: `bash: line 1: ${name}: command not found\n` };
    return { exit: done.status ?? 1, stdout: done.stdout, stderr: done.stderr };
  }
  try {
    let stdout = '';
    if (request.kind === 'read') stdout = readFileSync(request.path, 'utf8');
    else if (request.kind === 'create') writeFileSync(request.path, '');
    else if (request.kind === 'append') appendFileSync(request.path, request.text);
    else if (!statSync(request.path).isDirectory()) return { exit: 1, stdout: '', stderr: 'Not a directory' };
    return { exit: 0, stdout, stderr: '' };
  } catch (error) {
    return { exit: 1, stdout: '', stderr: REASONS[(error as NodeJS.ErrnoException).code!]! };
  }
}

function run(line: string, env: Record<string, string>, executor = answer): CommandOutcome {
  const steps = evaluate(parseCommandLine(line), env);
  let step = steps.next();
  while (step.done !== true) step = steps.next(executor(step.value));
  return step.value;
}

function filesOf(path: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(path).sort().map((name) => {
      const kind = lstatSync(join(path, name));
      return [name, kind.isFile() ? readFileSync(join(path, name), 'utf8') : kind.isDirectory() ? 'folder' : 'link'];
    }),
  );
}

let made = 0;
function freshFolder(): string {
  const path = join(folder, `case-${made++}`);
  mkdirSync(join(path, 'sub'), { recursive: true });
  writeFileSync(join(path, 'lines'), 'one two\n  three\n\n');
  return path;
}

const ENV = { PATH: process.env['PATH']!, A: 'alpha', SPACED: ' a  b ', EMPTY: '', LC_ALL: 'C' };

/** Runs the line in two like folders, by bash and by us. */
function both(line: string): { real: object; ours: object; gap: string | undefined } {
  const [there, here] = [freshFolder(), freshFolder()];
  const bash = spawnSync('bash', ['-c', line], { cwd: there, env: { ...ENV, HOME: there }, input: '', encoding: 'utf8' });
  const mine = run(line, { ...ENV, HOME: here });
  const neutral = (text: string): string => text.replaceAll(there, 'HOME').replaceAll(here, 'HOME');
  return {
    real: { exit: bash.status, stdout: neutral(bash.stdout), silent: bash.stderr === '', files: filesOf(there) },
    ours: { exit: mine.exit, stdout: neutral(mine.stdout), silent: mine.stderr === '', files: filesOf(here) },
    gap: mine.gap,
  };
}

const SAME_AS_BASH = [
  'echo a b   c',
  `echo "a  b" 'c  d' e\\ f`,
  `echo 'it'"'"'s' "a\\"b" "c\\\\d" "e\\nf"`,
  'echo $A "$A" ${A}x "${A}y" \'$A\' \\$A "\\$A"',
  'echo -$UNSET_VARIABLE- "$UNSET_VARIABLE" x',
  `printf '<%s>' $SPACED; printf '<%s>' "$SPACED"; printf '<%s>' x${'$'}{SPACED}y`,
  `printf '<%s>' $EMPTY "$EMPTY" '' x`,
  'true && echo yes || echo no',
  'false && echo yes || echo no',
  'false || false || echo third',
  'false; echo $?; true; echo $?',
  'true | false; echo $?',
  'false | true; echo $?',
  'set -o pipefail; false | true; echo $?',
  '! true; echo $?; ! false; echo $?',
  '! false | true; echo $?',
  'echo one | cat | cat',
  'cat lines | tr a-z A-Z | cat',
  'echo $(cat lines)',
  'echo "$(cat lines)"',
  `printf '<%s>' $(cat lines) "$(cat lines)"`,
  'echo x$(echo a b)y "x$(echo a  b)y"',
  'echo $(echo $(echo $(echo deep)))',
  'echo "quoted $(echo "inner  quotes") end"',
  'X=$(false); echo $?',
  'X=1; echo $X; X=2 true; echo $X',
  'X=1 Y=$(echo 2 3); printf "<%s>" $Y "$X"',
  `X=5 bash -c 'echo "[$X]"'; echo "[$X]"`,
  `X=5; bash -c 'echo "[$X]"'; export X; bash -c 'echo "[$X]"'`,
  `export P=one Q="two three"; bash -c 'echo "[$P][$Q]"'`,
  'echo out > f; cat f; echo more >> f; cat < f',
  '> empty; echo $?',
  'cat missing 2>/dev/null; echo $?',
  'cat missing 2> err; echo $?; cat err | cut -c1-3',
  'cat missing > both 2>&1; cut -c1-3 both',
  'cat missing 2>&1 | cut -c1-3',
  'cat missing &> both; cut -c1-3 both',
  'cat missing &>> both; cut -c1-3 both',
  'echo to-err >&2; echo $?',
  'echo hidden 2>&1 >/dev/null; echo shown',
  'cat < nothere; echo $?',
  'cat < nothere && echo no',
  'cat 2>/dev/null < nothere; echo $?',
  'echo x > sub; echo $?',
  'echo x > no/such/file || echo refused',
  'cat <<< "here $A"',
  'cat <<< $SPACED',
  'echo a # comment; echo b',
  'echo a#b # c',
  'echo one; # comment\necho two',
  'echo one\n\necho two &&\necho three',
  'echo a \\\n  b',
  'nosuchcommand-x; echo $?',
  'nosuchcommand-x 2>/dev/null || echo fallback',
  'exit 3; echo never',
  'false; exit',
  'exit 300',
  '(exit 4); echo $?',
  'echo $(exit 5; echo no) $?',
  'X=$(exit 6); echo $?',
  'false; X=$(); echo $?',
  '(X=1; echo $X); echo "[$X]"',
  '{ X=1; echo $X; }; echo "[$X]"',
  'false || { echo group; false; }; echo $?',
  'true && (echo sub && false) || echo after',
  'exit 3 | cat; echo still',
  'X=1 | cat; echo "[$X]"',
  'set -e; false; echo never',
  'set -e; false || true; echo on; false && true; echo still; (false); echo never',
  'set -e; ! true; echo on; { false && true; }; echo still; X=$(false); echo never',
  'set -e; { false; echo in; } || echo out; echo end',
  'set -e; echo $(false; echo in); echo end',
  'set -euo pipefail; false | cat; echo never',
  'set -u; echo $NOT_SET; echo never',
  'set -u; echo "[${EMPTY}]" $A',
  'echo ~ ~/x "~" a~ \\~',
  'X=~/x; echo $X; Y=a:~/y; echo $Y',
  'echo of=~/x --of=~/x of=a:~/y',
  'cd sub && pwd; cd ..; pwd; cd; pwd',
  'cd nowhere; echo $?; pwd',
  'cd sub; echo in > f; cat f; cat ../lines',
  'exec echo replaced; echo never',
  'test -e lines && [ -d sub ] && echo both',
  '[ "$(echo a)" = a ] && echo equal',
  '[ a = b ] || echo differ',
  'echo $ a$ "$" "a$b$"',
  'echo a\\',
  'echo {} { } a{b}c {a',
  'echo a;echo b&&echo c',
  'echo "multi\nline"',
  'true &&echo x|cat>f;cat f',
  '$EMPTY echo vanished',
  '$EMPTY; echo $?',
  '"$EMPTY" 2>/dev/null; echo $?',
  'echo 2 >f; cat f; echo 2>f; cat f',
  'echo x >f >g; cat f g',
  'echo ambiguous > $SPACED; echo $?',
  'echo a ) b',
  'echo "unclosed',
  "echo 'unclosed",
  'echo $(echo unclosed',
  '&& echo a',
  'echo a && ',
  'echo a | | cat',
  'echo a ;; echo b',
  'echo >',
  '{ echo a; ',
  '( )',
  '}',
  'timeout 5 echo wrapped; env -u A echo bare',
  `ln -sf a/b link; readlink link; test "$(readlink link)" = a/b && echo right`,
  'echo "tower-1_9-$(echo KEY).bin" user@host:/mnt/ledger',
];

describe('as bash', () => {
  for (const line of SAME_AS_BASH) {
    test(JSON.stringify(line), () => {
      const { real, ours, gap } = both(line);
      expect(gap).toBeUndefined();
      expect(ours).toEqual(real);
    });
  }
});

/** Lines that bash runs and the grammar does not know, and a word of what is said about them. */
const GAPS: readonly (readonly [string, string])[] = [
  ['for i in 1 2; do echo $i; done', '"for"'],
  ['while true; do echo a; done', '"while"'],
  ['until false; do echo a; done', '"until"'],
  ['if true; then echo a; fi', '"if"'],
  ['case a in a) echo x;; esac', '"case"'],
  ['[[ a == a ]]', '"[["'],
  ['f() { echo a; }; f', 'function'],
  ['function f { echo a; }', '"function"'],
  ['echo $((1 + 2))', 'arithmetic'],
  ['((1 + 2))', 'arithmetic'],
  ['echo *.json', 'file pattern'],
  ['ls tower-1_9-?.bin', 'file pattern'],
  ['ls [ab].bin', 'file pattern'],
  ['echo {a,b}', 'braces'],
  ['echo {1..3}', 'braces'],
  ['sleep 1 & echo on', 'background'],
  ['cat <<END\ntext\nEND', '"<<"'],
  ['diff <(echo a) <(echo b)', '"<("'],
  ['echo `date`', 'backquotes'],
  ['echo "`date`"', 'backquotes'],
  ['echo ${A:-b}', '"${…"'],
  ['echo ${#A}', '"${…"'],
  ['echo $1', '"$1…"'],
  ['echo "$@"', '"$@…"'],
  ['echo $!', '"$!…"'],
  ["echo $'a\\n'", '"$\'…"'],
  ['A+=b', '+='],
  ['A=(a b)', 'array'],
  ['IFS=:; echo a', 'IFS'],
  ['echo a 3>file', '"3>"'],
  ['echo a >&-', '">&"'],
  ['echo a |& cat', '"|&"'],
  ['{ echo a; } > f', 'whole group'],
  ['echo a | { cat; }', 'inside a pipe'],
  ['ls ~root', '~name'],
  ['eval echo a', '"eval"'],
  ['trap true EXIT', '"trap"'],
  ['source ./env.sh', '"source"'],
  ['read x', '"read"'],
  ['set -x; echo a', '"set -x"'],
  ['echo $RANDOM', '$RANDOM'],
  ['X="*"; echo $X', 'file pattern'],
  ['exec > log', '"exec"'],
  ['cd -', '"cd"'],
  [`${'$(echo '.repeat(60)}${')'.repeat(60)}`, 'nested'],
];

describe('what is not in the grammar', () => {
  for (const [line, said] of GAPS) {
    test(JSON.stringify(line.slice(0, 60)), () => {
      const outcome = run(line, ENV);
      expect(outcome.exit).toBe(127);
      expect(outcome.gap).toContain(said);
    });
  }

  test('nothing of such a line is run', () => {
    const asked: ExecRequest[] = [];
    run('echo first; for i in 1; do true; done', ENV, (request) => {
      asked.push(request);
      return { exit: 0, stdout: '', stderr: '' };
    });
    expect(asked).toEqual([]);
  });

  test('a gap found on the way ends the whole line', () => {
    const outcome = run('echo before; echo $(echo $RANDOM) || echo after; echo after', { ...ENV, HOME: folder });
    expect(outcome).toEqual({ exit: 127, stdout: 'before\n', stderr: '', gap: 'the value of $RANDOM is not known here' });
  });

  test('a gap of a command is kept, and the line goes on', () => {
    const outcome = run('unknown-tool || echo on', ENV, (request) =>
      request.kind === 'exec' && request.argv[0] === 'echo'
        ? { exit: 0, stdout: 'on\n', stderr: '' }
        : { exit: 127, stdout: '', stderr: '', gap: 'unknown-tool is not modelled' },
    );
    expect(outcome).toEqual({ exit: 0, stdout: 'on\n', stderr: '', gap: 'unknown-tool is not modelled' });
  });
});

describe('requests', () => {
  test('a command is asked for with its words, environment, folder and input', () => {
    const asked: ExecRequest[] = [];
    run('X=1 scp tower-$(solana-keygen pubkey k.json).bin sol@h:/mnt > log 2>&1', { HOME: '/home/sol' }, (request) => {
      asked.push(request);
      return { exit: 0, stdout: request.kind === 'exec' ? 'KEY\n' : '', stderr: '' };
    });
    const common = { cwd: '/home/sol', stdin: '' };
    expect(asked).toEqual([
      { kind: 'exec', argv: ['solana-keygen', 'pubkey', 'k.json'], env: { HOME: '/home/sol' }, ...common },
      { kind: 'create', path: '/home/sol/log' },
      { kind: 'exec', argv: ['scp', 'tower-KEY.bin', 'sol@h:/mnt'], env: { HOME: '/home/sol', X: '1' }, ...common },
      { kind: 'append', path: '/home/sol/log', text: 'KEY\n' },
    ]);
  });

  test('a disk that is full makes the command fail', () => {
    const outcome = run('echo a > /f && echo done', { HOME: '/' }, (request) =>
      request.kind === 'append'
        ? { exit: 1, stdout: '', stderr: 'No space left on device' }
        : { exit: 0, stdout: 'a\n', stderr: '' },
    );
    expect(outcome).toEqual({ exit: 1, stdout: '', stderr: 'echo: write error: No space left on device\n' });
  });
});

test('any text is a list, a gap or a syntax error, and what bash -n refuses is never a list', () => {
  const piece = fc.constantFrom('echo', 'a', ' ', '"', "'", '$', '(', ')', '{', '}', ';', '&', '|', '!', '\\', '\n', '#', '<', '>', '2>', '$(', 'X=', '~', '*');
  const lines = fc.sample(fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')), { numRuns: 800, seed: 7 });
  const parsed = lines.map((line) => parseCommandLine(line).type);
  expect(new Set(parsed)).toEqual(new Set(['list', 'gap', 'syntax-error']));
  // One bash for all of them: a case a line, "0" when it reads.
  const script = lines.map((line) => `bash -n -c ${quote(line)} 2>/dev/null; echo $?`).join('\n');
  const codes = spawnSync('bash', [], { input: script, encoding: 'utf8' }).stdout.trim().split('\n');
  expect(codes).toHaveLength(lines.length);
  for (const [i, line] of lines.entries()) {
    if (parsed[i] === 'list') expect([line, codes[i]]).toEqual([line, '0']);
    if (parsed[i] === 'syntax-error') expect([line, codes[i]]).not.toEqual([line, '0']);
  }
}, 60_000);

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
