/**
 * The search itself is checked: it visits what a plain enumeration without any merging visits, and its counts are
 * exact.
 */
import { describe, expect, test } from 'vitest';
import { parseBounds, loadBounds } from '../../src/explore/bounds.ts';
import type { Bounds } from '../../src/explore/bounds.ts';
import { choicesAt, choicesBefore, specOf } from '../../src/explore/choice.ts';
import type { Choice } from '../../src/explore/choice.ts';
import { configOf, runSpec } from '../../src/explore/run-spec.ts';
import type { Subject } from '../../src/explore/run-spec.ts';
import { searchUnit, unitsOf } from '../../src/explore/search.ts';
import { Sum, after, tallyOf } from '../../src/explore/tally.ts';
import type { Memory } from '../../src/explore/search.ts';
import type { Tally } from '../../src/explore/tally.ts';
import { isSameMoment, strikeWaiting } from '../../src/sim/faults.ts';
import { prepareRun } from '../../src/sim/run.ts';
import { runWorld } from '../../src/sim/world.ts';
import type { Moment } from '../../src/sim/world.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';

const subjectOf = (name: string): Subject => ({ site: GUIDE_SITE, procedure: loadProcedure(name, GUIDE_SITE, {}) });

const search = (subject: Subject, bounds: Bounds, most: number) => {
  const sum = new Sum();
  const counts = { idle: 0, worlds: 0, merged: 0, judged: 0 };
  const memory: Memory = new Map();
  for (const unit of unitsOf(subject, bounds, most)) {
    const result = searchUnit(subject, bounds, most, unit, () => false, [], undefined, memory);
    expect(result.exhausted).toBe(true);
    sum.add(result.tally);
    for (const key of Object.keys(counts) as (keyof typeof counts)[]) counts[key] += result[key];
  }
  return { tally: sum.end(), ...counts };
};

/** Small bounds: a few kinds, so that every schedule can be run by itself. */
const small = (kinds: string, forks: string, heals = '[1, end]', seen = '[losing, winning]', winners = '[second, first]') => parseBounds(
  `bounds: small\nkinds: [${kinds}]\nsteps: [before, during, after]\nslots-around: 1\nheals: ${heals}\n` +
  `forks: { losing: [${forks}], skipped: [0, 4], first-seen: ${seen}, winners: ${winners} }\ntimings: [{}]\n`, 'small.yaml');

/** Every schedule, one whole run each, from the start. Written apart from the search, without cuts, copies or prints. */
function enumerate(subject: Subject, bounds: Bounds, most: number): Tally {
  const sum = new Sum();
  const visit = (choices: readonly Choice[]): void => {
    const spec = specOf(choices, {});
    const { fired, trace, judgement } = runSpec(subject, spec);
    if (fired.includes(false)) return;
    sum.add(choices.reduceRight((tally, choice) => after(choice, tally), tallyOf(judgement, trace.events.length, 0)));
    if (choices.length === most) return;
    const last = choices.at(-1);
    const { length } = choices.filter((choice) => 'fault' in choice && (choice.fault.at === 'before-start' || choice.fault.kind === 'operator-drops'));
    if (length === choices.length) choicesBefore(bounds, subject.procedure, choices).forEach((choice) => visit([...choices, choice]));
    const moments = momentsOf(subject, choices, bounds);
    const place = last === undefined ? -1 : moments.findIndex((moment) => isAt(last, moment));
    moments.forEach((moment, i) => {
      if (i < place) return;
      const offered = choicesAt(bounds, subject.procedure, moment);
      const from = i === place && last !== undefined ? offered.findIndex((choice) => same(choice, last)) + 1 : 0;
      for (const choice of offered.slice(from)) {
        if (!('fork' in choice) || !choices.some((other) => 'fork' in other)) visit([...choices, choice]);
      }
    });
  };
  visit([]);
  return sum.end();
}

const same = (a: Choice, b: Choice) => JSON.stringify(a) === JSON.stringify(b);

