/** The operator's record in its forms, times, and what a lab sees beside the logs. */
import { describe, expect, test } from 'vitest';
import { parseCommands } from '../../src/import/command-record.ts';
import { wallMicros, wallText } from '../../src/import/wall-clock.ts';
import { parseProcessEnds, parseTowerWatch, withProcessEnds } from '../../src/import/watched.ts';

describe('times', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-11-22T19:57:12.142768802Z', 1_795_377_432_142_768],
    ['2024-02-29T23:59:59.5', 1_709_251_199_500_000],
    ['2000-03-01 00:00:00', 951_868_800_000_000],
  ])('%s', (text, micros) => {
    expect(wallMicros(text)).toBe(micros);
    expect(wallText(micros)).toBe(new Date(micros / 1000).toISOString().replace('T', ' ').slice(0, 23));
  });

  test.each(['yesterday', '2026-13-01T00:00:00Z', '2026-11-22', '2026-11-22T25:00:00Z'])('%s is none', (text) => {
    expect(wallMicros(text)).toBeNull();
  });
});

describe('a record of commands', () => {
  const short = (text: string) => parseCommands(text, 'c').map(({ kind, text: line, exit, host, id }) => ({ kind, line, exit, host, id }));

  test('of a script that prints times and words', () => {
    expect(short('2026-11-22T20:49:36.45 start a->b\nNew validator identity path: /j.json\n2026-11-22T20:49:36.52 demoted rc=0\n2026-11-22T20:49:36.54 copied 10\nNew validator identity path: /s.json\n2026-11-22T20:49:36.61 promoted rc=1\n')).toEqual([
      { kind: 'set-identity', line: 'agave-validator set-identity /j.json', exit: 0, host: null, id: null },
      { kind: 'copy', line: 'scp of the tower', exit: null, host: null, id: null },
      { kind: 'set-identity', line: 'agave-validator set-identity /s.json', exit: 1, host: null, id: null },
    ]);
  });

  test('of bash -x with a time in PS4', () => {
    expect(short('+ 2026-11-22T20:49:36.45 agave-validator -l /l set-identity /j.json\nNew validator identity path: /j.json\n+ 2026-11-22T20:49:36.52 ln -sf /j.json /i.json\n+ 2026-11-22T20:49:36.53 sleep 1\n+ 2026-11-22T20:49:37.53 true\n')).toEqual([
      { kind: 'set-identity', line: 'agave-validator -l /l set-identity /j.json', exit: null, host: null, id: null },
      { kind: 'link', line: 'ln -sf /j.json /i.json', exit: null, host: null, id: null },
      { kind: 'other', line: 'sleep 1', exit: null, host: null, id: null },
    ]);
  });

  test('as JSON Lines: nothing is inferred', () => {
    const [command] = parseCommands('{"start":"2026-11-22T20:49:36.45Z","end":"2026-11-22T20:49:36.52Z","host":"active","id":"demote","line":"agave-validator -l /l set-identity /j.json","exit":0,"stdout":"ok\\n"}\n', 'c');
    expect(command).toMatchObject({ host: 'active', id: 'demote', kind: 'set-identity', exit: 0, stdout: 'ok\n', inferred: null });
    expect(command!.end - command!.start).toBe(70_000);
  });
});

describe('a lab', () => {
  test('sees contents of tower files; those that do not load are left out', () => {
    expect(parseTowerWatch('{"host":"active","seen":"2026-11-22T20:49:36.46Z","changed":"2026-11-22T20:49:36.45Z","slot":7,"root":1}\n{"host":"active","seen":"2026-11-22T20:49:36.47Z","changed":null,"slot":null,"root":null}\n', 't')).toEqual([{ host: 'active', t: wallMicros('2026-11-22T20:49:36.45Z'), slot: 7 }]);
  });

  test('gives ends their exit codes, and tells the ends of which the log has no word', () => {
    const ends = parseProcessEnds('{"host":"active","time":"1970-01-01T00:00:11Z","pid":7,"exit":1}\n{"host":"inactive","time":"1970-01-01T00:00:30Z","pid":8,"exit":137}\n{"host":"active","time":"1970-01-01T00:00:01Z","pid":7,"exit":null}\n', 'p');
    expect(withProcessEnds([{ type: 'process', t: 10_000_000, host: 'active', state: 'exited', reason: 'duplicate' }], ends)).toEqual([
      { type: 'process', t: 10_000_000, host: 'active', state: 'exited', reason: 'duplicate', exit: 1 },
      { type: 'process', t: 30_000_000, host: 'inactive', state: 'exited', exit: 137, reason: 'told by its supervisor; the log has no word of it' },
    ]);
  });
});
