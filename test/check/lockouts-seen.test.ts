import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOnFork } from '../../src/check/ancestry.ts';
import { gatherEvidence } from '../../src/check/evidence.ts';
import { isLawfulStep } from '../../src/check/lawful-step.ts';
import { conflictSlot, conflictsOf } from '../../src/check/lockouts-seen.ts';
import { fromRuns } from '../../src/model/lockout-runs.ts';
import type { Trace } from '../../src/model/trace.ts';
import { anyTrace, forkedVoting, lawfulStretches } from './arbitrary-trace.ts';
import { naiveConflicts } from './naive-conflicts.ts';

function fastConflicts(trace: Trace): Map<number, string[]> {
  const { forks, votesBySlot } = gatherEvidence(trace);
  const found = new Map<number, string[]>();
  for (const [vote, conflicts] of conflictsOf(forks, votesBySlot)) {
    const lines = conflicts.map((conflict) => (conflict.rule === 'root-went-back' ? conflict.rule : `${conflict.rule} ${conflictSlot(conflict)}`));
    found.set(vote.event.id, [...new Set(lines)].sort());
  }
  return found;
}

/** Ids must tell votes apart for the comparison. */
function withIds(trace: Trace): Trace {
  let id = 0;
  return { ...trace, events: trace.events.map((event) => (event.type === 'vote' ? { ...event, id: id++ } : event)) };
}

describe('conflicts against the strictest lockouts seen', () => {
  it('equal those of all pairs, for voters with real stacks', () => {
    const rules = new Set<string>();
    let quiet = 0;
    fc.assert(
      fc.property(forkedVoting, (trace) => {
        const naive = naiveConflicts(trace);
        if (naive.size === 0) quiet++;
        for (const lines of naive.values()) for (const line of lines) rules.add(line.split(' ')[0]!);
        expect(fastConflicts(trace)).toEqual(naive);
      }),
      { numRuns: 150, seed: 7 },
    );
    // The traces must exercise every rule, and agreement without any violation as well.
    expect([...rules].sort()).toEqual(['lockout-reduced', 'lockout-violation-fork', 'lockout-violation-stack', 'root-went-back']);
    expect(quiet).toBeGreaterThan(5);
  });

  it('equal those of all pairs, for long stretches of lawful steps and what interrupts them', () => {
    const rules = new Set<string>();
    let steps = 0;
    let others = 0;
    fc.assert(
      fc.property(lawfulStretches, (trace) => {
        const naive = naiveConflicts(trace);
        for (const lines of naive.values()) for (const line of lines) rules.add(line.split(' ')[0]!);
        const { votesBySlot } = gatherEvidence(trace);
        votesBySlot.forEach((vote, i) => (i > 0 && isLawfulStep(votesBySlot[i - 1]!, vote) ? steps++ : others++));
        expect(fastConflicts(trace)).toEqual(naive);
      }),
      { numRuns: 150, seed: 9 },
    );
    expect([...rules].sort()).toEqual(['lockout-reduced', 'lockout-violation-fork', 'lockout-violation-stack', 'root-went-back']);
    expect(steps).toBeGreaterThan(others);
    expect(others).toBeGreaterThan(300);
  });

  it('name the first vote that gave the strictest lockout, also when it was taken in late', () => {
    let checked = 0;
    fc.assert(
      fc.property(fc.oneof(lawfulStretches, forkedVoting), (trace) => {
        const { forks, votesBySlot } = gatherEvidence(trace);
        for (const [vote, conflicts] of conflictsOf(forks, votesBySlot)) {
          for (const conflict of conflicts) {
            if (conflict.rule === 'root-went-back') continue;
            const { slot, confirmationCount, block, vote: giver } = conflict.seen;
            const given = votesBySlot.flatMap((earlier) => {
              const own = fromRuns(earlier.stack).find((lockout) => lockout.slot === slot);
              const voted = earlier.block === null ? null : blockOnFork(forks, slot, earlier.block);
              return earlier.event.slot < vote.event.slot && own !== undefined && voted === block ? [{ earlier, count: own.confirmationCount }] : [];
            });
            expect(confirmationCount).toBe(Math.max(...given.map(({ count }) => count)));
            expect(giver).toBe(given.find(({ count }) => count === confirmationCount)!.earlier);
            checked++;
          }
        }
      }),
      { numRuns: 40, seed: 10 },
    );
    expect(checked).toBeGreaterThan(100);
  });

  it('equal those of all pairs, for any well-typed votes', () => {
    fc.assert(
      fc.property(anyTrace.map(withIds), (trace) => {
        expect(fastConflicts(trace)).toEqual(naiveConflicts(trace));
      }),
      { numRuns: 1500, seed: 8 },
    );
  });
});
