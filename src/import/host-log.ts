/** The log of one host, of one file or several (rotated, or of several runs), in the order of time. */
import { InputError } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Micros } from '../model/trace.ts';
import { LONGEST_SILENCE_MS } from './log-reader.ts';
import type { LogContent, Silence, Stamped } from './log-reader.ts';
import { wallText } from './wall-clock.ts';

export interface HostLog {
  readonly host: string;
  readonly files: readonly string[];
  readonly first: Micros;
  readonly last: Micros;
  /** By time. */
  readonly facts: readonly Stamped[];
  /** The log begins with the start of the process. */
  readonly beginsWithStart: boolean;
  /** The process has ended when the log does. */
  readonly ended: boolean;
  /** Times in which the process ran and nothing is told. */
  readonly silences: readonly Silence[];
}

/** Joins the files of a host. */
export function hostLog(host: string, contents: readonly LogContent[]): HostLog {
  const files = [...contents].sort((a, b) => a.first - b.first);
  const facts = files.flatMap((content) => content.facts).sort((a, b) => a.t - b.t);
  const between = files.slice(1).flatMap((next, i): Silence[] => {
    const { last } = files[i]!;
    return next.first - last > LONGEST_SILENCE_MS * 1000 ? [{ from: last, to: next.first, file: next.file, line: 1 }] : [];
  });
  const silences = [...files.flatMap((content) => content.silences), ...between].filter((silence) => isRunning(facts, silence));
  const first = files[0]!.first;
  // The version stands in the line before the start.
  const beginsWithStart = facts.slice(0, 2).some(({ fact, t }) => fact.kind === 'started' && t - first < 1_000_000);
  const life = facts.findLast(({ fact }) => fact.kind === 'started' || fact.kind === 'ended');
  const last = files.reduce((latest, content) => Math.max(latest, content.last), 0);
  return { host, files: files.map(({ file }) => file), first, last, facts, beginsWithStart, ended: life?.fact.kind === 'ended', silences };
}

/** Whether the process runs before and after a time without lines. */
function isRunning(facts: readonly Stamped[], { from, to }: Silence): boolean {
  const before = facts.findLast(({ fact, t }) => t <= from && (fact.kind === 'started' || fact.kind === 'ended'));
  const after = facts.find(({ fact, t }) => t >= to && fact.kind !== 'version');
  return before?.fact.kind !== 'ended' && after?.fact.kind !== 'started';
}

/** What makes logs no pair of two hosts, and times that they leave out. Throws InputError unless holes are allowed. */
export function refuseLogs(logs: readonly HostLog[], allowHoles: boolean): void {
  const diagnostics: Diagnostic[] = [];
  const [a, b] = logs;
  if (a !== undefined && b !== undefined && isOneHost(a, b)) {
    throw new InputError([{ file: b.files[0]!, message: `this is a log of the same host as ${a.files[0]}`, expected: 'the log of the other host: both files freeze the same banks in the same microseconds' }]);
  }
  for (const { silences } of allowHoles ? [] : logs) {
    for (const { file, line, from, to } of silences) {
      diagnostics.push({
        file, line, message: `nothing is logged for ${Math.round((to - from) / 1_000_000)} s, from ${wallText(from)} to ${wallText(to)} UTC, while the validator runs`,
        expected: 'a log without holes, or --allow-gaps, with which the verdict stays open',
      });
    }
  }
  if (diagnostics.length > 0) throw new InputError(diagnostics);
}

/** Two machines do not freeze bank after bank in the same microsecond. */
function isOneHost(a: HostLog, b: HostLog): boolean {
  const frozen = new Set(a.facts.flatMap(({ fact, t }) => (fact.kind === 'frozen' ? [`${t} ${fact.slot}`] : [])));
  const same = b.facts.filter(({ fact, t }) => fact.kind === 'frozen' && frozen.has(`${t} ${fact.slot}`)).length;
  return same > 2;
}
