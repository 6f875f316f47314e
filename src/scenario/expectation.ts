/** A run against what is expected of it. */
import type { Finding, Judgement } from '../model/verdict.ts';
import type { ProcessEvent, Trace } from '../model/trace.ts';
import type { Bounds, Expectation, ExpectedFinding } from './schema.ts';

/** The exit code that an unmet expectation stands for. */
export type UnmetCode = 1 | 2 | 3 | 4 | 5;

export interface Unmet {
  readonly code: UnmetCode;
  /** What was expected, and what was met. */
  readonly sentence: string;
}

/** Everything that is not as expected. */
export function unmetExpectations(expect: Expectation, judgement: Judgement, trace: Trace): Unmet[] {
  const { result, downtime, liveness, findings, gaps } = judgement;
  const unmet: Unmet[] = [];
  const say = (code: UnmetCode, sentence: string) => unmet.push({ code, sentence });
  if (result !== expect.result) say(result === 'unknown' ? (gaps.length > 0 ? 4 : 5) : 1, `expected: ${expect.result}; met: ${result}${judgement.unknown.map((why) => `; ${why}`).join('')}`);
  for (const expected of expect.findings) {
    if (!findings.some((finding) => matches(expected, finding))) say(codeOf(expected.class), `expected: ${findingWords(expected)}; met: ${metWords(expected, findings)}`);
  }
  for (const absent of expect.absent) {
    const found = findings.find((finding) => finding.class === absent || finding.kind === absent);
    if (found !== undefined) say(codeOf(found.class), `expected: no ${absent}; met: ${found.title}`);
  }
  if (expect.downtime !== undefined && !within(expect.downtime, downtime.slots)) say(2, `expected: ${boundWords(expect.downtime)} slots of downtime; met: ${downtime.slots}`);
  const missed = expect['leader-slots-missed'];
  if (missed !== undefined && missed !== downtime.leaderSlotsMissed) say(2, `expected: ${missed} leader slots missed; met: ${downtime.leaderSlotsMissed}`);
  const wanted = expect['leader-slots-produced'];
  const produced = trace.events.filter((event) => event.type === 'leader' && event.outcome === 'produced').length;
  if (wanted !== undefined && wanted !== produced) say(2, `expected: ${wanted} leader slots produced; met: ${produced}`);
  if (expect.live !== undefined && expect.live !== liveness.live) say(2, `expected: ${expect.live ? 'one voter at the end' : 'not exactly one voter at the end'}; met: ${liveness.why}`);
  if (expect.voter !== undefined && !(liveness.voters.length === 1 && liveness.voters[0] === expect.voter)) say(2, `expected: ${expect.voter} votes at the end; met: ${liveness.why}`);
  for (const [id, exit] of Object.entries(expect.exits)) {
    const ended = trace.events.findLast((event) => event.type === 'command' && event.phase === 'end' && event.id === id);
    const met = ended?.type === 'command' ? ended.exit! : 'not-run';
    if (met !== exit) say(5, `expected: exit ${exit} of step "${id}"; met: ${met}${ended?.type === 'command' && ended.stderr !== undefined ? ` (${ended.stderr.trim().split('\n').at(-1)})` : ''}`);
  }
  unmet.push(...unmetEnds(expect, trace));
  return unmet;
}

function unmetEnds({ ends }: Expectation, trace: Trace): Unmet[] {
  if (ends === undefined) return [];
  const exits = trace.events.filter((event): event is ProcessEvent => event.type === 'process' && event.state === 'exited');
  const words = exits.map(({ host, exit, reason }) => `${host} ended${exit === undefined ? '' : ` with ${exit}`} (${reason})`);
  if (ends.length === 0) return words.map((met) => ({ code: 5, sentence: `expected: no process ends; met: ${met}` }));
  return ends.flatMap(({ host, exit, reason }) => {
    const met = exits.some((event) => event.host === host && (exit === undefined || event.exit === exit) && (reason === undefined || event.reason?.includes(reason) === true));
    if (met) return [];
    const wanted = `${host} ends${exit === undefined ? '' : ` with ${exit}`}${reason === undefined ? '' : ` (${reason})`}`;
    return [{ code: 5 as const, sentence: `expected: ${wanted}; met: ${words.length === 0 ? 'no process ends' : [...new Set(words)].join(', ')}` }];
  });
}

function codeOf(kindOf: Finding['class']): UnmetCode {
  return kindOf === 'downtime' ? 2 : kindOf === 'violation' ? 1 : 5;
}

function matches(expected: ExpectedFinding, finding: Finding): boolean {
  return (
    expected.class === finding.class &&
    expected.kind === finding.kind &&
    (expected.host === undefined || finding.hosts.includes(expected.host)) &&
    (expected.step === undefined || finding.step === expected.step) &&
    (expected.count === undefined || (finding.count !== undefined && within(typeof expected.count === 'number' ? { 'at-least': expected.count, 'at-most': expected.count } : expected.count, finding.count))) &&
    (expected.refused === undefined || expected.refused.join(' ') === refusedRuns(finding).join(' '))
  );
}

/** "13x1", "6x30": errors in the order in which banks gave them, repetitions counted. */
export function refusedRuns({ refused }: Finding): string[] {
  const runs: { error: number; times: number }[] = [];
  for (const { error } of refused ?? []) {
    const last = runs.at(-1);
    if (last?.error === error) last.times++;
    else runs.push({ error, times: 1 });
  }
  return runs.map(({ error, times }) => `${error}x${times}`);
}

function within(bounds: Bounds, value: number): boolean {
  return value >= (bounds['at-least'] ?? 0) && value <= (bounds['at-most'] ?? Number.POSITIVE_INFINITY);
}

function boundWords(bounds: Bounds): string {
  const least = bounds['at-least'];
  const most = bounds['at-most'];
  if (least === undefined) return `at most ${most ?? 'any number of'}`;
  return most === undefined ? `at least ${least}` : `${least} to ${most}`;
}

function findingWords({ class: kindOf, kind, host, step, count, refused }: ExpectedFinding): string {
  const details = [
    host === undefined ? '' : ` on ${host}`,
    step === undefined ? '' : ` at step "${step}"`,
    count === undefined ? '' : `, ${typeof count === 'number' ? count : boundWords(count)} times`,
    refused === undefined ? '' : `, refused ${refused.length === 0 ? 'none' : refused.join(' ')}`,
  ];
  return `${kindOf} ${kind}${details.join('')}`;
}

/** Findings of the same kind; of the same class when there are none; otherwise all. */
function metWords(expected: ExpectedFinding, findings: readonly Finding[]): string {
  const near = [findings.filter(({ kind }) => kind === expected.kind), findings.filter((finding) => finding.class === expected.class), findings];
  const shown = near.find((list) => list.length > 0);
  if (shown === undefined) return 'nothing';
  return shown.map((finding) => `${finding.kind} (${finding.title}; step "${finding.step}"${finding.refused === undefined ? '' : `; ${refusedRuns(finding).join(' ')}`})`).join(', ');
}
