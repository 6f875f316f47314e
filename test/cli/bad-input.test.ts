import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'vitest';
import { ABANDONED, CLEAN, DEMOTION, FOREIGN_KEY, SCENARIO, VIOLATED, guideToken, traceText } from './samples.ts';
import { emptyFolder, listing, solevoter } from './solevoter.ts';

interface Case {
  readonly name: string;
  /** The command line, split at spaces. */
  readonly run: string;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly prepare?: (folder: string) => void;
  /** What the error says: the place first. */
  readonly says: readonly string[];
  readonly never?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const mine = (text: string): Pick<Case, 'files'> => ({ files: { 'mine.yaml': text } });
const sample = (text: string): Pick<Case, 'files'> => ({ files: { 'sample.yaml': text } });
const trace = (text: string): Pick<Case, 'files'> => ({ files: { 'a.jsonl': text } });
const changed = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`the sample has no "${from}"`);
  return text.replace(from, to);
};

const COMMAND_LINE: readonly Case[] = [
  { name: 'no command', run: '', says: ['Usage: solevoter'] },
  { name: 'an unknown command', run: 'reherse guide-hot-swap', says: ["unknown command 'reherse'", 'Did you mean rehearse?'] },
  { name: 'an unknown option', run: 'rehearse guide-hot-swap --timing 5', says: ["unknown option '--timing'", 'Did you mean --timings?'] },
  { name: 'no procedure', run: 'show', says: ["missing required argument 'procedure'"] },
  { name: 'no file of scenarios', run: 'run', says: ["missing required argument 'files'"] },
  { name: 'an argument too many', run: 'inspect a b', says: ["too many arguments for 'inspect'", 'Expected 1'] },
  { name: 'no value of an option', run: 'rehearse guide-hot-swap --site', says: ["'--site <file>' argument missing"] },
  { name: 'no worker', run: 'rehearse guide-hot-swap --workers 0', says: ['--workers', "'0'", 'Expected a whole number, 1 to 256'] },
  { name: 'fewer than no workers', run: 'rehearse guide-hot-swap --workers -2', says: ['--workers', "'-2'", 'Expected a whole number'] },
  { name: 'workers that are no number', run: 'rehearse guide-hot-swap --workers NaN', says: ['--workers', "'NaN'", 'Expected a whole number'] },
  { name: 'a part of a run', run: 'rehearse guide-hot-swap --timings 1.5', says: ['--timings', "'1.5'", 'Expected a whole number'] },
  { name: 'more runs than can be', run: 'rehearse guide-hot-swap --timings 1e9', says: ['--timings', "'1e9'", '0 to 1000000'] },
  { name: 'a seed that is none', run: 'rehearse guide-hot-swap --seed main', says: ['--seed', "'main'", 'Expected an integer or hexadecimal digits'] },
  { name: 'a swarm of no run', run: 'rehearse guide-hot-swap --runs 0', says: ['--runs', "'0'", 'Expected a whole number, 1 to 1000000'] },
  { name: 'a swarm of the full set', run: 'rehearse guide-hot-swap --runs 5 --full', says: ["'--runs <n>' cannot be used with option '--full'"] },
  { name: 'a swarm with timings of its own', run: 'rehearse guide-hot-swap --runs 5 --timings 5', says: ["'--runs <n>' cannot be used with option '--timings <n>'"] },
  { name: 'an id that is none', run: 'rehearse guide-hot-swap --tell cf0a89a0', says: ["'cf0a89a0' is invalid", 'Expected an id such as SV-cf0a89a0'] },
  { name: 'a budget that is no number', run: 'check a.jsonl --downtime-budget few', says: ['--downtime-budget', "'few'", 'Expected a whole number'] },
  { name: 'an unknown class of findings', run: 'check a.jsonl --fail-on hazzard', says: ['--fail-on: "hazzard"', 'expected violation, hazard', 'did you mean "hazard"?'] },
  { name: 'an unknown form', run: 'show guide-hot-swap --as xml', says: ['--as: "xml"', 'expected runbook or bash'] },
  { name: 'a form misspelt', run: 'show guide-hot-swap --as bsh', says: ['--as: "bsh"', 'did you mean "bash"?'] },
  { name: 'an unknown version of Agave', run: 'show guide-hot-swap --agave 9.9.9', says: ['--agave: Agave 9.9.9 is not modelled', 'expected one of 2.3'] },
  { name: 'a parameter without a value', run: 'show guide-hot-swap --param tries', says: ['--param: "tries" has no value', 'expected NAME=VALUE'] },
  { name: 'a parameter that is not there', run: 'show ./mine.yaml --param trie=2', ...mine(DEMOTION), says: ['./mine.yaml: the procedure has no parameter "trie"', 'expected tries', 'did you mean "tries"?'] },
  { name: 'a parameter of the wrong type', run: 'show ./mine.yaml --param tries=many', ...mine(DEMOTION), says: ['./mine.yaml: the parameter "tries" is "many"', 'expected a number'] },
];

