/**
 * Exhaustive search: every combination of at most K choices at every boundary that occurs, boundaries that appear only
 * after an earlier choice included.
 *
 * A run is cut at the first event of each slot in which no command runs. From a cut, the stretch to the next one is run
 * without a new choice, and again with each choice at each boundary that was passed. Worlds that are equal at a cut (by
 * `fingerprint`) have the same future: the second is not run again, and counts as what came of the first.
 */
import { judge } from '../check/judge.ts';
import type { Judgement } from '../model/verdict.ts';
import { copyWorld } from '../sim/copy-world.ts';
import type { WorldConfig } from '../sim/create-world.ts';
import { addFault, isSameMoment, strikeWaiting } from '../sim/faults.ts';
import { fingerprint } from '../sim/fingerprint.ts';
import { prepareRun, traceOf } from '../sim/run.ts';
import { concludeRun } from '../sim/run-end.ts';
import type { Moment, World } from '../sim/world.ts';
import type { Bounds } from './bounds.ts';
import { choicesAt, choicesBefore, momentOf, specOf } from './choice.ts';
import type { Choice } from './choice.ts';
import { runToCut, runToKnown } from './cut.ts';
import { isExposure } from './exposure.ts';
import { configOf } from './run-spec.ts';
import type { Subject } from './run-spec.ts';
import { NOTHING, Sum, after, afterAll, tallyOf } from './tally.ts';
import type { Tally } from './tally.ts';

/** A part of a search that stands by itself. */
export interface Unit {
  /** Choices before the start. */
  readonly before: readonly Choice[];
  /** The stretch of the run in which the first choice of the world falls; null: all of them. */
  readonly stretch: number | null;
  /** The boundary of that stretch at which it is made; null: any. */
  readonly boundary: number | null;
  /** Index of the latency profile. */
  readonly timing: number;
}

export interface UnitResult {
  readonly tally: Tally;
  /** Choices that found nothing to strike. */
  readonly idle: number;
  /** Different worlds met at cuts. */
  readonly worlds: number;
  /** Worlds met again. */
  readonly merged: number;
  /** Runs judged. */
  readonly judged: number;
  /** Slots simulated. */
  readonly slots: number;
  /** False when it was stopped before its end. */
  readonly exhausted: boolean;
}

/** What of each end is told: the judgement itself, or what matters of it. */
export type View = (judgement: Judgement) => Judgement;

const asItIs: View = (judgement) => judgement;

/**
 * The units of a search with at most `most` choices, in a fixed order. One choice is soon made at all boundaries of a
 * stretch; with more there is a unit for each boundary. `skips`: slots that the cluster skips in each schedule.
 */
export function unitsOf(subject: Subject, bounds: Bounds, most: number, skips: readonly number[] = []): Unit[] {
  const units: Unit[] = [];
  bounds.timings.forEach((_, timing) => {
    const boundaries = most > 0 ? boundariesOf(subject, bounds, timing, skips) : [0];
    boundaries.forEach((count, stretch) => {
      if (most < 2) units.push({ before: [], stretch, boundary: null, timing });
      else for (let boundary = 0; boundary < Math.max(1, count); boundary++) units.push({ before: [], stretch, boundary, timing });
    });
    const early = (before: readonly Choice[]): void => {
      if (before.length > 0) units.push({ before, stretch: null, boundary: null, timing });
      if (before.length < most) for (const choice of choicesBefore(bounds, subject.procedure, before)) early([...before, choice]);
    };
    early([]);
  });
  return units;
}

/** How many boundaries each stretch of the run without faults has in which something may be chosen. */
function boundariesOf(subject: Subject, bounds: Bounds, timing: number, skips: readonly number[]): number[] {
  const world = prepareRun(configOf(subject, { ...specOf([], bounds.timings[timing]!), skips }), []);
  const counts: number[] = [];
  let passed: Moment[] = [];
  world.reach = (here, moment) => note(passed, here, moment, bounds);
  do {
    passed = [];
    const goesOn = runToCut(world);
    counts.push(passed.length);
    if (!goesOn) break;
  } while (!isClosed(world, bounds));
  return counts;
}

/** Notes a moment at which something may be chosen, once. */
function note(passed: Moment[], world: World, moment: Moment, bounds: Bounds): void {
  if (!isClosed(world, bounds) && !passed.some((other) => isSameMoment(other, moment))) passed.push(moment);
}