function isAt(choice: Choice, moment: Moment): boolean {
  if ('fork' in choice) return moment.kind === 'slot' && moment.slot === choice.fork.at;
  const { kind, at } = choice.fault;
  return at !== 'before-start' && kind !== 'operator-drops' && isSameMoment(at, moment);
}

/** The boundaries of a run within the bounds, each once, in their order. */
function momentsOf(subject: Subject, choices: readonly Choice[], bounds: Bounds): Moment[] {
  const spec = specOf(choices, {});
  const world = prepareRun(configOf(subject, spec), spec.faults);
  const moments: Moment[] = [];
  world.reach = (here, moment) => {
    strikeWaiting(here, moment);
    const { finished, returns, endedInSlot } = here.operator;
    const closed = finished && !returns && here.slot > endedInSlot + bounds.slotsAround;
    if (!closed && !moments.some((known) => isSameMoment(known, moment))) moments.push(moment);
  };
  runWorld(world);
  return moments;
}

const comparable = ({ causes, ...rest }: Tally) => ({
  ...rest,
  causes: Object.fromEntries([...causes].map(([id, { schedules, kinds, cost, title }]) => [id, { schedules, kinds: Object.fromEntries([...kinds].sort()), cost, title }]).sort(([a], [b]) => (a! < b! ? -1 : 1))),
});

describe('a plain enumeration without merging finds the same', () => {
  test.each([
    ['guide-hot-swap', 1, small('crash, tower-stale, cut-votes, operator-drops, operator-stops, no-authorized-voter', '0, 1')],
    ['guide-hot-swap', 2, small('command-fails, operator-stops, operator-drops, leftover-tower', '1', '[1]', '[losing]', '[second]')],
    ['guide-hot-swap-without-tower', 1, small('rpc-lags, command-hangs, operator-repeats', '0', '[end]')],
  ])('%s with at most %i', (name, most, bounds) => {
    const subject = subjectOf(name);
    const { tally, merged } = search(subject, bounds, most);
    expect(merged).toBeGreaterThan(0);
    expect(comparable(tally)).toEqual(comparable(enumerate(subject, bounds, most)));
  }, 300_000);
});

test('its example of a cause, replayed from the start, gives the cause', () => {
  const subject = subjectOf('guide-hot-swap');
  const bounds = small('tower-stale, cut-turbine, freeze', '1, 2');
  const { tally } = search(subject, bounds, 1);
  expect(tally.causes.size).toBeGreaterThan(5);
  for (const [id, { choices, cost }] of tally.causes) {
    const { judgement, trace } = runSpec(subject, specOf(choices, {}));
    expect(judgement.findings.map((finding) => finding.id)).toContain(id);
    expect(cost % 1e7).toBe(trace.events.length);
  }
});

test('a search that is stopped says so', () => {
  const subject = subjectOf('guide-hot-swap');
  let asked = 0;
  const unit = unitsOf(subject, loadBounds('quick'), 1).find(({ stretch }) => stretch === 10)!;
  expect(searchUnit(subject, loadBounds('quick'), 1, unit, () => ++asked > 20).exhausted).toBe(false);
});

describe('a long procedure', () => {
  const waits = { site: GUIDE_SITE, procedure: { ...loadProcedure('guide-hot-swap', GUIDE_SITE, {}), steps: [{ kind: 'run' as const, id: 'settle', host: 'operator' as const, run: 'sleep 2000', onFailure: 'continue' as const }] } };
  const bounds = small('same-junk-key, operator-stops', '0', '[1]');
  const before = unitsOf(waits, bounds, 2).find((unit) => unit.stretch === null)!;

  test('of five thousand stretches is searched from its beginning to its end, and back', () => {
    let asked = 0;
    const { tally, exhausted } = searchUnit(waits, bounds, 2, before, () => ++asked > 5100);
    expect(tally.schedules).toBeGreaterThan(0);
    expect(exhausted).toBe(false);
  });

  test('is not run to the place of a unit when the search has been stopped', () => {
    const unread = { ...waits, get site(): never { throw new Error('a world was made'); } };
    expect(searchUnit(unread, bounds, 2, before, () => true)).toMatchObject({ slots: 0, tally: { schedules: 0 }, exhausted: false });
  });
});
