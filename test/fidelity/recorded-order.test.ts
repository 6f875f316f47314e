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
/** From the decision to the sending of a vote, in every run here, µs. */
const VOTE_LAG = 2_000;
const QUICK = { setIdentity: 20_000, scp: 20_000, operatorPause: 1_000, votingService: VOTE_LAG };
const PHASES = [0, 3, 6, 9, 12, 15];
/** Seconds from the return of the demotion to the copy, and from the copy to the promotion, as in the recordings. */
const DELAYS: readonly (readonly [number, number])[] = [[0, 0], [0, 1], [0, 1.5], [1.5, 0], [2.5, 0]];

function swapLines(copyAfter: number, promoteAfter: number): Line[] {
  const sleep = (host: 'active', seconds: number): Line[] => (seconds === 0 ? [] : [[host, `sleep ${seconds}`]]);
  return [['active', DEMOTE], ['active', linkTo(SITE.hosts.active.junkKey)], ...sleep('active', copyAfter), ['active', copyTo('inactive')], ...sleep('active', promoteAfter), ['inactive', PROMOTE]];
}

/** The old host stands still when the new one is promoted: it gets the next block late, as in the second swap of lockout-violation. */
const LATE: Partial<Plan> = { faults: [{ kind: 'freeze', on: 'active', at: { kind: 'step', index: 3, when: 'after' }, heal: 2 }] };
const SKIPS: Partial<Plan> = { skips: [1001, 1002, 1003, 1004] };

/** Swaps with the delays of the recordings, at all phases of a slot; with four slots skipped; with the old host late. */
function simulatedSwaps(): Trace[] {
  const runs = [...DELAYS.map((delays) => ({ delays, more: {} })), { delays: [1.5, 0] as const, more: SKIPS }, { delays: [0, 0] as const, more: LATE }];
  return runs.flatMap(({ delays, more }) => PHASES.map((phase) => play({ ...more, lines: swapLines(...delays), tailSlots: 12, latencies: { ...QUICK, phase } }).trace));
}

/** Ends and starts, as in the recordings. */
function simulatedEnds(): Trace[] {
  const plans: Plan[] = PHASES.flatMap((phase): Plan[] => [
    { lines: [['inactive', PROMOTE_WITHOUT]], tailSlots: 30, latencies: { phase, votingService: VOTE_LAG } },
    {
      lines: [['active', 'sudo systemctl stop sol'], ['inactive', PROMOTE_WITHOUT], { wait: 40 }, ['active', 'sudo systemctl start sol']], tailSlots: 120, latencies: { phase, votingService: VOTE_LAG },
      first: ({ hosts }) => { for (const { unit } of Object.values(hosts)) unit.restarts = false; },
    },
    { lines: [['active', DEMOTE], { wait: 2 }, ['active', copyTo('inactive')], ['inactive', PROMOTE_WITHOUT]], latencies: { phase, votingService: VOTE_LAG }, faults: [{ kind: 'tower-corrupt', on: 'inactive', at: { kind: 'step', index: 3, when: 'before' }, heal: 1 }] },
  ]);
  return plans.map((plan) => play(plan).trace);
}

let swaps: Trace[];
let rules: Rule[];
beforeAll(() => {
  swaps = simulatedSwaps();
  rules = mineOrder([...swaps, ...simulatedEnds()], VOTE_LAG);
}, 120_000);

const words = ({ kind, before, after }: Rule) => `${kind}: ${before} < ${after}`;

describe('the order that the world keeps', () => {
  test('is the causal one, and nothing beside it', () => {
    expect(rules.map(words).sort()).toMatchInlineSnapshot(`
      [
        "demotion: command begins < command returns",
        "demotion: command begins < identity set",
        "demotion: command begins < last vote decided",
        "demotion: command begins < loop noticed",
        "demotion: identity set < command returns",
        "demotion: identity set < last vote decided",
        "demotion: identity set < loop noticed",
        "demotion: last vote decided < loop noticed",
        "duplicate: other host shows the identity < process ended",
        "end: last vote < process ended",
        "promotion: command begins < command returns",
        "promotion: command begins < first vote decided",
        "promotion: command begins < identity set",
        "promotion: command begins < loop noticed",
        "promotion: command begins < tower loaded",
        "promotion: identity set < command returns",
        "promotion: identity set < first vote decided",
        "promotion: identity set < loop noticed",
        "promotion: identity set < tower loaded",
        "promotion: loop noticed < first vote decided",
        "promotion: tower loaded < first vote decided",
        "promotion: tower loaded < loop noticed",
        "start: loop begins < first vote",
        "start: loop begins < start-up over",
        "start: process started < first vote",
        "start: process started < loop begins",
        "start: process started < start-up over",
        "start: process started < tower loaded",
        "start: start-up over < first vote",
        "start: tower loaded < first vote",
        "start: tower loaded < loop begins",
        "start: tower loaded < start-up over",
        "tower refused: identity set < process ended",
        "vote: block came < tower saved",
        "vote: block came < vote landed",
        "vote: block came < vote sent",
        "vote: tower saved < vote landed",
        "vote: tower saved < vote sent",
        "vote: vote sent < vote landed",
      ]
    `);
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
    const tried = rules.flatMap((rule) => {
      const own = pairs.filter((pair) => pair.rule === rule);
      return own.length === 0 ? [] : [own[0]!, own[Math.floor(own.length / 2)]!, own.at(-1)!];
    });
    const accepted = tried.filter(({ first, second }) => departures(swapped(trace, first, second), rules).length === 0);
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
    const possible = new Set(swaps.flatMap((trace) => swapPatterns(trace, VOTE_LAG)));
    const recorded = new Map<string, number>();
    for (const folder of ['twenty-swaps', 'lockout-violation', 'guide-run']) {
      for (const pattern of swapPatterns((await recording(folder)).trace)) recorded.set(pattern, (recorded.get(pattern) ?? 0) + 1);
    }
    expect([...recorded.values()].reduce((sum, count) => sum + count, 0)).toBe(20 + 6 + 1);
    expect([...recorded.keys()].filter((pattern) => !possible.has(pattern))).toEqual([]);
  });

  test('a recorded swap with two of its events turned round is none of them', async () => {
    const possible = new Set(swaps.flatMap((trace) => swapPatterns(trace, VOTE_LAG)));
    const [pattern] = swapPatterns((await recording('guide-run')).trace);
    const turned = (a: string, b: string) => pattern!.replace(a, '?').replace(b, a).replace('?', b);
    expect(possible.has(pattern!)).toBe(true);
    for (const [a, b] of [['new set', 'new notices'], ['new loads', 'new notices'], ['old set', 'old notices']] as const) expect(possible.has(turned(a, b))).toBe(false);
  });
});
