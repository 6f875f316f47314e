/** What the loader of scenarios tells people. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { InputError, describeDiagnostic } from '../../src/model/diagnostic.ts';
import { parseScenario } from '../../src/scenario/load.ts';

const FILE = fileURLToPath(new URL('../../scenarios/example.yaml', import.meta.url));

/** The parts of a scenario that is right; a part may be replaced or added. */
const PARTS: Readonly<Record<string, string>> = {
  scenario: 'scenario: example',
  title: 'title: An example',
  shows: 'shows: [72]',
  why: 'why: Because.',
  procedure: 'procedure: guide-hot-swap',
  faults: 'faults:\n  - { kind: operator-stops, at: { step: demote, when: after } }',
  expect: 'expect: { result: holds }',
  twin: 'twin:\n  faults: []\n  expect: { result: holds }',
};

function problems(parts: Readonly<Record<string, string>>): string[] {
  const text = Object.values({ ...PARTS, ...parts }).filter((part) => part !== '').join('\n');
  try {
    parseScenario(text, FILE);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map((problem) => describeDiagnostic(problem).replace(`${FILE}:`, ''));
  }
}

describe('a right scenario', () => {
  const scenario = parseScenario(Object.values(PARTS).join('\n'), FILE);

  test('has its names resolved', () => {
    expect(scenario.run.spec.faults).toEqual([{ kind: 'operator-stops', on: 'operator', at: { kind: 'step', index: 1, when: 'after' }, heal: 1 }]);
    expect(scenario.shows).toEqual(['72']);
    expect(scenario.downtimeBudget).toBe(16);
  });

  test('its twin has what it does not change', () => {
    expect(scenario.twin.spec.faults).toEqual([]);
    expect(scenario.twin.subject.procedure).toEqual(scenario.run.subject.procedure);
  });
});

test('timing, fork, skips, edits and faults become a run', () => {
  const text = Object.values({
    ...PARTS,
    timing: 'timing: { scp: 20000, skips-after-demotion: 4 }',
    fork: 'fork: { at: -1, losing: 2, active-sees: losing }',
    skips: 'skips: [3, 4]',
    edits: 'edits: [{ drop: wait-for-window }]',
    faults: 'faults:\n  - { kind: crash, on: active, at: { point: tower-saved, slot: 3 } }\n  - { kind: cut-ssh, on: inactive, at: { step: demote, when: before }, heal: 5 }\n  - { kind: stall, at: { slot: 2 } }\n  - { kind: key-missing, on: inactive }',
    twin: 'twin:\n  skips: []\n  expect: { result: holds }',
  }).join('\n');
  expect(parseScenario(text, FILE).run.spec).toEqual({
    faults: [
      { kind: 'operator-drops', on: 'operator', at: { kind: 'step', index: 0, when: 'before' }, heal: 1 },
      { kind: 'crash', on: 'active', at: { kind: 'point', host: 'active', point: 'tower-saved', slot: 3 }, heal: 1 },
      // Without the wait the demotion is the first step.
      { kind: 'cut-ssh', on: 'inactive', at: { kind: 'step', index: 0, when: 'before' }, heal: 5 },
      { kind: 'stall', on: 'cluster', at: { kind: 'slot', slot: 2 }, heal: 'end' },
      { kind: 'key-missing', on: 'inactive', at: 'before-start' },
    ],
    fork: { at: -1, losing: 2, skipped: 0, winner: 'second', firstSeen: { active: 'losing', inactive: 'winning' } },
    draws: { 'latency/scp': 1, 'latency/skipsAfterDemotion': 1 },
    skips: [3, 4],
  });
});

describe('problems', () => {
  const fault = (text: string) => problems({ faults: `faults:\n  - ${text}` });

  test('unknown keys', () => {
    expect(problems({ title: 'titel: An example' })).toEqual([
      '1:1: the file has no "title"; expected a text',
      expect.stringMatching(/^2:1: unknown key "titel"; expected .*; did you mean "title"\?$/),
    ]);
  });

  test('unknown words, with the nearest', () => {
    expect(fault('{ kind: crahs, on: active, at: { slot: 1 } }')[0]).toMatch(/^7:13: there is no fault "crahs"; expected .*; did you mean "crash"\?$/);
    expect(fault('{ kind: operator-stops, at: { step: demot, when: after } }')[0]).toMatch(/^7:\d+: there is no step "demot"; .*did you mean "demote"\?$/);
    expect(fault('{ kind: crash, on: active, at: { point: tower-save, slot: 1 } }')[0]).toMatch(/there is no point "tower-save"; .*did you mean "tower-saved"\?$/);
    expect(problems({ timing: 'timing: { spc: 20000 }' })[0]).toMatch(/there is no latency "spc"; .*did you mean "scp"\?$/);
    expect(problems({ procedure: 'procedure: guide-hotswap' })[0]).toMatch(/^5:12: there is no procedure of this name; .*did you mean "guide-hot-swap"\?$/);
    expect(problems({ expect: 'expect: { result: holds, exits: { promot: 0 } }' })[0]).toMatch(/there is no step "promot"; .*did you mean "promote"\?$/);
    expect(problems({ expect: 'expect: { result: hold }' })[0]).toMatch(/expected holds, violated or unknown; did you mean "holds"\?$/);
  });

  test('what does not fit together', () => {
    expect(fault('{ kind: crash, at: { slot: 1 } }')[0]).toMatch(/the fault "crash" is on nothing; expected active or inactive$/);
    expect(fault('{ kind: crash, on: active, at: { slot: 1 }, heal: 3 }')[0]).toMatch(/has an end of its own; expected no "heal"$/);
    expect(fault('{ kind: crash, on: active }')[0]).toMatch(/is one of the run; expected a moment$/);
    expect(fault('{ kind: key-missing, on: active, at: { slot: 1 } }')[0]).toMatch(/is there from the start; expected no "at"$/);
    expect(fault('{ kind: copy-torn, at: { step: copy-tower, when: after } }')[0]).toMatch(/comes after a step; expected when: before$/);
    expect(fault('{ kind: copy-torn, at: { slot: 1 } }')[0]).toMatch(/is about a step/);
    expect(fault('{ kind: stall, at: { point: vote-sent, slot: 1 } }')[0]).toMatch(/the host of the point is not told/);
    expect(problems({ timing: 'timing: { scp: 21000 }' })[0]).toMatch(/the latency "scp" is 21000; expected one of 700000, 20000/);
    expect(problems({ site: 'site: { agave: "1.18.0" }' })[0]).toMatch(/Agave 1.18.0 is not modelled; expected 2.3/);
    expect(problems({ params: 'params: { slots: 3 }' })[0]).toMatch(/the procedure has no parameter "slots"/);
    expect(problems({ edits: 'edits: [{ swap: verify }]' })[0]).toMatch(/is the last one/);
    expect(problems({ scenario: 'scenario: another' })[0]).toMatch(/^1:11: the scenario "another" is in the file example.yaml; expected the file another.yaml$/);
  });

  test('an edit of a wait on another host', () => {
    expect(problems({ procedure: 'procedure: guide-hot-swap-without-tower', edits: 'edits: [{ wrong-host: wait-out }]' })[0]).toMatch(/the step "wait-out" is not run on one of the validators/);
  });

  test('those of the twin stand where the twin stands', () => {
    expect(problems({ twin: 'twin:\n  faults: [{ kind: crahs, on: active, at: { slot: 1 } }]\n  expect: { result: holds }' })[0]).toMatch(/^10:20: there is no fault "crahs"/);
  });
});
