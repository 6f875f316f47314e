import { beforeAll, describe, expect, it } from 'vitest';
import { mutantTable } from '../../src/explore/mutants.ts';
import type { Worse } from '../../src/explore/mistake.ts';
import type { MutantTable, StepResult } from '../../src/explore/mutants.ts';
import { MILDEST, runSpec } from '../../src/explore/run-spec.ts';
import type { Subject } from '../../src/explore/run-spec.ts';
import { decodeToken, encodeToken, refuseOtherSteps, stepsFingerprint } from '../../src/explore/token.ts';
import { describeMutants } from '../../src/report/mutants-text.ts';
import { fillProcedure, parseProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const procedure = fillProcedure(parseProcedure(`procedure: short
title: Demote, promote later, look
starts: prepared
steps:
  - { id: demote, host: active, run: 'agave-validator -l {ledger} set-identity {junk-key}', on-failure: stop, why: one voter }
  - { id: promote, host: inactive, run: 'sleep 6; agave-validator -l {ledger} set-identity {staked-key}', why: somebody votes }
  - { id: look, host: inactive, run: 'true', why: it is good to look }
`, 'short.yaml'), GUIDE_SITE, {});
const subject: Subject = { site: GUIDE_SITE, procedure };

let table: MutantTable;
const stepOf = (id: string): StepResult => table.steps.find(({ step }) => step.id === id)!;
const worseOf = (id: string, kind: string): Worse | null => stepOf(id).mistakes.find((mistake) => mistake.kind === kind)!.worse;
const tokenOf = ({ spec }: Worse): string => encodeToken({ procedure: 'short.yaml', params: {}, site: {}, steps: stepsFingerprint(procedure), spec });

beforeAll(async () => {
  table = await mutantTable(subject, { workers: 1 });
}, 600_000);

describe('the table of mistakes', () => {
  it('has every mistake that can be made, at its step', () => {
    expect(table.steps.map(({ step, mistakes }) => [step.id, ...mistakes.map(({ kind }) => kind)])).toEqual([
      ['demote', 'drop', 'repeat', 'swap', 'wrong-host', 'ignore-failure', 'late'],
      ['promote', 'drop', 'repeat', 'swap', 'wrong-host', 'late'],
      ['look', 'drop', 'repeat', 'wrong-host', 'late'],
    ]);
    expect(table.mistakes).toBe(15);
    expect(table.gaps).toEqual([]);
  });

  it('says what a step prevents: the gravest that comes without it, at the mildest run', () => {
    expect(stepOf('demote').prevents).toMatchObject({ class: 'violation' });
    expect(stepOf('demote').prevents!.spec.faults[0]).toMatchObject({ kind: 'operator-drops', at: { index: 0 } });
    expect(worseOf('demote', 'ignore-failure')).toMatchObject({ class: 'violation', spec: { faults: [{ kind: 'operator-ignores-failure' }, {}] } });
    expect(stepOf('promote').prevents).toMatchObject({ class: 'downtime', kind: 'nobody-votes', circumstances: [] });
    expect(worseOf('promote', 'late')).toMatchObject({ class: 'downtime', kind: 'missed-votes' });
    expect(worseOf('promote', 'late')!.title).toMatch(/^\d+ slots without a vote instead of \d+$/);
  });

  it('says so of a step that prevents nothing', () => {
    expect(stepOf('look').prevents).toBeNull();
    expect(worseOf('look', 'drop')).toBeNull();
  });

  it('gives runs that a token of the written procedure replays', () => {
    const all = table.steps.flatMap(({ mistakes }) => mistakes.flatMap(({ worse }) => (worse === null ? [] : [worse])));
    expect(all.length).toBeGreaterThan(8);
    for (const worse of all) {
      const token = decodeToken(tokenOf(worse))!;
      expect(() => refuseOtherSteps(token, procedure)).not.toThrow();
      const { judgement, fired } = runSpec(subject, token.spec);
      expect(fired.slice(1)).not.toContain(undefined);
      if (worse.id === undefined) expect(worse.title).toMatch(new RegExp(`^${judgement.downtime.slots} slots`));
      else expect(judgement.findings).toContainEqual(expect.objectContaining({ id: worse.id, title: worse.title, class: worse.class }));
    }
  });

  it('is printed within 80 columns, a token for each step, with --all for each mistake', () => {
    const print = (all: boolean): string[] => describeMutants(table, { all, tokenOf, assumptions: ['one'] });
    const isToken = (line: string): boolean => /^ {2}npx solevoter replay sv1\./.test(line);
    const lines = print(false);
    expect(lines.filter((line) => [...line].length > 80 && !isToken(line))).toEqual([]);
    expect(lines.slice(0, 2).join(' ').replaceAll(/ +/g, ' ')).toMatch(/^short: within these bounds nothing is prevented by look; 15 mistakes in /);
    expect(lines.filter(isToken)).toHaveLength(table.steps.filter(({ prevents }) => prevents !== null).length);
    expect(lines).toContain('    within these bounds it prevents nothing');
    expect(print(true).filter(isToken)).toHaveLength(table.steps.flatMap(({ mistakes }) => mistakes.filter(({ worse }) => worse !== null)).length);
  });
});

it('a mistake that stands is made again when the procedure is run again, a slip is not', () => {
  const again: Subject = { site: GUIDE_SITE, procedure: { ...procedure, resume: 'rerun', steps: procedure.steps.map((step) => ({ ...step, onFailure: 'stop' })) } };
  const typed = (heal: 1 | 'end'): string[] => {
    const { trace } = runSpec(again, { ...MILDEST, faults: [
      { kind: 'operator-drops', on: 'operator', at: { kind: 'step', index: 2, when: 'after' }, heal },
      { kind: 'command-fails', on: 'step', at: { kind: 'step', index: 0, when: 'before' }, heal: 1 },
    ] });
    return trace.events.flatMap((event) => (event.type === 'command' && event.phase === 'start' ? [event.id] : []));
  };
  expect(typed(1)).toEqual(['demote', 'demote', 'promote', 'look']);
  expect(typed('end')).toEqual(['demote', 'demote', 'promote']);
});