/** What came of worlds that have choices left: units that are searched one after another may share it. */
export type Memory = Map<string, Tally>;

/** Tallies of pairs are large: a memory with more of them is emptied. */
const MOST_REMEMBERED = 20_000;

/** Searches one unit. `isOver` is asked at the beginning and before each stretch whether to stop. */
export function searchUnit(
  subject: Subject, bounds: Bounds, most: number, unit: Unit, isOver: () => boolean, skips: readonly number[] = [], view: View = asItIs, memory: Memory = new Map(),
): UnitResult {
  // A search that was stopped has thousands of units left: none of them goes to its place any more.
  if (isOver()) return { tally: NOTHING, idle: 0, worlds: 0, merged: 0, judged: 0, slots: 0, exhausted: false };
  if (memory.size > MOST_REMEMBERED) memory.clear();
  const spec = { ...specOf(unit.before, bounds.timings[unit.timing]!), skips };
  const config = configOf(subject, spec);
  const search = new Search(config, bounds, unit.timing, isOver, view, memory);
  const left = most - unit.before.length;
  const world = prepareRun(config, spec.faults);
  let tally: Tally;
  if (unit.stretch === null) tally = search.from(world, left);
  else {
    for (let i = 0; i < unit.stretch; i++) runToCut(world);
    // What is chosen in later stretches belongs to other units; the run without any choice is counted with the first.
    tally = search.stretch(world, [], left, unit.stretch === 0 && (unit.boundary ?? 0) === 0 ? 0 : null, unit.boundary);
  }
  const { idle, merged, judged, slots, exhausted } = search;
  return { tally: afterAll(unit.before, tally), idle, worlds: search.worlds, merged, judged, slots, exhausted };
}

/** Whether nothing may be chosen any more. */
export function isClosed({ operator, slot }: World, { slotsAround }: Bounds): boolean {
  return operator.finished && !operator.returns && slot > operator.endedInSlot + slotsAround;
}

/** A search in one world; it knows what it has seen for as long as it lives. */
export class Search {
  idle = 0;
  merged = 0;
  judged = 0;
  slots = 0;
  exhausted = true;
  /** What came of worlds in which nothing more is chosen. */
  private readonly known = new Map<string, Tally>();

  private readonly config: WorldConfig;
  private readonly bounds: Bounds;
  private readonly timing: number;
  private readonly isOver: () => boolean;
  private readonly view: View;
  private readonly memory: Memory;
  private remembered = 0;

  constructor(config: WorldConfig, bounds: Bounds, timing: number, isOver: () => boolean, view: View, memory: Memory = new Map()) {
    this.config = config;
    this.bounds = bounds;
    this.timing = timing;
    this.isOver = isOver;
    this.view = view;
    this.memory = memory;
  }

  get worlds(): number {
    return this.known.size + this.remembered;
  }

  /**
   * All that may come of a world between two commands, with at most `left` more choices. First the way without any of them,
   * to its end; then back, with the choices of each stretch: a run has thousands of stretches, a stack has no room for them.
   */
  from(world: World, left: number): Tally {
    const way: { readonly key: string; readonly cut: World; readonly passed: readonly Moment[] }[] = [];
    let tally: Tally | undefined;
    for (let cut = world; tally === undefined; ) {
      if (left === 0 || isClosed(cut, this.bounds)) {
        tally = this.toEnd(cut);
        break;
      }
      const key = `${fingerprint(cut)}${left} ${this.timing}`;
      tally = this.memory.get(key);
      if (tally !== undefined) {
        this.merged++;
        break;
      }
      const stretch = this.run(cut, [], left);
      way.push({ key, cut, passed: stretch?.passed ?? [] });
      if (stretch === null) tally = NOTHING;
      else if (stretch.ended) tally = this.leaf(stretch.world);
      else cut = stretch.world;
    }
    for (const { key, cut, passed } of way.reverse()) {
      const sum = new Sum();
      sum.add(tally);
      this.choose(sum, cut, [], passed, left);
      tally = sum.end();
      if (!this.isShared(tally)) continue;
      this.memory.set(key, tally);
      this.remembered++;
    }
    return tally;
  }

