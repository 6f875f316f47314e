import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VIOLATED } from './samples.ts';
import { emptyFolder, solevoter } from './solevoter.ts';
import type { Ended } from './solevoter.ts';

let folder = '';
let token: Ended;
let trace: Ended;
beforeAll(async () => {
  folder = emptyFolder();
  await solevoter(['replay', VIOLATED, '--trace', 'violated.jsonl'], { cwd: folder });
  [token, trace] = [await solevoter(['explain', VIOLATED], { cwd: folder }), await solevoter(['explain', 'violated.jsonl'], { cwd: folder })];
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const flat = ({ stdout }: Ended): string => stdout.replaceAll(/\s+/g, ' ');

it('tells a token and its trace in the same sentences', () => {
  expect({ codes: [token.code, trace.code], stderr: token.stderr + trace.stderr }).toEqual({ codes: [1, 1], stderr: '' });
  const happened = (text: string): string => /What happened\n([^]*?)\n\n/.exec(text)![1]!;
  expect(happened(trace.stdout)).toBe(happened(token.stdout));
  const sentences = happened(token.stdout).split(/\n(?= {2}In slot)/).map((sentence) => sentence.replaceAll(/\s+/g, ' ').trim());
  expect(sentences).toContain('In slot 999, on active, step demote runs (exit 0): agave-validator -l /mnt/ledger set-identity /home/sol/unstaked-identity.json');
  expect(sentences).toContain('In slot 1004, inactive sends its vote for slot 1004; refused: ConfirmationRollBack (13).');
  expect(sentences.every((sentence) => sentence.startsWith('In slot '))).toBe(true);
});

it('says who broke what, at which step of which line, and the arithmetic', () => {
  expect(flat(token)).toContain("At step verify, inactive voted for slot 1004 although active's vote for slot 1000 had locked out slot 998 through slot 1006, and the later stack lacks it. This is SV-cf0a89a0. Step 7, verify (procedures/guide-hot-swap.yaml, line 39), runs on inactive");
  expect(flat(token)).toContain('locked out to 998 + 2^3 = 998 + 8 = 1006');
  expect(flat(token)).toContain('Point of no return of SV-cf0a89a0: ');
  expect(flat(token)).toContain('without "scp = 20 ms" the finding is gone, and the run holds');
});

it('answers what if at every step by runs of the simulation, and how long to wait without a tower', () => {
  expect(token.stdout.match(/^ {2}Step \d+, /gm)).toHaveLength(8); // one of them is the step that failed
  const step = (n: number): string => new RegExp(`  Step ${n}, [^]*?(?=\\n  Step|\\n\\n)`).exec(token.stdout.slice(token.stdout.indexOf('What if')))![0].replaceAll(/\s+/g, ' ');
  // Before the demotion nothing has changed; after it nobody votes until somebody is promoted.
  expect(step(1)).toContain('Ctrl-C after it: active votes; ');
  expect(step(2)).toContain('Ctrl-C after it: nobody votes at the end; ');
  // The link still points to the staked key: the old host comes back with it.
  expect(step(2)).toContain('the old host reboots five minutes later: active votes; ');
  expect(step(3)).toContain('the old host reboots five minutes later: nobody votes at the end; ');
  expect(step(7)).toContain('Ctrl-C after it: VIOLATED, lockout-violation-stack SV-cf0a89a0; ');
  expect(flat(token)).toContain('How long must I wait without a tower? In this model a violation still exists after a wait of 249 slots from the last vote, and none from 250 to 300.');
});

it('says of a trace that such questions need a token', () => {
  expect(flat(trace)).toContain('A trace tells what happened and nothing else');
  expect(trace.stdout).not.toContain('Step 1, ');
});

it('keeps to 80 columns, and refuses what is neither token nor trace', async () => {
  expect([token, trace].flatMap(({ stdout }) => stdout.split('\n')).filter((line) => [...line].length > 80 && !/^ {2}npx solevoter replay /.test(line))).toEqual([]);
  const cut = await solevoter(['explain', 'sv1.abc']);
  expect({ code: cut.code, stderr: cut.stderr }).toEqual({ code: 3, stderr: expect.stringContaining('this is no replay token') });
  expect((await solevoter(['explain', 'none.jsonl'])).code).toBe(3);
});
