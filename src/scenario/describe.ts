/** Outcomes of scenarios for people. */
import type { WaiverNotes } from '../waiver/waiver.ts';
import type { ScenarioOutcome, SideOutcome } from './run.ts';

/** One line when everything is as expected, otherwise a line for each thing that is not; and one for each waived finding. */
export function describeOutcome({ scenario, run, twin, unmet, met }: ScenarioOutcome, notes: WaiverNotes = new Map()): string[] {
  const head = `${met ? 'ok' : 'NOT MET'}  ${scenario.name}: ${run.outcome}; twin: ${twin.outcome}`;
  return [
    head,
    ...unmet.map(({ sentence }) => `    ${sentence}`),
    ...run.unmet.map(({ sentence }) => `    scenario: ${sentence}`),
    ...twin.unmet.map(({ sentence }) => `    twin: ${sentence}`),
    ...waivedLines('scenario', run, notes),
    ...waivedLines('twin', twin, notes),
  ];
}

function waivedLines(side: string, { judgement }: SideOutcome, notes: WaiverNotes): string[] {
  return judgement.findings.flatMap(({ id, title }) => (notes.has(id) ? [`    ${side}: ${id} ${title}; ${notes.get(id)}`] : []));
}
