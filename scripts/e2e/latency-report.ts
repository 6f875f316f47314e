/**
 * Rewrites the tables and the picture of docs/fidelity-swaps.md from the recorded swaps and from the simulation:
 *
 *     npx tsx scripts/e2e/latency-report.ts
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runSpec } from '../../src/explore/run-spec.ts';
import { recording, seeded } from '../../src/sim/chooser.ts';
import { LATENCY_TABLES, drawLatencies } from '../../src/sim/latency.ts';
import type { LatencyName } from '../../src/sim/latency.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';
import { recordedSwaps } from './recorded-swaps.ts';
import type { SwapSet } from './recorded-swaps.ts';
import type { SwapTimes } from './swap-times.ts';
import { plot } from './latency-plot.ts';
import { withAllTables } from '../page-table.ts';

export const PAGE = fileURLToPath(new URL('../../docs/fidelity-swaps.md', import.meta.url));
export const PICTURE = fileURLToPath(new URL('../../docs/fidelity-swaps.svg', import.meta.url));

/** Drawn runs of the simulation. */
export const RUNS = 400;
export const SEED = 1;

/** What is measured of each swap; `drawn`: what the simulation draws it from, where it is a table of its own. */
export const QUANTITIES: readonly { readonly key: Exclude<keyof SwapTimes, 'lateVotes' | 'firstNewSlot'>; readonly what: string; readonly drawn?: LatencyName }[] = [
  { key: 'demote', what: 'set-identity on the old voter, start to return', drawn: 'setIdentity' },
  { key: 'promote', what: 'set-identity on the new voter, start to return', drawn: 'setIdentity' },
  { key: 'copy', what: 'scp of the tower, start to return', drawn: 'scp' },
  { key: 'setToReturn', what: 'identity set on the old voter to the return of the demotion' },
  { key: 'demotedLoop', what: 'return of the demotion to "Identity changed"' },
  { key: 'lastOldVote', what: 'return of the demotion to the late vote' },
  { key: 'lastTowerWrite', what: 'return of the demotion to the last write of the tower' },
  { key: 'promotedLoop', what: 'return of the promotion to "Identity changed"' },
  { key: 'firstNewVote', what: 'return of the promotion to the first new vote' },
  { key: 'silence', what: 'return of the demotion to the first new vote' },
];

/** Seen once each on real validators, and drawn as often as everything else by the simulation. */
const RARE: readonly LatencyName[] = ['votingStall', 'skipsAfterDemotion'];

/** The same times of drawn runs of guide-hot-swap in the simulation: with what is rare, and without it. */
export function simulatedSwaps(runs: number, seed: number): SwapSet[] {
  const drawn = (name: string, what: string, kept: (label: string) => boolean): SwapSet => ({ name, what, swaps: drawnSwaps(runs, seed, kept) });
  return [
    drawn('simulated, usual', `${runs} drawn runs without stalls and skipped slots`, (label) => !RARE.some((name) => label === `latency/${name}`)),
    drawn('simulated, all', `${runs} drawn runs (seed ${seed})`, () => true),
  ];
}

function drawnSwaps(runs: number, seed: number, kept: (label: string) => boolean): SwapTimes[] {
  const subject = { site: GUIDE_SITE, procedure: loadProcedure('guide-hot-swap', GUIDE_SITE) };
  return Array.from({ length: runs }, (_, i) => {
    const chooser = recording(seeded(seed + i));
    drawLatencies(chooser);
    const draws = Object.fromEntries(Object.entries(chooser.draws).filter(([label]) => kept(label)));
    return timesOfTrace(runSpec(subject, { faults: [], fork: null, draws }).trace);
  });
}

function timesOfTrace({ header, events }: ReturnType<typeof runSpec>['trace']): SwapTimes {
  const command = (id: string, phase: 'start' | 'end') => events.find((event) => event.type === 'command' && event.id === id && event.phase === phase)!.t;
  const staked = header.stakedIdentity;
  const demoted = command('demote', 'end');
  const promoted = command('promote', 'end');
  const of = (type: string, host: string, holds: (event: (typeof events)[number]) => boolean) => events.filter((event) => event.type === type && 'host' in event && event.host === host && holds(event));
  const changed = (host: string, to: boolean, from: number) => of('identity', host, (event) => event.t > from && event.type === 'identity' && event.layer === 'voting' && (event.to === staked) === to)[0]?.t ?? null;
  const votes = (host: string, from: number) => of('vote', host, (event) => event.t > from && event.type === 'vote' && event.identity === staked);
  const saved = of('tower-saved', 'active', (event) => event.t > command('demote', 'start') && event.type === 'tower-saved' && event.identity === staked).at(-1)?.t ?? null;
  const set = of('identity', 'active', (event) => event.type === 'identity' && event.layer === 'gossip' && event.from === staked && event.t <= demoted)[0]?.t ?? null;
  const gaveUp = changed('active', false, command('demote', 'start'));
  const late = votes('active', demoted);
  const next = votes('inactive', command('promote', 'start'))[0]?.t ?? null;
  const ms = (t: number | null, from: number) => (t === null ? null : (t - from) / 1000);
  return {
    demote: ms(demoted, command('demote', 'start'))!, copy: ms(command('copy-tower', 'end'), command('copy-tower', 'start')), promote: ms(promoted, command('promote', 'start'))!,
    setToReturn: set === null ? null : (demoted - set) / 1000, demotedLoop: ms(gaveUp, demoted), lateVotes: late.length, lastOldVote: ms(late.at(-1)?.t ?? null, demoted), lastTowerWrite: ms(saved, demoted),
    promotedLoop: ms(changed('inactive', true, command('promote', 'start')), promoted), firstNewVote: ms(next, promoted), silence: ms(next, demoted), firstNewSlot: null,
  };
}

