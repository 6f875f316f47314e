/** `solevoter check TRACE.jsonl`. */
import { basename } from 'node:path';
import { judge } from '../check/judge.ts';
import { InputError, describeDiagnostic } from '../model/diagnostic.ts';
import { documentOf } from '../report/document/document.ts';
import { subjectOfOne } from '../report/document/one.ts';
import { endsText } from '../report/ends-text.ts';
import { storyText } from '../report/story-lines.ts';
import { describeJudgement } from '../report/verdict-text.ts';
import { unusedWaivers, waiverNotes } from '../waiver/waiver.ts';
import { NO_ORIGIN, fileOf, storyOfTrace } from './facts.ts';
import { failOn } from './fail-on.ts';
import { exitCode, failuresOf, outcomeOf } from './outcome-exit.ts';
import { refuseUnwritable, writeReports } from './reports.ts';
import type { ReportOptions } from './reports.ts';
import { printLines, wantsColour } from './terminal.ts';
import { readTrace } from './trace-input.ts';
import { waiversOf } from './waivers.ts';

export interface CheckOptions extends ReportOptions {
  readonly downtimeBudget?: number;
  readonly failOn?: string;
  readonly waivers?: string;
}

/** What the judgement of a trace is bound to. */
const ONE_TRACE = 'one trace; what it does not contain is not judged';

/** Prints the judgement and returns the exit code. Throws InputError. */
export function checkCommand(file: string, options: CheckOptions): number {
  refuseUnwritable(options);
  const failing = failOn(options.failOn);
  const waivers = waiversOf(options.waivers);
  const notes = waiverNotes(waivers);
  const trace = readTrace(file);
  const judgement = judge(trace);
  const { findings } = judgement;
  const worst = findings.find(({ id }) => !notes.has(id)) ?? findings[0];
  const failures = failuresOf(outcomeOf(judgement, notes), failing, options.downtimeBudget);
  const exit = exitCode(failures);
  const problems = unusedWaivers(waivers, findings.map(({ id }) => id));
  const given = fileOf(file);
  const subject = subjectOfOne({
    kind: 'trace', name: trace.header.procedure ?? basename(given.path), title: null, file: given,
    trace, judgement, spec: null, procedure: null, origin: NO_ORIGIN,
    stories: [storyOfTrace(trace, judgement, worst ?? null)],
    method: { kind: 'one run' }, bounds: [ONE_TRACE], notes, failures, exit,
  });
  printLines([...describeJudgement(subject, wantsColour()), ...subject.stories.flatMap((story) => [
    ...endsText(story.trace),
    ...(story.finding === null ? [] : ['', 'Story', ...storyText(story)]),
  ])]);
  writeReports(documentOf({ command: 'check', exit, problems: problems.map(describeDiagnostic), subjects: [subject] }), options);
  if (problems.length > 0) throw new InputError(problems);
  return exit;
}
