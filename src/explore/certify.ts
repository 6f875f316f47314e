/**
 * A certificate for a finding: that no schedule with fewer faults at the same boundaries, in the same world (timing and
 * skipped slots), gives it. Everything else is said to be not certified, with the reason.
 */
import type { Bounds } from './bounds.ts';
import { choicesAt, choicesBefore, specOf } from './choice.ts';
import type { Choice } from './choice.ts';
import { fittingFaults } from './fault-space.ts';
import { observe } from './moments.ts';
import { runSpec } from './run-spec.ts';
import type { RunSpec, Subject } from './run-spec.ts';
import { isClosed, searchUnit, unitsOf } from './search.ts';
import type { View } from './search.ts';
import { Sum } from './tally.ts';

/** Schedules that are tried at most. */
const MOST_SCHEDULES = 15_000;

export interface Certificate {
  readonly id: string;
  /** Faults of the run, a fork being one. */
  readonly choices: number;
  /** Schedules with fewer choices that were tried. */
  readonly schedules: number;
  /** Parts of the run itself that were tried: some of its choices, at their moments. */
  readonly parts: number;
  /** Why not every schedule with fewer choices was tried; null when every one was. */
  readonly open: string | null;
  /** A run with fewer choices that was met and gives the finding too: then nothing is certified. */
  readonly milder: RunSpec | null;
}

/** Tries all schedules with fewer choices than a run that has the finding `id`. Up to two choices; `budget`: schedules at most. */
export function certify(subject: Subject, bounds: Bounds, spec: RunSpec, id: string, budget = MOST_SCHEDULES): Certificate {
  const own = choicesOf(spec);
  const choices = own.length;
  const certificate: Certificate = { id, choices, schedules: 0, parts: 0, open: null, milder: null };
  if (choices === 0) return certificate;
  const { draws, skips = [] } = spec;
  const inWorld = (chosen: readonly Choice[]): RunSpec => ({ ...specOf(chosen, draws), ...(skips.length === 0 ? {} : { skips }) });
  let parts = 0;
  for (let chosen = 0; chosen < 2 ** choices - 1; chosen++) {
    if (parts === budget) return { ...certificate, parts, open: `it has more parts than the ${budget} that are tried` };
    const part = inWorld(own.filter((_, i) => (chosen >> i) % 2 === 1));
    if (fittingFaults(subject.procedure, part.faults).length < part.faults.length) continue;
    parts++;
    if (has(subject, part, id)) return { ...certificate, parts, milder: part };
  }
  if (choices === 1) return { ...certificate, schedules: 1, parts };
  if (choices > 2) return { ...certificate, parts, open: `the schedules with ${choices - 1} faults are too many to try` };
  const world = { ...bounds, timings: [draws] };
  const most = countSingles(subject, world, inWorld([]));
  if (most > budget) return { ...certificate, parts, open: `there are ${most} schedules with fewer than ${choices} faults, more than the ${budget} that are tried` };
  let met = false;
  const view: View = (judgement) => {
    const findings = judgement.findings.filter((finding) => finding.id === id);
    met ||= findings.length > 0;
    return { ...judgement, findings };
  };
  const sum = new Sum();
  for (const unit of unitsOf(subject, world, 1, skips)) sum.add(searchUnit(subject, world, 1, unit, () => met, skips, view).tally);
  const { schedules, causes } = sum.end();
  const cause = causes.get(id);
  return { ...certificate, schedules, parts, milder: cause === undefined ? null : inWorld(cause.choices) };
}

function choicesOf({ faults, fork }: RunSpec): Choice[] {
  return [...faults.map((fault) => ({ fault })), ...(fork === null ? [] : [{ fork }])];
}

function has(subject: Subject, spec: RunSpec, id: string): boolean {
  return runSpec(subject, spec).judgement.findings.some((finding) => finding.id === id);
}

/** Schedules with at most one choice, those included that find nothing to strike. */
function countSingles(subject: Subject, bounds: Bounds, bare: RunSpec): number {
  const { moments } = observe(subject, bare, (world) => !isClosed(world, bounds));
  return 1 + choicesBefore(bounds, subject.procedure, []).length + moments.reduce((count, moment) => count + choicesAt(bounds, subject.procedure, moment).length, 0);
}
