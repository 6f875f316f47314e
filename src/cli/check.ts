/** `solevoter check TRACE.jsonl`. */
import { judge } from '../check/judge.ts';
import { parseTrace } from '../report/trace-file.ts';
import { endsText } from '../report/ends-text.ts';
import { tellStory } from '../report/story.ts';
import { describeJudgement } from '../report/verdict-text.ts';
import { readInputFile, utf8Text } from '../transition/input-file.ts';
import { waiverNotes } from '../waiver/waiver.ts';
import { failOn } from './fail-on.ts';
import { outcomeExit, outcomeOf } from './outcome-exit.ts';
import { printLines, wantsColour } from './terminal.ts';
import { refuseUnused, waiversOf } from './waivers.ts';

export interface CheckOptions {
  readonly downtimeBudget?: number;
  readonly failOn?: string;
  readonly waivers?: string;
}

/** Largest trace that is read, bytes: a text of Node may not be much longer. */
const LARGEST_TRACE = 400_000_000;

/** Prints the judgement and returns the exit code. Throws InputError. */
export function checkCommand(file: string, options: CheckOptions): number {
  const failing = failOn(options.failOn);
  const waivers = waiversOf(options.waivers);
  const notes = waiverNotes(waivers);
  const trace = parseTrace(utf8Text(readInputFile(file, LARGEST_TRACE), file), file);
  const judgement = judge(trace);
  const { findings } = judgement;
  const worst = findings.find(({ id }) => !notes.has(id)) ?? findings[0];
  const story = worst === undefined ? [] : ['', 'Story', ...tellStory(trace, worst)];
  printLines([...describeJudgement(judgement, { colour: wantsColour(), assumptions: trace.header.assumptions ?? [], notes }), ...endsText(trace), ...story]);
  refuseUnused(waivers, findings.map(({ id }) => id));
  return outcomeExit(outcomeOf(judgement, notes), failing, options.downtimeBudget);
}
