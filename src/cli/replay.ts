/** `solevoter replay TOKEN`. */
import { decodeToken, stepsFingerprint } from '../explore/token.ts';
import type { Token } from '../explore/token.ts';
import { runSpec } from '../explore/run-spec.ts';
import { InputError } from '../model/diagnostic.ts';
import { formatTrace, traceHash } from '../report/trace-file.ts';
import { tellStory } from '../report/story.ts';
import { describeJudgement } from '../report/verdict-text.ts';
import { OPERATOR_KINDS, describeFault, mutatedProcedure } from '../sim/faults.ts';
import { describeFork } from '../sim/fork-plan.ts';
import { LATENCY_TABLES } from '../sim/latency.ts';
import type { LatencyName } from '../sim/latency.ts';
import { loadProcedure } from '../transition/procedure-file.ts';
import type { Procedure } from '../transition/procedure.ts';
import { GUIDE_SITE } from '../transition/site.ts';
import { judgementExit } from './check.ts';
import { printLines, wantsColour } from './terminal.ts';
import { writeWhole } from './write-whole.ts';

/** Prints story and judgement, and returns the exit code. Throws InputError. */
export async function replayCommand(text: string, options: { readonly trace?: string }): Promise<number> {
  const token = decodeToken(text);
  if (token === null) throw new InputError([{ file: 'TOKEN', message: 'this is no replay token of this version, or it was cut', expected: 'the text behind "solevoter replay" of a rehearsal, beginning with sv1.' }]);
  const site = { ...GUIDE_SITE, ...token.site };
  const procedure = loadProcedure(token.procedure, site, token.params);
  if (stepsFingerprint(procedure) !== token.steps) {
    throw new InputError([{ file: token.procedure, message: 'the steps of this procedure are no longer those of the token', expected: `steps with the fingerprint ${token.steps}` }]);
  }
  refuseMissingSteps(token, procedure);
  const { trace, judgement, fired } = runSpec({ site, procedure }, token.spec);
  if (options.trace !== undefined) writeWhole(options.trace, formatTrace(trace));
  const { faults, fork, draws } = token.spec;
  const world = [
    `${procedure.name}: ${describeFork(fork)}`,
    ...faults.map((fault, i) => `fault: ${describeFault(fault, procedure)}${fired[i] === true ? '' : ' (did not strike)'}`),
    ...Object.entries(draws).map(([label, value]) => `timing: ${describeDraw(label, value)}`),
  ];
  const [worst] = judgement.findings;
  printLines([...world, '', ...tellStory(trace, worst), '', ...describeJudgement(judgement, { colour: wantsColour(), assumptions: trace.header.assumptions ?? [] }), '', `trace ${traceHash(trace)}`]);
  return judgementExit(judgement, {});
}

/** A fault may only name a step of the procedure as it is taken. */
function refuseMissingSteps({ procedure: file, spec: { faults } }: Token, procedure: Procedure): void {
  let steps = 0;
  try {
    steps = mutatedProcedure(procedure, faults).steps.length;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError([{ file, message: `the token does not fit this procedure: ${error.message}`, expected: 'a token as a rehearsal prints it' }]);
  }
  for (const { kind, at } of faults) {
    if (at !== 'before-start' && at.kind === 'step' && !OPERATOR_KINDS.includes(kind) && at.index >= steps) {
      throw new InputError([{ file, message: `the token does not fit this procedure: it has no step at ${at.index}`, expected: 'a token as a rehearsal prints it' }]);
    }
  }
}

/** "scp = 20 ms"; counts of slots have no unit. */
function describeDraw(label: string, index: number): string {
  const name = label.replace('latency/', '') as LatencyName;
  const value = LATENCY_TABLES[name][index] ?? index;
  return `${name} = ${value >= 100 ? `${value / 1000} ms` : value}`;
}