const FILES: readonly Case[] = [
  { name: 'an unknown procedure', run: 'rehearse guide-hot-sawp', says: ['guide-hot-sawp: there is no procedure', 'expected guarded-hot-swap,', 'did you mean "guide-hot-swap"?'] },
  { name: 'a file here without its ending', run: 'show mine', ...mine(DEMOTION), says: ['mine: there is no procedure of this name', 'did you mean "./mine.yaml"?'] },
  { name: 'a file here misspelt', run: 'show ./mien.yaml', ...mine(DEMOTION), says: ['./mien.yaml: there is no such file', 'did you mean "mine.yaml"?'] },
  { name: 'a file of a folder misspelt', run: 'check sub/traec.jsonl', files: { 'sub/trace.jsonl': '' }, says: ['sub/traec.jsonl: there is no such file', 'did you mean "sub/trace.jsonl"?'] },
  { name: 'bounds misspelt', run: 'rehearse guide-hot-swap --faults 1 --bounds quik', says: ['--bounds: there are no bounds "quik"', 'expected compare, full, pairs, quick, steps, or a file', 'did you mean "quick"?'] },
  { name: 'a procedure that is not there', run: 'rehearse ./mine.yaml', says: ['./mine.yaml: there is no such file'] },
  { name: 'a site that is not there', run: 'show guide-hot-swap --site site.yaml', says: ['site.yaml: there is no such file'] },
  { name: 'a trace that is not there', run: 'check a.jsonl', says: ['a.jsonl: there is no such file'] },
  { name: 'a tower that is not there', run: 'inspect tower.bin', says: ['tower.bin: there is no such file'] },
  { name: 'a scenario that is not there', run: 'run sample.yaml', says: ['sample.yaml: there is no such file'] },
  { name: 'a path through a file', run: 'run mine.yaml/sample.yaml', ...mine(DEMOTION), says: ['mine.yaml/sample.yaml: there is no such file'] },
  { name: 'a folder for a procedure', run: 'rehearse ./', says: ['./: this is not a file'] },
  { name: 'a folder for a trace', run: 'check .', says: ['.: this is not a file'] },
  { name: 'a folder for a tower', run: 'inspect .', says: ['.: this is not a file'] },
  { name: 'a device for a tower', run: 'inspect /dev/zero', says: ['/dev/zero: this is not a file'] },
  ...['show ./loop.yaml', 'check loop.yaml', 'inspect loop.yaml', 'run loop.yaml'].map((run): Case => (
    { name: `an unreadable file: ${run}`, run, prepare: (folder) => symlinkSync('loop.yaml', join(folder, 'loop.yaml')), says: ['loop.yaml: the file cannot be read (ELOOP)'] })),
  { name: 'an empty procedure', run: 'show ./mine.yaml', ...mine(''), says: ['./mine.yaml: the file is empty'] },
  { name: 'an empty site', run: 'show guide-hot-swap --site site.yaml', files: { 'site.yaml': '' }, says: ['site.yaml: the file is empty'] },
  { name: 'an empty trace', run: 'check a.jsonl', ...trace(''), says: ['a.jsonl:1: a trace begins with its header', 'expected a line {"type":"header"'] },
  { name: 'an empty scenario', run: 'run sample.yaml', ...sample(''), says: ['sample.yaml: the file is empty'] },
  { name: 'a procedure that is no text', run: 'show ./mine.yaml', files: { 'mine.yaml': Uint8Array.of(0x61, 0xff, 0xfe) }, says: ['./mine.yaml: the file is not UTF-8 text', 'expected'] },
  { name: 'a trace that is no text', run: 'check a.jsonl', files: { 'a.jsonl': Uint8Array.of(0x7b, 0xff, 0x7d) }, says: ['a.jsonl: the file is not UTF-8 text', 'expected'] },
  { name: 'a procedure of 1 MB', run: 'show ./mine.yaml', ...mine(`${DEMOTION}${'#'.repeat(1_000_000)}`), says: ['./mine.yaml: the file has 1000', 'expected at most 1000000'] },
  ...['check', 'inspect'].map((command): Case => (
    { name: `a file of 3 TB: ${command}`, run: `${command} huge`, files: { huge: '' }, prepare: (folder) => truncateSync(join(folder, 'huge'), 3e12), says: ['huge: the file has 3000000000000 bytes', 'expected at most'] })),
];

