/** How long a run waits for a vote: faults that strike after the procedure, and votes for a losing branch. */
import { describe, expect, it } from 'vitest';
import { MILDEST, runSpec } from '../../../src/explore/run-spec.ts';
import type { Fault } from '../../../src/sim/faults.ts';
import type { ForkPlan } from '../../../src/sim/fork-plan.ts';
import { LIVENESS_BOUND, MOST_SLOTS } from '../../../src/sim/run-end.ts';
import { loadProcedure } from '../../../src/transition/procedure-file.ts';
import { SITE, procedureOf } from './world.ts';

const subject = { site: SITE, procedure: loadProcedure('guide-hot-swap', SITE) };
const undisturbed = healings(run([], null))[0]!;

function run(faults: readonly Fault[], fork: ForkPlan | null) {
  return runSpec(subject, { ...MILDEST, faults, fork });
}

function healings({ trace }: ReturnType<typeof run>): number[] {
  return trace.events.flatMap((event) => (event.type === 'phase' && event.phase === 'heal' ? [event.slot] : []));
}

/** Relative to the start of the procedure, as faults and forks are told. */
function after(slots: number): number {
  return undisturbed - 1000 + slots;
}

describe('the end of a run', () => {
  it('waits for a host that was cut off after the procedure, from the slot in which that has healed', () => {
    const result = run([{ kind: 'cut-all', on: 'inactive', at: { kind: 'slot', slot: after(6) }, heal: 300 }], null);
    expect(result.fired).toEqual([true]);
    expect(healings(result)).toEqual([undisturbed, undisturbed + 306]);
    expect(result.judgement.liveness).toMatchObject({ live: true, voters: ['inactive'] });
  });

  it('does not wait for one that keeps no vote away', () => {
    const result = run([{ kind: 'cut-all', on: 'active', at: { kind: 'slot', slot: after(6) }, heal: 300 }], null);
    expect(result.fired).toEqual([true]);
    expect(healings(result)).toEqual([undisturbed]);
    expect(result.world.endSlot).toBe(run([], null).world.endSlot);
  });

  it('waits until eight votes for a losing branch lock out no more', () => {
    const fork: ForkPlan = { at: after(4), losing: 8, skipped: 0, firstSeen: { active: 'losing', inactive: 'losing' }, winner: 'second' };
    const result = run([], fork);
    const worst = result.judgement.downtime.runs.toSorted((a, b) => b.slots - a.slots)[0]!;
    // Longer than a run waits for anything else, and as long as the lockout of the first of the eight votes.
    expect(worst.last).toBeGreaterThanOrEqual(undisturbed + LIVENESS_BOUND);
    expect(worst.last).toBeGreaterThanOrEqual(1000 + fork.at + 256);
    expect(worst.last).toBeLessThan(1000 + fork.at + 256 + 16);
    expect(result.judgement.liveness).toMatchObject({ live: true, voters: ['inactive'] });
  });

  it('comes all the same when nobody ever votes again', () => {
    const dead = runSpec(subject, { ...MILDEST, faults: [{ kind: 'copy-torn', on: 'step', at: { kind: 'step', index: 3, when: 'before' }, heal: 1 }] });
    expect(dead.judgement.liveness.live).toBe(false);
    const [healed] = healings(dead);
    expect(dead.world.endSlot - healed!).toBeGreaterThanOrEqual(LIVENESS_BOUND);
    expect(dead.world.endSlot - healed!).toBeLessThan(LIVENESS_BOUND + 16);
  });

  it('comes after a quarter of an hour of waiting, when the procedure says so', () => {
    const { judgement, world } = runSpec({ site: SITE, procedure: procedureOf([['operator', 'sleep 900']]) }, MILDEST);
    expect(world.slot).toBeGreaterThan(1000 + 900 / 0.4);
    expect(judgement).toMatchObject({ result: 'holds', liveness: { live: true }, gaps: [] });
  });

  it('leaves the result open when the procedure was not over then', () => {
    const { judgement, world } = runSpec({ site: SITE, procedure: procedureOf([['operator', `sleep ${MOST_SLOTS}`]]) }, MILDEST);
    expect(world.endSlot).toBe(1000 + MOST_SLOTS);
    expect(judgement.result).toBe('unknown');
    expect(judgement.unknown).toEqual([`the run ended in slot ${world.slot}: the procedure was not over`]);
  });
});
