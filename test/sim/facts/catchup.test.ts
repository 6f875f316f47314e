/** `solana catchup`, and what a host that was cut off replays (agave cli/src/cluster_query.rs process_catchup, 4.2). */
import { describe, expect, it } from 'vitest';
import { hostView } from '../../../src/sim/commands/json-rpc.ts';
import type { Fault } from '../../../src/sim/faults.ts';
import { play } from './world.ts';
import type { Line } from './world.ts';

const CATCHUP: Line = ['inactive', 'solana catchup --our-localhost 8899'];
const seconds = (micros: number) => micros / 1e6;

function timeOf(plan: Parameters<typeof play>[0]) {
  const played = play(plan);
  const begin = played.one('command', { phase: 'start' }).t;
  return { ...played.outcome(0), took: seconds(played.outcome(0).t - begin), played };
}

describe('solana catchup', () => {
  it('takes one poll of a node that follows, as on real validators (2.0 to 2.2 s)', () => {
    const { exit, took } = timeOf({ lines: [CATCHUP] });
    expect(exit).toBe(0);
    expect(took).toBeGreaterThanOrEqual(2);
    expect(took).toBeLessThan(2.2);
  });

  it('answers at once with a provider that is behind', () => {
    const { exit, took } = timeOf({ lines: [CATCHUP], first: (world) => { world.rpcFault = 'lags'; } });
    expect(exit).toBe(0);
    expect(took).toBeLessThan(0.1);
  });

  it('fails at once when the provider does not answer in the beginning, and after five retries later', () => {
    const start = timeOf({ lines: [CATCHUP], first: (world) => { world.rpcFault = 'errors'; } });
    expect(start.exit).toBe(1);
    expect(start.took).toBeLessThan(0.1);
    const later = timeOf({ lines: [CATCHUP], deeds: { 2: (world) => { world.rpcFault = 'errors'; } } });
    expect(later.exit).toBe(1);
    expect(later.took).toBeGreaterThan(6.9);
    expect(later.took).toBeLessThan(7.4);
  });

  it('goes on when the provider answers again within the retries', () => {
    const { exit, took } = timeOf({ lines: [CATCHUP], deeds: { 2: (world) => { world.rpcFault = 'errors'; }, 8: (world) => { world.rpcFault = 'none'; } } });
    expect(exit).toBe(0);
    expect(took).toBeGreaterThan(2.5);
    expect(took).toBeLessThan(4.5);
  });

  it('waits for a node that gets no blocks', () => {
    const cut: Fault = { kind: 'cut-turbine', on: 'inactive', at: { kind: 'slot', slot: -2 }, heal: 20 };
    const { exit, took } = timeOf({ lines: [CATCHUP], faults: [cut] });
    expect(exit).toBe(0);
    expect(took).toBeGreaterThan(6);
    expect(took).toBeLessThan(12);
  });
});

describe('blocks of two branches that were missed', () => {
  it('are both replayed: a host that comes back in the middle of a fork follows the winning one', () => {
    // The repair of forty blocks takes two slots: the first blocks of both branches come before their parent is repaired.
    const fork = { at: 40, losing: 1, skipped: 0, firstSeen: { active: 'losing', inactive: 'losing' }, winner: 'second' } as const;
    for (const heal of [40, 41, 42, 43, 44]) {
      const cut: Fault = { kind: 'cut-turbine', on: 'inactive', at: { kind: 'slot', slot: -2 }, heal };
      const { world, fired } = play({ lines: [['active', 'sleep 24']], faults: [cut], fork });
      expect(fired).toEqual([true]);
      const tip = hostView(world.hosts.inactive)!.slot;
      expect(world.slot - tip, `link back after ${heal} slots`).toBeLessThan(3);
    }
  });
});
