import { describe, expect, test } from 'vitest';
import { checkSlot, slotHistoryOf, withSlot } from '../../src/model/slot-history.ts';
import { describeTowerError, towerErrorPolicy } from '../../src/model/tower-error.ts';
import type { TowerError, TowerPolicy, TowerSituation } from '../../src/model/tower-error.ts';
import { adjustAfterReplay, rebuildFromBank } from '../../src/model/tower-restore.ts';
import { TowerPanic, newTower, recordVote } from '../../src/model/tower.ts';
import type { Tower } from '../../src/model/tower.ts';

const voted = [5, 6, 7].reduce((tower: Tower, slot) => recordVote(tower, slot, `H${slot}`), newTower('node'));

describe('adjustAfterReplay', () => {
  test('asserts that the replayed root is in the history', () => {
    expect(() => adjustAfterReplay(voted, 4, slotHistoryOf([1, 2]))).toThrow(TowerPanic);
  });

  test('an empty tower is only good at its own root', () => {
    const rebuilt = rebuildFromBank('node', null, 9);
    expect(adjustAfterReplay(rebuilt, 9, slotHistoryOf([9]))).toEqual({ tower: rebuilt });
    expect(() => adjustAfterReplay(rebuilt, 8, slotHistoryOf([8]))).toThrow('empty tower with root 9');
  });

  test('votes on another fork than the replayed one stay, as stray', () => {
    const adjusted = adjustAfterReplay(voted, 9, slotHistoryOf([5, 8, 9]));
    expect(adjusted).toMatchObject({ tower: { stack: { root: 9 }, strayRestoredSlot: 7 } });
    expect('tower' in adjusted && adjusted.tower.stack.votes.map(({ slot }) => slot)).toEqual([6, 7]);
  });

  test('an ancestor of a found vote that the history lacks is fatal', () => {
    const adjusted = adjustAfterReplay(voted, 7, slotHistoryOf([5, 7]));
    expect(adjusted).toEqual({ error: { kind: 'FatallyInconsistent', why: 'diverged ancestor?' } });
  });
});

test('adding a slot to a history leaves the slots between unknown', () => {
  const history = withSlot(slotHistoryOf([1, 2]), 6);
  expect([1, 4, 6, 7].map((slot) => checkSlot(history, slot))).toEqual(['Found', 'NotFound', 'Found', 'Future']);
});

describe('towerErrorPolicy', () => {
  const missing: TowerError = { kind: 'IoError', cause: 'NotFound' };
  const tooOld: TowerError = { kind: 'TooOldTower', lastVoted: 1, oldest: 2 };
  const fatal: TowerError[] = [
    { kind: 'IoError', cause: 'Other' },
    { kind: 'SerializeError' },
    { kind: 'InvalidSignature' },
    { kind: 'WrongTower' },
    { kind: 'FatallyInconsistent', why: 'time warped?' },
  ];
  const all = [missing, tooOld, ...fatal];
  const policies = (errors: readonly TowerError[], situation: TowerSituation): TowerPolicy[] => [
    ...new Set(errors.map((error) => towerErrorPolicy(error, situation))),
  ];

  test('at set-identity a missing or ancient tower is rebuilt, any other error ends the validator', () => {
    expect(policies([missing, tooOld], { at: 'set-identity-replay' })).toEqual(['rebuild']);
    expect(policies(fatal, { at: 'set-identity-replay' })).toEqual(['exit']);
  });

  test('--require-tower acts on the request alone', () => {
    expect(policies(all, { at: 'set-identity-request', requireTower: true })).toEqual(['refuse-request']);
    expect(policies(all, { at: 'set-identity-request', requireTower: false })).toEqual(['ignore']);
  });

  test('start-up rebuilds, unless the tower is required and the account has voted', () => {
    const start = (requireTower: boolean, votedBefore: boolean): TowerSituation => ({ at: 'startup', requireTower, votedBefore });
    expect(policies(all, start(true, true))).toEqual(['abort-startup']);
    expect(policies(all, start(true, false))).toEqual(['rebuild']);
    expect(policies(all, start(false, true))).toEqual(['rebuild']);
    expect(policies([{ kind: 'HardFork', slot: 3 }], start(true, true))).toEqual(['rebuild']);
  });

  test('errors read as Agave writes them', () => {
    expect([...all, { kind: 'HardFork', slot: 3 } as const].map(describeTowerError)).toEqual([
      'IoError(NotFound)',
      'TooOldTower(1,2)',
      'IoError(Other)',
      'SerializeError',
      'InvalidSignature',
      'WrongTower',
      'FatallyInconsistent(time warped?)',
      'HardFork(3)',
    ]);
  });
});
