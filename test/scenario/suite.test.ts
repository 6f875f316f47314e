/** The whole suite: each scenario and its twin, held against what it expects. */
import { describe, expect, test } from 'vitest';
import { describeOutcome } from '../../src/scenario/describe.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { SCENARIO_FOLDER } from '../../scripts/coverage.ts';

const scenarios = loadScenarios(SCENARIO_FOLDER);

describe('scenarios', () => {
  for (const scenario of scenarios) {
    test(scenario.name, () => {
      const outcome = runScenario(scenario);
      expect(describeOutcome(outcome)).toHaveLength(1);
      expect(outcome.met).toBe(true);
      expect(outcome.code).toBe(0);
    });
  }

  test('there are fifty at least, and no two are the same run', () => {
    const runs = scenarios.map(({ run: { subject, spec } }) => JSON.stringify([subject.procedure.steps.map((step) => [step.host, step.kind === 'run' ? step.run : step.slots]), subject.site, spec]));
    expect(scenarios.length).toBeGreaterThanOrEqual(50);
    expect(new Set(runs).size).toBe(runs.length);
  });

  test('every race of TowerBFT is shown', () => {
    const shown = new Set(scenarios.flatMap(({ shows }) => shows));
    const races = ['R1', 'R2', 'R3', 'R4', 'R6', 'R7', 'R8', 'R12', 'R13', 'R14', 'R15', 'R16', 'R17', 'R22'];
    expect(races.filter((row) => !shown.has(row))).toEqual([]);
  });
});
