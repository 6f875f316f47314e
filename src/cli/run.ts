/** `solevoter run FILES…`: scenario files, or folders of them, as a regression suite. */
import { describeOutcome } from '../scenario/describe.ts';
import { EXIT, worstExit } from '../model/exit-code.ts';
import { runScenario } from '../scenario/run.ts';
import { waiverNotes } from '../waiver/waiver.ts';
import { scenariosOf } from './scenario-files.ts';
import { printLines } from './terminal.ts';
import { refuseUnused, waiversOf } from './waivers.ts';

/** Prints a line for each scenario, more where an expectation is not met; returns the exit code. Throws InputError. */
export async function runCommand(files: readonly string[], options: { readonly waivers?: string } = {}): Promise<number> {
  const waivers = waiversOf(options.waivers);
  const notes = waiverNotes(waivers);
  const found = new Set<string>();
  const scenarios = scenariosOf(files);
  const codes = scenarios.map((scenario) => {
    const outcome = runScenario(scenario, notes);
    for (const { judgement } of [outcome.run, outcome.twin]) for (const { id } of judgement.findings) found.add(id);
    printLines(describeOutcome(outcome, notes));
    return outcome.code;
  });
  const unmet = codes.filter((code) => code !== 0).length;
  printLines(['', `${scenarios.length - unmet} of ${scenarios.length} scenarios as expected`]);
  refuseUnused(waivers, [...found]);
  // A folder without a scenario has shown nothing.
  return scenarios.length === 0 ? EXIT.unknown : worstExit(codes);
}
