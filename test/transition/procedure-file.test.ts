/** The shipped procedures against the guide's own text, and the filling in of procedure files. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../../src/transition/command-line.ts';
import type { Procedure, Step, StepHost } from '../../src/transition/procedure.ts';
import { fillProcedure, loadProcedure, parseProcedure, shippedProcedures } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';
import { parseSite } from '../../src/transition/site-file.ts';
import { problemsOf } from './problems.ts';

const GUIDE = readFileSync(new URL('../fixtures/guide.md', import.meta.url), 'utf8');

/** The command lines of the guide's code blocks under a heading. */
function guideLines(heading: string): string[] {
  const section = GUIDE.slice(GUIDE.indexOf(`# ${heading}\n`) + 1).split(/\n#+ [A-Z]/)[0]!;
  return [...section.matchAll(/```bash\n([^]*?)```/g)]
    .flatMap((match) => match[1]!.split('\n'))
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function linesOf(procedure: Procedure, host: StepHost): string[] {
  return procedure.steps.flatMap((step) => (step.kind === 'run' && step.host === host ? [step.run] : []));
}

function stepOf(procedure: Procedure, id: string): Step {
  return procedure.steps.find((step) => step.id === id)!;
}

test('the hot swap is, line by line, the guide', () => {
  const procedure = loadProcedure('guide-hot-swap', GUIDE_SITE);
  const active = guideLines('Active Validator');
  const inactive = guideLines('Inactive Validator');
  expect(active).toHaveLength(4);
  expect(inactive).toHaveLength(2);
  expect(linesOf(procedure, 'active')).toEqual(active);
  expect(linesOf(procedure, 'inactive')).toEqual([...inactive, 'solana catchup --our-localhost 8899']);
  expect(GUIDE).toContain('`solana catchup --our-localhost 8899`');
  expect(procedure.steps.map((step) => step.host)).toEqual(['active', 'active', 'active', 'active', 'inactive', 'inactive', 'inactive']);
  // The guide's scripts have no `set -e`.
  expect(procedure.steps.every((step) => step.onFailure === 'continue')).toBe(true);
  expect(procedure.starts).toBe('prepared');
});

test('without the tower: the same but for the copy and the flag, and a wait of 200 slots', () => {
  const procedure = loadProcedure('guide-hot-swap-without-tower', GUIDE_SITE);
  expect(linesOf(procedure, 'active')).toEqual(guideLines('Active Validator').filter((line) => !line.startsWith('scp')));
  expect(linesOf(procedure, 'inactive')).toEqual([
    ...guideLines('Inactive Validator').map((line) => line.replace('--require-tower ', '')),
    'solana catchup --our-localhost 8899',
  ]);
  expect(stepOf(procedure, 'wait-out')).toMatchObject({ kind: 'wait', host: 'operator', slots: 200, since: 'last-landed-vote' });
  expect(procedure.steps.map((step) => step.id).slice(2, 5)).toEqual(['link-junk', 'wait-out', 'promote']);
  expect(procedure.params).toEqual({ 'wait-slots': 200 });
  expect(GUIDE).toContain('~200 slots');
});

test('the setup has the keys and links of the guide on each host', () => {
  const procedure = loadProcedure('guide-setup', GUIDE_SITE);
  const [keygen] = guideLines('Generating Junk Identities');
  const [staked, junk] = guideLines('Creating Identity Symlinks');
  expect(procedure.starts).toBe('bare');
  expect(linesOf(procedure, 'active')).toContain(keygen);
  expect(linesOf(procedure, 'inactive')).toContain(keygen);
  expect(linesOf(procedure, 'active').filter((line) => line.startsWith('ln'))).toEqual([staked]);
  expect(linesOf(procedure, 'inactive').filter((line) => line.startsWith('ln'))).toEqual([junk]);
  const checks = procedure.steps.filter((step) => step.id.startsWith('check-'));
  expect(checks.map((step) => step.id)).toEqual(
    ['active', 'inactive'].flatMap((host) => [`check-junk-key-on-${host}`, `check-flags-on-${host}`, `check-link-on-${host}`]),
  );
  expect(checks.every((step) => step.onFailure === 'stop')).toBe(true);
});

test('the start script that the setup writes holds the lines of the guide, and the checklist tells right from wrong', () => {
  const flags = guideLines('Validator Startup Script Modifications');
  const home = mkdtempSync(join(tmpdir(), 'solevoter-setup-'));
  try {
    mkdirSync(join(home, 'bin'));
    const site = parseSite(
      `{ home: ${home}, start-script: ${home}/bin/validator.sh, identity-link: ${home}/identity.json, staked-key: ${home}/staked-identity.json, vote-key: ${home}/vote.json }`,
      'site.yaml',
    );
    const procedure = loadProcedure('guide-setup', site);
    const bash = (id: string): number => {
      const step = stepOf(procedure, id);
      return spawnSync('bash', ['-c', step.kind === 'run' ? step.run : ''], { cwd: home }).status!;
    };
    expect(bash('check-flags-on-active')).not.toBe(0);
    expect(bash('flags-on-active')).toBe(0);
    const script = readFileSync(join(home, 'bin/validator.sh'), 'utf8').replaceAll(home, '/home/sol').split('\n');
    expect(script[0]).toBe('#!/bin/bash');
    expect(script.slice(1, 5)).toEqual(flags);
    expect(spawnSync('bash', ['-n', join(home, 'bin/validator.sh')]).status).toBe(0);
    expect(bash('check-flags-on-active')).toBe(0);
    writeFileSync(join(home, 'bin/validator.sh'), script.filter((line) => !line.includes('--authorized-voter')).join('\n'));
    expect(bash('check-flags-on-active')).not.toBe(0);
    expect(bash('check-link-on-active')).not.toBe(0);
    expect(bash('link-staked')).toBe(0);
    expect(bash('check-link-on-active')).toBe(0);
    unlinkSync(join(home, 'identity.json'));
    symlinkSync('/elsewhere', join(home, 'identity.json'));
    expect(bash('check-link-on-active')).not.toBe(0);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('every line of every shipped procedure is within the grammar', () => {
  expect(shippedProcedures()).toEqual(expect.arrayContaining(['guide-hot-swap', 'guide-hot-swap-without-tower', 'guide-setup']));
  for (const name of ['guide-hot-swap', 'guide-hot-swap-without-tower', 'guide-setup']) {
    for (const step of loadProcedure(name, GUIDE_SITE).steps) {
      if (step.kind === 'run') expect([step.id, parseCommandLine(step.run).type]).toEqual([step.id, 'list']);
    }
  }
});

test('a step knows its line, the procedure its file', () => {
  const procedure = loadProcedure('guide-hot-swap', GUIDE_SITE);
  const text = readFileSync(procedure.file!, 'utf8').split('\n');
  for (const step of procedure.steps) expect(text[step.line! - 1]).toContain(`id: ${step.id}`);
});

test('a site of its own fills every place', () => {
  const site = parseSite(
    `
hosts:
  active: { address: 10.0.0.1, user: anna, junk-key: /k/a-junk.json }
  inactive: { address: b.example.org, user: bert, junk-key: /k/b-junk.json }
ledger: /srv/ledger
tower-dir: /srv/tower
staked-key: /k/staked.json
identity-link: /k/identity
`,
    'site.yaml',
  );
  const procedure = loadProcedure('guide-hot-swap', site);
  expect(linesOf(procedure, 'active').slice(1)).toEqual([
    'agave-validator -l /srv/ledger set-identity /k/a-junk.json',
    'ln -sf /k/a-junk.json /k/identity',
    'scp /srv/tower/tower-1_9-$(solana-keygen pubkey /k/staked.json).bin bert@b.example.org:/srv/tower',
  ]);
  const setup = loadProcedure('guide-setup', site);
  expect(linesOf(setup, 'inactive')).toContain('ln -sf /k/b-junk.json /k/identity');
  // Not below the home folder: there is no shorter way to say it.
  expect(linesOf(setup, 'inactive')).toContain('solana-keygen new -s --no-bip39-passphrase -o /k/b-junk.json');
});

const SMALL = `procedure: small
title: A small one
starts: prepared
params: { pause: 5, target: here }
steps:
  - { id: one, host: active, run: 'echo {junk-key} {peer-address} {pause} {target}' }
  - { id: two, host: operator, wait: { slots: '{pause}', since: here } }
  - { id: three, host: operator, run: "echo \${HOME} {{pause}} $(echo {active-user}) { pause } {}" }
`;

test('placeholders of parameters and of the host; bash keeps its own braces', () => {
  const { steps } = fillProcedure(parseProcedure(SMALL, 'small.yaml'), GUIDE_SITE, {});
  expect(steps[0]).toMatchObject({ run: 'echo /home/sol/unstaked-identity.json 68.100.100.10 5 here' });
  expect(steps[1]).toMatchObject({ slots: 5 });
  expect(steps[2]).toMatchObject({ run: 'echo ${HOME} {{pause}} $(echo sol) { pause } {}' });
});

test('a parameter of the file may be put together from the site and from those above it', () => {
  const text = SMALL.replace('{ pause: 5, target: here }', "{ pause: 5, dir: '{tower-dir}/{pause}', target: '{dir}/{peer-user}' }");
  expect(fillProcedure(parseProcedure(text, 'small.yaml'), GUIDE_SITE, {}).steps[0]).toMatchObject({ run: expect.stringMatching(/ 5 \/mnt\/ledger\/5\/sol$/) });
  const below = SMALL.replace('{ pause: 5, target: here }', "{ target: '{pause}', pause: 5 }");
  expect(() => fillProcedure(parseProcedure(below, 'small.yaml'), GUIDE_SITE, {})).toThrow(/"\{pause\}" stands for nothing here/);
});

test('parameters are overridden, also by the texts of a command line', () => {
  const raw = parseProcedure(SMALL, 'small.yaml');
  const procedure = fillProcedure(raw, GUIDE_SITE, { pause: '17', target: '{ledger}' });
  expect(procedure.params).toEqual({ pause: 17, target: '{ledger}' });
  expect(procedure.steps[1]).toMatchObject({ slots: 17 });
  // A value is put in as it is, not filled in once more.
  expect(procedure.steps[0]).toMatchObject({ run: expect.stringMatching(/ 17 \{ledger\}$/) });
  expect(loadProcedure('guide-hot-swap-without-tower', GUIDE_SITE, { 'wait-slots': '50' }).steps[3]).toMatchObject({ slots: 50 });
});

test('a parameter that the procedure does not have, or of the wrong kind', () => {
  const raw = parseProcedure(SMALL, 'small.yaml');
  expect(problemsOf(() => fillProcedure(raw, GUIDE_SITE, { puase: 1, pause: 'long' }))).toEqual([
    { file: 'small.yaml', message: 'the procedure has no parameter "puase"', expected: 'pause or target', nearest: 'pause' },
    { file: 'small.yaml', message: 'the parameter "pause" is "long"', expected: 'a number' },
  ]);
});

test('an unknown procedure is told with the nearest name', () => {
  const [problem, ...others] = problemsOf(() => loadProcedure('guide-hotswap', GUIDE_SITE));
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ file: 'guide-hotswap', message: 'there is no procedure of this name', nearest: 'guide-hot-swap' });
  expect(problem!.expected).toContain('guide-setup');
});

test('a path is read as it is given', () => {
  expect(problemsOf(() => loadProcedure('./none.yaml', GUIDE_SITE))).toEqual([{ file: './none.yaml', message: 'there is no such file', expected: 'a file that is there' }]);
});
