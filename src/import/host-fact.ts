/** The facts of all hosts in one list, on one clock. */
import type { Micros } from '../model/trace.ts';
import type { Offset } from './clock-offset.ts';
import type { HostLog } from './host-log.ts';
import type { LogFact } from './log-fact.ts';

export interface HostFact {
  readonly host: string;
  /** Wall clock of the first host, µs since 1970. */
  readonly t: Micros;
  readonly fact: LogFact;
  readonly file: string;
  readonly line: number;
}

/** All facts by time; those of one host keep their order. */
export function factsOnOneClock(logs: readonly HostLog[], offsets: readonly Offset[]): HostFact[] {
  return logs
    .flatMap(({ host, facts }, i) => facts.map(({ t, fact, file, line }): HostFact => ({ host, t: t - offsets[i]!.shift, fact, file, line })))
    .sort((a, b) => a.t - b.t);
}