const YAML: readonly Case[] = [
  { name: 'no YAML', run: 'show ./mine.yaml', ...mine(changed(DEMOTION, 'steps:', 'steps: [')), says: ['./mine.yaml:', 'this is not valid YAML'] },
  { name: 'a procedure for a scenario', run: 'run ./mine.yaml', ...mine(DEMOTION), says: ['./mine.yaml:1:1: this is a procedure (solevoter rehearse); expected a scenario (solevoter run)\n'] },
  { name: 'a scenario for a procedure', run: 'rehearse ./sample.yaml', ...sample(SCENARIO), says: ['./sample.yaml:1:1: this is a scenario (solevoter run); expected a procedure (solevoter rehearse)\n'] },
  { name: 'a procedure for a site', run: 'show guide-hot-swap --site mine.yaml', ...mine(DEMOTION), says: ['mine.yaml:1:1: this is a procedure (solevoter rehearse); expected a site file (--site)\n'] },
  { name: 'a scenario for waivers', run: 'run sample.yaml --waivers sample.yaml', ...sample(SCENARIO), says: ['sample.yaml:1:1: this is a scenario (solevoter run); expected a waiver file (--waivers)\n'] },
  { name: 'a tab', run: 'show ./mine.yaml', ...mine(changed(DEMOTION, '  - id', '\t- id')), says: ['./mine.yaml:7:1: ', 'a tab'] },
  { name: 'a key twice', run: 'show ./mine.yaml', ...mine(changed(DEMOTION, 'starts: prepared', 'starts: prepared\nstarts: bare')), says: ['./mine.yaml:4:1: this key stands twice'] },
  { name: 'an unknown key', run: 'show ./mine.yaml', ...mine(changed(DEMOTION, '    host:', '    hosts:')), says: ['./mine.yaml:8:5: unknown key "hosts" in steps[0]', 'expected id, host', 'did you mean "host"?'] },
  { name: 'a number for a text', run: 'show ./mine.yaml', ...mine(changed(DEMOTION, 'title: Demote, and nothing else', 'title: 7')), says: ['./mine.yaml:2:8: title is 7', 'expected a text'] },
  { name: 'a list for a map', run: 'show ./mine.yaml', ...mine('- 1\n'), says: ['./mine.yaml:1:1: the file is a list', 'expected a map'] },
  { name: 'an unknown host', run: 'show ./mine.yaml', ...mine(changed(DEMOTION, 'host: active', 'host: actve')), says: ['./mine.yaml:8:11: steps[0].host is "actve"', 'expected active, inactive, etcd or operator', 'did you mean "active"?'] },
  { name: 'an unknown placeholder', run: 'show ./mine.yaml', ...mine(changed(DEMOTION, '{ledger}', '{leger}')), says: ['./mine.yaml:9:', 'leger', 'did you mean "ledger"?'] },
  { name: 'a command line that bash cannot read', run: 'rehearse ./mine.yaml', ...mine(changed(DEMOTION, '{junk-key}', "'open")), says: ['./mine.yaml:9:10: bash cannot read the command line of step "demote"'] },
  { name: 'no step', run: 'show ./mine.yaml', ...mine(`${DEMOTION.slice(0, DEMOTION.indexOf('steps:'))}steps: []\n`), says: ['./mine.yaml:6:8: steps does not fit', 'expected 1 to 500 steps'] },
  { name: 'an unknown key of a site', run: 'show guide-hot-swap --site site.yaml', files: { 'site.yaml': 'home: /home/anna\nleger: /mnt\n' }, says: ['site.yaml:2:1: unknown key "leger"', 'did you mean "ledger"?'] },
  { name: 'a site of an unknown version', run: 'show guide-hot-swap --site site.yaml', files: { 'site.yaml': 'agave: "1.0.0"\n' }, says: ['site.yaml: Agave 1.0.0 is not modelled', 'expected one of'] },
  { name: 'a slot without a length', run: 'rehearse guide-hot-swap --site site.yaml', files: { 'site.yaml': 'slot-ms: 0\n' }, says: ['site.yaml:1:10: slot-ms is 0', 'expected a whole number of milliseconds'] },
  { name: 'an unknown key of a scenario', run: 'run sample.yaml', ...sample(changed(SCENARIO, 'faults:', 'fauls:')), says: ['sample.yaml:7:1: unknown key "fauls"', 'did you mean "faults"?'] },
  { name: 'an unknown fault', run: 'run sample.yaml', ...sample(changed(SCENARIO, 'freeze', 'freze')), says: ['sample.yaml:8:', 'there is no fault "freze"', 'did you mean "freeze"?'] },
  { name: 'an unknown step', run: 'run sample.yaml', ...sample(changed(SCENARIO, 'step: promote', 'step: promot')), says: ['sample.yaml:8:', 'there is no step "promot"', 'did you mean "promote"?'] },
  { name: 'an unknown latency', run: 'run sample.yaml', ...sample(changed(SCENARIO, '{ scp: 20000 }', '{ spc: 20000 }')), says: ['sample.yaml:6:', 'there is no latency "spc"', 'did you mean "scp"?'] },
  { name: 'a latency that was not measured', run: 'run sample.yaml', ...sample(changed(SCENARIO, '{ scp: 20000 }', '{ scp: 1 }')), says: ['sample.yaml:6:', '"scp" is 1', 'expected one of 700000'] },
  { name: 'an unknown procedure of a scenario', run: 'run sample.yaml', ...sample(changed(SCENARIO, 'guide-hot-swap', 'guide-hot-sap')), says: ['sample.yaml:5:', 'there is no procedure', 'did you mean "guide-hot-swap"?'] },
  { name: 'a second scenario that is bad', run: 'run sample.yaml other.yaml', files: { 'sample.yaml': SCENARIO, 'other.yaml': 'scenario: 7' }, says: ['other.yaml:1:'] },
];