  /**
   * The stretch from a cut to the next one with the planned choices in it, and with each further choice in it.
   * `onwards`: how many choices may come after the stretch when there is none more in it; null: that is not counted.
   * `only`: the one boundary at which the next choice is made; null: any.
   */
  stretch(cut: World, planned: readonly Choice[], left: number, onwards: number | null, only: number | null = null): Tally {
    const stretch = this.run(cut, planned, left);
    if (stretch === null) return NOTHING;
    const { world, passed, ended } = stretch;
    const sum = new Sum();
    if (onwards !== null) sum.add(ended ? this.leaf(world) : this.from(world, onwards));
    this.choose(sum, cut, planned, only === null ? passed : passed.slice(only, only + 1), left);
    return sum.end();
  }

  /** Runs a copy to the next cut with the planned choices; where one more may be made after them. Null: stopped, or a choice found nothing to strike. */
  private run(cut: World, planned: readonly Choice[], left: number): { readonly world: World; readonly passed: readonly Moment[]; readonly ended: boolean } | null {
    if (this.isOver()) this.exhausted = false;
    if (!this.exhausted) return null;
    const world = copyWorld(cut);
    const passed: Moment[] = [];
    for (const choice of planned) if ('fault' in choice) addFault(world, choice.fault);
    const last = planned.at(-1);
    let struck = last === undefined;
    world.reach = (here, moment) => {
      if (!struck) {
        strikeWaiting(here, moment);
        for (const choice of planned) if ('fork' in choice && moment.kind === 'slot' && moment.slot === choice.fork.at) here.cluster.plan = choice.fork;
        struck = isSameMoment(momentOf(last!)!, moment);
      }
      if (struck && left > 0) note(passed, here, moment, this.bounds);
    };
    const { slot } = world;
    const ended = !runToCut(world);
    world.reach = null;
    this.slots += world.slot - slot;
    if (!world.plan.fired.includes(false)) return { world, passed, ended };
    this.idle++;
    return null;
  }

  /** Adds what comes of the stretch with one more choice than the planned ones, at each of these moments. */
  private choose(sum: Sum, cut: World, planned: readonly Choice[], moments: readonly Moment[], left: number): void {
    const last = planned.at(-1);
    for (const moment of moments) {
      const choices = choicesAt(this.bounds, this.config.procedure, moment);
      // Of two choices at one moment the order is that of the list: the other order is told elsewhere.
      const first = last !== undefined && isSameMoment(momentOf(last)!, moment) ? placeOf(choices, last) + 1 : 0;
      for (let i = first; i < choices.length; i++) {
        const choice = choices[i]!;
        if ('fork' in choice && (cut.cluster.plan !== null || planned.some((other) => 'fork' in other))) continue;
        sum.add(after(choice, this.stretch(cut, [...planned, choice], left - 1, left - 1)));
      }
    }
  }

  /** Runs a world to its end, or to a known one. */
  private toEnd(world: World): Tally {
    const { slot } = world;
    if (this.isOver()) this.exhausted = false;
    if (!this.exhausted) return NOTHING;
    const { keys, known } = runToKnown(world, this.known);
    if (known !== undefined) this.merged++;
    return this.remember(keys, known ?? this.leaf(world), world.slot - slot);
  }

  private remember(keys: readonly string[], tally: Tally, slots: number): Tally {
    this.slots += slots;
    if (this.isShared(tally)) for (const key of keys) this.known.set(key, tally);
    return tally;
  }

  /**
   * Whether equal worlds may count as this one. What was broken off is not known; and whether a bad end is
   * exposure depends on when its faults struck, which a fingerprint does not tell.
   */
  private isShared({ violated, unknown, dead, exposed }: Tally): boolean {
    return this.exhausted && (this.config.procedure.protectsFrom === undefined || violated + unknown + dead + exposed === 0);
  }

  private leaf(world: World): Tally {
    this.judged++;
    return tallyEnd(world, this.config, this.timing, this.view);
  }
}

/** What came of a world that has come to its end. `timing`: the place of its latency profile in the bounds. */
export function tallyEnd(world: World, config: WorldConfig, timing: number, view: View = asItIs): Tally {
  concludeRun(world);
  const judgement = judge(traceOf(world, config));
  return tallyOf(view(judgement), world.events.length, timing, isExposure(world, config, judgement));
}

function placeOf(choices: readonly Choice[], sought: Choice): number {
  const text = JSON.stringify(sought);
  return choices.findIndex((choice) => JSON.stringify(choice) === text);
}
