import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/model/diagnostic.ts';
import { toRuns } from '../../src/model/lockout-runs.ts';
import { formatTrace, parseTrace, traceHash } from '../../src/report/trace-file.ts';
import { forkedVoting } from '../check/arbitrary-trace.ts';
import { STAKED, TraceBuilder, header, range } from '../check/trace-builder.ts';

const HEADER = JSON.stringify(header);
const VOTE = '{"type":"vote","t":5,"id":0,"host":"active","identity":"staked","slot":7,"hash":"h","lockouts":[[6,2],[7,1]],"root":null,"refresh":false}';

/** The diagnostics as printed. */
function errors(...lines: readonly string[]): string[] {
  try {
    parseTrace(lines.join('\n'), 'a.jsonl');
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** One event of every type. */
function everything(): TraceBuilder {
  const builder = new TraceBuilder().chain(100, 103);
  builder.voteRun('active', range(100, 101));
  builder
    .add({ type: 'skipped', t: 1, slot: 99 })
    .add({ type: 'rooted', t: 2, slot: 100, hash: 'h100' })
    .add({ type: 'unsent', t: 3, host: 'active', identity: STAKED, slot: 103, hash: 'h103', reason: 'killed' })
    .add({ type: 'identity', t: 4, host: 'active', layer: 'gossip', from: null, to: STAKED })
    .add({ type: 'tower-saved', t: 5, host: 'active', identity: STAKED, slot: 101, root: null })
    .add({ type: 'tower-loaded', t: 6, host: 'active', identity: STAKED, source: 'file', slot: 101, root: 70, lockouts: toRuns([{ slot: 101, confirmationCount: 1 }]), why: 'start' })
    .add({ type: 'process', t: 7, host: 'active', state: 'exited', exit: 1, reason: 'panic' })
    .add({ type: 'command', t: 8, phase: 'end', step: 1, id: 'a', host: 'operator', line: 'ls', exit: 0, stdout: '', stderr: '' })
    .add({ type: 'fault', t: 9, phase: 'start', fault: 1, kind: 'power-loss', on: 'active', sentence: 'x' })
    .add({ type: 'leader', t: 10, slot: 102, outcome: 'missed', host: null, why: 'late' })
    .add({ type: 'gap', t: 11, what: 'x' })
    .add({ type: 'log', t: 12, host: 'inactive', text: 'x' })
    .add({ type: 'phase', t: 13, phase: 'end', slot: 103 });
  return builder;
}

describe('the trace file', () => {
  it('gives back what was written, for every type of event', () => {
    const trace = everything().trace({ procedure: 'hot-swap', assumptions: ['one'] });
    expect(new Set(trace.events.map(({ type }) => type)).size).toBe(16);
    expect(parseTrace(formatTrace(trace), 'a.jsonl')).toEqual(trace);
    fc.assert(
      fc.property(forkedVoting, (any) => {
        expect(parseTrace(formatTrace(any), 'a.jsonl')).toEqual(any);
      }),
      { numRuns: 25, seed: 3 },
    );
  });

  it('ignores empty lines and unknown fields', () => {
    expect(errors(HEADER, '', VOTE.replace('"t"', '"new":1,"t"'), '')).toEqual([]);
  });

  it('says which schema versions it knows', () => {
    expect(errors(HEADER.replace('trace/1', 'trace/9'))).toEqual(['a.jsonl:1: unknown trace schema "solevoter.trace/9"; expected solevoter.trace/1']);
  });

  it.each([
    ['an empty file', [''], 'a.jsonl:1: a trace begins with its header'],
    ['no header', [VOTE], 'a.jsonl:1: a trace begins with its header'],
    ['a bad header', [HEADER.replace('"stakeShare":0.01', '"stakeShare":2')], 'a.jsonl:1: "stakeShare" is 2; expected a number from 0 to 1'],
    ['no JSON', [HEADER, '{"type":'], 'a.jsonl:2: the line is no JSON: '],
    ['no object', [HEADER, '[]'], 'a.jsonl:2: the line is no JSON object; expected one event as a JSON object'],
    ['an unknown type', [HEADER, VOTE.replace('"vote"', '"votes"')], 'did you mean "vote"?'],
    ['a prototype name', [HEADER, '{"type":"constructor","t":0}'], 'a.jsonl:2: unknown type of event "constructor"'],
    ['a missing field', [HEADER, VOTE.replace('"slot"', '"slott"')], 'a.jsonl:2: "slot" is missing (the line has "slott"); expected an integer from 0'],
    ['a wrong field', [HEADER, VOTE.replace('"refresh":false', '"refresh":0')], 'a.jsonl:2: "refresh" is 0; expected true or false'],
    ['a wrong word', [HEADER, '{"type":"phase","t":0,"phase":"heel","slot":1}'], 'a.jsonl:2: "phase" is "heel"; expected one of heal, end; did you mean "heal"?'],
    ['disordered lockouts', [HEADER, VOTE.replace('[6,2],[7,1]', '[7,1],[6,2]')], 'a.jsonl:2: "lockouts" is [[7,1],[6,2]]; expected a list of [slot, confirmation count], oldest first'],
    ['a stack that ends elsewhere', [HEADER, VOTE.replace('[6,2],[7,1]', '[6,2]')], 'a.jsonl:2: "slot" is 7, the newest lockout is of 6; expected the newest slot of the stack'],
    ['a time that goes back', [HEADER, VOTE, '{"type":"skipped","t":4,"slot":8}'], 'a.jsonl:3: the time goes back from 5 to 4 µs'],
    ['a repeated id', [HEADER, VOTE, VOTE], 'a.jsonl:3: a second vote with the id 0'],
    ['a landed vote that nobody sent', [HEADER, '{"type":"landed","t":0,"vote":3,"bank":8,"bankHash":"h","error":null}'], 'a.jsonl:2: vote 3 landed without having been sent'],
    ['an unknown host', [HEADER, VOTE.replace('"active"', '"actve"')], 'a.jsonl:2: unknown host "actve"; expected a host of the header: active, inactive; did you mean "active"?'],
    ['a second header', [HEADER, HEADER], 'a.jsonl:2: a second header'],
  ])('refuses %s', (_, lines, message) => {
    const found = errors(...lines);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it('tells several errors at once, and stops after twenty', () => {
    expect(errors(HEADER, '[]', '[]')).toHaveLength(2);
    expect(errors(HEADER, ...range(1, 50).map(() => '[]'))).toHaveLength(20);
  });

  it('has a hash that depends on the content and not on the order of keys', () => {
    const trace = everything().trace();
    const turned = { header: Object.fromEntries(Object.entries(trace.header).reverse()) as unknown as typeof trace.header, events: trace.events };
    expect(traceHash(trace)).toMatch(/^[0-9a-f]{64}$/);
    expect(traceHash(turned)).toBe(traceHash(trace));
    expect(traceHash(parseTrace(formatTrace(trace), 'a'))).toBe(traceHash(trace));
    expect(traceHash({ ...trace, events: trace.events.slice(1) })).not.toBe(traceHash(trace));
  });
});
