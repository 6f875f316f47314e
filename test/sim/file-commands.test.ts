import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Disk, type Actor } from '../../src/sim/disk.ts';
import { formatTime } from '../../src/sim/calendar.ts';
import { runFileCommand } from '../../src/sim/file-commands.ts';
import { listing, onDisk, onOracle, UIDS, type Fs } from './disk-oracle.ts';

const base = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'solevoter-commands-')));
fs.chmodSync(base, 0o755);
afterAll(() => fs.rmSync(base, { recursive: true, force: true }), 60_000);

const root: Actor = { user: 'root', t: 0 };
const encode = (text: string) => new TextEncoder().encode(text);

/** The tree that every case finds: files with some text, folders, links. */
const FILES: Readonly<Record<string, string>> = {
  f: 'one\ntwo\nthree\n', g: 'gee', empty: '', 'd/inner': 'inner\n', 'w/f/deep': 'deep\n', 'full/d/x': 'x',
  'with space': 's\n', table: 'a:b:c\nplain\nd:e:f\n', log: 'INFO slot 12\nWARN Unable to vote\nINFO slot 13 (root 4)\n',
};
const FOLDERS = ['d', 'w', 'w/f', 'full', 'full/d', 'vacant'];
const LINKS: Readonly<Record<string, string>> = { lf: 'f', ld: 'd', dangling: 'nowhere', loop: 'loop', labs: '/nowhere/file' };

interface Case {
  readonly script: readonly (string | readonly string[])[];
  readonly stdin?: string;
  readonly user?: string;
}

/** Words by spaces; an array where a word has a space or is empty. */
const words = (line: string | readonly string[]) => (typeof line === 'string' ? line.split(' ') : line);
const sh = (...script: (string | readonly string[])[]): Case => ({ script });
const withStdin = (stdin: string, ...script: (string | readonly string[])[]): Case => ({ script, stdin });
const as = (user: string, ...script: (string | readonly string[])[]): Case => ({ script, user });