const TRACES: readonly Case[] = [
  { name: 'an unknown schema', run: 'check a.jsonl', ...trace(traceText({ schema: 'solevoter.trace/9' })), says: ['a.jsonl:1: unknown trace schema', 'expected solevoter.trace/1'] },
  { name: 'no header', run: 'check a.jsonl', ...trace(traceText().slice(traceText().indexOf('\n') + 1)), says: ['a.jsonl:1: a trace begins with its header'] },
  { name: 'a cut line', run: 'check a.jsonl', ...trace(traceText().slice(0, -20)), says: ['a.jsonl:3:', 'the line is no JSON', 'expected one event'] },
  { name: 'a sign too many', run: 'check a.jsonl', ...trace(`${traceText()}{"type":"skipped",,}`), says: ['a.jsonl:4:19: the line is no JSON'] },
  { name: 'an unknown event', run: 'check a.jsonl', ...trace(traceText({}, { type: 'votes' })), says: ['a.jsonl:3: unknown type of event "votes"', 'did you mean "vote"?'] },
  { name: 'a missing field', run: 'check a.jsonl', ...trace(traceText({}, { lockouts: undefined, lockout: [] })), says: ['a.jsonl:3: "lockouts" is missing (the line has "lockout")', 'expected a list'] },
  { name: 'a wrong field', run: 'check a.jsonl', ...trace(traceText({}, { slot: '7' })), says: ['a.jsonl:3: "slot" is "7"', 'expected an integer'] },
  { name: 'an unknown host', run: 'check a.jsonl', ...trace(traceText({}, { host: 'activ' })), says: ['a.jsonl:3: unknown host "activ"', 'did you mean "active"?'] },
];

const JUNK = { kind: 'crash', on: 'active', at: { kind: 'step', index: 40, when: 'after' }, heal: 1 } as const;

