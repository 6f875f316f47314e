/**
 * What a procedure comes to as it is written, in the circumstances in which its mistakes are looked at: that against which
 * a mistake is held.
 */
import type { FindingClass, FindingKind } from '../model/verdict.ts';
import type { RunSpec } from './run-spec.ts';
import type { Outcome, Reach } from './trunk.ts';

/**
 * What the written procedure comes to in circumstances that are alike: the same fault at the same step, before, during
 * or after it and however long; with any fork or without; with any timing or the mildest. A mistake shifts everything
 * behind it by some time, and what comes of that shift alone is not what the step prevents.
 */
export interface Family {
  readonly violations: ReadonlySet<FindingKind>;
  /** Of the worst run. */
  readonly rank: number;
  /** Slots, of the longest. */
  readonly downtime: number;
}

export interface AsWritten {
  /** By `familyKey`. */
  readonly families: ReadonlyMap<string, Family>;
  /** How far each run came, by `runKey`. */
  readonly reached: ReadonlyMap<string, Reach>;
}

/** Puts the runs of the written procedure together. */
export function asWritten(specs: readonly RunSpec[], outcomes: readonly Outcome[]): AsWritten {
  const families = new Map<string, Family>();
  const reached = new Map<string, Reach>();
  specs.forEach((spec, i) => {
    const { summary: { findings, downtime }, reach } = outcomes[i]!;
    reached.set(runKey(spec, asItIs), reach);
    for (const key of familyKeys(spec)) {
      const before = families.get(key);
      families.set(key, {
        violations: new Set([...(before?.violations ?? []), ...findings.filter((finding) => finding.class === 'violation').map(({ kind }) => kind)]),
        rank: Math.max(before?.rank ?? 0, ...findings.map(rankOf)),
        downtime: Math.max(before?.downtime ?? 0, downtime),
      });
    }
  });
  return { families, reached };
}

const asItIs = (index: number): number => index;

/** The one run of the written procedure in exactly these circumstances. `toIndex`: the place of a step as it is written. */
export function runKey({ faults, fork, draws }: RunSpec, toIndex: (index: number) => number): string {
  const struck = faults.map((fault) => (fault.at !== 'before-start' && fault.at.kind === 'step' ? { ...fault, at: { ...fault.at, index: toIndex(fault.at.index) } } : fault));
  return JSON.stringify([struck, fork, draws]);
}

/** The family with which a run is compared. */
export function familyKey(spec: RunSpec, toIndex: (index: number) => number): string {
  return keyOf(spec, toIndex, spec.fork === null ? 'no fork' : 'any fork', Object.keys(spec.draws).length === 0 ? 'mildest' : 'any timing');
}

/** The families that a run of the written procedure counts for: its own, and those with more room. */
function familyKeys(spec: RunSpec): string[] {
  const forks = spec.fork === null ? ['no fork', 'any fork'] : ['any fork'];
  const timings = Object.keys(spec.draws).length === 0 ? ['mildest', 'any timing'] : ['any timing'];
  return forks.flatMap((fork) => timings.map((timing) => keyOf(spec, asItIs, fork, timing)));
}

function keyOf({ faults }: RunSpec, toIndex: (index: number) => number, fork: string, timing: string): string {
  return JSON.stringify([faults.map(({ kind, on, at }) => [kind, on, at !== 'before-start' && at.kind === 'step' ? toIndex(at.index) : at]), fork, timing]);
}

/** From mild to grave; 0: nothing found. */
export const RANKS = { violation: 5, 'lost-state': 4, hazard: 3, 'nobody-votes': 2, downtime: 1 } as const;

/** How grave a finding is. */
export function rankOf(finding: { readonly class: FindingClass; readonly kind: FindingKind } | null): number {
  if (finding === null) return 0;
  return finding.kind === 'nobody-votes' ? RANKS['nobody-votes'] : RANKS[finding.class];
}
