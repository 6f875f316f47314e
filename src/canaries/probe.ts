/** A process that loads one build of the product, makes the searches that it is asked for, and tells what they found. */
import { join } from 'node:path';
import type { Choice } from '../explore/choice.ts';
import type { RunSpec } from '../explore/run-spec.ts';
import type { Found } from './canary.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { loadProduct } from './product.ts';
import type { Search } from './searches.ts';

process.once('message', ({ dist, search }: { readonly dist: string; readonly search: Search }) => {
  probe(dist, search).then((found) => process.send!(found, () => process.disconnect()), (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`, () => process.disconnect());
  });
});

async function probe(dist: string, search: Search): Promise<Found> {
  const { unitsOf, searchUnit, runSpec, loadProcedure, loadScenario, GUIDE_SITE } = await loadProduct(dist);
  const site = { ...GUIDE_SITE, ...search.site };
  const subject = { site, procedure: loadProcedure(search.procedure, site, {}) };
  if (!('bounds' in search.of)) {
    const setups = 'scenario' in search.of ? [loadScenario(join(PACKAGE_ROOT, `scenarios/${search.of.scenario}.yaml`))[search.of.side]] : search.of.specs.map((spec) => ({ subject, spec }));
    const runs = setups.map((setup) => ({ spec: setup.spec, judgement: runSpec(setup.subject, setup.spec).judgement }));
    return {
      findings: runs.flatMap(({ judgement, spec }) => judgement.findings.map(({ kind, cause }) => ({ kind, cause, schedule: wordsOf(choicesOf(spec)) || search.name }))),
      schedules: runs.length,
      unknown: runs.filter(({ judgement }) => judgement.result === 'unknown').length,
    };
  }
  const { bounds, most } = search.of;
  const tallies = unitsOf(subject, bounds, most).map((unit) => ({ unit, tally: searchUnit(subject, bounds, most, unit, () => false).tally }));
  return {
    findings: tallies.flatMap(({ tally, unit }) => [...tally.causes.values()].map(({ kind, cause, choices }) => ({ kind, cause, schedule: wordsOf(choices) || (bounds.timings.length > 1 ? `timing ${unit.timing + 1}` : 'nothing besides') }))),
    schedules: tallies.reduce((sum, { tally }) => sum + tally.schedules, 0),
    unknown: tallies.reduce((sum, { tally }) => sum + tally.unknown, 0),
  };
}

function choicesOf({ faults, fork }: RunSpec): Choice[] {
  return [...(fork === null ? [] : [{ fork }]), ...faults.map((fault) => ({ fault }))];
}

/** Choices in short: "crash active, before step 2". */
function wordsOf(choices: readonly Choice[]): string {
  return choices.map((choice) => {
    if ('fork' in choice) return `fork at ${choice.fork.at}: ${choice.fork.losing}+${choice.fork.skipped}`;
    const { kind, on, at } = choice.fault;
    if (at === 'before-start') return `${kind} ${on}`;
    return `${kind} ${on}, ${at.kind === 'step' ? `${at.when} step ${at.index + 1}` : at.kind === 'point' ? `${at.point} in ${at.slot}` : at.kind === 'slot' ? `slot ${at.slot}` : `${at.t} µs`}`;
  }).join('; ');
}
