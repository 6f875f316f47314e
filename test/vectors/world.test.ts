/** The vectors that need a world must notice when the rule behind them is broken. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Validator } from '../../src/sim/machine.ts';
import { restartBesideFork, revertConfirmed } from './cluster-scenario.ts';
import { kinds } from './kinds.ts';
import { RULES } from './rules.ts';
import { runVectors } from './run.ts';
import { parseVectors } from './vector.ts';
import { worldExecutors } from './world.ts';

const file = new URL('../fixtures/vectors/tower.json', import.meta.url);
const vectors = parseVectors('tower.json', readFileSync(file, 'utf8')).filter(({ name }) => Object.hasOwn(worldExecutors, name));

afterEach(() => {
  vi.doUnmock('../../src/model/tower-switch.ts');
  vi.doUnmock('../../src/model/optimistic-confirmation.ts');
  vi.doUnmock('../../src/sim/agave-versions.ts');
  vi.doUnmock('../../src/sim/admin-rpc.ts');
  vi.doUnmock('../../src/sim/tower-storage.ts');
  vi.resetModules();
});

/** Names of the vectors that fail when a module is replaced in part. */
async function failing(path: string, replace: (original: never) => object): Promise<string[]> {
  vi.resetModules();
  vi.doMock(path, async (original) => {
    const module = await original<never>();
    return { ...(module as object), ...replace(module) };
  });
  const { worldExecutors: broken } = await import('./world.ts');
  return runVectors(vectors, RULES, kinds, broken).map(({ vector }) => vector.name).sort();
}

test('there are five, and they hold', () => {
  expect(vectors).toHaveLength(5);
  expect(runVectors(vectors, RULES, kinds, worldExecutors)).toEqual([]);
});

describe('a broken rule is noticed', () => {
  test('no switching check: A follows C in spite of its tower', async () => {
    expect(await failing('../../src/model/tower-switch.ts', () => ({ switchDecision: () => ({ kind: 'SameFork' }) }))).toContain('test_no_lockout_violation_with_tower');
  });

  test('no switch at all: the lighter node never leaves the confirmed fork', async () => {
    const broken = await failing('../../src/model/tower-switch.ts', ({ switchDecision }: { switchDecision: (input: unknown) => { kind: string } }) => ({
      switchDecision: (input: unknown) => {
        const decision = switchDecision(input);
        return decision.kind === 'SwitchProof' ? { kind: 'FailedSwitchThreshold', stake: 0, total: 1 } : decision;
      },
    }));
    expect(broken).toEqual(['test_optimistic_confirmation_violation_detection']);
  });

  test('the tower file is not loaded', async () => {
    const broken = await failing('../../src/sim/tower-storage.ts', ({ fitTower }: { fitTower: (...args: unknown[]) => { tower: object | null } }) => ({
      fitTower: (...args: unknown[]) => {
        const loaded = fitTower(...args);
        return loaded.tower === null ? loaded : { ...loaded, tower: { ...loaded.tower, lastVote: null } };
      },
    }));
    expect(broken).toEqual(['test_no_lockout_violation_with_tower']);
  });

  test('the watch over confirmed blocks looks away', async () => {
    expect(await failing('../../src/model/optimistic-confirmation.ts', () => ({ verifyConfirmed: () => ({ violations: [], pending: [] }) })))
      .toEqual(['test_optimistic_confirmation_violation_detection']);
  });

  test('4.3 refuses nothing', async () => {
    const broken = await failing('../../src/sim/agave-versions.ts', ({ agaveBehaviour }: { agaveBehaviour: (version: string) => object }) => ({
      agaveBehaviour: (version: string) => ({ ...agaveBehaviour(version), refusesStakedToStaked: false }),
    }));
    expect(broken).toEqual(['test_set_identity_rejects_staked_to_staked_transition']);
  });

  test('set-identity reaches the voting loop at once', async () => {
    const broken = await failing('../../src/sim/admin-rpc.ts', ({ setIdentity }: { setIdentity: (...args: unknown[]) => unknown }) => ({
      setIdentity: (world: unknown, machine: unknown, validator: Validator, ...rest: unknown[]) => {
        const answer = setIdentity(world, machine, validator, ...rest);
        validator.votingIdentity = validator.clusterIdentity;
        return answer;
      },
    }));
    expect(broken).toContain('set_identity_effect_is_delayed');
  });
});

describe('the scenarios rest on what they say', () => {
  test('with its tower A stays on its own fork, whose last block it may send its vote for again', () => {
    expect(restartBesideFork(true)).toEqual({ votesOnFork: false, newest: 1003 });
  });

  test('without it A votes far beyond', () => {
    expect(restartBesideFork(false).newest).toBeGreaterThan(1050);
  });

  test('were C to hold more than 38 %, A would switch in spite of its tower', () => {
    expect(restartBesideFork(true, { A: 0.31, B: 0.29, C: 0.4 }).votesOnFork).toBe(true);
    expect(restartBesideFork(true, { A: 0.31, B: 0.32, C: 0.37 }).votesOnFork).toBe(false);
  });

  test('the confirmed slot is left out by a root on the sibling fork', () => {
    const { violations, confirmed, root, rootIsOnNewFork } = revertConfirmed();
    expect(confirmed).toBe(51);
    expect(root).toBeGreaterThan(confirmed);
    expect([violations, rootIsOnNewFork]).toEqual([[`Optimistically confirmed slot ${confirmed} was not rooted`], true]);
  });

  test('before the lockouts of the lighter node are over nothing is rooted there', () => {
    expect(revertConfirmed(undefined, 80)).toMatchObject({ violations: [], rootIsOnNewFork: false });
  });
});
