/** Procedures done wrong. */
import { expect, test } from 'vitest';
import { drop, ignoreFailure, late, mutants, repeat, stopAfter, swap, wrongHost } from '../../src/transition/mutation.ts';
import type { Procedure } from '../../src/transition/procedure.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const swapOfGuide = loadProcedure('guide-hot-swap', GUIDE_SITE);
const before = JSON.stringify(swapOfGuide);

function ids(procedure: Procedure): string[] {
  return procedure.steps.map((step) => step.id);
}

test('each mistake does what its name says', () => {
  expect(ids(drop(swapOfGuide, 3))).toEqual(['wait-for-window', 'demote', 'link-junk', 'promote', 'link-staked', 'verify']);
  expect(ids(repeat(swapOfGuide, 1)).slice(0, 4)).toEqual(['wait-for-window', 'demote', 'demote-again', 'link-junk']);
  expect(ids(repeat(repeat(swapOfGuide, 1), 1)).slice(1, 4)).toEqual(['demote', 'demote-again-2', 'demote-again']);
  expect(ids(swap(swapOfGuide, 1)).slice(0, 4)).toEqual(['wait-for-window', 'link-junk', 'demote', 'copy-tower']);
  expect(ids(stopAfter(swapOfGuide, 1))).toEqual(['wait-for-window', 'demote']);
  expect(wrongHost(swapOfGuide, 4).steps[4]).toMatchObject({
    id: 'promote-on-active',
    host: 'active',
    run: 'agave-validator -l /mnt/ledger set-identity --require-tower /home/sol/staked-identity.json',
  });
  const setup = loadProcedure('guide-setup', GUIDE_SITE);
  const check = ids(setup).indexOf('check-link-on-active');
  expect(setup.steps[check]!.onFailure).toBe('stop');
  expect(ignoreFailure(setup, check).steps[check]!.onFailure).toBe('continue');
  expect(late(swapOfGuide, 4, 30).steps[4]).toEqual({ kind: 'wait', id: 'promote-late', host: 'operator', slots: 30, since: 'here', onFailure: 'continue' });
  expect(ids(late(swapOfGuide, 4, 30))[5]).toBe('promote');
  expect(JSON.stringify(swapOfGuide)).toBe(before);
});

test('there is nothing to change outside of the steps', () => {
  const outside = swapOfGuide.steps.length;
  for (const mutate of [drop, repeat, stopAfter, wrongHost, ignoreFailure]) {
    expect(() => mutate(swapOfGuide, outside)).toThrow(RangeError);
    expect(() => mutate(swapOfGuide, -1)).toThrow(RangeError);
  }
  expect(() => swap(swapOfGuide, outside - 1)).toThrow('has no step at 7');
  expect(() => late(swapOfGuide, outside, 1)).toThrow(RangeError);
  const waiting = loadProcedure('guide-hot-swap-without-tower', GUIDE_SITE);
  expect(() => wrongHost(waiting, 3)).toThrow('step "wait-out" is not run on one of the validators');
});

test('all single mistakes: each changes something, each is another one, ids stay unique', () => {
  for (const name of ['guide-hot-swap', 'guide-hot-swap-without-tower', 'guide-setup']) {
    const procedure = loadProcedure(name, GUIDE_SITE);
    const all = mutants(procedure);
    const n = procedure.steps.length;
    const runs = procedure.steps.filter((step) => step.kind === 'run').length;
    const stops = procedure.steps.filter((step) => step.onFailure === 'stop').length;
    expect(all).toHaveLength(n + n + n + (n - 1) + (n - 1) + runs + stops);
    expect(new Set(all.map((mutant) => mutant.sentence)).size).toBe(all.length);
    for (const mutant of all) {
      expect(mutant.procedure.steps).not.toEqual(procedure.steps);
      expect(new Set(ids(mutant.procedure)).size).toBe(mutant.procedure.steps.length);
    }
  }
  expect(mutants(swapOfGuide).slice(0, 5).map((mutant) => mutant.sentence)).toEqual([
    'step "wait-for-window" is left out',
    'step "wait-for-window" is taken twice',
    'step "demote" is taken before step "wait-for-window"',
    'the operator stops after step "wait-for-window"',
    'step "wait-for-window" is run on the inactive validator',
  ]);
});
