/** Outcomes of scenarios for people. */
import type { ScenarioOutcome } from './run.ts';

/** One line when everything is as expected, otherwise a line for each thing that is not. */
export function describeOutcome({ scenario, run, twin, unmet, met }: ScenarioOutcome): string[] {
  const head = `${met ? 'ok' : 'NOT MET'}  ${scenario.name}: ${run.outcome}; twin: ${twin.outcome}`;
  return [
    head,
    ...unmet.map(({ sentence }) => `    ${sentence}`),
    ...run.unmet.map(({ sentence }) => `    scenario: ${sentence}`),
    ...twin.unmet.map(({ sentence }) => `    twin: ${sentence}`),
  ];
}
