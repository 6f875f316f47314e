/** A swarm over a procedure: drawn runs, how often each kind of fault was drawn and struck, and what was found, by cause. */
import type { Trace } from '../model/trace.ts';
import type { Judgement } from '../model/verdict.ts';
import { kindsIn } from './fault-space.ts';
import type { Procedure } from '../transition/procedure.ts';
import { summarizeAll } from './pool.ts';
import { MILDEST, runSpec, summaryOf } from './run-spec.ts';
import type { RunSpec, RunSummary, Subject } from './run-spec.ts';
import { runSeed } from './seed.ts';
import { setApart } from './set-apart.ts';
import type { SetApart } from './set-apart.ts';
import { stepSlots } from './single-faults.ts';
import { MOST_FAULTS, MOST_SKIPS, swarmSpec } from './swarm.ts';
import { LONGEST_FORK } from './world-space.ts';

/** How often a kind of fault was in a plan, and how often it took effect. */
export interface KindCount {
  readonly kind: string;
  readonly drawn: number;
  readonly fired: number;
}

export interface SwarmRehearsal extends SetApart {
  readonly subject: Subject;
  readonly seed: number;
  /** Drawn runs. */
  readonly runs: number;
  /** Worlds of the drawn runs that were run again without their faults, to tell what is not the faults'. */
  readonly worlds: number;
  /** Drawn runs in which at least one fault took effect. */
  readonly firedRuns: number;
  readonly kinds: readonly KindCount[];
  readonly baseline: { readonly judgement: Judgement; readonly trace: Trace };
  readonly bounds: readonly string[];
}

export interface SwarmOptions {
  readonly runs: number;
  /** 32 bits. */
  readonly seed: number;
  readonly workers: number;
  readonly onProgress?: (phase: string, done: number, of: number) => void;
}

/** Runs a swarm. Deterministic: the number of workers changes nothing but the time. */
export async function rehearseSwarm(subject: Subject, options: SwarmOptions): Promise<SwarmRehearsal> {
  const { seed, workers, onProgress = () => {} } = options;
  const baseline = runSpec(subject, MILDEST);
  const slots = stepSlots(baseline.trace);
  const specs = Array.from({ length: options.runs }, (_, i) => swarmSpec(subject, slots, runSeed(seed, i)));
  const runs = await summarizeAll(subject, specs, workers, (done) => onProgress('swarm', done, specs.length));
  const worlds = worldsOf(specs, runs);
  const bare = await summarizeAll(subject, worlds, workers, (done) => onProgress('their worlds without faults', done, worlds.length));
  const firedRuns = runs.filter(({ struck }) => struck.includes(true)).length;
  return {
    ...setApart([MILDEST, ...worlds, ...specs], [summaryOf(baseline), ...bare, ...runs], 1 + worlds.length, firedRuns > 0, subject.procedure),
    subject,
    seed,
    runs: runs.length,
    worlds: worlds.length,
    firedRuns,
    kinds: countKinds(subject.procedure, specs, runs),
    baseline,
    bounds: [
      `${options.runs} runs drawn from seed ${seed}, none of them chosen: another seed draws others`,
      `0 to ${MOST_FAULTS} faults a run, of ${kindsIn(subject.procedure).length} kinds, each at a boundary of the procedure: before, during or after a step, a place inside a validator, the start of a slot`,
      `forks with losing branches of up to ${LONGEST_FORK} own votes, up to ${MOST_SKIPS} skipped slots besides, latencies of the measured tables`,
    ],
  };
}

/** The worlds, without their faults, of those runs that had faults and findings. Each once; the mildest is the baseline. */
function worldsOf(specs: readonly RunSpec[], runs: readonly RunSummary[]): RunSpec[] {
  const drawn = new Set([MILDEST, ...specs].map((spec) => JSON.stringify(spec)));
  const bare = specs.filter(({ faults }, i) => faults.length > 0 && runs[i]!.findings.length > 0).map((spec): RunSpec => ({ ...spec, faults: [] }));
  return [...new Map(bare.map((spec) => [JSON.stringify(spec), spec])).entries()].flatMap(([text, spec]) => (drawn.has(text) ? [] : [spec]));
}

function countKinds(procedure: Procedure, specs: readonly RunSpec[], runs: readonly RunSummary[]): KindCount[] {
  const counts = new Map(kindsIn(procedure).map((kind) => [kind, { drawn: 0, fired: 0 }]));
  specs.forEach(({ faults }, i) => faults.forEach(({ kind }, j) => {
    const count = counts.get(kind)!;
    count.drawn++;
    if (runs[i]!.struck[j] === true) count.fired++;
  }));
  return [...counts].map(([kind, count]) => ({ kind, ...count }));
}
