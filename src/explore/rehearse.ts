/**
 * A rehearsal: the procedure without faults, then over the range of timings, then with every single fault of a set; and
 * what was found, grouped by cause.
 */
import type { FindingKind, Judgement } from '../model/verdict.ts';
import type { Trace } from '../model/trace.ts';
import { recording, seeded } from '../sim/chooser.ts';
import { LATENCY_TABLES, drawLatencies } from '../sim/latency.ts';
import { longestUnsafeWait } from './longest-wait.ts';
import type { WaitSearch } from './longest-wait.ts';
import { summarizeAll } from './pool.ts';
import { MILDEST, runSpec, summaryOf } from './run-spec.ts';
import type { RunSpec, RunSummary, Subject } from './run-spec.ts';
import { setApart } from './set-apart.ts';
import type { SetApart } from './set-apart.ts';
import { describeSet, placedForks, singleFaults, stepSlots } from './single-faults.ts';
import type { FaultSet } from './single-faults.ts';

/** What timing alone does, without faults and forks. */
export interface TimingCounts {
  readonly runs: number;
  readonly clean: number;
  readonly nearMisses: number;
  /** Lockout violations of the stack form: no other fork involved. */
  readonly stackForm: number;
  readonly otherViolations: number;
}

export interface Rehearsal extends SetApart {
  readonly subject: Subject;
  readonly bounds: readonly string[];
  readonly baseline: { readonly judgement: Judgement; readonly trace: Trace };
  readonly timing: TimingCounts;
  readonly faultRuns: number;
  /** Runs whose fault had its moment and took effect. */
  readonly firedRuns: number;
  /** Kinds of faults that found nothing to strike in this procedure. */
  readonly silentKinds: readonly string[];
  /** For a procedure with a wait: how long a wait still leaves a violation. Null for others. */
  readonly wait: WaitSearch | null;
}

export interface RehearsalOptions {
  readonly set: FaultSet;
  readonly timingRuns: number;
  readonly seed: number;
  readonly workers: number;
  readonly onProgress?: (phase: string, done: number, of: number) => void;
}

/** Rehearses a subject. Deterministic: the number of workers changes nothing but the time. */
export async function rehearse(subject: Subject, options: RehearsalOptions): Promise<Rehearsal> {
  const { set, workers, onProgress = () => {} } = options;
  const baseline = runSpec(subject, MILDEST);
  const timings = [...singleTimings(), ...drawnTimings(options.timingRuns, options.seed)];
  const timingRuns = await summarizeAll(subject, timings, workers, (done) => onProgress('timings', done, timings.length));
  const slots = stepSlots(baseline.trace);
  const forks = placedForks(set, slots);
  const specs = [...fastCopies().flatMap((timing) => forks.map((fork) => ({ ...timing, fork }))), ...singleFaults(set, subject.procedure, slots)];
  const runs = await summarizeAll(subject, specs, workers, (done) => onProgress('single faults', done, specs.length));
  const withFault = runs.filter((_, i) => specs[i]!.faults.length > 0);
  const firedRuns = withFault.filter((run) => run.fired).length;
  return {
    ...setApart([MILDEST, ...timings, ...specs], [summaryOf(baseline), ...timingRuns, ...runs], 1, firedRuns > 0, subject.procedure),
    subject,
    bounds: [
      `timings without faults: every single value of the measured tables, fast copies with every pause, ${options.timingRuns} drawn ones (seed ${options.seed})`,
      `${fastCopies().length} timings with a fast copy, with every fork`,
      ...describeSet(set, subject.procedure, slots)],
    baseline,
    timing: countTimings(timingRuns),
    faultRuns: specs.length,
    firedRuns,
    silentKinds: silentKinds(specs, runs),
    wait: longestUnsafeWait(subject),
  };
}

const timing = (draws: Readonly<Record<string, number>>): RunSpec => ({ faults: [], fork: null, draws });

/** Every single value of a table that is not its mildest, and the fast copies. */
function singleTimings(): RunSpec[] {
  const singles = Object.entries(LATENCY_TABLES).flatMap(([name, table]) => table.slice(1).map((_, i) => timing({ [`latency/${name}`]: i + 1 })));
  return [...singles, ...fastCopies()];
}

/** The tower copied at once, with every pause before the promotion. */
export function fastCopies(): RunSpec[] {
  return LATENCY_TABLES.operatorPause.map((_, pause) => timing({ 'latency/scp': 1, ...(pause === 0 ? {} : { 'latency/operatorPause': pause }) }));
}

/** Runs whose latencies are all drawn from the measured tables. */
function drawnTimings(count: number, seed: number): RunSpec[] {
  return Array.from({ length: count }, (_, i) => {
    const chooser = recording(seeded(seed + i));
    drawLatencies(chooser);
    return timing(chooser.draws);
  });
}

/** Kinds of which no run had its moment. */
function silentKinds(specs: readonly RunSpec[], runs: readonly RunSummary[]): string[] {
  const kinds = new Set<string>();
  const struck = new Set<string>();
  specs.forEach(({ faults: [fault] }, i) => {
    if (fault === undefined) return;
    kinds.add(fault.kind);
    if (runs[i]!.fired) struck.add(fault.kind);
  });
  return [...kinds].filter((kind) => !struck.has(kind)).sort();
}

function countTimings(runs: readonly RunSummary[]): TimingCounts {
  const counts = { runs: runs.length, clean: 0, nearMisses: 0, stackForm: 0, otherViolations: 0 };
  for (const { findings } of runs) {
    const violations = findings.filter((finding) => finding.class === 'violation');
    if (violations.length > 0) {
      if (violations.every(({ kind }) => STACK_FORMS.has(kind))) counts.stackForm++;
      else counts.otherViolations++;
    } else if (findings.some(({ kind }) => kind === 'near-miss')) counts.nearMisses++;
    else counts.clean++;
  }
  return counts;
}

const STACK_FORMS: ReadonlySet<FindingKind> = new Set(['lockout-violation-stack', 'lockout-reduced', 'root-went-back']);
