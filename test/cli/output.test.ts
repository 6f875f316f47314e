import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { throwawayKey } from '../../src/model/identity.ts';
import { PRODUCT_VERSION } from '../../src/model/version.ts';
import type { ReportDocument } from '../../src/report/document/schema.ts';
import { shippedProcedures } from '../../src/transition/procedure-file.ts';
import { ABANDONED, CLEAN, DEMOTION, VIOLATED, guideToken } from './samples.ts';
import { MAIN, ROOT, emptyFolder, runProgram, solevoter } from './solevoter.ts';

const TOWER = 'test/fixtures/agave/guide-run/tower-inactive.bin';

let folder = '';
beforeAll(async () => {
  folder = emptyFolder();
  await solevoter(['replay', VIOLATED, '--trace', 'violated.jsonl'], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Every command that prints a report, but for rehearse. */
const reports = (): string[][] => [
  ['check', join(folder, 'violated.jsonl')], ['replay', VIOLATED], ['replay', CLEAN], ['inspect', TOWER], ['inspect', 'package.json'],
  ['--help'], ['rehearse', '--help'], ['check', '--help'],
];

describe('what is printed', () => {
  it('stays within 80 columns, without colour and control characters off a terminal', async () => {
    for (const args of reports()) {
      const { stdout, stderr } = await solevoter(args, { env: { FORCE_COLOR: '1' } });
      expect(stderr).toBe('');
      expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
      expect(stdout).toMatch(/^[\n\P{Cc}]+\n$/u);
    }
  });

  it('of a runbook stays within 80 columns, commands apart', async () => {
    for (const name of shippedProcedures()) {
      const { stdout, code } = await solevoter(['show', name]);
      expect(code).toBe(0);
      expect(stdout.split('\n').filter((line) => line.length > 80 && !/^\s+[$>] /.test(line))).toEqual([]);
    }
  });

  it.runIf(existsSync('/usr/bin/script'))('has colour on a terminal only, and not with NO_COLOR', () => {
    const onTerminal = (env: Record<string, string>): string => {
      const command = `'${process.execPath}' '${MAIN}' check '${join(folder, 'violated.jsonl')}'`;
      return spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '', ...env } }).stdout;
    };
    expect(onTerminal({})).toContain('\u001B[31mVIOLATED');
    const plain = onTerminal({ NO_COLOR: '1' });
    expect(plain).toContain('VIOLATED');
    expect(plain).not.toContain('\u001B[');
  });

  it('of check and replay is what the result document says', async () => {
    const json = join(folder, 'report.json');
    const skips = guideToken({ skips: [3, 4], draws: { 'latency/scp': 1 } });
    for (const args of [['check', join(folder, 'violated.jsonl')], ['replay', skips], ['replay', CLEAN], ['replay', ABANDONED]]) {
      const { stdout } = await solevoter([...args, '--json', json]);
      const { verdict, subjects: [subject] } = JSON.parse(readFileSync(json, 'utf8')) as ReportDocument;
      const { run, bounds, assumptions, notCovered, stories: [story] } = subject!;
      const words = stdout.replaceAll(/\s+/g, ' ');
      const said = [
        `${verdict.word}: ${verdict.sentence}`, ...run.findings.filter(({ finding }) => subject!.findings.find(({ id }) => id === finding)!.class !== 'downtime').map(({ finding, slot }) => `${finding} slot ${slot} `),
        ...run.downtime.runs.map(({ why }) => why), run.liveness.why, ...[...bounds, ...assumptions, ...notCovered].map((sentence) => `- ${sentence}`), ...story!.arithmetic,
        ...(args[0] === 'check' ? [] : [...story!.choices.map(({ sentence }) => sentence), `trace ${run.traceHash}`]),
      ];
      for (const sentence of said) expect(words).toContain(sentence);
    }
    expect((await solevoter(['replay', skips])).stdout).toContain('\nguide-hot-swap: the cluster skips the slots +3, +4\ntiming: scp = 20 ms\n');
  });

  it('is the same at every run', async () => {
    const [first, second] = [await solevoter(['replay', VIOLATED]), await solevoter(['replay', VIOLATED])];
    expect(second).toEqual(first);
  });

  it('of --version is the version alone', async () => {
    expect(await solevoter(['--version'])).toEqual({ code: 0, stdout: `${PRODUCT_VERSION}\n`, stderr: '' });
  });
});

