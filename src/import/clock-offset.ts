/**
 * One clock for all hosts. Logs carry the hosts' own clocks, in UTC. Two hosts that follow the cluster freeze the same bank at
 * about the same time: the median of those differences is what their clocks, their networks and their speed make together.
 */
import type { Micros } from '../model/trace.ts';
import type { HostLog } from './host-log.ts';

/** A difference up to here may come from network and load; a larger one is taken for clocks that are apart. µs. */
export const TOLERATED: Micros = 400_000;

export interface Offset {
  readonly host: string;
  /** Median of (this host's time of freezing a bank) − (the first host's) while both follow the cluster, µs; null without common banks. */
  readonly median: Micros | null;
  /** Common banks of that time. */
  readonly banks: number;
  /** What is subtracted from the host's times, µs. */
  readonly shift: Micros;
}

/** Compares every host with the first one. */
export function offsetsOf(logs: readonly HostLog[]): readonly Offset[] {
  const [reference] = logs;
  const times = reference === undefined ? new Map<string, Micros>() : freezeTimes(reference);
  return logs.map((log, i) => {
    if (i === 0) return { host: log.host, median: 0, banks: times.size, shift: 0 };
    const differences = alike([...freezeTimes(log)].flatMap(([bank, t]) => {
      const other = times.get(bank);
      return other === undefined ? [] : [t - other];
    }).sort((x, y) => x - y));
    const median = differences.length === 0 ? null : differences[Math.floor(differences.length / 2)]!;
    return { host: log.host, median, banks: differences.length, shift: median !== null && Math.abs(median) > TOLERATED ? median : 0 };
  });
}

/**
 * The most differences that lie within one TOLERATED. A host that has started again first makes up for what it has missed, a bank
 * after the other, and each of these differs by another time. `differences`: ascending.
 */
function alike(differences: readonly Micros[]): readonly Micros[] {
  let best: readonly Micros[] = [];
  let begin = 0;
  differences.forEach((difference, end) => {
    while (difference - differences[begin]! > TOLERATED) begin++;
    if (end + 1 - begin > best.length) best = differences.slice(begin, end + 1);
  });
  return best;
}

/** Banks frozen after start-up, where the host follows the cluster. */
function freezeTimes({ facts, beginsWithStart }: HostLog): Map<string, Micros> {
  const times = new Map<string, Micros>();
  let running = !beginsWithStart;
  for (const { fact, t } of facts) {
    if (fact.kind === 'running') running = true;
    else if (fact.kind === 'started' || fact.kind === 'ended') running = false;
    else if (fact.kind === 'frozen' && running) times.set(`${fact.slot} ${fact.hash}`, t);
  }
  return times;
}
