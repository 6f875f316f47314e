/** A copied world goes on as the original does, and neither notices the other. */
import { describe, expect, test } from 'vitest';
import { MILDEST, configOf } from '../../src/explore/run-spec.ts';
import { FULL, singleFaults, stepSlots } from '../../src/explore/single-faults.ts';
import { winningTip } from '../../src/sim/cluster.ts';
import { copyWorld, canBeCopied } from '../../src/sim/copy-world.ts';
import { createWorld } from '../../src/sim/create-world.ts';
import { prepareRun, run } from '../../src/sim/run.ts';
import { concludeRun } from '../../src/sim/run-end.ts';
import { runWorld, stepWorld } from '../../src/sim/world.ts';
import type { World } from '../../src/sim/world.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';

const finish = (world: World) => {
  runWorld(world);
  concludeRun(world);
  return JSON.stringify(world.events);
};

describe.each(['guide-hot-swap', 'guide-hot-swap-without-tower'])('copies in %s', (name) => {
  const subject = { site: GUIDE_SITE, procedure: loadProcedure(name, GUIDE_SITE, {}) };
  const slots = stepSlots(run(configOf(subject, MILDEST)).trace);
  const all = singleFaults(FULL, subject.procedure, slots);
  const specs = all.filter((_, i) => i % Math.ceil(all.length / 50) === 0);

  test('taken at any place, also while a command waits, give the same trace', () => {
    let copies = 0;
    let waiting = 0;
    specs.forEach((spec, n) => {
      const whole = JSON.stringify(run(configOf(subject, spec), spec.faults).trace.events);
      const world = prepareRun(configOf(subject, spec), spec.faults);
      const kept: World[] = [];
      // Copies are taken at other places in each run, and copies of copies too.
      for (let i = 0; world.slot <= world.endSlot; i++) {
        if (i % (13 + (n % 7)) === 0 && canBeCopied(world)) {
          kept.push(copyWorld(kept.length % 3 === 2 ? copyWorld(world) : world));
          if (world.operator.run !== null) waiting++;
        }
        stepWorld(world);
      }
      concludeRun(world);
      expect(JSON.stringify(world.events) === whole).toBe(true);
      copies += kept.length;
      for (const copy of kept.filter((_, i) => (i + n) % 4 === 0)) expect(finish(copy) === whole).toBe(true);
    });
    expect(copies).toBeGreaterThan(specs.length * 5);
    expect(waiting).toBeGreaterThan(specs.length / 4);
  });
});

test('a world cannot be copied while a command is at work', () => {
  const subject = { site: GUIDE_SITE, procedure: loadProcedure('guide-hot-swap', GUIDE_SITE, {}) };
  const world = createWorld(configOf(subject, MILDEST));
  while (canBeCopied(world)) stepWorld(world);
  expect(() => copyWorld(world)).toThrow('while a command is at work');
});

test('a copy that runs on for long cuts no ancestors of blocks that the other has', () => {
  const subject = { site: GUIDE_SITE, procedure: loadProcedure('guide-hot-swap-without-tower', GUIDE_SITE, { 'wait-slots': '900' }) };
  const world = prepareRun(configOf(subject, MILDEST), []);
  while (world.slot < world.startSlot + 20 || !canBeCopied(world)) stepWorld(world);
  const ancestors = (): number => {
    let count = 0;
    for (let block = winningTip(world.cluster).parent; block !== null; block = block.parent) count++;
    return count;
  };
  const before = ancestors();
  const copy = copyWorld(world);
  runWorld(copy);
  expect(copy.slot).toBeGreaterThan(copy.startSlot + 900);
  expect(before).toBeGreaterThan(20);
  expect(ancestors()).toBe(before);
});
