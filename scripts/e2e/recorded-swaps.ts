/** The swaps of the recordings in test/fixtures: times of each, from whatever form its commands have. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { readSwapLog, swapTimes, timeIn } from './swap-times.ts';
import type { SwapCommands, SwapTimes } from './swap-times.ts';

export interface SwapSet {
  readonly name: string;
  readonly what: string;
  readonly swaps: readonly SwapTimes[];
  /** Leader slots of the identity; none in a recording that does not have them. */
  readonly leaderSlots?: readonly LeaderSlot[];
}

export interface LeaderSlot {
  /** Slots since the new holder's first vote, from 0; negative while nobody held the identity. */
  readonly after: number;
  readonly produced: boolean;
}

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));
/** The staked identity of the given recordings. */
const GIVEN = '4YwyWygbKtYWDnGtgvFHgq9HTmwkB7QW6AX349xX3y2q';

/** Every set of swaps that is in the repository. */
export function recordedSwaps(): SwapSet[] {
  const own = `${FIXTURES}e2e/swap-times.json`;
  return [
    { name: 'twenty-swaps', what: 'copied 1.5 s after the command, loopback', swaps: timesOf(`${FIXTURES}agave/twenty-swaps`, GIVEN) },
    { name: 'lockout-violation', what: 'chosen delays, loopback', swaps: timesOf(`${FIXTURES}agave/lockout-violation`, GIVEN) },
    ...(existsSync(own) ? [JSON.parse(readFileSync(own, 'utf8')) as SwapSet] : []),
  ];
}

/** Times of the swaps of a recording with logs a and b, or active and inactive. `identity`: the staked one, base58. */
export function timesOf(folder: string, identity: string): SwapTimes[] {
  const jsonl = existsSync(`${folder}/commands.jsonl`);
  const names = jsonl ? ['active', 'inactive'] : ['a', 'b'];
  const logs = new Map(names.map((name) => [name, readSwapLog(gunzipSync(readFileSync(`${folder}/${name}.log.gz`)).toString(), identity)]));
  const swaps = jsonl ? fromLines(readFileSync(`${folder}/commands.jsonl`, 'utf8')) : fromScript(readFileSync(`${folder}/commands.txt`, 'utf8'));
  const writes = existsSync(`${folder}/tower-watch.jsonl`) ? towerWrites(readFileSync(`${folder}/tower-watch.jsonl`, 'utf8')) : null;
  return swaps.map((swap, i) => swapTimes(logs, swap, swaps[i + 1]?.demote[0] ?? Infinity, writes?.get(swap.from) ?? null));
}

/** The identity's leader slots from a demotion to the next one, by the swap's first new vote. `chain`: text of chain.json. */
export function leaderSlotsOf(swaps: readonly SwapTimes[], chain: string): LeaderSlot[] {
  const { blocks, leaderSlots } = JSON.parse(chain) as { blocks: readonly number[]; leaderSlots: readonly number[] };
  const made = new Set(blocks);
  const firsts = swaps.flatMap(({ firstNewSlot }) => firstNewSlot ?? []);
  return leaderSlots.flatMap((slot): LeaderSlot[] => {
    const first = firsts.findLast((one) => one - HANDOVER <= slot);
    return first === undefined ? [] : [{ after: slot - first, produced: made.has(slot) }];
  });
}

/** Slots before its first vote in which a new holder is told of missed leader slots. */
const HANDOVER = 8;

interface Line {
  readonly host: string;
  readonly id: string;
  readonly start: string;
  readonly end: string;
}

/** The recorder's own form. */
function fromLines(text: string): SwapCommands[] {
  const commands = text.trim().split('\n').map((line) => JSON.parse(line) as Line);
  const span = ({ start, end }: Line): [number, number] => [timeIn(start), timeIn(end)];
  return commands.flatMap((command, i): SwapCommands[] => {
    if (command.id !== 'demote') return [];
    const after = (id: string) => commands.slice(i).find((one) => one.id === id);
    const [copy, promote] = [after('copy-tower'), after('promote')];
    if (promote === undefined) return [];
    return [{ from: command.host, to: promote.host, demote: span(command), copy: copy === undefined ? null : span(copy), promote: span(promote) }];
  });
}

/** A script that wrote the time between its commands; the second copy of twenty-swaps begins 1.5 s after the first. */
function fromScript(text: string): SwapCommands[] {
  const swaps: SwapCommands[] = [];
  let start = 0;
  let demoted = 0;
  let last = 0;
  let delay = 0;
  let from = 'a';
  for (const line of text.split('\n')) {
    const junk = /\/([ab])-junk\.json/.exec(line)?.[1];
    if (junk !== undefined) from = junk;
    if (/ start\b/.test(line)) {
      start = timeIn(line);
      delay = Number(/promote\+([\d.]+)/.exec(line)?.[1] ?? 0) * 1000;
    }
    if (line.endsWith('demoted rc=0')) demoted = timeIn(line);
    else if (/ (?:copied|link)/.test(line)) last = timeIn(line);
    else if (line.endsWith('promoted rc=0')) {
      swaps.push({ from, to: from === 'a' ? 'b' : 'a', demote: [start, demoted], copy: null, promote: [last + delay, timeIn(line)] });
    }
  }
  return swaps;
}

function towerWrites(text: string): Map<string, number[]> {
  const writes = new Map<string, number[]>();
  for (const line of text.split('\n').filter(Boolean)) {
    const { host, changed } = JSON.parse(line) as { host: string; changed: string | null };
    if (changed !== null) writes.set(host, [...(writes.get(host) ?? []), timeIn(changed)]);
  }
  return writes;
}
