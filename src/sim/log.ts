/** The validator's log: a few lines that people and scripts look for, in the words of agave 4.2. */
import type { HostName } from './host-name.ts';
import { emit } from './world.ts';
import type { World } from './world.ts';

/** Adds a line to the log of a host's validator. */
export function logLine(world: World, host: HostName, text: string): void {
  emit(world, { type: 'log', t: world.now, host, text });
}

/** The text of a host's log file, made from the trace: what `tail` and `grep` see. */
export function renderLog(world: World, host: HostName): string {
  const lines: string[] = [];
  for (const event of world.events) {
    if (!('host' in event) || event.host !== host) continue;
    if (event.type === 'log') lines.push(`[${stamp(event.t)} INFO  solana_core] ${event.text}`);
    else if (event.type === 'tower-saved') lines.push(`[${stamp(event.t)} INFO  solana_metrics::metrics] datapoint: tower-vote latest=${event.slot}i root=${event.root ?? 0}i`);
    else if (event.type === 'process' && event.state === 'exited') lines.push(`[${stamp(event.t)} ERROR solana_core] ${event.reason ?? 'exit'}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** Simulated time as a log stamp; day 1 of the simulation is 1970-01-01. */
function stamp(t: number): string {
  const seconds = Math.floor(t / 1_000_000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `1970-01-01T${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(t % 1_000_000).padStart(6, '0')}Z`;
}
