/** What many runs found, grouped by cause. */
import type { FindingClass, FindingKind } from '../model/verdict.ts';
import type { RunSpec, RunSummary } from './run-spec.ts';

/** Findings of one cause, and the run that tells it shortest. */
export interface CauseGroup {
  readonly id: string;
  readonly class: FindingClass;
  readonly kind: FindingKind;
  readonly title: string;
  readonly cause: string;
  /** Runs in which it was found. */
  readonly runs: number;
  readonly example: RunSpec;
  /** Kinds of faults that had struck by then ("no fault" without any), and in how many runs; most first. */
  readonly faults: readonly (readonly [kinds: string, runs: number])[];
}

const CLASS_ORDER: readonly FindingClass[] = ['violation', 'lost-state', 'hazard', 'downtime'];

/** Of two runs that show the same, the one of less cost is told: no fault, no fork, fewest choices, shortest trace. */
export function costOf({ faults, fork, draws, skips }: RunSpec, { size }: RunSummary): number {
  const choices = Object.keys(draws).length + (skips?.length ?? 0);
  return faults.length * 10_000_000 + (fork === null ? 0 : 1_000_000) + choices * 100_000 + size;
}

interface Growing extends CauseGroup {
  readonly cost: number;
  readonly counts: Map<string, number>;
}

/**
 * Groups findings by cause. A finding that the same fork, or nothing at all, gives without the fault is not the fault's:
 * it is counted where it belongs. The example is the mildest run: no fault, no fork, fewest choices, shortest trace.
 */
export function groupByCause(specs: readonly RunSpec[], runs: readonly RunSummary[]): CauseGroup[] {
  const withoutFault = new Map<string, ReadonlySet<string>>();
  specs.forEach((spec, i) => {
    if (spec.faults.length === 0) withoutFault.set(worldOf(spec), new Set(runs[i]!.findings.map(({ id }) => id)));
  });
  const groups = new Map<string, Growing>();
  runs.forEach((run, i) => {
    const spec = specs[i]!;
    const known = withoutFault.get(worldOf(spec));
    const cost = costOf(spec, run);
    const seen = new Set<string>();
    for (const { id, class: grade, kind, cause, title, faults } of run.findings) {
      if (seen.has(id)) continue;
      seen.add(id);
      const group = groups.get(id);
      const counts = group?.counts ?? new Map<string, number>();
      const kinds = known?.has(id) === true ? NO_FAULT : kindsOf(faults);
      counts.set(kinds, (counts.get(kinds) ?? 0) + 1);
      const better = group === undefined || cost < group.cost ? { title, example: spec, cost } : group;
      groups.set(id, {
        id, class: grade, kind, cause, runs: (group?.runs ?? 0) + 1, faults: [], counts,
        title: better.title, example: better.example, cost: better.cost,
      });
    }
  });
  return [...groups.values()].sort(byGravity).map(({ cost: _, counts, ...group }) => ({ ...group, faults: mostFirst(counts) }));
}

/** Said in place of kinds. */
export const NO_FAULT = 'no fault';

/** Kinds of faults as one text. */
function kindsOf(kinds: readonly string[]): string {
  return kinds.length === 0 ? NO_FAULT : kinds.join(' + ');
}

/** Counts as a list, the greatest first. */
export function mostFirst(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** Gravest class first, then the mildest example. */
export function byGravity(a: CauseGroup & { readonly cost: number }, b: CauseGroup & { readonly cost: number }): number {
  return CLASS_ORDER.indexOf(a.class) - CLASS_ORDER.indexOf(b.class) || a.cost - b.cost || (a.id < b.id ? -1 : 1);
}

/** All of a run but its faults. */
function worldOf({ fork, draws, skips }: RunSpec): string {
  return JSON.stringify([fork, draws, skips ?? []]);
}
