/** For every kind of fault a run in which it struck and mattered: without it, the same run goes another way. */
import { join } from 'node:path';
import type { Fault } from '../sim/faults.ts';
import type { RunSpec, Subject } from '../explore/run-spec.ts';
import type { TraceEvent } from '../model/trace.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import type { Product } from './product.ts';

export interface Witness {
  readonly kind: string;
  /** Null when no run of those that were tried is one. */
  readonly found: { readonly run: NamedRun; readonly fault: Fault; readonly difference: string } | null;
  readonly tried: number;
}

/** A run by a name under which people find it. */
export interface NamedRun {
  readonly name: string;
  readonly subject: Subject;
  readonly spec: RunSpec;
  /** Shipped name or path of the procedure, and its parameters. */
  readonly procedure: string;
  readonly params: Readonly<Record<string, string | number>>;
}

const PROCEDURES = ['guide-hot-swap', 'guide-hot-swap-without-tower'];

/** The demotion is left out, so that both hosts show the staked identity. */
const UNDEMOTED: Fault = { kind: 'operator-drops', on: 'operator', at: { kind: 'step', index: 1, when: 'after' }, heal: 1 };

/** The link of the active still points to the staked key. */
const UNLINKED: Fault = { ...UNDEMOTED, at: { kind: 'step', index: 2, when: 'after' } };

/** What matters only when something else happens as well. */
const PAIRED: readonly (readonly Fault[])[] = [
  [{ kind: 'link-to-junk', on: 'active', at: 'before-start' }, { kind: 'crash', on: 'active', at: { kind: 'slot', slot: -8 }, heal: 1 }],
  [UNDEMOTED, { kind: 'cut-gossip', on: 'active', at: { kind: 'slot', slot: 0 }, heal: 64 }],
  [UNLINKED, { kind: 'restart', on: 'active', at: { kind: 'slot', slot: 24 }, heal: 1 }, { kind: 'clock-back', on: 'active', at: { kind: 'slot', slot: 20 }, heal: 64 }],
];

/** A failure can be ignored only where a step would stop. */
const IGNORED: readonly Fault[] = [
  { ...UNDEMOTED, kind: 'operator-ignores-failure', at: { kind: 'step', index: 0, when: 'after' } },
  { kind: 'no-authorized-voter', on: 'inactive', at: 'before-start' },
];

/** So many runs of one kind, lying evenly among all its single faults, are tried before the others: where a fault matters it mostly does so at many points. */
const FIRST_TRIES = 24;

/** One row for each kind of fault that the product knows, in its order. */
export function findWitnesses(product: Product): Witness[] {
  const { FAULT_KINDS, OPERATOR_KINDS, PREPARATION_KINDS } = product;
  const scenarios = scenarioRuns(product);
  const singles = PROCEDURES.flatMap((name) => singleRuns(product, name));
  const first = singles[0]!;
  const guarded = singleRuns(product, 'guarded-hot-swap')[0]!;
  const paired = [...PAIRED.map((faults) => ({ ...first, spec: { ...first.spec, faults } })), { ...guarded, spec: { ...guarded.spec, faults: IGNORED } }];
  return [...Object.keys(FAULT_KINDS), ...OPERATOR_KINDS, ...PREPARATION_KINDS].map((kind) => {
    const has = ({ spec }: NamedRun) => spec.faults.some((fault) => fault.kind === kind);
    const own = singles.filter(has);
    const stride = Math.max(1, Math.floor(own.length / FIRST_TRIES));
    const candidates = [...scenarios.filter(has), ...paired.filter(has), ...own.filter((_, i) => i % stride === 0), ...own.filter((_, i) => i % stride !== 0)];
    for (const [i, run] of candidates.entries()) {
      const fault = run.spec.faults.find((one) => one.kind === kind)!;
      const difference = whatItChanged(product, run, fault);
      if (difference !== null) return { kind, found: { run, fault, difference }, tried: i + 1 };
    }
    return { kind, found: null, tried: candidates.length };
  });
}

/** Both sides of every shipped scenario. */
export function scenarioRuns({ loadScenarios }: Product): NamedRun[] {
  return loadScenarios(join(PACKAGE_ROOT, 'scenarios')).flatMap((scenario) => (['run', 'twin'] as const).map((side) => {
    const { subject, spec, given } = scenario[side];
    const procedure = given.procedure.replace(/^\.\//, 'scenarios/');
    return { name: side === 'run' ? scenario.name : `${scenario.name}, twin`, subject, spec, procedure, params: given.params ?? {} };
  }));
}

function singleRuns({ GUIDE_SITE, MILDEST, STANDARD, loadProcedure, runSpec, singleFaults, stepSlots }: Product, procedure: string): NamedRun[] {
  const subject = { site: GUIDE_SITE, procedure: loadProcedure(procedure, GUIDE_SITE, {}) };
  const slots = stepSlots(runSpec(subject, MILDEST).trace);
  return singleFaults(STANDARD, subject.procedure, slots).filter(({ faults, fork }) => faults.length > 0 && fork === null)
    .map((spec) => ({ name: procedure, subject, spec, procedure, params: {} }));
}

/** The first event, faults apart, that there is not without the fault, or the first that there is only then; null when it did not strike or changed nothing. */
export function whatItChanged({ runSpec }: Product, { subject, spec }: NamedRun, fault: Fault): string | null {
  const withIt = runSpec(subject, spec);
  if (withIt.fired[spec.faults.indexOf(fault)] !== true) return null;
  const without = runSpec(subject, { ...spec, faults: spec.faults.filter((one) => one !== fault) });
  // A fault may do no more than prolong the run.
  const end = Math.min(...[withIt, without].map(({ trace }) => trace.events.at(-1)!.t));
  const [mine, other] = [withIt, without].map(({ trace }) => trace.events.filter(({ type, t }) => t < end && type !== 'fault' && type !== 'phase'));
  const added = firstBeyond(mine!, other!);
  if (added !== null) return eventWords(added);
  const removed = firstBeyond(other!, mine!);
  return removed === null ? null : `no ${eventWords(removed)}`;
}

/** The first event that another trace does not have. */
function firstBeyond(events: readonly TraceEvent[], other: readonly TraceEvent[]): TraceEvent | null {
  const known = new Set(other.map((event) => JSON.stringify(event)));
  return events.find((event) => !known.has(JSON.stringify(event))) ?? null;
}

function eventWords(event: TraceEvent): string {
  switch (event.type) {
    case 'command':
      return `${event.id}: ${event.phase === 'end' ? `exit ${event.exit}` : event.phase}`;
    case 'process':
      return `${event.host} ${event.state}`;
    default:
      return 'slot' in event ? `${event.type} ${event.slot}` : event.type;
  }
}
