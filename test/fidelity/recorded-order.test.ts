/**
 * The model against the recordings: what the simulated world always does in one order, the recordings of real validators
 * do in that order too; and each order of events of a recorded swap is one that the world can produce.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Trace } from '../../src/model/trace.ts';
import { recording } from '../import/recordings.ts';
import { DEMOTE, PROMOTE, PROMOTE_WITHOUT, copyTo, linkTo, play, SITE } from '../sim/facts/world.ts';
import type { Line, Plan } from '../sim/facts/world.ts';
import { departures, mineOrder, orderedPairs, swapped } from './mined-order.ts';
import type { Rule } from './mined-order.ts';
import { swapPatterns } from './swap-pattern.ts';

const FOLDERS = ['twenty-swaps', 'lockout-violation', 'guide-run', 'etcd-failover', 'duplicate-then-return', 'corrupt-tower'];
const QUICK = { setIdentity: 20_000, scp: 20_000, operatorPause: 1_000 };
const PHASES = [0, 3, 6, 9, 12, 15];
/** Seconds from the return of the demotion to the copy, and from the copy to the promotion, as in the recordings. */
const DELAYS: readonly (readonly [number, number])[] = [[0, 0], [0, 1], [0, 1.5], [1.5, 0], [2.5, 0]];

function swapLines(copyAfter: number, promoteAfter: number): Line[] {
  const sleep = (host: 'active', seconds: number): Line[] => (seconds === 0 ? [] : [[host, `sleep ${seconds}`]]);
  return [['active', DEMOTE], ['active', linkTo(SITE.hosts.active.junkKey)], ...sleep('active', copyAfter), ['active', copyTo('inactive')], ...sleep('active', promoteAfter), ['inactive', PROMOTE]];
}

/** Swaps with the delays of the recordings, at all phases of a slot, some with the slots after the demotion skipped. */
function simulatedSwaps(): Trace[] {
  return DELAYS.flatMap(([copy, promote]) =>
    PHASES.flatMap((phase) =>
      [[], [1001, 1002, 1003, 1004]].map((skips) => play({ lines: swapLines(copy, promote), skips, tailSlots: 12, latencies: { ...QUICK, phase } }).trace)));
}

/** Ends and starts, as in the recordings. */
function simulatedEnds(): Trace[] {
  const plans: Plan[] = PHASES.flatMap((phase): Plan[] => [
    { lines: [['inactive', PROMOTE_WITHOUT]], tailSlots: 30, latencies: { phase } },
    {
      lines: [['active', 'sudo systemctl stop sol'], ['inactive', PROMOTE_WITHOUT], { wait: 40 }, ['active', 'sudo systemctl start sol']], tailSlots: 120, latencies: { phase },
      first: ({ hosts }) => { for (const { unit } of Object.values(hosts)) unit.restarts = false; },
    },
    { lines: [['active', DEMOTE], { wait: 2 }, ['active', copyTo('inactive')], ['inactive', PROMOTE_WITHOUT]], latencies: { phase }, faults: [{ kind: 'tower-corrupt', on: 'inactive', at: { kind: 'step', index: 3, when: 'before' }, heal: 1 }] },
  ]);
  return plans.map((plan) => play(plan).trace);
}

let swaps: Trace[];
let rules: Rule[];
beforeAll(() => {
  swaps = simulatedSwaps();
  rules = mineOrder([...swaps, ...simulatedEnds()]);
}, 120_000);

const words = ({ kind, before, after }: Rule) => `${kind}: ${before} < ${after}`;

describe('the order that the world keeps', () => {
  test('is the causal one, and nothing beside it', () => {
    expect(rules.map(words).sort()).toMatchInlineSnapshot();
  });
});

describe('the recordings', () => {
  test.each(FOLDERS)('%s keeps that order, within the tolerances', async (folder) => {
    expect(departures((await recording(folder)).trace, rules)).toEqual([]);
  });

  test.each(FOLDERS)('%s is refused with any two events turned round that a rule orders', async (folder) => {
    const { trace } = await recording(folder);
    const pairs = orderedPairs(trace, rules);
    // Each rule at its first, middle and last place.
    const byRule = Map.groupBy(pairs, ({ rule }) => rule);
    const tried = [...byRule.values()].flatMap((own) => [own[0]!, own[Math.floor(own.length / 2)]!, own.at(-1)!]);
    const accepted = tried.filter(({ first, second, rule }) => !departures(swapped(trace, first, second), [rule]).some((departure) => departure.rule === rule));
    expect(accepted.map(({ rule, episode }) => `${words(rule)} (${episode})`)).toEqual([]);
    expect(tried.length).toBeGreaterThan(0);
  });

  test('together they exercise every rule', async () => {
    const used = new Set<Rule>();
    for (const folder of FOLDERS) for (const { rule } of orderedPairs((await recording(folder)).trace, rules)) used.add(rule);
    expect(rules.filter((rule) => !used.has(rule)).map(words)).toEqual([]);
  });
});

describe('the swaps', () => {
  test('each recorded order of a swap is one that the world produces', async () => {
    const possible = new Set(swaps.flatMap(swapPatterns));
    const recorded = new Map<string, number>();
    for (const folder of ['twenty-swaps', 'lockout-violation', 'guide-run']) {
      for (const pattern of swapPatterns((await recording(folder)).trace)) recorded.set(pattern, (recorded.get(pattern) ?? 0) + 1);
    }
    expect([...recorded.values()].reduce((sum, count) => sum + count, 0)).toBe(20 + 6 + 1);
    expect([...recorded.keys()].filter((pattern) => !possible.has(pattern))).toEqual([]);
  });

  test('a recorded swap with two of its events turned round is none of them', async () => {
    const possible = new Set(swaps.flatMap(swapPatterns));
    const [pattern] = swapPatterns((await recording('guide-run')).trace);
    const turned = (a: string, b: string) => pattern!.replace(a, '?').replace(b, a).replace('?', b);
    expect(possible.has(pattern!)).toBe(true);
    for (const [a, b] of [['new set', 'new notices'], ['new loads', 'new notices'], ['old set', 'old notices']] as const) expect(possible.has(turned(a, b))).toBe(false);
  });
});
