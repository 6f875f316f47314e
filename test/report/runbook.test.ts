/** The runbook for people and the scripts for bash. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asBash, runbook } from '../../src/report/runbook.ts';
import { late, mutants } from '../../src/transition/mutation.ts';
import type { Procedure } from '../../src/transition/procedure.ts';
import { fillProcedure, loadProcedure, parseProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const SHIPPED = ['guide-setup', 'guide-hot-swap', 'guide-hot-swap-without-tower'].map((name) => loadProcedure(name, GUIDE_SITE));

const AWKWARD = fillProcedure(
  parseProcedure(
    `procedure: awkward
title: "It's a \\"test\\" of $(quotes) \\n and lines"
starts: prepared
steps:
  - { id: many, host: active, on-failure: stop, why: "a # sign, and\\na second line", run: "echo a # ends here" }
  - id: lines
    host: inactive
    on-failure: stop
    run: |
      for i in 1 2; do
        echo $i
      done
  - { id: pause, host: active, on-failure: stop, wait: { slots: 3, since: here } }
`,
    'awkward.yaml',
  ),
  GUIDE_SITE,
  {},
);

function commandsOf(procedure: Procedure): string[] {
  return procedure.steps.flatMap((step) => (step.kind === 'run' ? [step.run] : []));
}

test('the runbook has every command whole, in order, and no other line beyond 80 columns', () => {
  for (const procedure of SHIPPED) {
    const lines = runbook(procedure).split('\n');
    const commands = lines.filter((line) => /^ +\$ /.test(line));
    expect(commands.map((line) => line.replace(/^ +\$ /, ''))).toEqual(commandsOf(procedure));
    for (const line of lines) if (!commands.includes(line)) expect(line.length).toBeLessThanOrEqual(80);
    for (const [i, step] of procedure.steps.entries()) expect(lines.map((line) => line.trimStart())).toContain(`${i + 1}. ${step.id}`);
  }
});

test('the runbook of the swap without the tower', () => {
  expect(runbook(SHIPPED[2]!).split('\n').slice(18, 33)).toEqual([
    "On the operator's machine",
    '',
    '4. wait-out',
    '   Why: without the tower the inactive does not know what is locked out; time',
    '   must end the lockouts',
    '   Wait until 200 slots have gone by since the last vote that the vote account',
    '   shows.',
    '',
    'On the inactive validator',
    '',
    '5. promote',
    '   Why: without --require-tower, for there is no tower file',
    '   $ agave-validator -l /mnt/ledger set-identity /home/sol/staked-identity.json',
    '6. link-staked',
    '   Why: a restart comes back with the staked identity',
  ]);
});

test('bash accepts the scripts of every shipped procedure and of every mutant', () => {
  const swaps = SHIPPED.slice(1).flatMap((procedure) => mutants(procedure).map((mutant) => mutant.procedure));
  const all = [...SHIPPED, ...swaps, ...mutants(SHIPPED[0]!).slice(0, 12).map((mutant) => mutant.procedure), late(SHIPPED[1]!, 2, 5), AWKWARD];
  expect(all.length).toBeGreaterThan(70);
  for (const procedure of all) {
    for (const script of Object.values(asBash(procedure))) {
      const checked = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
      expect([checked.status, checked.stderr]).toEqual([0, '']);
    }
  }
});

test('each script has the commands of its host, and asks before it follows another host', () => {
  const scripts = asBash(SHIPPED[2]!);
  for (const host of ['active', 'inactive', 'operator'] as const) {
    const own = SHIPPED[2]!.steps.flatMap((step) => (step.kind === 'run' && step.host === host ? [step.run] : []));
    const lines = scripts[host].split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.filter((line) => /^(agave-validator|ln|scp|solana) /.test(line))).toEqual(own);
  }
  expect(scripts.active).not.toContain('read -r');
  expect(scripts.inactive.match(/^read .*$/gm)).toEqual([
    `read -r -p 'Is step 4 (wait-out) done on the operator'\\''s machine? Enter to go on. ' _ || exit 1`,
  ]);
  expect(asBash(SHIPPED[1]!).operator).toContain('# There is nothing to do here.');
});

test('the scripts run: a failed stop ends them, a wait ends when the slots have gone by', () => {
  const folder = mkdtempSync(join(tmpdir(), 'solevoter-runbook-'));
  try {
    // `solana slot` counts up by one each time it is asked; a `sleep` takes no time.
    writeFileSync(join(folder, 'solana'), `#!/bin/bash\nn=$(cat ${folder}/slot); echo $((n + 1)) > ${folder}/slot; echo $n\n`);
    writeFileSync(join(folder, 'sleep'), '#!/bin/bash\n');
    for (const name of ['solana', 'sleep']) chmodSync(join(folder, name), 0o755);
    writeFileSync(join(folder, 'slot'), '100');
    const bash = (script: string, input: string): { status: number | null; stdout: string } =>
      spawnSync('bash', ['-c', script], { env: { PATH: `${folder}:${process.env['PATH']!}` }, input, encoding: 'utf8' });

    const { active, inactive } = asBash(AWKWARD);
    expect(bash(active, '\n')).toMatchObject({ status: 0, stdout: 'a\n' });
    expect(readFileSync(join(folder, 'slot'), 'utf8').trim()).toBe('104');
    expect(bash(inactive, '\n')).toMatchObject({ status: 0, stdout: '1\n2\n' });
    // No answer from the operator is no consent.
    expect(bash(inactive, '')).toMatchObject({ status: 1, stdout: '' });

    rmSync(join(folder, 'solana'));
    writeFileSync(join(folder, 'solana'), '#!/bin/bash\nexit 1\n', { mode: 0o755 });
    expect(bash(active, '\n').status).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
