/** `solevoter check TRACE.jsonl`. */
import { judge } from '../check/judge.ts';
import type { Judgement } from '../model/verdict.ts';
import { parseTrace } from '../report/trace-file.ts';
import { tellStory } from '../report/story.ts';
import { describeJudgement } from '../report/verdict-text.ts';
import { readInputFile, utf8Text } from '../transition/input-file.ts';
import { failOn } from './fail-on.ts';
import { outcomeExit } from './outcome-exit.ts';
import { printLines, wantsColour } from './terminal.ts';

export interface CheckOptions {
  readonly downtimeBudget?: number;
  readonly failOn?: string;
}

/** Largest trace that is read, bytes: a text of Node may not be much longer. */
const LARGEST_TRACE = 400_000_000;

/** Prints the judgement and returns the exit code. Throws InputError. */
export function checkCommand(file: string, options: CheckOptions): number {
  failOn(options.failOn);
  const trace = parseTrace(utf8Text(readInputFile(file, LARGEST_TRACE), file), file);
  const judgement = judge(trace);
  const [worst] = judgement.findings;
  const story = worst === undefined ? [] : ['', 'Story', ...tellStory(trace, worst)];
  printLines([...describeJudgement(judgement, { colour: wantsColour(), assumptions: trace.header.assumptions ?? [] }), ...story]);
  return judgementExit(judgement, options);
}

/** Exit code of one judged trace. */
export function judgementExit(judgement: Judgement, options: CheckOptions): number {
  const { liveness, downtime } = judgement;
  return outcomeExit({ ...judgement, live: liveness.live, downtime: downtime.slots }, failOn(options.failOn), options.downtimeBudget);
}
