/** `solevoter explain TOKEN|TRACE`: the story in prose, and what operators ask of it. */
import { judge } from '../check/judge.ts';
import { loadBounds } from '../explore/bounds.ts';
import { waitWithoutTower, whatIf } from '../explore/what-if.ts';
import { subjectOfOne } from '../report/document/one.ts';
import type { Subject } from '../report/document/schema.ts';
import { explainStory, explainWhatIf } from '../report/explain-text.ts';
import { COLUMNS, wrap } from '../report/wrap.ts';
import { basename } from 'node:path';
import { failOn } from './fail-on.ts';
import { NO_ORIGIN, fileOf, storyOfRun, storyOfTrace } from './facts.ts';
import { exitCode, failuresOf, outcomeOf } from './outcome-exit.ts';
import { printLines, progressLine } from './terminal.ts';
import { isToken, subjectOfToken } from './token-subject.ts';
import { readTrace } from './trace-input.ts';

/** Prints the explanation, and returns the exit code that replay or check would give. Throws InputError. */
export function explainCommand(given: string): number {
  return isToken(given) ? explainToken(given) : explainTrace(given);
}

function explainToken(text: string): number {
  const { token, subject, origin } = subjectOfToken(text);
  const { spec } = token;
  const { procedure } = subject;
  progressLine('the story');
  const plain = storyOfRun(subject, spec, null, null)!;
  const [worst] = plain.run.judgement.findings;
  const story = worst === undefined ? plain : storyOfRun(subject, spec, worst.id, loadBounds('quick'))!;
  const { trace, judgement } = story.run;
  const failures = failuresOf(outcomeOf(judgement, new Map()), failOn(undefined));
  const exit = exitCode(failures);
  const told = subjectOfOne({
    kind: 'procedure', name: procedure.name, title: procedure.title, file: procedure.file === undefined ? null : fileOf(procedure.file),
    trace, judgement, spec, procedure, origin, stories: [story], method: { kind: 'one run' }, bounds: [], notes: new Map(), failures, exit,
  });
  progressLine('what if');
  const answers = explainWhatIf(whatIf(subject, spec), waitWithoutTower(subject));
  progressLine('');
  printLines([...explained(told), '', ...answers, '', 'Replay it:', `  npx solevoter replay ${text}`]);
  return exit;
}

function explainTrace(file: string): number {
  const trace = readTrace(file);
  const judgement = judge(trace);
  const failures = failuresOf(outcomeOf(judgement, new Map()), failOn(undefined));
  const exit = exitCode(failures);
  const given = fileOf(file);
  const told = subjectOfOne({
    kind: 'trace', name: trace.header.procedure ?? basename(given.path), title: null, file: given, trace, judgement, spec: null, procedure: null, origin: NO_ORIGIN,
    stories: [storyOfTrace(trace, judgement, judgement.findings[0] ?? null)], method: { kind: 'one run' }, bounds: [], notes: new Map(), failures, exit,
  });
  printLines([...explained(told), '', ...wrap('What if? A trace tells what happened and nothing else: "solevoter explain TOKEN" answers that, by running the world of a token again.', COLUMNS, 2)]);
  return exit;
}

function explained(subject: Subject): string[] {
  const [story] = subject.stories;
  return story === undefined ? [] : explainStory(story, subject);
}
