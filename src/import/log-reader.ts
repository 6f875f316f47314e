/**
 * A validator's log, read line by line: the time of each line, and the facts in it. Lines of journald may have its
 * prefix before them. A line without a time belongs to the one before; a panic is told by such lines.
 */
import { InputError } from '../model/diagnostic.ts';
import type { Micros } from '../model/trace.ts';
import { factIn } from './log-fact.ts';
import type { LogFact } from './log-fact.ts';
import { wallMicros, wallText } from './wall-clock.ts';

/** A fact and where it stands. `t`: wall clock of the host in microseconds since 1970. */
export interface Stamped {
  readonly t: Micros;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly fact: LogFact;
}

/** A time without a line, longer than a running validator is ever silent. */
export interface Silence {
  readonly from: Micros;
  readonly to: Micros;
  readonly file: string;
  /** The first line after it. */
  readonly line: number;
}

/** What one file holds. */
export interface LogContent {
  readonly file: string;
  readonly first: Micros;
  readonly last: Micros;
  readonly facts: readonly Stamped[];
  readonly silences: readonly Silence[];
  /** Lines with a time, and a mark of the first of them: two files of one host have the same. */
  readonly lines: number;
  readonly firstLine: string;
}

/** A validator that runs logs several lines a slot; it is silent for a few seconds while it unpacks a snapshot. */
export const LONGEST_SILENCE_MS = 15_000;

/** Lines after which a file without a single line of a log is given up. */
const PATIENCE = 2000;

const LINE = /\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) +(?:TRACE|DEBUG|INFO|WARN|ERROR) +([\w:]+)\] /;

export interface LogReader {
  /** Takes the next line, without its line end. Throws InputError when this is no log. */
  readonly take: (text: string) => void;
  /** What was read. Throws InputError when this is no log. */
  readonly finish: () => LogContent;
}

/** Reads the lines of one file. `file` is its name in errors. `to`: lines after it are left out, wall clock in µs. */
export function logReader(file: string, to: Micros | null = null): LogReader {
  const facts: Stamped[] = [];
  const silences: Silence[] = [];
  let line = 0;
  let lines = 0;
  let first: Micros | null = null;
  let last = 0;
  let now = 0;
  let firstLine = '';
  let inRange = true;
  /** A panic line waits for its message, which is the next line. */
  let panic: { readonly text: string; readonly line: number } | null = null;

  const add = (at: number, message: string): void => {
    const fact = factIn(message);
    if (fact !== null && inRange) facts.push({ t: now, file, line: at, fact });
  };
  const noLog = (): never => {
    throw new InputError([{ file, line: 1, message: 'this is not the log of a validator', expected: 'lines such as "[2026-11-22T19:57:12.142768802Z WARN  agave_validator::admin_rpc_service] Identity set to …"' }]);
  };

  function take(text: string): void {
    line++;
    const match = text.length > 20 ? LINE.exec(text) : null;
    if (match === null) {
      if (panic !== null) {
        add(panic.line, `${panic.text}\n${text}`);
        panic = null;
      } else if (/^thread '.*' .*panicked at /.test(text)) {
        panic = { text, line };
      } else if (lines === 0 && line > PATIENCE) {
        noLog();
      }
      return;
    }
    const t = wallMicros(match[1]!);
    if (t === null) return;
    inRange = to === null || t <= to;
    if (!inRange) return;
    lines++;
    if (first === null) {
      first = t;
      firstLine = text.slice(match.index);
    } else if (t - last > LONGEST_SILENCE_MS * 1000) {
      silences.push({ from: last, to: t, file, line });
    }
    last = Math.max(last, t);
    now = t;
    add(line, text.slice(match.index + match[0].length));
  }

  function finish(): LogContent {
    if (panic !== null) add(panic.line, panic.text);
    if (first === null) {
      if (to === null || inRange) return noLog();
      throw new InputError([{ file, message: `no line of the log is before ${wallText(to)} UTC`, expected: 'a later --to, or an earlier log' }]);
    }
    // Threads write in turn, a few milliseconds out of order; their clock is one.
    facts.sort((a, b) => a.t - b.t);
    return { file, first, last, facts, silences, lines, firstLine };
  }
  return { take, finish };
}
