/** What many runs found, grouped by cause. */
import { findingId, withoutFaults } from '../check/finding.ts';
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
}

const CLASS_ORDER: readonly FindingClass[] = ['violation', 'lost-state', 'hazard', 'downtime'];

/**
 * Groups findings by cause. A finding that the same fork, or nothing at all, gives without the fault is not the fault's:
 * it is counted where it belongs. The example is the mildest run: no fault, no fork, fewest choices, shortest trace.
 */
export function groupByCause(specs: readonly RunSpec[], runs: readonly RunSummary[]): CauseGroup[] {
  const withoutFault = new Map<string, ReadonlySet<string>>();
  specs.forEach((spec, i) => {
    if (spec.faults.length === 0) withoutFault.set(worldOf(spec), new Set(runs[i]!.findings.map(({ cause }) => cause)));
  });
  const groups = new Map<string, CauseGroup & { cost: number }>();
  runs.forEach((run, i) => {
    const spec = specs[i]!;
    const known = withoutFault.get(worldOf(spec));
    const choices = Object.keys(spec.draws).length + (spec.skips?.length ?? 0);
    const cost = spec.faults.length * 10_000_000 + (spec.fork === null ? 0 : 1_000_000) + choices * 100_000 + run.size;
    const seen = new Set<string>();
    for (const finding of run.findings) {
      const bare = withoutFaults(finding.cause);
      const cause = known?.has(bare) === true ? bare : finding.cause;
      const id = findingId(cause);
      if (seen.has(id)) continue;
      seen.add(id);
      const group = groups.get(id);
      const better = group === undefined || cost < group.cost;
      groups.set(id, {
        id, class: finding.class, kind: finding.kind, cause,
        title: better ? finding.title : group.title,
        runs: (group?.runs ?? 0) + 1,
        example: better ? spec : group.example,
        cost: better ? cost : group.cost,
      });
    }
  });
  return [...groups.values()]
    .sort((a, b) => CLASS_ORDER.indexOf(a.class) - CLASS_ORDER.indexOf(b.class) || a.cost - b.cost || (a.id < b.id ? -1 : 1))
    .map(({ cost: _, ...group }) => group);
}

/** All of a run but its faults. */
function worldOf({ fork, draws, skips }: RunSpec): string {
  return JSON.stringify([fork, draws, skips ?? []]);
}
