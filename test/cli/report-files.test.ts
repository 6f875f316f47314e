/** Report files: whole or not at all, what is there is replaced only as a whole, and what fails is told. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportDocument } from '../../src/report/document/schema.ts';
import { FOREIGN_KEY, VIOLATED, traceText } from './samples.ts';
import { emptyFolder, solevoter } from './solevoter.ts';
import type { Ended } from './solevoter.ts';

const ROOT_USER = process.getuid?.() === 0;

let folder = '';
beforeAll(async () => {
  folder = emptyFolder();
  writeFileSync(join(folder, 'trace.jsonl'), traceText());
  await solevoter(['replay', VIOLATED, '--trace', 'violated.jsonl'], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true }));

const check = (...args: string[]): Promise<Ended> => solevoter(['check', 'trace.jsonl', ...args], { cwd: folder });

describe('a report that cannot be written', () => {
  const before: [string, string[], RegExp][] = [
    ['in a folder that is not there', ['--json', 'none/report.json'], /^none\/report\.json: there is no folder none; expected a path in a folder that is there\n$/],
    ['below a file', ['--sarif', 'trace.jsonl/report.sarif'], /^trace\.jsonl\/report\.sarif: trace\.jsonl is not a folder; /],
    ['in place of a folder', ['--html', '.'], /^\.: this is there, and is not a file; /],
    ['in place of a device', ['--junit', '/dev/null'], /^\/dev\/null: this is there, and is not a file; /],
    ['with a file in place of the folder', ['--incident', 'trace.jsonl'], /^trace\.jsonl: trace\.jsonl is not a folder; /],
    ['to the same file as another', ['--json', 'same', '--markdown', './same'], /^\.\/same: --json and --markdown name the same file; expected a file for each\n$/],
  ];

  it.each(before)('%s is told before anything is run', async (_, args, said) => {
    const { code, stdout, stderr } = await check(...args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(said);
    expect(existsSync(join(folder, 'same'))).toBe(false);
  });

  it('over a key or a link is told, and they are left as they were', async () => {
    writeFileSync(join(folder, 'key.json'), FOREIGN_KEY);
    symlinkSync('trace.jsonl', join(folder, 'link'));
    const { code, stderr } = await check('--json', 'key.json', '--html', 'link');
    expect(code).toBe(3);
    expect(stderr.trim().split('\n')).toHaveLength(2);
    expect(readFileSync(join(folder, 'key.json'), 'utf8')).toBe(FOREIGN_KEY);
    expect(readFileSync(join(folder, 'link'), 'utf8')).toBe(traceText());
  });

  it.skipIf(ROOT_USER)(`in a folder that may not be written is told before anything is run${ROOT_USER ? ' (skipped: root may write everywhere)' : ''}`, async () => {
    mkdirSync(join(folder, 'closed'));
    chmodSync(join(folder, 'closed'), 0o500);
    const { code, stdout, stderr } = await check('--json', 'closed/report.json');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^closed\/report\.json: cannot be written \(EACCES\); /);
  });

  const disk = mountedDisk();
  it.skipIf(disk === null)(`on a full disk is told, the old file stays, and nothing else is lost${disk === null ? ' (skipped: no tmpfs can be mounted here)' : ''}`, async () => {
    try {
      writeFileSync(join(disk!, 'report.json'), 'old\n');
      const { code, stdout, stderr } = await solevoter(['check', 'violated.jsonl', '--json', join(disk!, 'report.json'), '--markdown', 'report.md'], { cwd: folder });
      expect(code).toBe(3);
      expect(stderr).toBe(`${join(disk!, 'report.json')}: cannot be written (ENOSPC); expected a path in a writable folder with free space\n`);
      expect(stdout).toMatch(/^VIOLATED: 1 violation\n/);
      expect(readdirSync(disk!)).toEqual(['report.json']);
      expect(readFileSync(join(disk!, 'report.json'), 'utf8')).toBe('old\n');
      expect(readFileSync(join(folder, 'report.md'), 'utf8')).toMatch(/^# VIOLATED: 1 violation\n/);
    } finally {
      spawnSync('umount', [disk!]);
      rmSync(disk!, { recursive: true });
    }
  });
});

/** A disk of 16 KiB; null where none can be mounted. */
function mountedDisk(): string | null {
  if (!ROOT_USER) return null;
  const at = emptyFolder();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', at]).status === 0) return at;
  rmSync(at, { recursive: true });
  return null;
}

describe('reports that can be written', () => {
  it('are all written, replace what is there, and leave nothing else', async () => {
    const out = emptyFolder();
    const file = (name: string): string => join(out, name);
    writeFileSync(file('report.md'), 'old\n');
    const args = ['--json', file('report.json'), '--html', file('report.html'), '--markdown', file('report.md'), '--junit', file('report.xml'), '--sarif', file('report.sarif'),
      '--prometheus', file('report.prom'), '--incident', join(out, 'a/b')];
    const { code, stderr } = await solevoter(['check', 'violated.jsonl', ...args], { cwd: folder, env: { SOURCE_DATE_EPOCH: '1798761600' } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(readdirSync(out).sort()).toEqual(['a', 'report.html', 'report.json', 'report.md', 'report.prom', 'report.sarif', 'report.xml']);
    expect(readFileSync(file('report.md'), 'utf8')).toMatch(/^# VIOLATED/);
    expect(readFileSync(file('report.prom'), 'utf8')).toContain(' 1798761600\n');
    expect(readdirSync(join(out, 'a/b'))).toEqual([expect.stringMatching(/^incident-\w+-SV-[0-9a-f]{8}\.log$/)]);
    const document = JSON.parse(readFileSync(file('report.json'), 'utf8')) as ReportDocument;
    expect([document.command, document.subjects[0]!.file, document.subjects[0]!.findings[0]!.replay]).toEqual(['check', { path: 'violated.jsonl', shipped: false }, null]);
    rmSync(out, { recursive: true });
  });

  it('name a waiver that is not used as what fails', async () => {
    writeFileSync(join(folder, 'w.yaml'), 'waivers:\n  - { id: SV-00000000, reason: none, expires: 2027-03-01 }\n');
    const { code } = await solevoter(['check', 'trace.jsonl', '--waivers', 'w.yaml', '--json', 'waived.json'], { cwd: folder, env: { SOLEVOTER_TODAY: '2026-11-23' } });
    const document = JSON.parse(readFileSync(join(folder, 'waived.json'), 'utf8')) as ReportDocument;
    expect([code, document.exit.code]).toEqual([3, 3]);
    expect(document.problems[0]).toContain('the waiver of "SV-00000000" is not used');
  });
});
