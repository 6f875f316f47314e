import { expect, test } from 'vitest';
import { leaderSlotsOf, recordedSwaps } from '../../scripts/e2e/recorded-swaps.ts';
import { readSwapLog, swapTimes, timeIn } from '../../scripts/e2e/swap-times.ts';

const given = (name: string) => recordedSwaps().find((set) => set.name === name)!.swaps;

test('in each of the twenty swaps the old host voted once more after set-identity had returned', () => {
  const swaps = given('twenty-swaps');
  expect(swaps.map(({ lateVotes }) => lateVotes)).toEqual(Array(20).fill(1));
  // The cluster skipped slots 496 to 499.
  expect(Math.max(...swaps.map(({ lastOldVote }) => lastOldVote!))).toBeCloseTo(2036, 0);
});

test('in one of the six swaps with chosen delays the loop had switched before the command returned', () => {
  const swaps = given('lockout-violation');
  expect(swaps.map(({ lateVotes }) => lateVotes)).toEqual([0, 1, 1, 1, 1, 1]);
  expect(swaps[0]!.demotedLoop).toBeLessThan(0);
  expect(swaps[0]!.lastOldVote).toBeNull();
});

test('a swap whose new holder never switches has no new vote, and a vote as junk is none of the identity', () => {
  const at = (second: number, text: string) => `[2026-01-01T00:00:0${second}.000000000Z INFO  x] ${text}`;
  const old = readSwapLog([at(1, 'voting: 10 100.0%'), at(3, 'voting: 11 100.0%'), at(4, 'Identity changed from ME to JUNK'), at(5, 'voting: 12 100.0%')].join('\n'), 'ME');
  const fresh = readSwapLog([at(3, 'voting: 11 100.0%'), at(8, 'voting: 13 100.0%')].join('\n'), 'ME');
  const t = (second: number) => timeIn(at(second, ''));
  const times = swapTimes(new Map([['a', old], ['b', fresh]]), { from: 'a', to: 'b', demote: [t(1), t(2)], copy: null, promote: [t(6), t(7)] }, Infinity, [t(2), t(3), t(9)]);
  expect(times).toMatchObject({ demote: 1000, promote: 1000, lateVotes: 1, lastOldVote: 1000, demotedLoop: 2000, promotedLoop: null, firstNewVote: null });
});

test('leader slots are told by the first vote of the holder in whose time they fall', () => {
  const [swap] = given('twenty-swaps');
  const swaps = [{ ...swap!, firstNewSlot: 100 }, { ...swap!, firstNewSlot: null }, { ...swap!, firstNewSlot: 150 }];
  const chain = JSON.stringify({ blocks: [96, 140, 148], leaderSlots: [80, 96, 101, 140, 148, 190] });
  expect(leaderSlotsOf(swaps, chain)).toEqual([
    { after: -4, produced: true }, { after: 1, produced: false }, { after: 40, produced: true }, { after: -2, produced: true }, { after: 40, produced: false },
  ]);
});
