/** `solevoter replay TOKEN`. */
import { encodeToken, refuseOtherSteps } from '../explore/token.ts';
import { pointOfNoReturn } from '../explore/no-return.ts';
import { runSpec } from '../explore/run-spec.ts';
import { documentOf } from '../report/document/document.ts';
import { subjectOfOne } from '../report/document/one.ts';
import { describeNoReturn } from '../report/no-return-text.ts';
import { formatTrace } from '../report/trace-file.ts';
import { describeChoices } from '../report/run-text.ts';
import { storyText } from '../report/story-lines.ts';
import { describeJudgement } from '../report/verdict-text.ts';
import { describeWithout } from '../report/without-text.ts';
import { boundsOf } from './bounds-option.ts';
import { fileOf, storyOfRun } from './facts.ts';
import { failOn } from './fail-on.ts';
import { exitCode, failuresOf, outcomeOf } from './outcome-exit.ts';
import { refuseUnwritable, wantsReports, writeReports } from './reports.ts';
import type { ReportOptions } from './reports.ts';
import { printLines, wantsColour } from './terminal.ts';
import { subjectOfToken } from './token-subject.ts';
import { withoutFault } from './without-fault.ts';
import { writeWhole } from './write-whole.ts';

export interface ReplayOptions extends ReportOptions {
  /** File for the trace. */
  readonly trace?: string;
  /** The fault that is left out, see `withoutFault`. */
  readonly without?: string;
  /** Find the point of no return. */
  readonly noReturn: boolean;
  /** Shipped bounds by name, or a file: of the point of no return. */
  readonly bounds?: string;
}

/** Prints story and judgement, and returns the exit code. Throws InputError. */
export async function replayCommand(text: string, options: ReplayOptions): Promise<number> {
  refuseUnwritable(options);
  const { token, subject, origin } = subjectOfToken(text);
  const { procedure } = subject;
  const bounds = boundsOf(options.bounds ?? 'quick');
  const spec = options.without === undefined ? token.spec : withoutFault(token.spec, options.without);
  refuseOtherSteps({ ...token, spec }, procedure);
  const { trace, judgement } = runSpec(subject, spec);
  if (options.trace !== undefined) writeWhole(options.trace, formatTrace(trace));
  const failures = failuresOf(outcomeOf(judgement, new Map()), failOn(undefined));
  const exit = exitCode(failures);
  const [worst] = judgement.findings;
  const noReturn = (options.noReturn || wantsReports(options)) && worst !== undefined ? pointOfNoReturn(subject, bounds, spec, worst.id) : null;
  const told = storyOfRun(subject, spec, worst?.id ?? null, null)!;
  const replayed = subjectOfOne({
    kind: 'procedure', name: procedure.name, title: procedure.title, file: procedure.file === undefined ? null : fileOf(procedure.file),
    trace: told.run.trace, judgement, spec, procedure, origin, stories: [{ ...told, noReturn }],
    method: { kind: 'one run' }, bounds: ['one run: that of the token'], notes: new Map(), failures, exit,
  });
  const compared = options.without === undefined ? [] : [...describeWithout(options.without, runSpec(subject, token.spec).judgement, judgement, encodeToken({ ...token, spec })), ''];
  printLines([...compared, ...describeJudgement(replayed, wantsColour()), ...replayed.stories.flatMap((story) => [
    '', ...describeChoices(procedure.name, story),
    '', ...storyText(story),
    ...(options.noReturn && story.pointOfNoReturn !== null ? ['', ...describeNoReturn(story.pointOfNoReturn)] : []),
  ]), '', `trace ${replayed.run.traceHash}`]);
  writeReports(documentOf({ command: 'replay', exit, problems: [], subjects: [replayed] }), options);
  return exit;
}
