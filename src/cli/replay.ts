/** `solevoter replay TOKEN`. */
import { loadBounds } from '../explore/bounds.ts';
import { decodeToken, encodeToken, refuseOtherSteps } from '../explore/token.ts';
import { runSpec } from '../explore/run-spec.ts';
import { InputError } from '../model/diagnostic.ts';
import { formatTrace, traceHash } from '../report/trace-file.ts';
import { tellStory } from '../report/story.ts';
import { describeJudgement } from '../report/verdict-text.ts';
import { describeWithout } from '../report/without-text.ts';
import { describeFault, mutatedProcedure } from '../sim/faults.ts';
import { describeFork } from '../sim/fork-plan.ts';
import { LATENCY_TABLES } from '../sim/latency.ts';
import type { LatencyName } from '../sim/latency.ts';
import { loadProcedure } from '../transition/procedure-file.ts';
import { GUIDE_SITE } from '../transition/site.ts';
import { failOn } from './fail-on.ts';
import { outcomeExit, outcomeOf } from './outcome-exit.ts';
import { noReturnLines } from './proof.ts';
import { printLines, wantsColour } from './terminal.ts';
import { withoutFault } from './without-fault.ts';
import { writeWhole } from './write-whole.ts';

export interface ReplayOptions {
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
  const token = decodeToken(text);
  if (token === null) throw new InputError([{ file: 'TOKEN', message: 'this is no replay token of this version, or it was cut', expected: 'the text behind "solevoter replay" of a rehearsal, beginning with sv1.' }]);
  const site = { ...GUIDE_SITE, ...token.site };
  const procedure = loadProcedure(token.procedure, site, token.params);
  refuseOtherSteps(token, procedure);
  const subject = { site, procedure };
  const bounds = loadBounds(options.bounds ?? 'quick');
  const spec = options.without === undefined ? token.spec : withoutFault(token.spec, options.without);
  refuseOtherSteps({ ...token, spec }, procedure);
  const { trace, judgement, fired } = runSpec(subject, spec);
  if (options.trace !== undefined) writeWhole(options.trace, formatTrace(trace));
  const { faults, fork, draws } = spec;
  const world = [
    `${procedure.name}: ${describeFork(fork)}`,
    ...faults.map((fault, i) => `fault: ${describeFault(fault, mutatedProcedure(procedure, faults.slice(0, i)))}${fired[i] === true ? '' : ' (did not strike)'}`),
    ...Object.entries(draws).map(([label, value]) => `timing: ${describeDraw(label, value)}`),
  ];
  const [worst] = judgement.findings;
  const proof = options.noReturn && worst !== undefined ? ['', ...noReturnLines(subject, bounds, spec, worst.id)] : [];
  const compared = options.without === undefined ? [] : [...describeWithout(options.without, runSpec(subject, token.spec).judgement, judgement, encodeToken({ ...token, spec })), ''];
  printLines([...compared, ...world, '', ...tellStory(trace, worst), ...proof, '', ...describeJudgement(judgement, { colour: wantsColour(), assumptions: trace.header.assumptions ?? [] }), '', `trace ${traceHash(trace)}`]);
  return outcomeExit(outcomeOf(judgement, new Map()), failOn(undefined));
}

/** "scp = 20 ms"; counts of slots have no unit. */
function describeDraw(label: string, index: number): string {
  const name = label.replace('latency/', '') as LatencyName;
  const value = LATENCY_TABLES[name][index] ?? index;
  return `${name} = ${value >= 100 ? `${value / 1000} ms` : value}`;
}