/** Values of a quantity, ascending, ms. */
export function valuesOf({ swaps }: SwapSet, key: (typeof QUANTITIES)[number]['key']): number[] {
  return swaps.flatMap((swap) => swap[key] ?? []).sort((a, b) => a - b);
}

/** The page with its tables made anew. */
export function withTables(page: string, sets: readonly SwapSet[], simulated: readonly SwapSet[]): string {
  return withAllTables(page, { latencies: latencyTable(sets, simulated), 'late-vote': lateVoteTable([...sets, ...simulated]), 'leader-slots': leaderSlotTable(sets) });
}

function latencyTable(sets: readonly SwapSet[], simulated: readonly SwapSet[]): string[] {
  const rows = QUANTITIES.flatMap(({ key, what, drawn }) => {
    const told = (set: SwapSet, name: string) => {
      const values = valuesOf(set, key);
      return values.length === 0 ? [] : [`| ${what} | ${name} | ${values.length} | ${[0, 0.1, 0.5, 0.9, 1].map((part) => rounded(values[Math.round((values.length - 1) * part)]!)).join(' | ')} |`];
    };
    const from = drawn === undefined ? '' : `: ${LATENCY_TABLES[drawn].map((micros) => micros / 1000).join(', ')}`;
    const [usual, all] = simulated as [SwapSet, SwapSet];
    return [...sets.flatMap((set) => told(set, set.name)), ...told(usual, `${usual.name}${from}`), ...(drawn === undefined ? told(all, all.name) : [])];
  });
  return ['| what, ms | run | swaps | least | a tenth below | half below | nine tenths below | greatest |', '|---|---|---|---|---|---|---|---|', ...rows];
}

function lateVoteTable(sets: readonly SwapSet[]): string[] {
  const rows = sets.map(({ name, what, swaps }) => {
    const late = swaps.filter(({ lateVotes }) => lateVotes > 0);
    const times = late.map(({ lastOldVote }) => lastOldVote!).sort((a, b) => a - b);
    const more = swaps.filter(({ lateVotes }) => lateVotes > 1).length;
    const middle = times.length === 0 ? '' : `${rounded(times[0]!)} | ${rounded(times[Math.round((times.length - 1) / 2)]!)} | ${rounded(times.at(-1)!)}`;
    return `| ${name}: ${what} | ${swaps.length} | ${late.length} (${Math.round((late.length / swaps.length) * 100)} %) | ${more} | ${middle} |`;
  });
  return ['| run | swaps | with a vote after the return | with more than one | least, ms | half below | greatest |', '|---|---|---|---|---|---|---|', ...rows];
}

/** Slots after its first vote, by when a vote of the new holder has become a root. */
const ROOT_DEPTH = 32;

function leaderSlotTable(sets: readonly SwapSet[]): string[] {
  const rows = sets.flatMap(({ name, leaderSlots }) => {
    if (leaderSlots === undefined || leaderSlots.length === 0) return [];
    const part = (from: number, to: number) => {
      const slots = leaderSlots.filter(({ after }) => after >= from && after < to);
      return `${slots.filter(({ produced }) => !produced).length} of ${slots.length}`;
    };
    return [`| ${name} | ${part(-Infinity, 0)} | ${part(0, ROOT_DEPTH)} | ${part(ROOT_DEPTH, Infinity)} |`];
  });
  return ['| run | missed before the first new vote | in the 32 slots after it | later |', '|---|---|---|---|', ...rows];
}

function rounded(ms: number): string {
  return Math.abs(ms) < 10 ? ms.toFixed(1) : ms.toFixed(0);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [sets, simulated] = [recordedSwaps(), simulatedSwaps(RUNS, SEED)];
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), sets, simulated));
  writeFileSync(PICTURE, plot(QUANTITIES.map(({ key, what }) => ({ what, rows: [...sets, ...simulated].map((set) => ({ name: set.name, values: valuesOf(set, key) })) }))));
}