const TOKENS: readonly Case[] = [
  { name: 'no token', run: 'replay SV-cf0a89a0', says: ['TOKEN: this is no replay token', 'expected the text behind'] },
  { name: 'a token of another form', run: `replay ${CLEAN.replace('sv1', 'sv9')}`, says: ['TOKEN: this is no replay token'] },
  { name: 'a cut token', run: `replay ${VIOLATED.slice(0, -6)}`, says: ['TOKEN: this is no replay token of this version, or it was cut'] },
  { name: 'a token with a letter changed', run: `replay ${changed(ABANDONED, ABANDONED.slice(40, 41), ABANDONED[40] === 'A' ? 'B' : 'A')}`, says: ['TOKEN: this is no replay token'] },
  { name: 'a token for steps that have changed', run: `replay ${guideToken({}, { steps: '000000000000' })}`, says: ['guide-hot-swap: the steps of this procedure are no longer those of the token', 'expected steps with the fingerprint'] },
  { name: 'a token of a file that has gone', run: `replay ${guideToken({}, { procedure: './mine.yaml' })}`, says: ['./mine.yaml: there is no such file'] },
  { name: 'a token with an unknown fault', run: `replay ${guideToken({ faults: [{ ...JUNK, kind: 'meteor' }] })}`, says: ['TOKEN: this is no replay token of this version'] },
  { name: 'a token with a latency that is not there', run: `replay ${guideToken({ draws: { 'latency/scp': 99 } })}`, says: ['TOKEN: this is no replay token of this version'] },
  { name: 'a token for a step that is not there', run: `replay ${guideToken({ faults: [JUNK] })}`, says: ['guide-hot-swap: the token does not fit', 'no step at 40'] },
  { name: 'no such fault', run: `replay ${ABANDONED} --without operator-stps`, says: ['--without: the run of the token has no fault "operator-stps"', 'expected 1, operator-stops', 'did you mean "operator-stops"?'] },
  { name: 'a fault beyond the plan', run: `replay ${ABANDONED} --without 2`, says: ['--without: the run of the token has no fault "2"', 'expected 1, operator-stops'] },
  { name: 'no fault at all', run: `replay ${CLEAN} --without fork`, says: ['--without: the run of the token has no fault "fork"', 'expected a token with a fault or a fork: this run has none'] },
  { name: 'bounds of a replay that are not there', run: `replay ${CLEAN} --bounds quik.yaml`, says: ['quik.yaml: there is no such file'] },
  { name: 'a token for an unknown version', run: `replay ${guideToken({}, { site: { agave: '9.9.9' } })}`, says: ['TOKEN: this is no replay token of this version'] },
];

const OUTPUT: readonly Case[] = [
  { name: 'a folder that is not there', run: `replay ${CLEAN} --trace none/a.jsonl`, says: ['none/a.jsonl: there is no folder none; expected a path in a folder that is there'] },
  { name: 'a folder', run: `replay ${CLEAN} --trace .`, says: ['.: this is there, and is not a file'] },
  { name: 'a device', run: `replay ${CLEAN} --trace /dev/null`, says: ['/dev/null: this is there, and is not a file'] },
  { name: 'a link', run: `replay ${CLEAN} --trace link`, files: { 'a.jsonl': 'old' }, prepare: (folder) => symlinkSync('a.jsonl', join(folder, 'link')), says: ['link: this is there, and is not a file'] },
  { name: 'a key', run: `replay ${CLEAN} --trace key.json`, files: { 'key.json': FOREIGN_KEY }, says: ['key.json: this file holds a private key'], never: '122,159' },
];

const PEM = `${'-'.repeat(5)}BEGIN PRIVATE KEY${'-'.repeat(5)}\nMC4CAQAwBQYDK2VwBCIEIJSUlJSUlJSUlJSUlJSU\n`;

const KEYS: readonly Case[] = [
  ...['inspect key.json', 'check key.json', 'run key.json', 'show ./key.json', 'rehearse ./key.json', 'show guide-hot-swap --site key.json', `replay ${guideToken({}, { procedure: './key.json' })}`].map((run): Case => (
    { name: run.slice(0, 40), run, files: { 'key.json': FOREIGN_KEY }, says: ['key.json: this file holds a private key that is not one of the throwaway keys of solevoter', 'expected a file without keys'], never: '122,159' })),
  { name: 'a key in lines', run: 'inspect key.json', files: { 'key.json': FOREIGN_KEY.replaceAll(',', ',\n  ') }, says: ['key.json: this file holds a private key'], never: '122,' },
  { name: 'a PEM key', run: 'inspect ca-key.pem', files: { 'ca-key.pem': PEM }, says: ['ca-key.pem: this file holds a private key'], never: 'MC4CAQ' },
];

