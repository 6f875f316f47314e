/** `solevoter gate`: its parts, its words and its exit code. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ReportDocument } from '../../src/report/document/schema.ts';
import { solevoter } from './solevoter.ts';

const folder = mkdtempSync(join(tmpdir(), 'solevoter-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bounds = (kinds: string) => `bounds: few\nkinds: [${kinds}]\nsteps: [before]\nvalidator-steps: []\nslots-around: 0\nheals: [1]\nforks: { losing: [0], skipped: [0], first-seen: [winning], winners: [second] }\ntimings: [{}]\n`;
writeFileSync(join(folder, 'mild.yaml'), bounds('rpc-lags, cut-rpc'));
writeFileSync(join(folder, 'harsh.yaml'), bounds('command-fails'));

const gate = async (...args: string[]) => {
  const { code, stdout } = await solevoter(['gate', 'guide-hot-swap', '--singles', '2', '--pairs', '1', '--runs', '1', '--canaries', '0', ...args], { cwd: folder });
  return { code, stdout: stdout.replaceAll(/\n {6,}(?!npx|SV-)/g, ' ') };
};

it('is open when no single fault within the bounds violates; what is beyond the claim is only told', async () => {
  const { code, stdout } = await gate('--bounds', 'mild.yaml', '--singles', '0');
  expect(stdout).toMatch(/^ok {4}guide-hot-swap, all single faults within "mild\.yaml": no violation in \d+ schedules, frontier exhausted: yes/);
  expect(stdout).toMatch(/^told {2}guide-hot-swap, pairs of faults, seed 1: /m);
  expect(stdout).toMatch(/^told {2}guide-hot-swap, swarm, seed 1: /m);
  expect(stdout).toMatch(/^The gate is open: 1 part of 1 passed/m);
  expect(code).toBe(0);
}, 60_000);

it('is closed by a violation, which it names with a token', async () => {
  const { code, stdout } = await gate('--bounds', 'harsh.yaml', '--pairs', '0', '--runs', '0');
  expect(stdout).toMatch(/^FAIL {2}guide-hot-swap, all single faults within "harsh\.yaml": \d+ causes? in 8 schedules/);
  expect(stdout).toMatch(/^ {6}SV-[0-9a-f]{8} {2}\S/m);
  expect(stdout).toMatch(/^The gate is closed: \d parts? of 2 passed/m);
  expect(code).toBe(1);
  const token = /npx solevoter replay (\S+)/.exec(stdout)![1]!;
  expect((await solevoter(['replay', token], { cwd: folder })).code).toBe(1);
}, 60_000);

it('draws bugs that the checker must notice, the same for the same seed', async () => {
  const { code, stdout } = await gate('--bounds', 'mild.yaml', '--singles', '0', '--pairs', '0', '--runs', '0', '--canaries', '4', '--seed', '7');
  expect(stdout).toMatch(/^ok {4}canaries, seed 7: 4 of 4 drawn bugs noticed, of \d\d that there are/);
  expect(stdout).toMatch(/^The gate is open: 2 parts of 2 passed/m);
  expect(code).toBe(0);
}, 60_000);

it('writes what it printed as reports', async () => {
  const { code, stdout } = await gate('--bounds', 'mild.yaml', '--singles', '0', '--json', 'gate.json', '--junit', 'gate.xml', '--sarif', 'gate.sarif', '--markdown', 'gate.md');
  const document = JSON.parse(readFileSync(join(folder, 'gate.json'), 'utf8')) as ReportDocument;
  expect([code, document.command, document.exit.code, document.verdict.word]).toEqual([0, 'gate', 0, 'OPEN']);
  expect(document.parts.map((part) => part.code)).toEqual([0, null, null]);
  for (const { name, sentence } of document.parts) expect(stdout).toContain(`${name}: ${sentence} (`);
  expect(stdout).toContain(`The gate is open: ${document.verdict.sentence}, `);
  expect(document.subjects.map(({ method }) => method.kind)).toEqual(['every combination', 'sample', 'swarm']);
  expect(readFileSync(join(folder, 'gate.md'), 'utf8')).toMatch(/^# OPEN: 1 part of 1 passed\n/);
}, 60_000);

it.each([
  [['guide-hot-swap', 'guide-hot-sawp'], 'did you mean "guide-hot-swap"?'],
  [['guide-hot-swap', '--bounds', 'stepz'], 'did you mean "steps"?'],
  [['guide-hot-swap', '--scenarios', 'none.yaml'], 'none.yaml: there is no such file'],
  [['--scenarios', 'none.yaml', 'guide-hot-swap'], 'none.yaml: there is no such file'],
  [['guide-hot-swap', '--junit', 'none/gate.xml'], 'there is no folder none'],
])('runs nothing when what is given is bad: %j', async (args, said) => {
  const { code, stdout, stderr } = await solevoter(['gate', ...args], { cwd: folder });
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain(said);
});
