/**
 * What the logs of the recorded real runs (test/fixtures/agave) say of times: the values behind the latency tables of the
 * simulation. All of them are of Agave 4.2.0 on one machine with two cores, so slow tails are those of a busy machine.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const RUNS: readonly (readonly [run: string, hosts: readonly [string, string]])[] = [
  ['twenty-swaps', ['a', 'b']], ['lockout-violation', ['a', 'b']], ['guide-run', ['active', 'inactive']],
];

export interface Measured {
  readonly what: string;
  /** ms, ascending. */
  readonly values: readonly number[];
}

export function measuredValues(): Measured[] {
  const hosts = RUNS.map(([run, names]) => names.map((host) => readLog(run, host)));
  const logs = hosts.flat();
  const pairs = (from: ReadonlyMap<number, number>, to: ReadonlyMap<number, number>) => [...from].flatMap(([slot, t]) => (to.has(slot) ? [to.get(slot)! - t] : []));
  const calls = RUNS.slice(0, 2).flatMap(([run]) => callsOf(textOf(`${run}/commands.txt`)));
  const demotions = RUNS.slice(0, 2).flatMap(([run], i) => {
    const changes = hosts[i]!.flatMap((log) => log.demoted).sort(ascending);
    return callsOf(textOf(`${run}/commands.txt`)).flatMap(({ end }) => {
      const change = changes.find((t) => t > end);
      return change === undefined ? [] : [change - end];
    });
  });
  return [
    { what: 'set-identity on the old voter, from the start of the command to its return', values: calls.map(({ start, end }) => end - start) },
    { what: 'its return to "Identity changed" in the log', values: demotions },
    { what: '"Identity changed" to the next vote of the new voter', values: logs.flatMap((log) => log.promoted.flatMap((t) => log.votes.filter((at) => at > t).slice(0, 1).map((at) => at - t))) },
    { what: '"bank frozen" to "voting" for one bank', values: logs.flatMap((log) => pairs(log.frozen, log.voting)) },
    { what: '"voting" to the datapoint "tower-vote" of one slot', values: logs.flatMap((log) => pairs(log.voting, log.recorded)) },
    { what: 'one bank frozen on the two hosts: the difference', values: hosts.flatMap(([a, b]) => pairs(a!.frozen, b!.frozen).map(Math.abs)) },
  ].map(({ what, values }) => ({ what, values: values.sort(ascending) }));
}

interface Log {
  /** Times in ms by slot. */
  readonly frozen: ReadonlyMap<number, number>;
  readonly voting: ReadonlyMap<number, number>;
  readonly recorded: ReadonlyMap<number, number>;
  /** Times of all votes, in order: a bank that was voted for as a spare is voted for once more. */
  readonly votes: readonly number[];
  /** Times at which the voting loop took, or gave up, the staked identity. */
  readonly promoted: readonly number[];
  readonly demoted: readonly number[];
}

/** The staked identity of the recordings. */
const STAKED = '4YwyWygbKtYWDnGtgvFHgq9HTmwkB7QW6AX349xX3y2q';

function readLog(run: string, host: string): Log {
  const lines = gunzipSync(readFileSync(pathOf(`${run}/${host}.log.gz`))).toString().split('\n');
  const bySlot = (pattern: RegExp) => {
    const times = new Map<number, number>();
    for (const line of lines) {
      const slot = pattern.exec(line)?.[1];
      if (slot !== undefined && !times.has(Number(slot))) times.set(Number(slot), timeOf(line));
    }
    return times;
  };
  return {
    frozen: bySlot(/bank frozen: (\d+) /), voting: bySlot(/\bvoting: (\d+) /), recorded: bySlot(/tower-vote latest=(\d+)/),
    votes: lines.filter((line) => /\bvoting: \d+ /.test(line)).map(timeOf),
    promoted: lines.filter((line) => line.includes('Identity changed') && line.includes(`to ${STAKED}`)).map(timeOf),
    demoted: lines.filter((line) => line.includes(`Identity changed from ${STAKED}`)).map(timeOf),
  };
}

/** Start and return of each demotion in a list of commands, ms. */
function callsOf(commands: string): { start: number; end: number }[] {
  let start = 0;
  return commands.split('\n').flatMap((line) => {
    if (/ start\b/.test(line)) start = timeOf(line);
    return line.endsWith('demoted rc=0') ? [{ start, end: timeOf(line) }] : [];
  });
}

function textOf(path: string): string {
  return readFileSync(pathOf(path), 'utf8');
}

function pathOf(path: string): string {
  return fileURLToPath(new URL(`../test/fixtures/agave/${path}`, import.meta.url));
}

/** Time of a line that has "2026-11-22T19:43:21.386814710" in it, ms. */
function timeOf(line: string): number {
  const [, clock, fraction] = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d+)/.exec(line)!;
  return Date.parse(`${clock!}Z`) + Number(`0.${fraction!}`) * 1000;
}

function ascending(a: number, b: number): number {
  return a - b;
}
