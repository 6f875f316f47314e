/** `solevoter run FILES…`: scenario files, or folders of them, as a regression suite. */
import { describeOutcome } from '../scenario/describe.ts';
import { InputError, describeDiagnostic } from '../model/diagnostic.ts';
import { EXIT, worstExit } from '../model/exit-code.ts';
import { documentOf } from '../report/document/document.ts';
import { runScenario } from '../scenario/run.ts';
import { unusedWaivers, waiverNotes } from '../waiver/waiver.ts';
import { refuseUnwritable, wantsReports, writeReports } from './reports.ts';
import type { ReportOptions } from './reports.ts';
import { scenariosOf } from './scenario-files.ts';
import { subjectsOfScenario } from './suite.ts';
import { printLines } from './terminal.ts';
import { waiversOf } from './waivers.ts';

export interface RunOptions extends ReportOptions {
  readonly waivers?: string;
}

/** Prints a line for each scenario, more where an expectation is not met; returns the exit code. Throws InputError. */
export async function runCommand(files: readonly string[], options: RunOptions = {}): Promise<number> {
  refuseUnwritable(options);
  const waivers = waiversOf(options.waivers);
  const notes = waiverNotes(waivers);
  const scenarios = scenariosOf(files);
  const outcomes = scenarios.map((scenario) => {
    const outcome = runScenario(scenario, notes);
    printLines(describeOutcome(outcome, notes));
    return outcome;
  });
  const unmet = outcomes.filter(({ code }) => code !== 0).length;
  printLines(['', `${scenarios.length - unmet} of ${scenarios.length} scenarios as expected`]);
  const found = outcomes.flatMap(({ run, twin }) => [...run.judgement.findings, ...twin.judgement.findings].map(({ id }) => id));
  const problems = unusedWaivers(waivers, found);
  // A folder without a scenario has shown nothing.
  const exit = scenarios.length === 0 ? EXIT.unknown : worstExit(outcomes.map(({ code }) => code));
  if (wantsReports(options)) {
    const subjects = outcomes.flatMap((outcome) => subjectsOfScenario(outcome, notes));
    writeReports(documentOf({ command: 'run', subjects, exit, problems: problems.map(describeDiagnostic) }), options);
  }
  if (problems.length > 0) throw new InputError(problems);
  return exit;
}
