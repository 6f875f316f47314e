/** Links that are late, links that lose, and a clock that runs fast: what they do, and that nothing else changes. */
import { describe, expect, test } from 'vitest';
import type { Fault, Heal } from '../../../src/sim/faults.ts';
import { LATE_SLOTS } from '../../../src/sim/network.ts';
import type { World } from '../../../src/sim/world.ts';
import { PROMOTE_WITHOUT, SITE, STAKED, play } from './world.ts';
import type { Played } from './world.ts';

const SLOT = SITE.slotMs * 1000;
const on = (kind: string, host: 'active' | 'inactive', slot: number, heal: Heal = 1): Fault => ({ kind, on: host, at: { kind: 'slot', slot }, heal });
const stayDown = (world: World) => {
  for (const { unit } of Object.values(world.hosts)) unit.restarts = false;
};

/** µs from the end of a slot, relative to the start, to the vote for it. */
const age = ({ one, start }: Played, slot: number) => one('vote', { host: 'active', slot: 1000 + slot, refresh: false }).t - start(slot + 1);

/** Banks in which the active's votes landed, by slot voted for. */
const landings = ({ all }: Played) => {
  const slots = new Map(all('vote', { host: 'active', refresh: false }).map(({ id, slot }) => [id, slot - 1000]));
  return new Map(all('landed', { error: null }).flatMap(({ vote, bank }) => (slots.has(vote) ? [[slots.get(vote)!, bank - 1000] as const] : [])));
};

describe('blocks that come late', () => {
  const late = play({ lines: [{ wait: 30 }], faults: [on('delay-turbine', 'active', 2, 10)] });
  const usual = age(late, 0);

  test('are voted for four slots late, in order, none left out', () => {
    for (const slot of [2, 5, 10]) expect(age(late, slot)).toBe(usual + LATE_SLOTS * SLOT);
    const slots = late.all('vote', { host: 'active', refresh: false }).map(({ slot }) => slot);
    expect(slots).toEqual(slots.map((_, i) => slots[0]! + i));
  });

  test('hold up those that come in time after them, as a child waits for its parent', () => {
    // Blocks 11 to 13 come in time, and wait for 10, which is the last late one.
    expect(late.one('fault', { phase: 'end' }).t).toBe(late.start(12));
    expect([11, 12, 13].map((slot) => age(late, slot) - usual)).toEqual([3 * SLOT + 20_000, 2 * SLOT + 40_000, SLOT + 60_000]);
    expect(age(late, 16)).toBe(usual);
  });

  test('two faults of one link heal apart, and delay no more than one', () => {
    const two = play({ lines: [{ wait: 30 }], faults: [on('delay-turbine', 'active', 2, 4), on('delay-turbine', 'active', 4, 12)] });
    for (const slot of [3, 8, 14]) expect(age(two, slot)).toBe(usual + LATE_SLOTS * SLOT);
    expect(age(two, 20)).toBe(usual);
  });

  test('come late to a host that starts as well', () => {
    const start = (faults: readonly Fault[]) => play({ lines: [['active', 'sudo systemctl restart sol'], { wait: 90 }], faults });
    const firstVote = (played: Played) => played.all('vote', { host: 'active' }).find(({ t }) => t > played.one('process', { host: 'active', state: 'started' }).t)!.t;
    expect(firstVote(start([on('delay-turbine', 'active', -2, 80)])) - firstVote(start([]))).toBeGreaterThanOrEqual(LATE_SLOTS * SLOT - SLOT);
  });
});

test('one lost block is repaired two slots later, and with it what waits for it', () => {
  const lost = play({ lines: [{ wait: 20 }], faults: [on('lose-turbine', 'active', 5)] });
  const usual = age(lost, 0);
  // At the start of slot 5 block 4 is on its way: it is the next.
  expect([3, 4, 7].map((slot) => age(lost, slot) - usual)).toEqual([0, 2 * SLOT, 0]);
  expect([5, 6].map((slot) => age(lost, slot) - usual)).toEqual([SLOT + 20_000, 40_000]);
});