const CASES: Readonly<Record<string, readonly Case[]>> = {
  ln: [
    sh('ln', 'ln -T a', 'ln -T a b c', 'ln -s x y nodir', 'ln -s f d g'),
    sh('ln -s f g', 'ln -s f new', 'ln -s nothing new2', ['ln', '-s', '', 'q'], 'ln -s x g/', 'ln -s f nodir/x', 'ln -s f f/x'),
    sh('ln -sf f lf', 'ln -sf g lf', 'ln -sf d lf', 'ln -sf g lf', 'ln -sf f f', 'ln -sf lf f', 'ln -sf f dangling', 'ln -sf f loop'),
    sh('ln -sf f ld', 'ln -s f ld', 'ln -sf f d', 'ln -sf f g d'),
    sh('ln -sfn f ld', 'ln -sfn g d'), sh('ln -sfT f ld', 'ln -sfT f d', 'ln -sT f lf'),
    sh('ln -s d/inner', 'ln -s d/inner', 'ln -sf d/', 'ln -s /nowhere/name'),
    sh('ln --symbolic --force g lf', 'ln -s --no-dereference d lf', ['ln', '-sf', 'with space', 'd'], ['ln', '-s', 'f', 'with space'], ['ln', '-s', 'f', "it's"], ['ln', '-s', 'f', "it's"]),
    sh('ln f hard', 'ln f hard', 'ln -f f hard', 'ln -f f f', 'ln f f', 'ln d hd', 'ln nox y', 'ln lf hl', 'ln f d', 'ln f d', 'ln f nodir/x'),
  ],
  sums: [
    sh('sha256sum -c', 'sha256sum --status f', 'sha256sum -c f', 'sha256sum -c --status f', 'sha256sum -c nox'),
    withStdin('2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806  f\n', 'sha256sum -c', 'sha256sum -c --status', 'sha256sum --check -'),
    withStdin('b22b009134622b6508d756f1062455d71a7026594eacb0badf81f4f677929ebe  g\nplain\n0000000000000000000000000000000000000000000000000000000000000000  f\n0000000000000000000000000000000000000000000000000000000000000000  nox\n', 'sha256sum -c', 'sha256sum -c --status'),
  ],
  od: [sh('od -An -tu8 f', 'od -A n -t u8 -j 4 -N 8 f', 'od -An -tu8 -N 3 f', 'od -An -tu8 -j 14 f', 'od -An -tu8 -j 15 f', 'od -An -tu8 empty', 'od -An -tu8 nox', 'od -An -tu8 -j x f', 'od -An -tu8 -j -N 8 f')],
  expr: [sh('expr', 'expr 1 + 2', 'expr 2 + 3 * 4', 'expr 7 / 2 - 3', 'expr 7 % 4', 'expr 3 - 3', 'expr 1 + x', 'expr word', ['expr', ''], 'expr 1 / 0', 'expr 1 +', ['expr', '1', '+', ''])],
  sort: [
    withStdin('10\n9\n\n-1\n9\nx\n', 'sort', 'sort -n', 'sort -nr', 'sort -nu', 'sort -u', 'sort -r'),
    sh('sort f g', 'sort nox', 'sort -n table'),
  ],
  readlink: [
    sh('readlink', 'readlink lf', 'readlink f', 'readlink -f lf', 'readlink -e dangling', 'readlink -f dangling', 'readlink -f nod/x', 'readlink -f nod', 'readlink -f nod/',
      'readlink -f f/', 'readlink -e f d', 'readlink f dangling', 'readlink -f f/x', 'readlink -n lf', 'readlink -f ld/inner', 'readlink -f ../x/..', 'readlink -f loop', 'readlink labs'),
  ],
  mv: [
    sh('mv', 'mv a', 'mv -T a b c', 'mv nox y', 'mv f nodir/', 'mv f nodir/y', 'mv f g d2', 'mv f g empty', 'mv -T f d', 'mv -T d f', 'mv d d/x', 'mv f f', 'mv f f/', 'mv f f/y', 'mv w w', 'mv dangling/ y'),
    sh('mv f new', 'mv new d', 'mv g d/inner', 'mv lf moved', 'mv ld other', 'mv dangling d', 'mv -n empty d/inner', 'mv -f empty d/inner'),
    sh('mv lf f', 'mv -T ld d', 'ln -s lf lff', 'mv lff f', 'mv ld lf', 'mv lf loop', 'mv -T f ld', 'mv vacant ld'), sh('mv d full', 'mv vacant/ full', 'mv -T vacant full'), sh('mv d vacant', 'mv -T w vacant', 'mv f w'),
    sh('ln f hard', 'mv f hard', 'ln f d/hard', 'mv f d/hard', 'mv d/hard .'), sh('mv f g d', 'mv -T vacant d'), sh('ln -s g t', 'mv -T t lf', 'mv -T lf ld'),
  ],
  cp: [
    sh('cp', 'cp f', 'cp nox y', 'cp d y', 'cp f d3/y', 'cp f d3/', 'cp f f', 'cp f lf', 'cp f dangling', 'cp -f f dangling', 'cp f g nodir', 'cp f w', 'cp f f/x', 'cp d g', 'cp loop y', 'cp f loop'),
    sh('cp f new', 'cp lf copied', 'cp -p f d', 'cp f g d', 'cp g lf', 'cp -T f vacant', 'cp g d/inner', 'cp f .', 'cp f ld', 'cp f loop', 'cp -f f loop'),
    sh('chmod 640 f', 'cp f a', 'cp -p f b', 'cp f g', 'stat -c %a:%n a b g'),
  ],
  rm: [
    sh('rm', 'rm -f', 'rm nox', 'rm -f nox', 'rm d', 'rm -f d', 'rm -r .', 'rm -rf w/..', 'rm f/', 'rm -f f/', 'rm -f f/y', 'rm f/y', 'rm -r /', 'rm ld/'),
    sh('rm f g', 'rm lf nox ld', 'rm -rf d w nox', 'rm -r vacant/ full', 'rm loop dangling'),
  ],
  attributes: [
    sh('mkdir', 'mkdir w', 'mkdir nod/x', 'mkdir -p f/x', 'mkdir -p f', 'mkdir f/x', 'mkdir a b', 'mkdir -p p/q/r d', 'mkdir -p ld/sub', 'mkdir -m 700 m', 'mkdir -p -m 711 n/o', 'stat -c %a m n n/o', 'mkdir dangling', 'mkdir -p dangling'),
    sh('touch', 'touch nod/x', 'touch nod/', 'touch -c nox', 'touch new f', 'touch dangling', 'touch f/x', 'touch loop'),
    sh('chmod', 'chmod 644', 'chmod zz f', 'chmod 644 nox', 'chmod 99999 f', 'chmod 600 f', 'stat -c %a f', 'chmod u+x,go=r f', 'stat -c %a f', 'chmod a-r f', 'stat -c %a:%A f', 'chmod +w f', 'stat -c %a f',
      'chmod g=rwX,o= d f', 'stat -c %a d f', 'chmod = f', 'stat -c %a f', 'chmod -R 700 w', 'stat -c %a:%n w w/f w/f/deep', 'chmod 600 dangling', 'chmod u=rw,u+x,o+X g', 'stat -c %a g', 'chmod 1777 d', 'stat -c %A:%a d'),
    sh('chown', 'chown root', 'chown root nox', 'chown nouserx f', 'chown root:nogrpx f', 'chown root dangling'),
    sh('sync', 'sync nox', 'sync f nox', 'sync -f f', 'sync -d', 'sync -d f', 'sync -d -f f'),
  ],
  stat: [
    sh('stat', 'stat -c', 'stat -c %n nox', ['stat', '-c', '%N %a %s %U %G %F %h', 'f', 'lf', 'dangling', 'empty', 'd', 'w', 'with space'], 'stat -L -c %F lf ld', 'stat -L -c %F dangling', 'stat --format=%s%% f', 'ln f hard', 'stat -c %h f'),
  ],
  ls: [
    sh('ls', 'ls -1 d', 'ls nox', 'ls w nox f d', 'ls -d w f', 'ls f/', 'ls dangling loop', 'ls ld', 'ls -l f', 'ls -l d', 'ls -l', 'ls -ld d', 'ls -a d', 'ls -A d', 'touch .hidden', 'ls', 'ls -A', 'ls -r', 'ls vacant', 'ls -l vacant', 'ls vacant d', 'ls -l ld', 'ls -l ld/'),
  ],
  text: [
    sh('cat f g', 'cat nox w f', 'cat empty', 'cat loop', 'cat f/x', ['cat', 'with space', 'no file'], 'sha256sum f nox w', 'sha256sum f g empty'),
    withStdin('piped\nin', 'cat', 'cat f -', 'sha256sum', 'sha256sum -', 'head -n 1', 'tail -n 1', 'wc -l', 'wc', 'wc -l - f', 'head -n 1 - f'),
    sh('head nox', 'head w', 'head -n x f', 'head -n 1 f', 'head -1 f', 'head -n -1 f', 'head -c 3 f', 'head -c x f', 'head f g', 'head -n 1 f nox w g', 'head -q -n 1 f g', 'head -n 0 f'),
    sh('tail nox', 'tail -n +x f', 'tail w', 'tail -n 1 f', 'tail -n +2 f', 'tail -2 f', 'tail -n 0 f', 'tail -c 4 f', 'tail -n 1 f g', 'tail -n 1 g', 'tail -n +0 f'),
    sh('wc -l f nox', 'wc -l w', 'wc -l f g', 'wc f', 'wc f g empty', 'wc -w f', 'wc -c f g', 'wc w f'),
    sh('cut f', 'cut -f x f', 'cut -d ab -f1 f', 'cut -f 0 f', 'cut -d: -f2 table', 'cut -d : -f 1,3 table', 'cut -d: -s -f2- table', 'cut -c1-3 log', 'cut -c -2 f', 'cut -f 3-1 f', 'cut -d: -f1 nox table'),
    sh('basename', 'basename a b c', 'basename /a/b/', 'basename a.bin .bin', 'basename .bin .bin', ['basename', ''], 'basename /', 'basename //', 'dirname', ['dirname', 'a', '/b', '/b/c/', '', '/', 'a//b', '//x']),
    sh('echo', 'echo -n a b', ['echo', '-e', 'a\\tb\\x41\\0101\\n\\c d'], 'echo -E a\\tb', 'echo -x a', ['echo', '-ne', '\\\\c\\q\\1012'], 'echo a  b', 'true x', 'false x'),
  ],
  test: [
    sh('test', 'test a b', 'test a -eq 1', 'test -e', 'test a b c d', 'test a b c', '[ a', '[ ]', 'test -q a', 'test a', ['test', ''], ['test', '!', ''], 'test ! a', 'test ! -e nox', 'test ( a )', 'test ! a = b', 'test ! a = a'),
    sh('test -e f', 'test -e dangling', 'test -L dangling', 'test -h f', 'test -f lf', 'test -f d', 'test -d ld', 'test -s empty', 'test -s f', 'test -r f', 'test -x f', 'test -x d', 'test -w nox', ['test', '-n', ''], ['test', '-z', ''], '[ -L lf ]', '[ -e nox ]'),
    sh('test a = a', 'test a == b', 'test a != b', 'test 1 -eq 01', 'test -1 -lt 0', 'test 3 -ge 4', 'test 3 -le 3', 'test 2 -gt 10', 'test 5 -ne 5', ['test', ' 7 ', '-eq', '7'], 'test f -ef lf', 'test f -ef g', 'test f -nt nox', 'test nox -ot f', 'test 99999999999999999999 -gt 1', 'test x -lt 1', 'test 1 -lt 1x'),
  ],
  grep: [
    sh('grep', 'grep x nox', 'grep x w', 'grep -s x nox', 'grep one f', 'grep -q one f', 'grep -q zzz f', 'grep -c o f', 'grep -c zzz f', 'grep -q one f nox', 'grep -q one nox f', 'grep -v one f', 'grep -n t f', 'grep -c o f g log', 'grep -h INFO log f', 'grep -l o f g log', 'grep -H one f', 'grep -i ONE f', 'grep -x two f', 'grep -x tw f'),
    sh(['grep', '-o', 'slot [0-9]*', 'log'], ['grep', '-oE', 'slot [0-9]+', 'log'], ['grep', '-oE', '[[:digit:]]+|root', 'log'], ['grep', '-oE', 't|tw|two', 'f'], ['grep', '-E', '^(one|three)$', 'f'], ['grep', '-F', '(root 4)', 'log'], ['grep', '(root 4)', 'log'], ['grep', '\\(root\\) 4', 'log'], ['grep', '-E', '\\(root [0-9]\\)', 'log']),
    sh('grep ^o f', 'grep e$ f', 'grep o.e f', 'grep o* g', 'grep -E e{2} f g', 'grep e\\{2\\} f g', 'grep -w slo log', 'grep -w slot log', 'grep ( f', 'grep -E ( f', 'grep [ f', 'grep [a f', 'grep *o f', 'grep a\\|tw f', 'grep -E a|tw f', 'grep \\<t f', ['grep', '', 'f'], ['grep', '\\\\*x*', 'f'], 'grep -E e{2,} f', 'grep -E (w|h)+ f', 'grep -o [a-f]* f', 'grep -E ^$ f empty', 'grep -e one -e two f', 'grep [^a-n] f', 'grep []o] f', 'grep -o o f', 'grep e+ f', 'grep -E e+ f'),
    withStdin('a\nbb', 'grep b', 'grep -c a -', 'grep -H b -', 'grep -q z'),
  ],
  'another user': [
    as('daemon', 'ln -s f x', 'ln -sf g lf', 'ln f hd', 'mv f x', 'mv f d', 'cp f x', 'cp -f f g', 'rm f', 'rm -rf d', 'rm -rf vacant', 'mkdir x', 'mkdir -p x/y', 'touch f', 'touch x', 'chmod 600 f', 'chown daemon f', 'chown :daemon f', 'cat f', 'test -w f', 'test -r f', 'test -x d', 'ls -l d'),
  ],
};

