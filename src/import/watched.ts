/**
 * What a lab sees beside the logs, as JSON Lines: each content of a tower file (host, time of change, newest slot), and
 * each start and end of a process by its supervisor, with the exit code.
 */
import { InputError } from '../model/diagnostic.ts';
import type { Micros, ProcessEvent, TraceEvent } from '../model/trace.ts';
import { wallMicros } from './wall-clock.ts';

/** A tower file had a new content. `t`: its time of change on the host's clock, µs since 1970. */
export interface TowerSave {
  readonly host: string;
  readonly t: Micros;
  readonly slot: number;
}

/** A process ended. `t` on the host's clock, µs since 1970. */
export interface ProcessEnd {
  readonly host: string;
  readonly t: Micros;
  readonly exit: number;
}

/** Contents of tower files; those that do not load are left out. Throws InputError. */
export function parseTowerWatch(text: string, file: string): TowerSave[] {
  return objectsIn(text, file).flatMap(({ host, changed, slot }): TowerSave[] => {
    const t = typeof changed === 'string' ? wallMicros(changed) : null;
    return typeof host === 'string' && t !== null && typeof slot === 'number' ? [{ host, t, slot }] : [];
  });
}

/** Ends of processes. Throws InputError. */
export function parseProcessEnds(text: string, file: string): ProcessEnd[] {
  return objectsIn(text, file).flatMap(({ host, time, exit }): ProcessEnd[] => {
    const t = typeof time === 'string' ? wallMicros(time) : null;
    return typeof host === 'string' && t !== null && typeof exit === 'number' ? [{ host, t, exit }] : [];
  });
}

/** A process that says why it ends is gone within this time. µs. */
const GOING: Micros = 15_000_000;

/** The events with exit codes, and with the ends of which the log had no word (a kill). */
export function withProcessEnds(events: readonly TraceEvent[], ends: readonly ProcessEnd[]): TraceEvent[] {
  const codes = new Map<TraceEvent, ProcessEnd>();
  const silent: ProcessEvent[] = [];
  for (const end of ends) {
    const said = events.find((event) => event.type === 'process' && event.state === 'exited' && event.host === end.host && event.t <= end.t && end.t - event.t < GOING && !codes.has(event));
    if (said !== undefined) codes.set(said, end);
    else silent.push({ type: 'process', t: end.t, host: end.host, state: 'exited', exit: end.exit, reason: 'told by its supervisor; the log has no word of it' });
  }
  const begunAgain = (host: string, from: Micros, to: Micros) => events.some((event) => event.type === 'process' && event.state === 'started' && event.host === host && event.t > from && event.t < to);
  const known = (host: string, t: Micros) => silent.some((end) => end.host === host && (Math.abs(end.t - t) < GOING || (end.t < t && !begunAgain(host, end.t, t))));
  const replaced = events.filter((event) => !(event.type === 'process' && event.state === 'exited' && event.inferred !== undefined && known(event.host, event.t)));
  return [...replaced.map((event) => (codes.has(event) ? { ...event, exit: codes.get(event)!.exit } : event)), ...silent] as TraceEvent[];
}

function objectsIn(text: string, file: string): Record<string, unknown>[] {
  return text.split('\n').flatMap((line, i): Record<string, unknown>[] => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as Record<string, unknown>];
    } catch {
      throw new InputError([{ file, line: i + 1, message: 'the line is no JSON', expected: 'one JSON object a line' }]);
    }
  });
}
