import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, worstExit } from '../../src/model/exit-code.ts';
import { parseTrace, traceHash } from '../../src/report/trace-file.ts';
import { judge } from '../../src/check/judge.ts';
import { ABANDONED, CLEAN, DEMOTION, NOT_MODELLED, SCENARIO, VIOLATED, tokenOf, traceText } from './samples.ts';
import { emptyFolder, solevoter } from './solevoter.ts';
import type { Ended } from './solevoter.ts';

describe('the gravest exit code', () => {
  it('is 3, 1, 4, 5, 2, then 0, whatever the order and however often', () => {
    const order = [3, 1, 4, 5, 2, 0];
    for (const [i, gravest] of order.entries()) {
      const lighter = order.slice(i);
      expect(worstExit(lighter)).toBe(gravest);
      expect(worstExit([...lighter, ...lighter].reverse())).toBe(gravest);
      for (const other of lighter) expect(worstExit([other, gravest])).toBe(gravest);
    }
    expect(worstExit([])).toBe(0);
    expect(new Set(Object.values(EXIT))).toEqual(new Set(order));
  });
});

describe('exit codes', () => {
  let folder = '';
  let written: Ended[] = [];
  const run = async (...args: string[]): Promise<number | null> => (await solevoter(args, { cwd: folder })).code;

  beforeAll(async () => {
    folder = emptyFolder();
    writeFileSync(join(folder, 'mine.yaml'), DEMOTION);
    writeFileSync(join(folder, 'gap.yaml'), NOT_MODELLED);
    mkdirSync(join(folder, 'empty'));
    written = await Promise.all([
      solevoter(['replay', CLEAN, '--trace', 'clean.jsonl'], { cwd: folder }),
      solevoter(['replay', VIOLATED, '--trace', 'violated.jsonl'], { cwd: folder }),
      solevoter(['replay', ABANDONED, '--trace', 'abandoned.jsonl'], { cwd: folder }),
      solevoter(['replay', tokenOf(NOT_MODELLED, './gap.yaml'), '--trace', 'gap.jsonl'], { cwd: folder }),
    ]);
    const gap = `${JSON.stringify({ type: 'gap', t: 1e12, what: 'command rsync' })}\n`;
    for (const name of ['violated', 'abandoned']) writeFileSync(join(folder, `${name}-gap.jsonl`), readFileSync(join(folder, `${name}.jsonl`), 'utf8') + gap);
    writeFileSync(join(folder, 'open.jsonl'), traceText());
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('of a replay are those of its judgement', () => {
    expect(written.map(({ code }) => code)).toEqual([EXIT.holds, EXIT.violation, EXIT.downtime, EXIT.gap]);
  });

  it('a trace that replay wrote is judged as the replay was, and has the hash that it printed', async () => {
    for (const [token, file, code] of [[CLEAN, 'clean.jsonl', 0], [VIOLATED, 'violated.jsonl', 1], [ABANDONED, 'abandoned.jsonl', 2]] as const) {
      const replayed = await solevoter(['replay', token], { cwd: folder });
      const checked = await solevoter(['check', file], { cwd: folder });
      expect([replayed.code, checked.code]).toEqual([code, code]);
      const hash = traceHash(parseTrace(readFileSync(join(folder, file), 'utf8'), file));
      expect(replayed.stdout.trimEnd().split('\n').at(-1)).toBe(`trace ${hash}`);
      const [verdict] = checked.stdout.split('\n');
      expect(replayed.stdout).toContain(verdict);
    }
  });

  it('0: holds, and whatever only prints', async () => {
    expect(await run('check', 'clean.jsonl')).toBe(0);
    expect(await run('show', './mine.yaml')).toBe(0);
    expect(await run('--version')).toBe(0);
    expect(await run('rehearse', '--help')).toBe(0);
  });

  it('1: violated, before gaps and downtime', async () => {
    expect(await run('check', 'violated.jsonl')).toBe(1);
    expect(await run('check', 'violated-gap.jsonl')).toBe(1);
    expect(await run('check', 'violated.jsonl', '--downtime-budget', '0')).toBe(1);
  });

  it('1: what --fail-on names', async () => {
    expect(await run('check', 'abandoned.jsonl', '--fail-on', 'downtime')).toBe(1);
    expect(await run('check', 'clean.jsonl', '--fail-on', 'hazard,lost-state')).toBe(0);
  });

  it('2: nobody votes at the end, or more slots without a vote than the budget', async () => {
    expect(await run('check', 'abandoned.jsonl')).toBe(2);
    expect(await run('check', 'clean.jsonl', '--downtime-budget', '3')).toBe(2);
    expect(await run('check', 'clean.jsonl', '--downtime-budget', '4')).toBe(0);
  });

  describe('with waivers', () => {
    const env = { SOLEVOTER_TODAY: '2026-11-23' };
    const waive = (...ids: readonly string[]): void => writeFileSync(
      join(folder, 'w.yaml'), `waivers:\n${ids.map((id) => `  - { id: ${id}, reason: ticket 123, expires: 2027-03-01 }\n`).join('')}`);
    const idsOf = (file: string): { id: string; class: string; kind: string }[] => judge(parseTrace(readFileSync(join(folder, file), 'utf8'), file)).findings.map((finding) => ({ ...finding }));

    it('a waived finding is printed, and does not fail', async () => {
      const [violation] = idsOf('violated.jsonl');
      expect(violation).toMatchObject({ class: 'violation' });
      waive(...idsOf('violated.jsonl').filter((finding) => finding.class === 'violation').map(({ id }) => id));
      const { code, stdout } = await solevoter(['check', 'violated.jsonl', '--waivers', 'w.yaml'], { cwd: folder, env });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^VIOLATED/);
      expect(stdout).toContain(`  ${violation!.id} `);
      expect(stdout).toContain('    waived until 2027-03-01: ticket 123');
      expect(await solevoter(['check', 'violated-gap.jsonl', '--waivers', 'w.yaml'], { cwd: folder, env })).toMatchObject({ code: 4 });
      expect(await solevoter(['check', 'violated.jsonl', '--waivers', 'w.yaml', '--downtime-budget', '0'], { cwd: folder, env })).toMatchObject({ code: 2 });
    });

    it('waived silence and waived slots without a vote do not fail', async () => {
      const found = idsOf('abandoned.jsonl');
      waive(...found.filter(({ kind }) => kind === 'nobody-votes').map(({ id }) => id));
      const { code, stdout } = await solevoter(['check', 'abandoned.jsonl', '--waivers', 'w.yaml'], { cwd: folder, env });
      expect(code).toBe(0);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain('nobody votes after healing; waived until 2027-03-01: ticket 123');
      expect(await solevoter(['check', 'abandoned.jsonl', '--waivers', 'w.yaml', '--downtime-budget', '0'], { cwd: folder, env })).toMatchObject({ code: 2 });
      waive(...found.filter((finding) => finding.class === 'downtime').map(({ id }) => id));
      expect(await solevoter(['check', 'abandoned.jsonl', '--waivers', 'w.yaml', '--downtime-budget', '0'], { cwd: folder, env })).toMatchObject({ code: 0 });
    });

    it('3: one that is not used, after the report', async () => {
      waive('SV-00000000');
      const { code, stdout, stderr } = await solevoter(['check', 'violated.jsonl', '--waivers', 'w.yaml'], { cwd: folder, env });
      expect(code).toBe(3);
      expect(stdout).toMatch(/^VIOLATED/);
      expect(stderr).toContain('w.yaml:2:11: the waiver of "SV-00000000" is not used');
    });

    it('a scenario that fails for a waived finding alone does not fail, one that is about it neither', async () => {
      const about = SCENARIO.replace(/faults:\n.*\n/, '');
      writeFileSync(join(folder, 'sample.yaml'), about);
      waive('SV-cf0a89a0');
      const run = (): Promise<Ended> => solevoter(['run', 'sample.yaml', '--waivers', 'w.yaml'], { cwd: folder, env });
      expect(await run()).toMatchObject({ code: 0, stdout: expect.stringContaining('    scenario: SV-cf0a89a0 lockout violation') as string });
      writeFileSync(join(folder, 'sample.yaml'), about.replace('result: violated', 'result: holds'));
      expect((await solevoter(['run', 'sample.yaml'], { cwd: folder, env })).code).toBe(1);
      expect(await run()).toMatchObject({ code: 0, stdout: expect.stringContaining('refused; waived until 2027-03-01: ticket 123') as string });
      waive('SV-cf0a89a0', 'SV-00000000');
      expect((await run()).code).toBe(3);
    });
  });

  it('3: bad input, whatever else is in it', async () => {
    writeFileSync(join(folder, 'bad.jsonl'), `${readFileSync(join(folder, 'violated-gap.jsonl'), 'utf8')}{}\n`);
    expect(await run('check', 'bad.jsonl')).toBe(3);
  });

  it('4: something that is not modelled, before unknown and downtime', async () => {
    expect(await run('check', 'gap.jsonl')).toBe(4);
    expect(await run('check', 'abandoned-gap.jsonl')).toBe(4);
  });

  it('5: unknown, before downtime', async () => {
    expect(await run('check', 'open.jsonl')).toBe(5);
    expect(await run('check', 'open.jsonl', '--downtime-budget', '0')).toBe(5);
    expect(await run('run', 'empty')).toBe(5);
  });
});