const ISOLATED = process.getuid?.() === 0;

describe('file commands answer as the GNU ones of this machine', () => {
  for (const [group, cases] of Object.entries(CASES)) {
    for (const one of cases) {
      test.skipIf(one.user !== undefined && !ISOLATED)(`${group}: ${one.script.map((line) => words(line).join(' ')).join('; ').slice(0, 100)}`, () => {
        compare(one);
      });
    }
  }
});

let round = 0;

/** Plays a script on the machine and in the simulation: same outcomes, same tree. */
function compare(one: Case): void {
  const cwd = `${base}/${round++}`;
  const disk = prepare(cwd);
  const user = one.user ?? 'root';
  const identity = one.user === undefined ? {} : { uid: UIDS[user]!, gid: UIDS[user]! };
  for (const line of one.script) {
    const argv = words(line);
    const simulated = runFileCommand(
      disk, { user, cwd, t: 1_000_000, stdin: one.stdin ?? '', accounts: Object.keys(UIDS) }, argv);
    const real = spawnSync(argv[0]!, argv.slice(1), {
      cwd, input: one.stdin ?? '', encoding: 'utf8', timeout: 10_000, env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }, ...identity,
    });
    expect([argv.join(' '), simulated.exit, undated(simulated.stdout), simulated.stderr, simulated.gap])
      .toEqual([argv.join(' '), real.status, undated(real.stdout), real.stderr, undefined]);
  }
  const oracle = (op: Parameters<typeof onDisk>[1]) => onOracle(fs as unknown as Fs, op, String, () => undefined);
  expect(listing((op) => onDisk(disk, op), cwd)).toEqual(listing(oracle, cwd));
}

