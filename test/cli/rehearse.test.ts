import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEMOTION } from './samples.ts';
import type { ReportDocument } from '../../src/report/document/schema.ts';
import { ROOT, emptyFolder, listing, solevoter } from './solevoter.ts';
import type { Ended } from './solevoter.ts';

let folder = '';
let rehearsed: Ended;
let before: string[];
let reports = '';
beforeAll(async () => {
  folder = emptyFolder();
  writeFileSync(join(folder, 'mine.yaml'), DEMOTION);
  before = listing(folder);
  reports = emptyFolder();
  rehearsed = await solevoter(['rehearse', './mine.yaml', '--timings', '5', '--workers', '2', '--json', join(reports, 'report.json'), '--junit', join(reports, 'report.xml')], { cwd: folder });
}, 600_000);
afterAll(() => [folder, reports].forEach((one) => rmSync(one, { recursive: true })));

it("rehearses a user's own file by a relative path, and leaves nothing behind", () => {
  const [verdict] = rehearsed.stdout.split('\n');
  expect(rehearsed.stderr).toBe('');
  expect(verdict).toMatch(/^(VIOLATED|HOLDS|UNKNOWN) {2}mine: /);
  // Nobody is promoted: some run leaves nobody voting, so it cannot be 0.
  expect(rehearsed.code).toBe(verdict!.startsWith('VIOLATED') ? 1 : verdict!.startsWith('HOLDS') ? 2 : 5);
  expect(rehearsed.stdout).toContain('5 drawn ones (seed 1)');
  expect(listing(folder)).toEqual(before);
});

it('prints at most 80 columns without colour, the replay command apart', () => {
  expect(rehearsed.stdout.split('\n').filter((line) => [...line].length > 80 && !/^ {2}npx solevoter replay /.test(line))).toEqual([]);
  expect(rehearsed.stdout).toMatch(/^[\n\P{Cc}]+\n$/u);
});

it('writes the result as a document that holds to its schema, with a story for each cause of violation', () => {
  const document = JSON.parse(readFileSync(join(reports, 'report.json'), 'utf8')) as ReportDocument;
  const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(join(ROOT, 'schema/solevoter-report-1.json'), 'utf8')) as object);
  expect([validate(document), validate.errors]).toEqual([true, null]);
  const [subject] = document.subjects;
  expect([document.exit.code, subject!.method.kind, subject!.file]).toEqual([rehearsed.code, 'single faults', { path: 'mine.yaml', shipped: false }]);
  expect(rehearsed.stdout.replaceAll(/\s+/g, ' ')).toContain(subject!.verdict.sentence);
  const violations = subject!.findings.filter((finding) => finding.class === 'violation');
  expect(violations.map(({ id, story }) => subject!.stories[story!]!.finding === id)).toEqual(violations.map(() => true));
  expect(rehearsed.stdout).toContain(subject!.stories[0]!.replay!.command);
  expect(readFileSync(join(reports, 'report.xml'), 'utf8')).toContain('<testsuite name="mine"');
});

it('marks what is waived, and gives the exit code of the rest', async () => {
  const ids = [...rehearsed.stdout.matchAll(/^ {4}(SV-[0-9a-f]{8}) /gm)].map((match) => match[1]!);
  expect(ids.length).toBeGreaterThan(3);
  const run = async (waived: readonly string[]): Promise<Ended> => {
    writeFileSync(join(folder, 'w.yaml'), `waivers:\n${waived.map((id) => `  - { id: ${id}, reason: ticket 123, expires: 2027-03-01 }\n`).join('')}`);
    const args = ['rehearse', './mine.yaml', '--timings', '5', '--workers', '2', '--fail-on', 'downtime,hazard,lost-state', '--all', '--waivers', 'w.yaml'];
    const ended = await solevoter(args, { cwd: folder, env: { SOLEVOTER_TODAY: '2026-11-23' } });
    rmSync(join(folder, 'w.yaml'));
    return ended;
  };
  const one = await run([ids[0]!, 'SV-00000000']);
  expect(one.code).toBe(3);
  expect(one.stderr).toContain('the waiver of "SV-00000000" is not used');
  expect(one.stdout.split('waived until 2027-03-01: ticket 123')).toHaveLength(2);
  const every = [...one.stdout.matchAll(/^ {4}(SV-[0-9a-f]{8}) /gm)].map((match) => match[1]!);
  expect(every.length).toBeGreaterThanOrEqual(ids.length);
  // No class of findings fails any more. What is left is a run in which nobody sent a vote.
  const all = await run(every);
  expect(all.stdout).toContain('no vote was sent: nothing was exercised');
  expect(all.code).toBe(5);
}, 600_000);

it('prints a token that replays the story in the same folder, and is refused when the steps have changed', async () => {
  const token = /^ {2}npx solevoter replay (\S+)$/m.exec(rehearsed.stdout)?.[1];
  const story = /^The shortest story.*\n((?:.+\n)+)/m.exec(rehearsed.stdout)?.[1];
  expect(story).toMatch(/^SV-[0-9a-f]{8} {2}/);
  const replayed = await solevoter(['replay', token!], { cwd: folder });
  expect(replayed.stdout).toContain(story);
  expect([0, 1, 2]).toContain(replayed.code);
  writeFileSync(join(folder, 'mine.yaml'), DEMOTION.replace('set-identity', 'set-identity --require-tower'));
  const refused = await solevoter(['replay', token!], { cwd: folder });
  expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 3, stdout: '' });
  expect(refused.stderr).toContain('./mine.yaml: the steps of this procedure are no longer those of the token');
});
