/**
 * The point of no return of a run with a finding: the earliest cut of its way after which every continuation that was
 * tried ends in it, whatever does or does not happen further.
 *
 * A cut lies after an event, where no command runs. What the run still has before it at a cut, faults and fork, is not
 * part of the continuations: it need not come. Mistakes in what is typed, and in the preparation, stand from the start.
 */
import type { TraceEvent } from '../model/trace.ts';
import type { Finding } from '../model/verdict.ts';
import { canBeCopied } from '../sim/copy-world.ts';
import { prepareRun } from '../sim/run.ts';
import { stepWorld } from '../sim/world.ts';
import type { World } from '../sim/world.ts';
import type { Bounds } from './bounds.ts';
import { configOf, runSpec } from './run-spec.ts';
import type { RunSpec, Subject } from './run-spec.ts';
import { Search } from './search.ts';
import type { View } from './search.ts';

/** Stretches that are run at most. */
const MOST_STRETCHES = 20_000;

export interface NoReturn {
  readonly id: string;
  /** What every continuation has: for a violation any of its kind, else the finding with the same id. */
  readonly what: string;
  /** The last event before the cut; null: not even at the end, as far as it was tried. */
  readonly event: TraceEvent | null;
  /** Slot of the newest block then. */
  readonly slot: number;
  /** Continuations that were tried from there, all of which have it; null when it has happened by then. */
  readonly continuations: number | null;
  /** Choices of a continuation at most, and the bounds that they are of. */
  readonly more: number;
  readonly bounds: string;
  /** Cuts at which it was tried, of how many. */
  readonly looked: number;
  readonly cuts: number;
  /** Stretches that were run for it, from slot to slot. */
  readonly stretches: number;
  /** False when the stretches were used up: then it may be earlier. */
  readonly finished: boolean;
}

interface Cut {
  /** Acts of the world until then. */
  readonly acts: number;
  readonly event: TraceEvent;
  readonly slot: number;
  /** Faults and fork of the run that are still to come. */
  readonly ahead: number;
}

/**
 * Finds it for the finding `id` of the run of `spec`, with continuations of at most `more` further choices; null when the
 * run has no such finding. `budget`: stretches that are run at most.
 *
 * Between two faults of the run a binary search is enough: what follows a later cut follows the earlier one too, so when
 * every continuation of the earlier one ends in the finding, every one of the later does. Where a fault of the run lies
 * between two cuts that is not so, as it is one choice more: there the cut before the fault is tried by itself.
 */
export function pointOfNoReturn(subject: Subject, bounds: Bounds, spec: RunSpec, id: string, more = 1, budget = MOST_STRETCHES): NoReturn | null {
  const { judgement, trace } = runSpec(subject, spec);
  const finding = judgement.findings.find((candidate) => candidate.id === id);
  if (finding === undefined) return null;
  const violation = finding.class === 'violation';
  const config = configOf(subject, spec);
  const cuts = cutsOf(prepareRun(config, spec.faults), violation ? happened(trace.events, finding) : Number.POSITIVE_INFINITY);
  let left = budget;
  let lacking = false;
  const view: View = (end) => {
    const same = end.findings.find((other) => (violation ? other.class === finding.class && other.kind === finding.kind : other.id === id));
    lacking ||= same === undefined;
    return { ...end, findings: same === undefined ? [] : [{ ...same, id }] };
  };
  const search = new Search(config, bounds, 0, () => lacking || left-- <= 0, view);
  const tried = new Map<number, number>();
  const isPast = (place: number): boolean => {
    const world = prepareRun(config, spec.faults);
    for (let i = 0; i < cuts[place]!.acts; i++) stepWorld(world);
    forgetWhatIsAhead(world);
    lacking = false;
    search.exhausted = true;
    const { schedules, causes } = search.from(world, more);
    tried.set(place, schedules);
    return search.exhausted && causes.get(id)?.schedules === schedules;
  };
  const last = cuts.length - 1;
  let found: number | null = violation || isPast(last) ? last : null;
  while (found !== null) {
    const { ahead } = cuts[found]!;
    const first = cuts.findIndex((cut) => cut.ahead === ahead);
    let low = first;
    for (let high: number = found; low < high; ) {
      const middle = (low + high) >> 1;
      if (isPast(middle)) high = middle;
      else low = middle + 1;
    }
    found = low;
    if (low > first || first === 0 || !isPast(first - 1)) break;
    found = first - 1;
  }
  return {
    id, what: violation ? `a violation of the kind ${finding.kind}` : id,
    event: found === null ? null : cuts[found]!.event,
    slot: cuts[found ?? last]!.slot,
    continuations: found === null ? null : (tried.get(found) ?? null),
    more, bounds: bounds.name, looked: tried.size, cuts: cuts.length, stretches: budget - Math.max(0, left), finished: left >= 0,
  };
}

/** Events until a violation is there: a vote that was sent stays sent. */
function happened(events: readonly TraceEvent[], { votes, t }: Finding): number {
  const pair = votes.slice(0, 2);
  return 1 + events.findLastIndex((event) => (pair.length === 0 ? event.t <= t : event.type === 'vote' && pair.includes(event.id)));
}

/** The cuts of a run that has not begun, up to the first one that has so many events before it. */
function cutsOf(world: World, enough: number): Cut[] {
  const cuts: Cut[] = [];
  let events = 0;
  let slot = 0;
  for (let acts = 1; world.slot <= world.endSlot && events < enough; acts++) {
    stepWorld(world);
    if (world.events.length === events || !canBeCopied(world)) continue;
    for (const event of world.events.slice(events)) if (event.type === 'block') slot = Math.max(slot, event.slot);
    events = world.events.length;
    cuts.push({ acts, event: world.events[events - 1]!, slot, ahead: world.plan.waiting.length + (isForkAhead(world) ? 1 : 0) });
  }
  return cuts;
}

function isForkAhead({ cluster, slot, startSlot }: World): boolean {
  return cluster.plan !== null && slot < startSlot + cluster.plan.at;
}

/** Takes back what the run has before it. */
function forgetWhatIsAhead(world: World): void {
  const { plan, cluster } = world;
  // A choice that found nothing to strike makes a schedule void: these are no choices any more.
  world.plan = { ...plan, waiting: [], fired: plan.fired.map(() => true) };
  world.reach = null;
  if (isForkAhead(world)) cluster.plan = null;
}
