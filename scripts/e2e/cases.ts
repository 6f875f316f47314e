/**
 * The cases. Each is a shipped procedure, or a shipped scenario with its faults and its timing: the same files that the
 * simulation runs.
 */
import { fileURLToPath } from 'node:url';
import { MILDEST } from '../../src/explore/run-spec.ts';
import type { RunSpec } from '../../src/explore/run-spec.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { LATENCY_TABLES } from '../../src/sim/latency.ts';
import type { Fault } from '../../src/sim/faults.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';
import type { Procedure } from '../../src/transition/procedure.ts';
import type { Site } from '../../src/transition/site.ts';

export interface Case {
  readonly id: string;
  readonly title: string;
  readonly procedure: (site: Site) => Procedure;
  readonly spec: RunSpec;
  /** Share of the stake, 0..1. With a sixth the guide's restart window never opens. */
  readonly stakeShare: number;
  /** Each plays with the parts the other way round, from where the last one ended. */
  readonly runs: number;
  /** A case that needs luck: as many attempts until the predicted refusals are seen. */
  readonly attempts: number;
  /** Whether the lab is as `guide-setup` leaves it, parts swapped, when the case went as predicted. */
  readonly leavesPrepared: boolean;
}

/** 0.5 %: a restart window of 300 slots comes within minutes. */
export const SMALL_STAKE = 0.005;

const shipped = (id: string, title: string, name: string, runs: number): Case => ({
  id, title, procedure: (site) => loadProcedure(name, site), spec: MILDEST, stakeShare: SMALL_STAKE, runs, attempts: 1, leavesPrepared: true,
});

const known = (id: string, title: string, scenario: string, attempts: number, leavesPrepared: boolean): Case => {
  const { run } = loadScenario(fileURLToPath(new URL(`../../scenarios/${scenario}.yaml`, import.meta.url)));
  return {
    id, title, spec: run.spec, stakeShare: SMALL_STAKE, runs: 1, attempts, leavesPrepared,
    procedure: (site) => loadProcedure(run.subject.procedure.file ?? run.subject.procedure.name, site),
  };
};

/** The guide's hot swap, one step of which the operator leaves out. */
const without = (id: string, title: string, step: string): Case => {
  const { steps } = loadProcedure('guide-hot-swap', GUIDE_SITE);
  const left: Fault = { kind: 'operator-drops', on: 'operator', at: { kind: 'step', index: steps.findIndex((one) => one.id === step), when: 'before' }, heal: 1 };
  return { ...shipped(id, title, 'guide-hot-swap', 1), spec: { ...MILDEST, faults: [left] } };
};

/** Every case, in the order in which they are best run. */
export function allCases(): Case[] {
  return [
    shipped('a', "the guide's hot swap, there and back again", 'guide-hot-swap', 2),
    known('d1', 'the tower copied at once, the target promoted a second later', 'late-vote-lost', 8, true),
    shipped('c', "the guide's hot swap without the tower", 'guide-hot-swap-without-tower', 1),
    shipped('b1', 'guarded-hot-swap', 'guarded-hot-swap', 1),
    shipped('b2', 'strict-hot-swap', 'strict-hot-swap', 1),
    known('d5', 'a torn tower, with --require-tower', 'torn-copy-refused', 1, false),
    known('d3', 'the target started without --authorized-voter', 'authorized-voter-missing', 1, false),
    known('d4', 'a torn tower, without --require-tower', 'torn-copy-without-flag', 1, false),
    without('d2', 'promoted without a demotion', 'demote'),
    known('d6', 'a restart between set-identity and the link', 'crash-before-the-link', 1, false),
  ];
}

/** What runs without --only: in CI a, c and two of d. */
export const DEFAULT_CASES = ['a', 'd1', 'c', 'd5'];

/** A drawn latency of a spec, ms. */
export function drawnMs(spec: RunSpec, name: keyof typeof LATENCY_TABLES): number {
  return LATENCY_TABLES[name][spec.draws[`latency/${name}`] ?? 0]! / 1000;
}
