import { describe, expect, it } from 'vitest';
import { MILDEST, runSpec } from '../../src/explore/run-spec.ts';
import type { RunSpec, Subject } from '../../src/explore/run-spec.ts';
import { FULL, singleFaults, stepSlots } from '../../src/explore/single-faults.ts';
import { decodeToken, encodeToken, refuseOtherSteps, siteDifference, stepsFingerprint } from '../../src/explore/token.ts';
import type { Token } from '../../src/explore/token.ts';
import type { Fault } from '../../src/sim/faults.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { parseSite } from '../../src/transition/site-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const procedure = loadProcedure('guide-hot-swap', GUIDE_SITE);
const subject: Subject = { site: GUIDE_SITE, procedure };
const token = (spec: RunSpec, other: Partial<Token> = {}): Token => ({ procedure: 'guide-hot-swap', params: {}, site: {}, steps: stepsFingerprint(procedure), spec, ...other });

describe('a token', () => {
  it('of any run of the full set is read as it was written', () => {
    const specs = singleFaults(FULL, procedure, stepSlots(runSpec(subject, MILDEST).trace));
    const kinds = new Set(specs.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    // One run of each kind of fault, and some hundred others.
    const chosen = [...[...kinds].map((kind) => specs.find(({ faults }) => faults[0]?.kind === kind)!), ...specs.filter((_, i) => i % Math.ceil(specs.length / 300) === 0)];
    expect(kinds.size).toBeGreaterThan(30);
    for (const spec of chosen) expect(decodeToken(encodeToken(token(spec)))).toEqual(token(spec));
  });

  it('carries parameters, skipped slots, choices and what differs from the site of the guide', () => {
    const site = parseSite('ledger: /data/ledger\nagave: "4.3.0"\nleader-windows: [4]\nhosts: { active: { user: anna } }', 'site.yaml');
    const whole = token({ ...MILDEST, draws: { 'latency/scp': 2, 'latency/phase': 15 }, skips: [3, 4] }, { params: { 'wait-slots': '9', other: 3 }, site: siteDifference(site) });
    const read = decodeToken(encodeToken(whole));
    expect(read).toEqual(whole);
    expect({ ...GUIDE_SITE, ...read?.site }).toEqual(site);
  });

  it('carries moments of a procedure that is run again, also those of its last steps when a step was left out before', () => {
    const rerun = loadProcedure('guarded-hot-swap', GUIDE_SITE);
    const last = rerun.steps.length - 1;
    const faults: Fault[] = [
      { kind: 'operator-drops', on: 'operator', at: { kind: 'step', index: 0, when: 'after' }, heal: 1 },
      { kind: 'operator-stops', on: 'operator', at: { kind: 'step', index: 1, when: 'after' }, heal: 1 },
      { kind: 'crash', on: 'active', at: { kind: 'step', index: last, when: 'before', resume: 1 }, heal: 1 },
      { kind: 'cut-votes', on: 'inactive', at: { kind: 'step', index: 0, when: 'during', resume: 1 }, heal: 'end' },
    ];
    const whole = token({ ...MILDEST, faults }, { procedure: 'guarded-hot-swap', steps: stepsFingerprint(rerun) });
    const read = decodeToken(encodeToken(whole))!;
    expect(read).toEqual(whole);
    expect(() => refuseOtherSteps(read, rerun)).not.toThrow();
    expect(runSpec({ site: GUIDE_SITE, procedure: rerun }, read.spec).fired[3]).toBe(true);
    const beyond = token({ ...MILDEST, faults: [{ kind: 'crash', on: 'active', at: { kind: 'step', index: last + 1, when: 'before', resume: 1 }, heal: 1 }] }, { steps: stepsFingerprint(rerun) });
    expect(() => refuseOtherSteps(beyond, rerun)).toThrow('no step at');
  });

  it('is none when a part of it is missing or another', () => {
    const text = encodeToken(token({ ...MILDEST, draws: { 'latency/scp': 1 } }));
    for (let end = 0; end < text.length; end++) expect(decodeToken(text.slice(0, end))).toBeNull();
    for (let at = 0; at < text.length - 1; at++) {
      const other = text[at] === 'x' ? 'y' : 'x';
      expect(decodeToken(text.slice(0, at) + other + text.slice(at + 1))).toBeNull();
    }
  });

  const crash = { kind: 'crash', on: 'active', at: { kind: 'step', index: 1, when: 'after' }, heal: 1 } as const;
  it.each<readonly [string, object]>([
    ['an unknown fault', { faults: [{ ...crash, kind: 'meteor' }] }],
    ['a fault of the prototype', { faults: [{ ...crash, kind: 'constructor' }] }],
    ['a fault on nothing', { faults: [{ ...crash, on: 'cluster' }] }],
    ['a fault at no moment', { faults: [{ ...crash, at: { kind: 'step' } }] }],
    ['a fault without an end', { faults: [{ ...crash, heal: -1 }] }],
    ['an unknown latency', { draws: { 'latency/nothing': 1 } }],
    ['a latency beyond its table', { draws: { 'latency/scp': 5 } }],
    ['a fork without a winner', { fork: { at: 0, losing: 1, skipped: 0, firstSeen: { active: 'losing', inactive: 'losing' } } }],
    ['a skip that is no slot', { skips: [0.5] }],
  ])('is none with %s', (_, change) => {
    expect(decodeToken(encodeToken(token({ ...MILDEST, ...change } as RunSpec)))).toBeNull();
  });

  it.each<readonly [string, object]>([
    ['slots without length', { slotMs: 0 }], ['an unknown key', { nothing: 1 }], ['a key of the prototype', { toString: 'x' }], ['a path that is none', { ledger: 1 }],
    ['an unknown version', { agave: '9.9.9' }],
  ])('is none with a site with %s', (_, site) => {
    expect(decodeToken(encodeToken(token(MILDEST, { site: site as Token['site'] })))).toBeNull();
  });

  it('knows the steps by hosts, commands and what a failure means, not by words', () => {
    const steps = stepsFingerprint(procedure);
    const [first, ...rest] = procedure.steps;
    const other = (change: object): string => stepsFingerprint({ ...procedure, steps: [{ ...first!, ...change }, ...rest] });
    expect(other({ why: 'another reason', id: 'another', line: 99 })).toBe(steps);
    expect(other({ host: 'inactive' })).not.toBe(steps);
    expect(other({ run: 'true' })).not.toBe(steps);
    expect(other({ onFailure: 'stop' })).not.toBe(steps);
  });
});
