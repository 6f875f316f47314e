/** One run as data: faults, fork and timing choices. With the site and the procedure it determines the trace. */
import { judge } from '../check/judge.ts';
import type { FindingClass, FindingKind, Judgement } from '../model/verdict.ts';
import { scripted } from '../sim/chooser.ts';
import type { WorldConfig } from '../sim/create-world.ts';
import type { Fault } from '../sim/faults.ts';
import type { ForkPlan } from '../sim/fork-plan.ts';
import { drawLatencies } from '../sim/latency.ts';
import { run } from '../sim/run.ts';
import type { RunResult } from '../sim/run.ts';
import type { Procedure } from '../transition/procedure.ts';
import type { Site } from '../transition/site.ts';
import { isExposure } from './exposure.ts';

export interface RunSpec {
  readonly faults: readonly Fault[];
  readonly fork: ForkPlan | null;
  /** Choices by label; what is not named is the mildest. */
  readonly draws: Readonly<Record<string, number>>;
  /** Slots that the cluster skips besides, relative to the start of the procedure. */
  readonly skips?: readonly number[];
}

/** No fault, no fork, the mildest timing. */
export const MILDEST: RunSpec = { faults: [], fork: null, draws: {} };

export interface Subject {
  readonly site: Site;
  readonly procedure: Procedure;
}

/** The world of a run, its faults apart. Throws RangeError for a choice beyond its table. */
export function configOf({ site, procedure }: Subject, spec: RunSpec): WorldConfig {
  return { site, procedure, fork: spec.fork, latencies: drawLatencies(scripted(spec.draws)), ...(spec.skips === undefined ? {} : { skips: spec.skips }) };
}

/** Runs a spec and judges its trace. */
export function runSpec(subject: Subject, spec: RunSpec): RunResult & { readonly config: WorldConfig; readonly judgement: Judgement } {
  const config = configOf(subject, spec);
  const result = run(config, spec.faults);
  return { ...result, config, judgement: judge(result.trace) };
}

/** What of a run is kept when there are thousands. */
export interface RunSummary {
  readonly result: Judgement['result'];
  readonly findings: readonly { readonly id: string; readonly class: FindingClass; readonly kind: FindingKind; readonly title: string; readonly cause: string; readonly faults: readonly string[] }[];
  /** Events of the trace: of two runs with one finding the shorter one is told. */
  readonly size: number;
  /** All faults of the plan took effect; `struck` tells it of each. */
  readonly fired: boolean;
  readonly struck: readonly boolean[];
  readonly unknown: readonly string[];
  readonly gaps: readonly string[];
  readonly live: boolean;
  readonly downtime: number;
  /** What was found is not the procedure's, see `isExposure`. */
  readonly exposed: boolean;
}

/** Runs a spec, and keeps what is counted and grouped. */
export function summarize(subject: Subject, spec: RunSpec): RunSummary {
  const result = runSpec(subject, spec);
  return { ...summaryOf(result), exposed: isExposure(result.world, result.config, result.judgement) };
}

/** What of a run is counted and grouped, exposure apart. */
export function summaryOf({ judgement, trace, fired }: Pick<ReturnType<typeof runSpec>, 'judgement' | 'trace' | 'fired'>): RunSummary {
  const { result, findings, unknown, gaps, liveness, downtime } = judgement;
  return {
    result,
    findings: findings.map(({ id, class: kindOf, kind, title, cause, faults }) => ({ id, class: kindOf, kind, title, cause, faults })),
    size: trace.events.length,
    fired: fired.every(Boolean),
    struck: fired,
    unknown,
    gaps,
    live: liveness.live,
    downtime: downtime.slots,
    exposed: false,
  };
}