describe('votes that come late or not at all', () => {
  test('late ones land four slots later', () => {
    const late = landings(play({ lines: [{ wait: 30 }], faults: [on('delay-votes', 'active', 2, 12)] }));
    expect([0, 4, 6].map((slot) => late.get(slot)! - slot)).toEqual([1, 1 + LATE_SLOTS, 1 + LATE_SLOTS]);
    // What is sent after the healing overtakes what is under way, which is too old then.
    expect([8, 9, 12, 13].map((slot) => late.get(slot))).toEqual([13, undefined, undefined, 14]);
  });

  test('one that is lost on the way to the leaders comes by gossip, which takes 300 ms', () => {
    const lost = landings(play({ site: { slotMs: 200 }, lines: [{ wait: 20 }], faults: [on('lose-votes', 'active', 5)] }));
    expect([3, 4, 5, 6].map((slot) => lost.get(slot))).toEqual([4, undefined, 6, 7]);
    const slow = landings(play({ lines: [{ wait: 20 }], faults: [on('lose-votes', 'active', 5)] }));
    expect([3, 4, 5, 6].map((slot) => slow.get(slot))).toEqual([4, 5, 6, 7]);
  });

  test('with gossip cut each fault loses one vote, and no more', () => {
    const cut = on('cut-gossip', 'active', -4, 40);
    const lost = (faults: readonly Fault[]) => {
      const landed = landings(play({ lines: [{ wait: 20 }], faults: [cut, ...faults] }));
      return Array.from({ length: 20 }, (_, slot) => slot).filter((slot) => !landed.has(slot));
    };
    expect(lost([])).toEqual([]);
    expect(lost([on('lose-votes', 'active', 5)])).toEqual([4]);
    expect(lost([on('lose-votes', 'active', 5), on('lose-votes', 'active', 5)])).toEqual([4, 5]);
    expect(lost([on('lose-votes', 'inactive', 5)])).toEqual([]);
  });
});

describe('gossip that comes late', () => {
  const ended = (...faults: readonly Fault[]) => {
    const { one } = play({ lines: [['inactive', PROMOTE_WITHOUT]], first: stayDown, faults, tailSlots: 40 });
    const { t, host } = one('process', { state: 'exited' });
    return [host, t - one('identity', { host: 'inactive', layer: 'gossip', to: STAKED }).t];
  };

  test('lets a duplicate live four slots longer, eight when both hosts are late', () => {
    expect(ended()).toEqual(['active', 2_400_000]);
    expect(ended(on('delay-gossip', 'active', -5, 'end'))).toEqual(['active', 2_400_000 + LATE_SLOTS * SLOT]);
    expect(ended(on('delay-gossip', 'inactive', -5, 'end'))).toEqual(['active', 2_400_000 + LATE_SLOTS * SLOT]);
    expect(ended(on('delay-gossip', 'active', -5, 'end'), on('delay-gossip', 'inactive', -5, 'end'))).toEqual(['active', 2_400_000 + 2 * LATE_SLOTS * SLOT]);
  });
});

describe('a clock that runs 1 % fast', () => {
  const drift = on('clock-drift', 'inactive', 0, 300);
  const outset = ({ world }: Played) => world.gossip.contacts.get(STAKED)!.at(-1)!.outset;
  const plan = (wait: number) => ({ lines: [{ wait }, ['inactive', PROMOTE_WITHOUT], ['inactive', 'date +%s']] as const, first: stayDown });

  test('shows in contact infos and in date, by how long it has run so, and in nothing else', () => {
    const [fast, right] = [play({ ...plan(260), faults: [drift] }), play(plan(260))];
    const announced = fast.one('identity', { host: 'inactive', layer: 'gossip', to: STAKED }).t;
    expect(outset(right)).toBe(announced);
    expect(outset(fast) - announced).toBe(Math.floor((announced - fast.start(0)) / 100));
    expect(Number(fast.outcome(2).stdout) - Number(right.outcome(2).stdout)).toBe(1);
    const others = (played: Played) => played.trace.events.filter(({ type }) => type !== 'fault' && type !== 'phase' && type !== 'rooted');
    const shown = (played: Played) => others(played).filter(({ t }) => t < fast.start(300)).map((event) => ('stdout' in event ? { ...event, stdout: '' } : event));
    expect(shown(fast)).toEqual(shown(right));
  });

  test('is right again when the fault has healed', () => {
    const healed = play({ ...plan(260), faults: [{ ...drift, heal: 200 } as Fault] });
    expect(outset(healed)).toBe(healed.one('identity', { host: 'inactive', layer: 'gossip', to: STAKED }).t);
  });
});
