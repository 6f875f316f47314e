/** The simulated host against the recorded answers of the real programs; `npm run fidelity` asks these themselves. */
import { describe, expect, test } from 'vitest';
import { hidden } from './answer.ts';
import { loadCases } from './case.ts';
import { CASES, readRecorded } from './recorded.ts';
import { simulatedAnswer } from './simulated.ts';

const cases = loadCases(CASES);
const recorded = readRecorded();

test('every case has a recorded answer, and no other', () => {
  expect([...recorded.keys()].toSorted()).toEqual(cases.map(({ name }) => name).toSorted());
  expect(cases.length).toBeGreaterThanOrEqual(60);
});

describe('the simulated host answers as the real programs did', () => {
  test.each(cases.filter(({ differs }) => differs === null).map((one) => [one.name, one] as const))('%s', (name, one) => {
    expect(hidden(simulatedAnswer(one), one.hide)).toEqual(recorded.get(name));
  });
});

describe('what is said to differ does differ', () => {
  test.each(cases.filter(({ differs }) => differs !== null).map((one) => [one.name, one] as const))('%s', (name, one) => {
    const answer = () => hidden(simulatedAnswer(one), one.hide);
    let simulated: unknown = null;
    try {
      simulated = answer();
    } catch (error) {
      expect((error as Error).message).toContain('not modelled');
    }
    expect(simulated).not.toEqual(recorded.get(name));
  });
});
