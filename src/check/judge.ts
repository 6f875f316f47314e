/** The judgement of a trace: every check, each by itself, and what follows from them together. */
import type { Trace } from '../model/trace.ts';
import { resultOf } from '../model/verdict.ts';
import type { DowntimeSummary, Finding, FindingClass, Judgement, Result } from '../model/verdict.ts';
import { concurrentIdentity } from './concurrent-identity.ts';
import { doubleVotes } from './double-vote.ts';
import { downtimeOf } from './downtime.ts';
import { duplicateBlocks } from './duplicate-block.ts';
import { gatherEvidence } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { LIVENESS_BOUND_SLOTS, livenessOf, nobodyVotes } from './liveness.ts';
import { lostState } from './lost-state.ts';
import { nearMisses } from './near-miss.ts';
import { switchesWithoutProof } from './switch-proof.ts';
import { lockoutViolations } from './violation-runs.ts';

export interface JudgeOptions {
  /** Slots before the end in which the one voter must show itself; 16 unless given. */
  readonly livenessBoundSlots?: number;
}

const CLASS_ORDER: readonly FindingClass[] = ['violation', 'hazard', 'lost-state', 'downtime'];
const NO_DOWNTIME: DowntimeSummary = { slots: 0, runs: [], refusedVotes: 0, leaderSlotsMissed: 0 };

/**
 * Judge a trace. Never throws: a check that does makes the result unknown.
 *
 * A violation found stands whatever else is open; without one, a gap, a defect of the trace or a failed check leaves
 * the result unknown; only then it holds. Findings: violations first, then hazards, lost state, downtime, each by time.
 */
export function judge(trace: Trace, options: JudgeOptions = {}): Judgement {
  const failed: string[] = [];
  const attempt = <T>(name: string, check: () => T, otherwise: T): T => {
    try {
      return check();
    } catch (error) {
      failed.push(`the check "${name}" failed: ${error instanceof Error ? error.message : String(error)}`);
      return otherwise;
    }
  };
  const evidence = attempt<Evidence | null>('evidence', () => gatherEvidence(trace), null);
  if (evidence === null) {
    const liveness = { live: false, voters: [], why: 'not judged' };
    return { result: 'unknown', unknown: failed, gaps: [], findings: [], downtime: NO_DOWNTIME, liveness };
  }
  const violations = [
    ...attempt('double vote', () => doubleVotes(evidence), []),
    ...attempt('lockouts', () => lockoutViolations(evidence), []),
    ...attempt('switch proof', () => switchesWithoutProof(evidence), []),
    ...attempt('duplicate block', () => duplicateBlocks(evidence), []),
  ];
  const violating = new Set(violations.flatMap((finding) => finding.votes));
  const downtime = attempt('downtime', () => downtimeOf(evidence), { summary: NO_DOWNTIME, findings: [] });
  const liveness = attempt('liveness', () => livenessOf(evidence, options.livenessBoundSlots ?? LIVENESS_BOUND_SLOTS), {
    live: false,
    voters: [],
    why: 'not judged',
  });
  const findings: Finding[] = [
    ...violations,
    ...attempt('concurrent identity', () => concurrentIdentity(evidence), []),
    ...attempt('near miss', () => nearMisses(evidence, violating), []),
    ...attempt('lost state', () => lostState(evidence), []),
    ...downtime.findings,
    ...attempt('nobody votes', () => nobodyVotes(evidence, liveness), []),
  ].sort(
    (a, b) => CLASS_ORDER.indexOf(a.class) - CLASS_ORDER.indexOf(b.class) || a.t - b.t || a.slot - b.slot || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0),
  );
  const gaps = [...new Set(evidence.gaps.map(({ event }) => (event.host === undefined ? event.what : `${event.host}: ${event.what}`)))];
  const open = [...failed, ...gaps.map((gap) => `not modelled: ${gap}`), ...evidence.defects];
  const result: Result = resultOf(violations.length > 0, open);
  return { result, unknown: open, gaps, findings, downtime: downtime.summary, liveness };
}
