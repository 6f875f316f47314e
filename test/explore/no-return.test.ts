/** The point of no return is checked by whole runs, one for each continuation, apart from the search that finds it. */
import { describe, expect, test } from 'vitest';
import { parseBounds } from '../../src/explore/bounds.ts';
import { choicesAt } from '../../src/explore/choice.ts';
import { pointOfNoReturn } from '../../src/explore/no-return.ts';
import { MILDEST, configOf, runSpec } from '../../src/explore/run-spec.ts';
import type { RunSpec, Subject } from '../../src/explore/run-spec.ts';
import { isClosed } from '../../src/explore/search.ts';
import type { Judgement } from '../../src/model/verdict.ts';
import { strikeWaiting } from '../../src/sim/faults.ts';
import { prepareRun } from '../../src/sim/run.ts';
import { stepWorld } from '../../src/sim/world.ts';
import type { Moment } from '../../src/sim/world.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const guide: Subject = { site: GUIDE_SITE, procedure: loadProcedure('guide-hot-swap', GUIDE_SITE) };
const bounds = (kinds: string) => parseBounds(
  `bounds: small\nkinds: [${kinds}]\nsteps: [before, during, after]\nslots-around: 1\nheals: [end]\n` +
  'forks: { losing: [1], skipped: [0], first-seen: [losing], winners: [second] }\ntimings: [{}]\n', 'small.yaml');

const FAST: RunSpec = { ...MILDEST, draws: { 'latency/scp': 1 } };
const STALE: RunSpec = { ...MILDEST, faults: [{ kind: 'tower-stale', on: 'inactive', at: { kind: 'step', index: 4, when: 'before' }, heal: 1 }] };
const STOPS: RunSpec = { ...MILDEST, faults: [{ kind: 'operator-stops', on: 'operator', at: { kind: 'step', index: 2, when: 'after' }, heal: 1 }] };
const STACK = 'SV-cf0a89a0';

/** The moments of a run that come after the act which brings its events to so many. */
function momentsAfter(spec: RunSpec, kinds: string, events: number): Moment[] {
  const world = prepareRun(configOf(guide, spec), spec.faults);
  const moments = new Map<string, Moment>();
  let past = false;
  world.reach = (here, moment) => {
    strikeWaiting(here, moment);
    if (past && !isClosed(here, bounds(kinds))) moments.set(JSON.stringify(moment), moment);
  };
  while (world.slot <= world.endSlot) {
    stepWorld(world);
    past ||= world.events.length >= events;
  }
  return [...moments.values()];
}

/** The runs with at most one further choice at one of these moments. */
function continuations(spec: RunSpec, kinds: string, events: number): Judgement[] {
  const moments = momentsAfter(spec, kinds, events);
  const further = moments.flatMap((moment) => choicesAt(bounds(kinds), guide.procedure, moment)).map((choice): RunSpec => ('fork' in choice ? { ...spec, fork: choice.fork } : { ...spec, faults: [...spec.faults, choice.fault] }));
  return [spec, ...further].map((one) => runSpec(guide, one)).filter(({ fired }) => !fired.includes(false)).map(({ judgement }) => judgement);
}

const eventsUntil = (spec: RunSpec, event: object): number => {
  const { events } = runSpec(guide, spec).trace;
  return 1 + events.findIndex((other) => JSON.stringify(other) === JSON.stringify(event));
};

describe('the point of no return', () => {
  test.each([
    ['of a violation that nothing in the bounds prevents', FAST, STACK, 'cut-votes, clock-back'],
    ['of a violation that a crash prevents', FAST, STACK, 'crash'],
    ['of downtime', STOPS, 'SV-8a6af462', 'cut-votes, crash'],
  ])('%s: every continuation ends in it, and from the beginning not every one does', (_, spec, id, kinds) => {
    const found = pointOfNoReturn(guide, bounds(kinds), spec, id)!;
    const kind = runSpec(guide, spec).judgement.findings.find((finding) => finding.id === id)!;
    const ends = ({ findings }: Judgement): boolean => findings.some((finding) => (kind.class === 'violation' ? finding.class === 'violation' && finding.kind === kind.kind : finding.id === id));
    const events = eventsUntil(spec, found.event!);
    const after = continuations(spec, kinds, events);
    expect(events).toBeGreaterThan(0);
    expect(after.filter((judgement) => !ends(judgement))).toEqual([]);
    if (found.continuations !== null) expect(found.continuations).toBe(after.length);
    expect(found).toMatchObject({ id, more: 1, bounds: 'small', finished: true });
    expect(found.looked).toBeLessThan(found.cuts);
  });

  test('is later when more can prevent it', () => {
    const time = (kinds: string): number => pointOfNoReturn(guide, bounds(kinds), FAST, STACK)!.event!.t;
    expect(time('clock-back')).toBeLessThan(time('crash, power-loss, tower-stale'));
  });

  test('does not lie before a fault of the run that is needed: without it nothing happens', () => {
    const { trace } = runSpec(guide, STALE);
    const struck = trace.events.find((event) => event.type === 'fault')!.t;
    const found = pointOfNoReturn(guide, bounds('clock-back'), STALE, STACK, 0)!;
    expect(found.event!.t).toBeGreaterThanOrEqual(struck);
    expect(found.continuations).toBe(1);
  });

  test('is where it is whatever the run has after it: a late fork and a late fault are no part of it', () => {
    const late: RunSpec = {
      ...FAST, faults: [{ kind: 'cut-gossip', on: 'active', at: { kind: 'slot', slot: 40 }, heal: 1 }],
      fork: { at: 44, losing: 1, skipped: 0, firstSeen: { active: 'winning', inactive: 'winning' }, winner: 'second' },
    };
    const { event, continuations: count } = pointOfNoReturn(guide, bounds('clock-back'), FAST, STACK)!;
    expect(pointOfNoReturn(guide, bounds('clock-back'), late, STACK)).toMatchObject({ event, continuations: count });
  });

  test('says when its budget is used up, and is null when the run has no such finding', () => {
    expect(pointOfNoReturn(guide, bounds('crash'), FAST, STACK, 1, 10)).toMatchObject({ finished: false, stretches: 10 });
    expect(pointOfNoReturn(guide, bounds('crash'), MILDEST, STACK)).toBeNull();
  });
});