test('random commands answer alike and leave the same tree', { timeout: 60_000 }, () => {
  const name = fc.constantFrom(...Object.keys(FILES), ...FOLDERS, ...Object.keys(LINKS), 'new', 'd/new', '.', 'nodir/x', 'ld/inner');
  // Without readlink: the real one never ends on some loops of links with a slash at the end.
  const line = (command: string, flags: readonly string[], least: number, most: number) =>
    fc.tuple(fc.subarray([...flags]), fc.array(name, { minLength: least, maxLength: most })).map(([some, names]) => [command, ...some, ...names]);
  const argv = fc.oneof(
    { weight: 4, arbitrary: line('ln', ['-f', '-n', '-T'], 1, 3).map((words) => [...words, '-s']) },
    { weight: 4, arbitrary: line('ln', ['-f', '-n'], 2, 2).map((words) => [...words, '-s']) },
    { weight: 3, arbitrary: line('mv', ['-f', '-n', '-T'], 2, 2).filter((words) => words.at(-1) !== '.') },
    { weight: 3, arbitrary: line('cp', ['-f', '-p', '-T'], 2, 2) },
    { weight: 2, arbitrary: line('rm', ['-f', '-r'], 1, 2) },
    { weight: 2, arbitrary: line('mkdir', ['-p'], 1, 2) },
    { weight: 1, arbitrary: line('touch', ['-c'], 1, 2) },
    { weight: 1, arbitrary: line('ls', ['-l', '-d', '-A'], 1, 3) },
    { weight: 1, arbitrary: line('stat', ['-L'], 1, 2).map((words) => [...words, '-c', '%N %F %a %h']) },
  );
  fc.assert(
    fc.property(fc.array(argv, { minLength: 5, maxLength: 25 }), (script) => compare(sh(...script))),
    { numRuns: 20 },
  );
});

