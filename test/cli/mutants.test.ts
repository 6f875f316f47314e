import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEMOTION, NOT_MODELLED } from './samples.ts';
import { emptyFolder, solevoter } from './solevoter.ts';

let folder = '';
beforeAll(() => {
  folder = emptyFolder();
  writeFileSync(join(folder, 'mine.yaml'), DEMOTION);
  writeFileSync(join(folder, 'gap.yaml'), NOT_MODELLED);
});
afterAll(() => rmSync(folder, { recursive: true }));

it('a table is no failure, a useless step is one with --fail-on-useless, whatever the number of threads', async () => {
  const made = await solevoter(['mutants', './mine.yaml', '--workers', '2', '--all'], { cwd: folder });
  expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
  // After the demotion nobody votes: without it somebody does.
  expect(made.stdout).toContain('1. demote (active): the first half of a swap\n    within these bounds it prevents nothing\n');
  const failed = await solevoter(['mutants', './mine.yaml', '--workers', '1', '--all', '--fail-on-useless'], { cwd: folder });
  expect(failed).toEqual({ ...made, code: 1 });
  const token = /^ {2}npx solevoter replay (\S+)$/m.exec(made.stdout)?.[1];
  const replayed = await solevoter(['replay', token!], { cwd: folder });
  expect(replayed.stdout).toMatch(/^mine: .*\nfault: the operator .* step "demote"$/m);
}, 600_000);

it('3: a step or a mistake that there is not', async () => {
  const step = await solevoter(['mutants', 'guarded-hot-swap', '--step', 'fences']);
  expect(step.code).toBe(3);
  expect(step.stderr).toContain('there is no step "fences"');
  const mistake = await solevoter(['mutants', 'guarded-hot-swap', '--mistake', 'drops']);
  expect(mistake.code).toBe(3);
  expect(mistake.stderr).toContain('there is no mistake "drops"');
  expect(mistake.stderr).toContain('drop');
});

it('4: a command that is not modelled', async () => {
  const { code, stdout } = await solevoter(['mutants', './gap.yaml', '--workers', '2'], { cwd: folder });
  expect(code).toBe(4);
  expect(stdout).toContain('Not modelled\n');
}, 600_000);
