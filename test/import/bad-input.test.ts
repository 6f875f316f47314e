/** Logs that are none, of one host, in the wrong order, without an identity, with holes: told to people, exit 3, nothing written. */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { emptyFolder, solevoter } from '../cli/solevoter.ts';
import { fixture } from './recordings.ts';

const ACTIVE = fixture('guide-run/active.log.gz');
const INACTIVE = fixture('guide-run/inactive.log.gz');
const textOf = (path: string): string => gunzipSync(readFileSync(path)).toString();

interface Case {
  readonly name: string;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly run: readonly string[];
  readonly says: RegExp;
}

const log = (...messages: string[]): string => messages.map((message, i) => `[2026-11-22T19:57:${String(10 + i).padStart(2, '0')}.000000000Z INFO  solana_core::replay_stage] ${message}\n`).join('');

const CASES: readonly Case[] = [
  { name: 'no log', run: [], says: /^import: no log is named; expected --active LOG --inactive LOG/ },
  { name: 'a file that is not there', run: ['--active', 'none.log'], says: /^none\.log: there is no such file/ },
  { name: 'a folder', run: ['--active', '.'], says: /^\.: this is not a file/ },
  { name: 'a text that is no log', files: { 'a.log': 'hello\n'.repeat(3000) }, run: ['--active', 'a.log'], says: /^a\.log:1: this is not the log of a validator; expected lines such as "\[2026/ },
  { name: 'an empty file', files: { 'a.log': '' }, run: ['--active', 'a.log'], says: /^a\.log:1: this is not the log of a validator/ },
  { name: 'a packed file that is cut short', files: { 'a.log.gz': gzipSync(log('hello').repeat(5000)).subarray(0, 60) }, run: ['--active', 'a.log.gz'], says: /^a\.log\.gz: the log cannot be read \(Z_BUF_ERROR\); expected a file packed with gzip that is whole/ },
  { name: 'a file that only has the name of a packed one', files: { 'a.log.gz': log('hello') }, run: ['--active', 'a.log.gz'], says: /^a\.log\.gz: the log cannot be read \(Z_DATA_ERROR\)/ },
  { name: 'one log twice', run: ['--active', ACTIVE, '--inactive', ACTIVE], says: /active\.log\.gz: this is a log of the same host as .*active\.log\.gz/ },
  { name: 'the logs in the wrong order', run: ['--active', INACTIVE, '--inactive', ACTIVE], says: /inactive\.log\.gz: this host begins with the identity 2gbB\w+, and the other one with the staked identity 4Ywy\w+; expected the log of the host that voted first as --active: here that is .*\/active\.log\.gz/ },
  { name: 'a log without an identity', files: { 'a.log': log('bank frozen: 5 hash: 5bW4A8MtTRY7tE6Lwsk6uBYp191mbVTXH639WEis4Ngm', 'voting: 5 100.0%') }, run: ['--active', 'a.log'], says: /^a\.log: no identity of a validator is named in the log; expected lines such as "Identity changed from …"/ },
  {
    name: 'logs that do not tell which identity is staked',
    files: { 'a.log': log('Identity changed from 4YwyWygbKtYWDnGtgvFHgq9HTmwkB7QW6AX349xX3y2q to FrL3sxtpMUTCyFvUHpNC9Un7YMZqpnwiyThQTveNPqqr') },
    run: ['--active', 'a.log'], says: /^a\.log: the logs name 2 identities, and not which one is staked; expected --staked ADDRESS: one of 4Ywy\w+, FrL3\w+/,
  },
  { name: 'a staked identity that is no key', run: ['--active', ACTIVE, '--staked', 'me'], says: /^--staked: "me" is no public key/ },
  {
    name: 'a hole in a log',
    files: { 'a.log': textOf(ACTIVE).split('\n').filter((line) => !/^\[2026-11-22T19:56:[0-2]/.test(line)).join('\n') },
    run: ['--active', 'a.log', '--inactive', INACTIVE], says: /^a\.log:\d+: nothing is logged for 30 s, from 2026-11-22 19:55:59\.\d+ to 2026-11-22 19:56:30\.\d+ UTC, while the validator runs; expected a log without holes, or --allow-gaps/,
  },
  { name: 'logs of different times', files: { 'b.log': log('Identity changed from 4YwyWygbKtYWDnGtgvFHgq9HTmwkB7QW6AX349xX3y2q to FrL3sxtpMUTCyFvUHpNC9Un7YMZqpnwiyThQTveNPqqr').replaceAll('2026', '2027') }, run: ['--active', ACTIVE, '--inactive', 'b.log'], says: /the logs have no time in common/ },
  { name: 'a time that is none', run: ['--active', ACTIVE, '--from', 'yesterday'], says: /^--from: "yesterday" is no time; expected a time in UTC/ },
  { name: 'votes that are none', files: { 'v.jsonl': '{"slot":1}\n' }, run: ['--active', ACTIVE, '--inactive', INACTIVE, '--votes', 'v.jsonl'], says: /^v\.jsonl:1: this is no vote transaction; expected a JSON object/ },
  { name: 'votes with broken data', files: { 'v.jsonl': `{"slot":1,"err":null,"hex":"0e000000${'ff'.repeat(60)}"}\n` }, run: ['--active', ACTIVE, '--inactive', INACTIVE, '--votes', 'v.jsonl'], says: /^v\.jsonl:1: the instruction data is no vote: / },
  { name: 'commands that are none', files: { 'c.txt': 'hello\n' }, run: ['--active', ACTIVE, '--inactive', INACTIVE, '--commands', 'c.txt'], says: /^c\.txt: no command is recorded here; expected times with the output/ },
  { name: 'a command without a time', files: { 'c.txt': '{"start":"now","end":"now","line":"ls"}\n' }, run: ['--active', ACTIVE, '--inactive', INACTIVE, '--commands', 'c.txt'], says: /^c\.txt:1: "start" and "end" are no times/ },
  { name: 'a tower that is none', files: { 't.bin': 'hello' }, run: ['--active', ACTIVE, '--inactive', INACTIVE, '--tower', 't.bin'], says: /^t\.bin: this tower cannot be read: / },
  { name: 'a folder without logs', files: { 'd/x.txt': '' }, run: ['d'], says: /^d: there is no log in the folder/ },
  { name: 'a folder with a log of nobody', files: { 'd/c.log': '' }, run: ['d'], says: /^d\/c\.log: the name does not say of which host this log is/ },
  { name: 'a share of the stake that is none', run: ['--active', ACTIVE, '--stake-share', '17'], says: /'--stake-share <share>' argument '17' is invalid\. Expected a number from 0 to 1/ },
];

describe('import refuses', () => {
  test.concurrent.each(CASES)('$name', async ({ files = {}, run, says }) => {
    const cwd = emptyFolder();
    for (const [path, content] of Object.entries(files)) {
      if (path.startsWith('d/')) cpSync(emptyFolder(), join(cwd, 'd'), { recursive: true });
      writeFileSync(join(cwd, path), content);
    }
    const { code, stdout, stderr } = await solevoter(['import', ...run, '-o', 'out.jsonl'], { cwd });
    expect(stderr.replace(/^error: option /, '')).toMatch(says);
    expect({ code, stdout, written: existsSync(join(cwd, 'out.jsonl')) }).toEqual({ code: 3, stdout: '', written: false });
  });
});

test('with --allow-gaps a hole leaves the verdict open', async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'a.log'), textOf(ACTIVE).split('\n').filter((line) => !/^\[2026-11-22T19:56:[0-2]/.test(line)).join('\n'));
  const imported = await solevoter(['import', '--active', 'a.log', '--inactive', INACTIVE, '--allow-gaps', '-o', 'out.jsonl'], { cwd });
  expect(imported.code).toBe(0);
  const judged = await solevoter(['check', 'out.jsonl'], { cwd });
  expect(judged.stdout).toMatch(/^UNKNOWN/);
  expect(judged.stdout).toContain('active: nothing is logged for 30 s');
  expect(judged.code).toBe(4);
});
