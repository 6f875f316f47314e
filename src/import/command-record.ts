/**
 * The operator's own record of the commands. Two forms, which may be mixed:
 *
 * - JSON Lines, one command a line: {"start":TIME,"end":TIME,"host":"active","id":"demote","line":"…","exit":0};
 * - the output of a script that prints the time between its commands, as `date -u +%FT%T.%N` does, with a few words
 *   behind it or none; or of bash with PS4='+ $(date -u +%FT%T.%N) ' and -x, which prints each command.
 */
import { InputError } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Micros } from '../model/trace.ts';
import { wallMicros } from './wall-clock.ts';

export type CommandKind = 'set-identity' | 'copy' | 'link' | 'wait' | 'other';

/** A command on the operator's clock, µs since 1970. */
export interface RecordedCommand {
  readonly start: Micros;
  readonly end: Micros;
  /** Null: the record does not say where it ran. */
  readonly host: string | null;
  readonly id: string | null;
  readonly kind: CommandKind;
  readonly text: string;
  readonly exit: number | null;
  readonly stdout: string;
  /** What the record does not say and was taken from its order; null for a command that is told whole. */
  readonly inferred: string | null;
  readonly line: number;
}

interface Mark {
  readonly t: Micros;
  readonly words: string;
  readonly traced: boolean;
  readonly line: number;
  readonly output: string[];
}

const STAMPED = /^(\++ )?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?)(?: (.*))?$/;

/** Reads a record; the commands by start. Throws InputError. */
export function parseCommands(text: string, file: string): readonly RecordedCommand[] {
  const diagnostics: Diagnostic[] = [];
  const marks: Mark[] = [];
  const commands: RecordedCommand[] = [];
  text.split('\n').forEach((source, i) => {
    const line = i + 1;
    if (source.startsWith('{')) {
      const command = jsonCommand(source, line);
      if (typeof command === 'string') diagnostics.push({ file, line, message: command, expected: '{"start":TIME,"end":TIME,"host":NAME,"line":COMMAND} with times such as 2026-11-22T19:43:21.386Z' });
      else commands.push(command);
      return;
    }
    const match = STAMPED.exec(source);
    const t = match === null ? null : wallMicros(match[2]!);
    if (t !== null) marks.push({ t, words: match![3] ?? '', traced: match![1] !== undefined, line, output: [] });
    else if (source.trim() !== '' && !source.startsWith('#')) marks.at(-1)?.output.push(source);
  });
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  for (let i = 0; i + 1 < marks.length; i++) {
    const command = betweenMarks(marks[i]!, marks[i + 1]!);
    if (command !== null) commands.push(command);
  }
  if (commands.length === 0) throw new InputError([{ file, message: 'no command is recorded here', expected: 'times with the output of commands between them, or one JSON object a command' }]);
  return commands.sort((a, b) => a.start - b.start);
}

function jsonCommand(source: string, line: number): RecordedCommand | string {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return 'the line is no JSON';
  }
  const { start, end, host, id, line: text, exit, stdout } = value as Record<string, unknown>;
  const times = [start, end].map((time) => (typeof time === 'string' ? wallMicros(time) : null));
  if (times[0] === null || times[1] === null) return '"start" and "end" are no times';
  if (typeof text !== 'string') return '"line" is no command';
  return {
    start: times[0]!, end: times[1]!, host: typeof host === 'string' ? host : null, id: typeof id === 'string' ? id : null, kind: kindOf(text), text,
    exit: typeof exit === 'number' ? exit : null, stdout: typeof stdout === 'string' ? stdout : '', inferred: null, line,
  };
}

function kindOf(text: string): CommandKind {
  if (/\bset-identity\b/.test(text)) return 'set-identity';
  if (/\b(?:scp|rsync)\b/.test(text)) return 'copy';
  if (/\bln\b/.test(text)) return 'link';
  if (/\bwait-for-restart-window\b/.test(text)) return 'wait';
  return 'other';
}

/** The command between two times: what its output, or the words behind the second time, give away. */
function betweenMarks(from: Mark, to: Mark): RecordedCommand | null {
  const exit = /\brc=(\d+)/.exec(to.words)?.[1];
  const common = { start: from.t, end: to.t, host: null, id: null, exit: exit === undefined ? null : Number(exit), stdout: from.output.map((text) => `${text}\n`).join(''), line: from.line };
  if (from.traced && from.words !== '') return { ...common, kind: kindOf(from.words), text: from.words, inferred: 'its end: the next time in the record' };
  const output = from.output.join('\n');
  const key = /New validator identity path: (\S+)/.exec(output)?.[1];
  const inferred = 'the command: from its output; its start: the time before it in the record';
  if (key !== undefined) return { ...common, kind: 'set-identity', text: `agave-validator set-identity ${key}`, inferred };
  if (/Ready to restart/.test(output)) return { ...common, kind: 'wait', text: 'agave-validator wait-for-restart-window', inferred };
  if (to.words.startsWith('copied')) return { ...common, kind: 'copy', text: 'scp of the tower', inferred };
  if (to.words.startsWith('link')) return { ...common, kind: 'link', text: 'ln -sf', inferred };
  return from.words === '' && to.words === '' ? { ...common, kind: 'other', text: '(a command without output)', inferred } : null;
}
