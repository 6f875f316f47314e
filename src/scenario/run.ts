/** Runs a scenario and its twin, each twice, and holds both against what is expected of them. */
import { worstExit } from '../model/exit-code.ts';
import type { Trace } from '../model/trace.ts';
import type { Judgement } from '../model/verdict.ts';
import { runSpec } from '../explore/run-spec.ts';
import { traceHash } from '../report/trace-file.ts';
import { describeFault } from '../sim/faults.ts';
import { withoutWaived } from '../waiver/waiver.ts';
import type { WaiverNotes } from '../waiver/waiver.ts';
import { differences } from './difference.ts';
import { unmetExpectations } from './expectation.ts';
import type { Unmet } from './expectation.ts';
import type { Scenario, Setup } from './scenario.ts';

/** What a run came to, by its gravest trait. The twin's must be another than the scenario's. */
export type OutcomeClass = 'violation' | 'unknown' | 'nobody votes' | 'two vote' | 'downtime' | 'lost state' | 'hazard' | 'clean';

export interface SideOutcome {
  readonly judgement: Judgement;
  readonly trace: Trace;
  readonly outcome: OutcomeClass;
  /** Of the trace. */
  readonly hash: string;
  readonly unmet: readonly Unmet[];
}

export interface ScenarioOutcome {
  readonly scenario: Scenario;
  readonly run: SideOutcome;
  readonly twin: SideOutcome;
  /** What the pair is to be, and is not: one difference, two outcomes. */
  readonly unmet: readonly Unmet[];
  readonly met: boolean;
  /** 0 when everything is as expected, otherwise that of the gravest unmet expectation. */
  readonly code: number;
}

/** Runs both sides. Nothing is thrown for what is not as expected. `waived`: findings that may be there or not. */
export function runScenario(scenario: Scenario, waived: WaiverNotes = new Map()): ScenarioOutcome {
  const run = runSide(scenario, scenario.run, waived);
  const twin = runSide(scenario, scenario.twin, waived);
  const unmet: Unmet[] = [];
  const found = differences(scenario.run, scenario.twin);
  if (found.length !== 1) unmet.push({ code: 3, sentence: `the twin must differ in one thing; it differs in ${found.length === 0 ? 'nothing' : `${found.length}: ${found.join('; ')}`}` });
  if (run.outcome === twin.outcome) unmet.push({ code: 5, sentence: `scenario and twin must come out differently; both: ${run.outcome}` });
  const code = worstExit([...run.unmet, ...twin.unmet, ...unmet].map((one) => one.code));
  return { scenario, run, twin, unmet, met: code === 0, code };
}

function runSide(scenario: Scenario, { subject, spec, expect }: Setup, waived: WaiverNotes): SideOutcome {
  const { trace, judgement, fired, world } = runSpec(subject, spec);
  const hash = traceHash(trace);
  const again = traceHash(runSpec(subject, spec).trace);
  // A waived finding may be what the scenario is about, so it fails only when it does both with it and without it.
  const withAll = unmetExpectations(expect, judgement, trace);
  const taken = judgement.findings.some(({ id }) => waived.has(id));
  const unmet: Unmet[] = taken && unmetExpectations(expect, withoutWaived(judgement, waived), trace).length === 0 ? [] : withAll;
  for (const [i, fault] of spec.faults.entries()) {
    if (fired[i] !== true) unmet.push({ code: 5, sentence: `a fault never struck: ${describeFault(fault, world.operator.procedure)}` });
  }
  if (hash !== again) unmet.push({ code: 5, sentence: `two runs gave two traces: ${hash.slice(0, 12)} and ${again.slice(0, 12)}` });
  return { judgement, trace, outcome: outcomeClass(judgement, scenario.downtimeBudget), hash, unmet };
}

/** By the gravest trait; downtime counts from the budget on. */
export function outcomeClass({ result, findings, liveness, downtime }: Judgement, budget: number): OutcomeClass {
  if (result === 'violated') return 'violation';
  if (result === 'unknown') return 'unknown';
  if (liveness.voters.length === 0) return 'nobody votes';
  if (!liveness.live) return 'two vote';
  if (downtime.slots > budget || downtime.leaderSlotsMissed > 0) return 'downtime';
  const has = (kindOf: string) => findings.some((finding) => finding.class === kindOf);
  return has('lost-state') ? 'lost state' : has('hazard') ? 'hazard' : 'clean';
}
