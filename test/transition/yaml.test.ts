/** Bad YAML and what is said about it, word for word. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, describe, expect, test } from 'vitest';
import { describeDiagnostic } from '../../src/model/diagnostic.ts';
import { fillProcedure, parseProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';
import { loadSite, parseSite } from '../../src/transition/site-file.ts';
import { checkYaml, loadYaml, readTextFile } from '../../src/transition/yaml.ts';
import { problemsOf } from './problems.ts';

const HEAD = 'procedure: p\ntitle: T\nstarts: prepared\n';
const STEP = 'steps:\n  - { id: a, host: active, run: ls }\n';

const BAD_PROCEDURES: readonly (readonly [what: string, text: string, said: readonly string[]])[] = [
  ['nothing', '', ['f.yaml: the file is empty']],
  ['only a comment', '# nothing\n', ['f.yaml: the file is empty']],
  ['a list', '- a\n', ['f.yaml:1:1: the file is a list; expected a map']],
  ['a word', 'procedure\n', ['f.yaml:1:1: the file is "procedure"; expected a map']],
  [
    'an empty map',
    '{}',
    [
      'f.yaml:1:1: the file has no "procedure"; expected a text',
      'f.yaml:1:1: the file has no "title"; expected a text',
      'f.yaml:1:1: the file has no "starts"; expected prepared or bare',
      'f.yaml:1:1: the file has no "steps"; expected a list',
    ],
  ],
  [
    'unknown keys, at the top and in a step, all of them',
    `${HEAD}titel: T\nsteps:\n  - id: a\n    hots: active\n    host: active\n    rum: ls\n    run: ls\n`,
    [
      'f.yaml:4:1: unknown key "titel"; expected procedure, title, source, starts, etcd, agave, resume, protects-from, survives, exceptions, params or steps; did you mean "title"?',
      'f.yaml:7:5: unknown key "hots" in steps[0]; expected id, host, run, wait, on-failure or why; did you mean "host"?',
      'f.yaml:9:5: unknown key "rum" in steps[0]; expected id, host, run, wait, on-failure or why; did you mean "run"?',
    ],
  ],
  [
    'a misspelt key that is then missing',
    `${HEAD}steps:\n  - { id: a, hots: active, run: ls }\n`,
    [
      'f.yaml:5:5: steps[0] has no "host"; expected active, inactive, etcd or operator',
      'f.yaml:5:14: unknown key "hots" in steps[0]; expected id, host, run, wait, on-failure or why; did you mean "host"?',
    ],
  ],
  ['a key of Object', `${HEAD}${STEP}constructor: 1\n`, ['f.yaml:6:1: unknown key "constructor"; expected procedure, title, source, starts, etcd, agave, resume, protects-from, survives, exceptions, params or steps']],
  [
    'a key twice',
    `${HEAD}title: Again\n${STEP}`,
    ['f.yaml:4:1: this key stands twice in the same map'],
  ],
  [
    'a wrong word',
    `${HEAD}steps:\n  - id: a\n    host: acive\n    run: ls\n`,
    ['f.yaml:6:11: steps[0].host is "acive"; expected active, inactive, etcd or operator; did you mean "active"?'],
  ],
  [
    'a wrong word far from every other',
    `procedure: p\ntitle: T\nstarts: whenever\n${STEP}`,
    ['f.yaml:3:9: starts is "whenever"; expected prepared or bare'],
  ],
  [
    'a wrong type',
    `${HEAD}steps:\n  - { id: a, host: active, run: [ls, -l] }\n`,
    ['f.yaml:5:33: steps[0].run is a list; expected a text'],
  ],
  ['a value left out', `${HEAD}steps:\n`, ['f.yaml:4:7: steps is empty; expected a list']],
  ['no steps', `${HEAD}steps: []\n`, ['f.yaml:4:8: steps does not fit; expected 1 to 500 steps']],
  [
    'a step that does nothing, and one that does two things',
    `${HEAD}steps:\n  - { id: a, host: active }\n  - { id: b, host: active, run: ls, wait: { slots: 1, since: here } }\n`,
    ['f.yaml:5:5: steps[0] does not fit; expected either "run" or "wait"', 'f.yaml:6:5: steps[1] does not fit; expected either "run" or "wait"'],
  ],
  [
    'a name with capitals',
    `procedure: My Procedure\ntitle: T\nstarts: prepared\n${STEP}`,
    ['f.yaml:1:12: procedure is "My Procedure"; expected a name of small letters, digits and dashes'],
  ],
  [
    'the same id twice',
    `${HEAD}steps:\n  - { id: a, host: active, run: ls }\n  - { id: a, host: inactive, run: ls }\n`,
    ['f.yaml:6:11: the id "a" is already that of the step in line 5; expected an id of its own'],
  ],
  [
    'a wait since a moment that is not known',
    `${HEAD}steps:\n  - id: a\n    host: operator\n    wait: { slots: many, since: last-vote }\n`,
    ['f.yaml:7:33: steps[0].wait.since is "last-vote"; expected last-landed-vote, last-cast-vote or here'],
  ],
  [
    'a wait that is no number',
    `${HEAD}steps:\n  - { id: a, host: operator, wait: { slots: many, since: here } }\n`,
    ['f.yaml:5:45: the wait is many slots long; expected a whole number, 0 to 1000000'],
  ],
  [
    'a wait of part of a slot',
    `${HEAD}params: { n: 0.5 }\nsteps:\n  - { id: a, host: operator, wait: { slots: '{n}', since: here } }\n`,
    ['f.yaml:6:45: the wait is {n} slots long; expected a whole number, 0 to 1000000'],
  ],
  [
    'a parameter that is a list',
    `${HEAD}params: { n: [1] }\n${STEP}`,
    ['f.yaml:4:14: params.n is a list; expected a number or a text'],
  ],
  ['parameters as a list', `${HEAD}params: [n]\n${STEP}`, ['f.yaml:4:9: params is a list; expected a map']],
  [
    'a parameter with the name of a site value',
    `${HEAD}params: { ledger: /x }\n${STEP}`,
    ['f.yaml:4:19: the parameter "ledger" has the name of a value of the site; expected another name'],
  ],
  [
    'a placeholder that stands for nothing',
    `${HEAD}params: { pause: 1 }\nsteps:\n  - { id: a, host: operator, run: 'ls {ledgr}' }\n`,
    [
      'f.yaml:6:35: the placeholder "{ledgr}" stands for nothing here; expected ledger, tower-dir, identity-link, staked-key, vote-key, home, unit, ' +
        'start-script, active-address, active-user, active-junk-key, inactive-address, inactive-user, inactive-junk-key, etcd-address, etcd-user, pause ' +
        '(or "{ ledgr }", with spaces, for the braces themselves); did you mean "ledger"?',
    ],
  ],
  [
    'a command line that bash cannot read',
    `${HEAD}steps:\n  - id: a\n    host: active\n    run: echo "open\n`,
    ['f.yaml:7:10: bash cannot read the command line of step "a": a double quote is not closed'],
  ],
  ['an alias', `${HEAD}why: &a x\nsource: *a\n${STEP}`, ['f.yaml:5:9: the alias "*a" is not allowed; expected the value itself']],
  ['two documents', `${HEAD}${STEP}---\n${HEAD}${STEP}`, ['f.yaml:6:1: there is more than one YAML document in the file']],
  ['a tag', `${HEAD}source: !js x\n${STEP}`, ['f.yaml:4:9: YAML tags ("!…") are not allowed']],
  ['a tab', `${HEAD}steps:\n\t- id: a\n`, ['f.yaml:5:1: a tab is used as indentation; YAML wants spaces']],
  ['a bracket left open', `${HEAD}steps: [\n`, ['f.yaml:5:1: this is not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]']],
  ['a NUL character', `${HEAD}source: "a\0b"\n${STEP}`, ['f.yaml:4:11: there is a NUL character in the text']],
];

describe('bad procedures', () => {
  for (const [what, text, said] of BAD_PROCEDURES) {
    test(what, () => {
      const problems = problemsOf(() => fillProcedure(parseProcedure(text, 'f.yaml'), GUIDE_SITE, {}));
      expect(problems.map(describeDiagnostic)).toEqual(said);
    });
  }
});

const BAD_SITES: readonly (readonly [text: string, said: readonly string[]])[] = [
  ['ledger: mnt/ledger', ['s.yaml:1:9: ledger is "mnt/ledger"; expected an absolute path without spaces and signs of the shell']],
  ['staked-key: /k/$(id).json', ['s.yaml:1:13: staked-key is "/k/$(id).json"; expected an absolute path without spaces and signs of the shell']],
  ['slot-ms: 0.4', ['s.yaml:1:10: slot-ms is 0.4; expected a whole number of milliseconds, 50 to 10000']],
  ['stake-share: 5', ['s.yaml:1:14: stake-share is 5; expected a share of the stake, 0 to 1']],
  ['agave: 4.2', ['s.yaml:1:8: agave is 4.2; expected a text']],
  ['hosts: { active: { adress: 10.0.0.1 } }', ['s.yaml:1:20: unknown key "adress" in hosts.active; expected address, user or junk-key; did you mean "address"?']],
  ['[]', ['s.yaml:1:1: the file is a list; expected a map']],
  ['hosts: [active]', ['s.yaml:1:8: hosts is a list; expected a map']],
  ['hosts: { activ: {} }', ['s.yaml:1:10: unknown key "activ" in hosts; expected active or inactive; did you mean "active"?']],
  ['leader-windows: [0, 4.5]', ['s.yaml:1:21: leader-windows[1] is 4.5; expected a whole number of slots']],
];

describe('bad sites', () => {
  for (const [text, said] of BAD_SITES) {
    test(text, () => expect(problemsOf(() => parseSite(text, 's.yaml')).map(describeDiagnostic)).toEqual(said));
  }
});

test('a site is the guide but for what it says; the tower is in the ledger unless it says so', () => {
  expect(parseSite('{}', 's.yaml')).toEqual(GUIDE_SITE);
  expect(parseSite('ledger: /srv/ledger\nslot-ms: 200\nhosts: { inactive: { user: bert } }\nleader-windows: [8, 40]', 's.yaml')).toEqual({
    ...GUIDE_SITE,
    hosts: { ...GUIDE_SITE.hosts, inactive: { ...GUIDE_SITE.hosts.inactive, user: 'bert' } },
    ledger: '/srv/ledger',
    towerDir: '/srv/ledger',
    slotMs: 200,
    leaderWindows: [8, 40],
  });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'solevoter-yaml-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  test('missing, a folder, too large, not UTF-8', () => {
    mkdirSync(join(folder, 'sub.yaml'));
    const messageOf = (path: string): string => problemsOf(() => readTextFile(path))[0]!.message;
    expect(messageOf(join(folder, 'none.yaml'))).toBe('there is no such file');
    expect(messageOf(join(folder, 'sub.yaml'))).toBe('this is not a file');
    expect(messageOf(file('large.yaml', 'a'.repeat(1_000_001)))).toBe('the file has 1000001 bytes');
    expect(messageOf(file('latin1.yaml', Uint8Array.of(0x61, 0xe9, 0x62)))).toBe('the file is not UTF-8 text');
    expect(messageOf(file('utf16.yaml', Buffer.from('\ufeffhome: /home', 'utf16le')))).toBe('the file is not UTF-8 text');
  });

  test('with a byte order mark, and with the line ends of Windows', () => {
    expect(loadSite(file('bom.yaml', '\ufeffhome: /home/anna\n')).home).toBe('/home/anna');
    const path = file('crlf.yaml', 'home: /home/anna\r\nslot-ms: no\r\n');
    expect(problemsOf(() => loadSite(path)).map((problem) => [problem.line, problem.column, problem.message])).toEqual([[2, 10, 'slot-ms is "no"']]);
  });
});

test('what is too large, too deep or too clever is refused soon', () => {
  const anything = v.unknown();
  expect(problemsOf(() => loadYaml('x'.repeat(1_000_001), 'f', anything))[0]!.message).toBe('the file has 1000001 bytes');
  expect(problemsOf(() => loadYaml('['.repeat(100_000), 'f', anything))[0]!.message).toMatch(/too deeply|not valid YAML/);
  const laughs = Array.from({ length: 20 }, (_, i) => `a${i}: &a${i} [${Array(9).fill(i === 0 ? 'x' : `*a${i - 1}`).join(', ')}]`).join('\n');
  expect(problemsOf(() => loadYaml(laughs, 'f', anything))).toHaveLength(171);
});

describe('schemas in general', () => {
  const schema = v.strictObject({
    faults: v.array(
      v.variant('kind', [
        v.strictObject({ kind: v.literal('crash'), at: v.pipe(v.number(), v.minValue(1)) }),
        v.strictObject({ kind: v.literal('cut'), link: v.union([v.string(), v.strictObject({ from: v.string() })]) }),
      ]),
    ),
  });
  const said = (text: string): string[] => problemsOf(() => loadYaml(text, 'f', schema)).map(describeDiagnostic);

  test('a variant tells the words that it knows', () => {
    expect(said('faults: [{ kind: crsh, at: 1 }]')).toEqual(['f:1:18: faults[0].kind is "crsh"; expected crash or cut; did you mean "crash"?']);
  });

  test('unknown keys are looked for in the option that is meant', () => {
    expect(said('faults: [{ kind: crash, att: 1 }]')).toEqual([
      'f:1:10: faults[0] has no "at"; expected a number',
      'f:1:25: unknown key "att" in faults[0]; expected kind or at; did you mean "at"?',
    ]);
    expect(said('faults: [{ kind: cut, link: { form: a } }]')).toEqual([
      'f:1:29: faults[0].link has no "from"; expected a text',
      'f:1:31: unknown key "form" in faults[0].link; expected from; did you mean "from"?',
    ]);
  });

  test('bounds, and the option of a union that came furthest', () => {
    expect(said('faults: [{ kind: crash, at: 0 }, { kind: cut, link: 5 }, { kind: cut, link: { from: 1 } }]')).toEqual([
      'f:1:29: faults[0].at is 0; expected at least 1',
      'f:1:53: faults[1].link is 5; expected a text or a map',
      'f:1:85: faults[2].link.from is 1; expected a text',
    ]);
  });

  test('values are found again in the file', () => {
    const { at, value } = checkYaml('faults:\n  - kind: crash\n    at: 2\n', 'f', schema);
    expect(value).toEqual({ faults: [{ kind: 'crash', at: 2 }] });
    expect(at(['faults', 0])).toEqual({ line: 2, column: 5 });
    expect(at(['faults', 0, 'at'])).toEqual({ line: 3, column: 9 });
    expect(at(['faults', 7, 'at'])).toEqual({ line: 2, column: 3 });
  });
});
