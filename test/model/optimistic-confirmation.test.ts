import { describe, expect, test } from 'vitest';
import { describeViolation, isOptimisticallyConfirmed, verifyConfirmed } from '../../src/model/optimistic-confirmation.ts';

describe('optimistic confirmation', () => {
  test.each([[66, 100, false], [2, 3, false], [67, 100, true], [100, 100, true]])('%i of %i: %s', (voted, total, confirmed) => {
    expect(isOptimisticallyConfirmed(voted, total)).toBe(confirmed);
  });

  const confirmed = [{ slot: 5, hash: 'five' }, { slot: 7, hash: 'seven' }, { slot: 9, hash: 'nine' }];

  test('what the root has passed must be its ancestor or rooted before', () => {
    const { violations, pending } = verifyConfirmed(confirmed, { root: { slot: 8, hash: 'eight' }, isRooted: (slot) => slot === 5 });
    expect(violations).toEqual([{ slot: 7, hash: 'seven' }]);
    expect(pending).toEqual([{ slot: 9, hash: 'nine' }]);
  });

  test('the root itself must be the confirmed block of its slot', () => {
    const at = (hash: string) => verifyConfirmed(confirmed, { root: { slot: 7, hash }, isRooted: () => true }).violations;
    expect(at('seven')).toEqual([]);
    expect(at('another').map(describeViolation)).toEqual(['Optimistically confirmed slot 7 was not rooted']);
  });
});