const TODAY = { SOLEVOTER_TODAY: '2026-11-23' };
const WAIVER = `waivers:
  - id: SV-1a2b3c4d
    reason: fixed in the next maintenance window, ticket 123
    expires: 2027-03-01
`;
const waived = (text: string): Pick<Case, 'files' | 'env' | 'run'> => ({ run: 'check a.jsonl --waivers w.yaml', files: { 'a.jsonl': traceText(), 'w.yaml': text }, env: TODAY });

const WAIVERS: readonly Case[] = [
  { name: 'a file that is not there', run: 'rehearse guide-hot-swap --waivers w.yaml', says: ['w.yaml: there is no such file'] },
  { name: 'no list', ...waived('SV-1a2b3c4d: ticket 123\n'), says: ['w.yaml:1:1: unknown key "SV-1a2b3c4d"', 'expected waivers'] },
  { name: 'an id that is none', ...waived(changed(WAIVER, 'SV-1a2b3c4d', 'SV-1A2B')), says: ['w.yaml:2:9: waivers[0].id is "SV-1A2B"', 'expected the id of a finding, as SV-1a2b3c4d'] },
  { name: 'no reason', ...waived(changed(WAIVER, 'reason: fixed in the next maintenance window, ticket 123\n    ', '')), says: ['w.yaml:2:5: waivers[0] has no "reason"'] },
  { name: 'an empty reason', ...waived(changed(WAIVER, 'fixed in the next maintenance window, ticket 123', '" "')), says: ['w.yaml:3:13: waivers[0].reason is " "', 'expected a sentence'] },
  { name: 'a key misspelt', ...waived(changed(WAIVER, 'expires', 'expire')), says: ['w.yaml:4:5: unknown key "expire"', 'did you mean "expires"?'] },
  { name: 'a day that is not in the calendar', ...waived(changed(WAIVER, '2027-03-01', '2027-02-29')), says: ['w.yaml:4:14: waivers[0].expires is "2027-02-29"', 'expected a date, as 2027-03-01'] },
  { name: 'a date of another form', ...waived(changed(WAIVER, '2027-03-01', '1 March 2027')), says: ['w.yaml:4:14: waivers[0].expires is "1 March 2027"', 'expected a date'] },
  { name: 'an expired waiver', ...waived(changed(WAIVER, '2027-03-01', '2026-11-22')), says: ['w.yaml:4:14: the waiver of "SV-1a2b3c4d" expired on 2026-11-22; today is 2026-11-23'] },
  { name: 'a waiver for years', ...waived(changed(WAIVER, '2027-03-01', '2027-11-24')), says: ['w.yaml:4:14: ', 'more than a year ahead', 'expected a date up to 2027-11-23'] },
  { name: 'a finding waived twice', ...waived(WAIVER + WAIVER.slice(WAIVER.indexOf('  - '))), says: ['w.yaml:5:9: "SV-1a2b3c4d" is waived already in line 2'] },
  { name: 'a bad waiver for scenarios', ...waived(changed(WAIVER, 'SV-1a2b3c4d', '7')), run: 'run a.jsonl --waivers w.yaml', says: ['w.yaml:2:9: waivers[0].id is 7', 'expected a text'] },
  { name: 'a day set that is none', ...waived(WAIVER), env: { SOLEVOTER_TODAY: 'today' }, says: ['SOLEVOTER_TODAY: "today" is no date', 'expected a date, as 2027-03-01'] },
];

const folders: readonly (readonly [string, readonly Case[]])[] = [
  ['on the command line', COMMAND_LINE], ['in place of a file', FILES], ['in YAML', YAML], ['in a trace', TRACES], ['in a token', TOKENS],
  ['for the trace that is written', OUTPUT], ['that is a key', KEYS], ['of waivers', WAIVERS],
];

describe.each(folders)('bad input %s', (_, cases) => {
  it.concurrent.for(cases)('$name', async ({ run, files = {}, prepare, says, never, env = {} }, { expect }) => {
    const folder = emptyFolder();
    try {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), content);
      }
      prepare?.(folder);
      const before = listing(folder);
      const { code, stdout, stderr } = await solevoter(run === '' ? [] : run.split(' '), { cwd: folder, env });
      expect({ code, stdout, left: listing(folder) }).toEqual({ code: 3, stdout: '', left: before });
      for (const part of says) expect(stderr).toContain(part);
      expect(stderr).not.toMatch(/\n {4}at |internal error|node:internal/);
      if (never !== undefined) expect(stderr).not.toContain(never);
      expect(stderr.trim().split('\n').length).toBeLessThan(40);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
