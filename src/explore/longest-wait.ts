/**
 * How long must one wait without a tower? The longest wait, counted from the last vote that the active cast, after
 * which a violation still exists in this model.
 */
import type { ForkPlan } from '../sim/fork-plan.ts';
import type { Step } from '../transition/procedure.ts';
import { MILDEST, runSpec } from './run-spec.ts';
import type { Subject } from './run-spec.ts';
import { stepSlots } from './single-faults.ts';

export interface WaitSearch {
  /** Slots; null when no wait in the range leaves a violation. */
  readonly greatest: number | null;
  readonly from: number;
  readonly to: number;
  /** Own votes on the losing branch in the worst case found. */
  readonly losing: number;
}

const SHORTEST = 1;
const LONGEST = 300;
/** Own votes on a losing branch: the threshold check stops the ninth. */
const LOSING = [8, 7, 6, 5, 4, 3, 2, 1];

/** Slots before the first step of the search, so that the longest losing branch begins within the trace. */
const SETTLING = 12;
/** The promotion follows the wait at once. */
const DRAWS = { 'latency/operatorPause': 1 };

/** Null for a procedure without a wait. */
export function longestUnsafeWait(subject: Subject): WaitSearch | null {
  if (!subject.procedure.steps.some((step) => step.kind === 'wait')) return null;
  const shortest = withWait(subject, SHORTEST);
  const [last = 0] = stepSlots(runSpec(shortest, { ...MILDEST, draws: DRAWS }).trace).anchors;
  for (let wait = LONGEST; wait >= SHORTEST; wait--) {
    const waiting = withWait(subject, wait);
    for (const losing of LOSING) {
      // The oldest vote of the branch locks out for 2^losing slots: beyond that nothing can conflict.
      if (2 ** losing + 2 < wait - losing) break;
      if (isViolated(waiting, losing, last)) return { greatest: wait, from: SHORTEST, to: LONGEST, losing };
    }
  }
  return { greatest: null, from: SHORTEST, to: LONGEST, losing: 0 };
}

function withWait({ site, procedure }: Subject, slots: number): Subject {
  const settle: Step = { kind: 'run', id: 'settle', host: 'active', run: `sleep ${(SETTLING * site.slotMs) / 1000}`, onFailure: 'continue' };
  const steps = procedure.steps.map((step): Step => (step.kind === 'wait' ? { ...step, slots, since: 'last-cast-vote' } : step));
  return { site, procedure: { ...procedure, steps: [settle, ...steps] } };
}

/** The last votes of the active stand on a branch that loses, and the inactive has only seen the other one. */
function isViolated(subject: Subject, losing: number, lastVote: number): boolean {
  const fork: ForkPlan = { at: lastVote - losing + 1, losing, skipped: 0, firstSeen: { active: 'losing', inactive: 'winning' }, winner: 'second' };
  return runSpec(subject, { faults: [], fork, draws: DRAWS }).judgement.findings.some((finding) => finding.class === 'violation');
}