/** The same tree on the real file system and on a disk. */
function prepare(cwd: string): Disk {
  const disk = new Disk();
  fs.mkdirSync(cwd);
  disk.mkdirs(cwd, root);
  for (const folder of FOLDERS) {
    fs.mkdirSync(`${cwd}/${folder}`);
    disk.mkdir(`${cwd}/${folder}`, root);
  }
  for (const [name, text] of Object.entries(FILES)) {
    fs.writeFileSync(`${cwd}/${name}`, text);
    disk.writeFile(`${cwd}/${name}`, encode(text), root);
  }
  for (const [name, target] of Object.entries(LINKS)) {
    fs.symlinkSync(target, `${cwd}/${name}`);
    disk.symlink(target, `${cwd}/${name}`, root);
  }
  return disk;
}

/** The dates of "ls -l" differ between the machine and the simulation. */
function undated(text: string): string {
  return text.replace(/ (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d (\d\d:\d\d| \d{4}) /g, ' DATE ');
}

describe('what no other machine shows', () => {
  const bare = (): Disk => {
    const disk = new Disk();
    disk.mkdirs('/home/sol', root);
    disk.chown('/home/sol', 'sol', 'sol', root);
    return disk;
  };
  const run = (disk: Disk, line: string, context: object = {}) =>
    runFileCommand(disk, { user: 'sol', cwd: '/home/sol', t: 10_000_000, ...context }, line.split(' '));

  test.each(['ln -b a b', 'cp -r a b', 'cp --reflink=auto a b', 'tail -f x', 'ls -h', 'stat x', 'stat -c %x .', 'head -n 1k x', 'chmod u+s .', 'chown 1000 .', 'grep -P x y', 'grep \\d y', 'grep a** y', 'grep -E a+? y', 'grep [[:nox:]] y', 'test a -a b'])(
    '%s is a gap, not a success', (line) => {
      const outcome = run(bare(), line);
      expect(outcome.exit).toBe(2);
      expect(outcome.gap).toMatch(/^\w+: the simulator does not model /);
      expect(outcome.stderr).toContain(outcome.gap);
    });

  test('an unknown command is a gap with exit code 127', () => {
    expect(run(bare(), 'frobnicate x')).toEqual({
      exit: 127, stdout: '', stderr: 'frobnicate: the simulator does not model this command\n', gap: 'frobnicate: the simulator does not model this command',
    });
    expect(run(bare(), 'constructor').exit).toBe(127);
  });

  test('bytes that are not text do not pass a pipe unnoticed', () => {
    const disk = bare();
    disk.writeFile('/home/sol/tower.bin', new Uint8Array([1, 0, 255]), root);
    expect(run(disk, 'cat tower.bin').gap).toBeDefined();
    expect(run(disk, 'sha256sum tower.bin').exit).toBe(0);
  });

  test('the owner, group and time of a new file', () => {
    const disk = bare();
    run(disk, 'touch f', { umask: 0o077 });
    expect(run(disk, 'stat -c %U:%G:%a:%Y f', { epoch: 1_700_000_000_000_000 }).stdout).toBe('sol:sol:600:1700000010\n');
    run(disk, 'chown root: f', { user: 'root' });
    expect(run(disk, 'stat -c %U:%G f').stdout).toBe('root:root\n');
  });

  test('cp -p keeps time and mode, and the lazy content of a tower', () => {
    const disk = bare();
    const tower = { render: () => encode('tower'), value: 'tower' };
    disk.writeFile('/home/sol/t', tower, { user: 'sol', t: 3_000_000 });
    run(disk, 'chmod 600 t');
    run(disk, 'cp -p t u');
    run(disk, 'cp t v');
    expect(run(disk, 'stat -c %Y:%a t u v').stdout).toBe('3:600\n3:600\n10:600\n');
    expect(disk.readLazy('/home/sol/u', root)).toBe(tower);
  });

  test('a full disk', () => {
    const disk = bare();
    disk.writeFile('/home/sol/a', encode('1'), root);
    disk.full = true;
    expect(run(disk, 'cp a b')).toEqual({ exit: 1, stdout: '', stderr: "cp: error writing 'b': No space left on device\n" });
    expect(run(disk, 'stat -c %s b').stdout).toBe('0\n');
    expect(run(disk, 'ln -sf a b').exit).toBe(0);
    expect(run(disk, 'mkdir d').stderr).toBe("mkdir: cannot create directory 'd': No space left on device\n");
  });

  test('a read-only disk', () => {
    const disk = bare();
    disk.writeFile('/home/sol/a', encode('1'), root);
    disk.readOnly = true;
    expect(run(disk, 'ln -sf a b').stderr).toBe("ln: failed to create symbolic link 'b': Read-only file system\n");
    expect(run(disk, 'rm -f a').stderr).toBe("rm: cannot remove 'a': Read-only file system\n");
  });

  test('sync makes what came before it durable', () => {
    const disk = bare();
    disk.sync();
    run(disk, 'touch a b');
    run(disk, 'sync');
    run(disk, 'ln -s a l');
    disk.losePower(10_000_000);
    expect(run(disk, 'ls').stdout).toBe('a\nb\n');
  });

  test('ln -sf never leaves the name missing, whatever a loss of power keeps', () => {
    const disk = bare();
    run(disk, 'ln -s junk identity');
    disk.sync();
    run(disk, 'ln -sf staked identity');
    expect(run(disk, 'readlink identity').stdout).toBe('staked\n');
    disk.losePower(10_000_000);
    expect([run(disk, 'readlink identity').stdout, run(disk, 'ls').stdout]).toEqual(['junk\n', 'identity\n']);
  });

  test('dates are those of date(1)', () => {
    for (const seconds of [0, 951_782_399, 951_782_400, 1_709_164_800, 1_700_000_000, 4_107_542_399, 2_000_000_000]) {
      const recent = spawnSync('date', ['-u', '-d', `@${seconds}`, '+%b %e %H:%M|%b %e  %Y'], { env: { PATH: process.env['PATH'], LC_ALL: 'C' }, encoding: 'utf8' });
      const [near, far] = recent.stdout.trimEnd().split('|');
      expect(formatTime(seconds * 1e6, seconds * 1e6)).toBe(near);
      expect(formatTime(seconds * 1e6, (seconds + 16_000_000) * 1e6)).toBe(far);
      expect(formatTime(seconds * 1e6, (seconds - 1) * 1e6)).toBe(far);
    }
  });
});
