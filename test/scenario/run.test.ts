/** The runner must say when an expectation is wrong, when a fault never struck, and when a twin is none. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { describeOutcome } from '../../src/scenario/describe.ts';
import { parseScenario } from '../../src/scenario/load.ts';
import { worstExit } from '../../src/model/exit-code.ts';
import { runScenario } from '../../src/scenario/run.ts';

const FILE = fileURLToPath(new URL('../../scenarios/example.yaml', import.meta.url));

function outcomeOf(parts: { readonly setup?: string; readonly expect?: string; readonly twin?: string; readonly twinExpect?: string }) {
  const { setup = 'timing: { scp: 20000, operator-pause: 1000000 }', expect: expected = '{ result: violated }', twin = 'timing: { scp: 700000 }', twinExpect = '{ result: holds }' } = parts;
  return runScenario(parseScenario(
    `scenario: example\ntitle: An example\nshows: [38]\nwhy: Because.\nprocedure: guide-hot-swap\n${setup}\nexpect: ${expected}\ntwin:\n  ${twin}\n  expect: ${twinExpect}\n`, FILE));
}

test('what is as expected', () => {
  const outcome = outcomeOf({});
  expect(outcome).toMatchObject({ met: true, code: 0, run: { outcome: 'violation' }, twin: { outcome: 'clean' } });
  expect(describeOutcome(outcome)).toEqual(['ok  example: violation; twin: clean']);
});

describe('wrong expectations', () => {
  const wrong: readonly (readonly [string, string, number, RegExp])[] = [
    ['result', '{ result: holds }', 1, /scenario: expected: holds; met: violated/],
    ['finding', '{ result: violated, findings: [{ class: violation, kind: double-vote }] }', 1, /expected: violation double-vote; met: lockout-violation-stack \(/],
    ['host', '{ result: violated, findings: [{ class: lost-state, kind: tower-lacks-votes, host: inactive, count: 2 }] }', 5, /on inactive, 2 times; met: tower-lacks-votes/],
    ['refused votes', '{ result: violated, findings: [{ class: violation, kind: lockout-violation-stack, refused: [6x31] }] }', 1, /refused 6x31; met: .*13x1 6x30/],
    ['absence', '{ result: violated, absent: [lost-state] }', 5, /expected: no lost-state; met: the tower loaded on inactive/],
    ['downtime', '{ result: violated, downtime: { at-most: 1 } }', 2, /expected: at most 1 slots of downtime; met: \d+/],
    ['life', '{ result: violated, live: false }', 2, /expected: not exactly one voter at the end; met: votes of inactive/],
    ['voter', '{ result: violated, voter: active }', 2, /expected: active votes at the end; met: votes of inactive/],
    ['exit', '{ result: violated, exits: { promote: 1 } }', 5, /expected: exit 1 of step "promote"; met: 0/],
    ['a step that ran', '{ result: violated, exits: { promote: not-run } }', 5, /expected: exit not-run of step "promote"; met: 0/],
    ['end', '{ result: violated, ends: [{ host: active, exit: 1 }] }', 5, /expected: active ends with 1; met: no process ends/],
    ['leader slots', '{ result: violated, leader-slots-missed: 4 }', 2, /expected: 4 leader slots missed; met: 0/],
  ];
  for (const [name, expected, code, sentence] of wrong) {
    test(name, () => {
      const outcome = outcomeOf({ expect: expected });
      expect(outcome).toMatchObject({ met: false, code });
      expect(describeOutcome(outcome)[1]).toMatch(sentence);
    });
  }

  test('of the twin', () => {
    const outcome = outcomeOf({ twinExpect: '{ result: violated }' });
    expect(outcome.code).toBe(1);
    expect(describeOutcome(outcome)).toEqual(['NOT MET  example: violation; twin: clean', '    twin: expected: violated; met: holds']);
  });

  test('no process is to end, and one does', () => {
    const outcome = outcomeOf({ setup: 'faults: [{ kind: crash, on: inactive, at: { slot: 3 } }]', expect: '{ result: holds, ends: [] }', twin: 'faults: []' });
    expect(describeOutcome(outcome)[1]).toMatch(/expected: no process ends; met: inactive ended with 139 \(crashed\)/);
  });
});

test('a fault that never strikes', () => {
  const outcome = outcomeOf({ setup: 'faults: [{ kind: crash, on: active, at: { point: tower-saved, slot: 900 } }]', expect: '{ result: holds }', twin: 'faults: []' });
  expect(outcome.code).toBe(5);
  expect(outcome.run.unmet.map(({ sentence }) => sentence)).toEqual([
    'a fault never struck: the validator on active crashes; systemd starts it again when active reaches tower-saved in slot +900',
  ]);
});

describe('twins', () => {
  test('that differ in nothing', () => {
    const outcome = outcomeOf({ twin: 'timing: { scp: 20000 }', twinExpect: '{ result: violated }' });
    expect(outcome.code).toBe(3);
    expect(outcome.unmet.map(({ sentence }) => sentence)).toEqual(['the twin must differ in one thing; it differs in nothing', 'scenario and twin must come out differently; both: violation']);
  });

  test('that differ in two things', () => {
    const outcome = outcomeOf({ twin: 'timing: { scp: 700000, phase: 3 }' });
    expect(outcome.code).toBe(3);
    expect(outcome.unmet[0]!.sentence).toBe('the twin must differ in one thing; it differs in 2: the draw latency/scp; the draw latency/phase');
  });

  test('a fault changed is one difference, a fault changed and one added are two', () => {
    const setup = 'faults: [{ kind: crash, on: active, at: { slot: 2 } }]';
    const changed = outcomeOf({ setup, expect: '{ result: holds }', twin: 'faults: [{ kind: crash, on: inactive, at: { slot: 2 } }]' });
    expect(changed.unmet.filter(({ code }) => code === 3)).toEqual([]);
    const more = outcomeOf({ setup, expect: '{ result: holds }', twin: 'faults: [{ kind: crash, on: inactive, at: { slot: 2 } }, { kind: stall, at: { slot: 4 }, heal: 2 }]' });
    expect(more.unmet[0]!.sentence).toMatch(/it differs in 2: the fault .* is .*; the fault .* is added/);
  });

  test('a step moved or left out is one difference, another procedure is more', () => {
    const twins = ['./procedures/copy-before-demote.yaml', './procedures/stop-at-failure.yaml', 'guide-hot-swap-without-tower'].map((file) =>
      outcomeOf({ setup: 'skips: []', expect: '{ result: holds }', twin: `procedure: ${file}` }).unmet.filter(({ code }) => code === 3).length);
    expect(twins).toEqual([0, 0, 1]);
  });
});

test('the gravest code', () => {
  expect(worstExit([])).toBe(0);
  expect(worstExit([2, 5])).toBe(5);
  expect(worstExit([2, 5, 4])).toBe(4);
  expect(worstExit([2, 4, 1])).toBe(1);
  expect(worstExit([1, 3])).toBe(3);
});