describe('a reader that has gone', () => {
  it('is no error, and leaves the exit code as it is', async () => {
    const pipe = (args: string): Promise<{ stdout: string; stderr: string }> =>
      runProgram('bash', ['-c', `'${process.execPath}' '${MAIN}' ${args} | head -1; echo "codes \${PIPESTATUS[*]}"`], { cwd: folder });
    const { stdout, stderr } = await pipe(`replay ${VIOLATED}`);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^VIOLATED: 1 violation\ncodes 1 0\n$/);
    // The reader is gone before anything is written.
    const early = await runProgram('bash', ['-c', `{ sleep 2; '${process.execPath}' '${MAIN}' check violated.jsonl; echo "code $?" >&2; } | true`], { cwd: folder });
    expect(early.stderr).toBe('code 1\n');
    const noStderr = await runProgram('bash', ['-c', `{ sleep 2; '${process.execPath}' '${MAIN}' check none.jsonl 2>&1; echo "code $?" >&2; } | true`], { cwd: folder });
    expect(noStderr.stderr).toBe('code 3\n');
  });

  it.runIf(existsSync('/dev/full'))('is not taken for a disk that is full', async () => {
    const { stderr } = await runProgram('bash', ['-c', `'${process.execPath}' '${MAIN}' show guide-hot-swap > /dev/full; echo "code $?" >&2`]);
    expect(stderr).toBe('solevoter: the result cannot be written (ENOSPC)\ncode 5\n');
  });
});

describe('inspect', () => {
  it('explains any file that is no key, and exits with 0', async () => {
    const real = readFileSync(join(ROOT, TOWER));
    const own = throwawayKey('staked');
    const files: Record<string, Uint8Array | string> = {
      empty: '', zeros: new Uint8Array(4096), text: 'no tower\n', 'cut.bin': real.subarray(0, 100), [`tower-1_9-${own.address}.bin`]: real,
      'numbers.json': '[1,2,3]', 'noise.bin': Uint8Array.from({ length: 3000 }, (_, i) => (i * i * 31 + 7 * i) % 256),
    };
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), content);
      const { code, stdout, stderr } = await solevoter(['inspect', name], { cwd: folder });
      expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: '' });
      expect(stdout).toContain('What Agave does with it');
    }
  });
});

describe('show --as bash', () => {
  it('prints scripts that bash accepts, one for each host that has something to do', async () => {
    writeFileSync(join(folder, 'mine.yaml'), DEMOTION);
    for (const name of [...shippedProcedures(), './mine.yaml']) {
      const { code, stdout } = await solevoter(['show', name, '--as', 'bash'], { cwd: folder });
      expect(code).toBe(0);
      const scripts = stdout.split(/^(?=#!\/bin\/bash$)/m);
      expect(scripts.length).toBe(new Set([...stdout.matchAll(/^# Run on (.*)\.$/gm)].map((match) => match[1])).size);
      for (const script of [...scripts, stdout]) execFileSync('bash', ['-n'], { input: script });
    }
  });

  it('prints the commands of the runbook, and no others', async () => {
    const runbook = (await solevoter(['show', 'guide-hot-swap'])).stdout;
    const bash = (await solevoter(['show', 'guide-hot-swap', '--as', 'bash'])).stdout;
    const commands = [...runbook.matchAll(/^ +\$ (.*)$/gm)].map((match) => match[1]!);
    expect(commands).toHaveLength(7);
    const lines = bash.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('read '));
    expect(lines).toEqual(commands);
  });
});
