/** `solevoter replay TOKEN`. */
import { loadBounds } from '../explore/bounds.ts';
import { encodeToken, refuseOtherSteps } from '../explore/token.ts';
import { pointOfNoReturn } from '../explore/no-return.ts';
import { runSpec } from '../explore/run-spec.ts';
import { describeDraw } from '../explore/told.ts';
import { documentOf } from '../report/document/document.ts';
import { subjectOfOne } from '../report/document/one.ts';
import { describeNoReturn } from '../report/no-return-text.ts';
import { formatTrace, traceHash } from '../report/trace-file.ts';
import { tellStory } from '../report/story-lines.ts';
import { describeJudgement } from '../report/verdict-text.ts';
import { COLUMNS, wrap } from '../report/wrap.ts';
import { describeWithout } from '../report/without-text.ts';
import { describeFault, mutatedProcedure } from '../sim/faults.ts';
import { describeFork } from '../sim/fork-plan.ts';
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
  const bounds = loadBounds(options.bounds ?? 'quick');
  const spec = options.without === undefined ? token.spec : withoutFault(token.spec, options.without);
  refuseOtherSteps({ ...token, spec }, procedure);
  const { trace, judgement, fired } = runSpec(subject, spec);
  const wanted = wantsReports(options);
  if (options.trace !== undefined) writeWhole(options.trace, formatTrace(trace));
  const { faults, fork, draws } = spec;
  const world = [
    `${procedure.name}: ${describeFork(fork)}`,
    ...faults.map((fault, i) => `fault: ${describeFault(fault, mutatedProcedure(procedure, faults.slice(0, i)))}${fired[i] === true ? '' : ' (did not strike)'}`),
    ...Object.entries(draws).map(([label, value]) => `timing: ${describeDraw(label, value)}`),
  ].flatMap((line) => wrap(line, COLUMNS, 2));
  const [worst] = judgement.findings;
  const noReturn = (options.noReturn || wanted) && worst !== undefined ? pointOfNoReturn(subject, bounds, spec, worst.id) : null;
  const proof = options.noReturn && noReturn !== null ? ['', ...describeNoReturn(noReturn, trace.header.stakedIdentity)] : [];
  const compared = options.without === undefined ? [] : [...describeWithout(options.without, runSpec(subject, token.spec).judgement, judgement, encodeToken({ ...token, spec })), ''];
  printLines([...compared, ...describeJudgement(judgement, { colour: wantsColour(), assumptions: trace.header.assumptions ?? [] }), '', ...world, '', ...tellStory(trace, worst), ...proof, '', `trace ${traceHash(trace)}`]);
  const failures = failuresOf(outcomeOf(judgement, new Map()), failOn(undefined));
  const exit = exitCode(failures);
  if (wanted) {
    const story = storyOfRun(subject, spec, worst?.id ?? null, null);
    writeReports(documentOf({
      command: 'replay', exit, problems: [],
      subjects: [subjectOfOne({
        kind: 'procedure', name: procedure.name, title: procedure.title, file: procedure.file === undefined ? null : fileOf(procedure.file),
        trace, judgement, spec, procedure, origin,
        stories: story === null ? [] : [{ ...story, noReturn }],
        method: { kind: 'one run' }, bounds: ['one run: that of the token'], notes: new Map(), failures, exit,
      })],
    }), options);
  }
  return exit;
}
