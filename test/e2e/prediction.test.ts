import { describe, expect, test } from 'vitest';
import { DEFAULT_CASES, allCases, drawnMs } from '../../scripts/e2e/cases.ts';
import { departures, predict } from '../../scripts/e2e/prediction.ts';
import type { Outcome } from '../../scripts/e2e/prediction.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const cases = allCases();
const predicted = (id: string) => {
  const one = cases.find((candidate) => candidate.id === id)!;
  return predict({ site: GUIDE_SITE, procedure: one.procedure(GUIDE_SITE) }, one.spec);
};

describe('what the simulation says of the cases', () => {
  test.each([
    ['a', { voters: ['inactive'], ends: [], refused: 0 }],
    ['b1', { voters: ['inactive'], ends: [] }],
    ['b2', { voters: ['inactive'], ends: [] }],
    ['c', { voters: ['inactive'], ends: [], refused: 0 }],
    ['d1', { voters: ['inactive'], ends: [], refused: 31 }],
    ['d2', { voters: ['inactive'], ends: [{ host: 'active', reason: 'duplicate running instances' }] }],
    ['d3', { voters: [], ends: [] }],
    ['d4', { voters: [], ends: [{ host: 'inactive', reason: 'Unable to load new tower' }] }],
    ['d5', { voters: [], ends: [] }],
  ] as const)('%s', (id, outcome) => {
    expect(predicted(id).outcome).toMatchObject(outcome);
  });

  test('d2: two hosts show the staked identity at once', () => {
    expect(predicted('d2').judgement.findings.map(({ kind }) => kind)).toContain('concurrent-identity');
  });

  test('d1 has a connection that is open, and a second of pause', () => {
    const { spec } = cases.find(({ id }) => id === 'd1')!;
    expect([drawnMs(spec, 'scp'), drawnMs(spec, 'operatorPause')]).toEqual([20, 1000]);
  });

  test('what runs by default is there', () => {
    expect(DEFAULT_CASES.filter((id) => !cases.some((one) => one.id === id))).toEqual([]);
  });
});

describe('departures', () => {
  const outcome: Outcome = { exits: [['demote', 0], ['promote', 1]], ends: [{ host: 'active', reason: 'killed' }], voters: [], refused: 3 };

  test('none when all is the same, whatever the number of refused votes', () => {
    expect(departures(outcome, { ...outcome, refused: 0 })).toEqual([]);
  });

  test('each thing that differs is told', () => {
    expect(departures(outcome, { exits: [['demote', 0], ['promote', 0]], ends: [], voters: ['active', 'inactive'], refused: 3 })).toEqual([
      'exit codes: predicted demote 0, promote 1; seen demote 0, promote 0',
      'ends of processes: predicted active: killed; seen none',
      'votes at the end: predicted nobody; seen active and inactive',
    ]);
  });
});
