import { describe, expect, it } from 'vitest';
import { judge } from '../../src/check/judge.ts';
import type { Trace, TraceEvent } from '../../src/model/trace.ts';
import { recordedTrace } from './recorded-votes.ts';
import { STAKED } from './trace-builder.ts';

const path = new URL('../fixtures/agave/lockout-violation/votes.jsonl', import.meta.url).pathname;

// Six hot swaps of real validators (Agave 4.2.0), one linear chain; after these slots the other host votes. The fourth
// hands a complete tower on in the middle of the first run of refused votes; slot 236 was voted for by both hosts.
const SWITCHES = [225, 235, 246, 275, 293, 326];
const holder = (slot: number, copy: number): string =>
  (SWITCHES.filter((last) => slot > last).length - copy) % 2 === 0 ? 'active' : 'inactive';

/** The voting loops switch just before the new holder's first vote. */
function withSwitches(trace: Trace): Trace {
  const switches = SWITCHES.flatMap((slot): TraceEvent[] => {
    const t = (slot + 1) * 400_000;
    const to = holder(slot + 1, 0);
    const from = to === 'active' ? 'inactive' : 'active';
    return [
      { type: 'identity', t, host: from, layer: 'voting', from: STAKED, to: 'junk' },
      { type: 'identity', t, host: to, layer: 'voting', from: 'junk', to: STAKED },
    ];
  });
  return { ...trace, events: [...trace.events, ...switches].sort((a, b) => a.t - b.t) };
}

describe('the votes of real validators whose towers were copied too early', () => {
  const judgement = judge(recordedTrace(path, () => 'active'));
  const violations = judgement.findings.filter((finding) => finding.class === 'violation');

  it('are two violations of the stack form, without a fork', () => {
    expect(judgement.result).toBe('violated');
    expect(violations.map(({ kind }) => kind)).toEqual(['lockout-violation-stack', 'lockout-violation-stack']);
    expect(violations.map(({ title }) => title)).toEqual([
      'lockout violation, stack form without a fork: 34 votes in a row, slots 247–292, 34 refused',
      'lockout violation, stack form without a fork: 31 votes in a row, slots 295–325, 31 refused',
    ]);
  });

  it('tell the refused votes with the codes of the chain', () => {
    const codes = violations.map(({ refused }) => refused!.map(({ error }) => error));
    expect(codes[0]).toEqual([...Array(6).fill(13), ...Array(28).fill(6)]);
    expect(codes[1]).toEqual([12, ...Array(30).fill(6)]);
    expect(violations[0]!.arithmetic.at(-1)).toBe('refused 34, in banks 256–275, 280–293: ConfirmationRollBack (13) x 6, LockoutConflict (6) x 28');
    expect(violations[1]!.arithmetic.at(-1)).toBe('refused 31, in banks 296–326: RootRollBack (12), LockoutConflict (6) x 30');
  });

  it('print the arithmetic of the first one', () => {
    expect(violations[0]!.arithmetic.slice(0, 5)).toEqual([
      'earlier: vote 113 of active for slot 246, accepted in 247',
      'later: vote 114 of active for slot 247, refused in 256: ConfirmationRollBack (13)',
      'slot 246, confirmation count 1: locked out to 246 + 2^1 = 246 + 2 = 248',
      'the later stack lacks 246 > root 210; next in it 247 <= 248: locked out',
      'slot 246 is an ancestor of slot 247: no fork is needed',
    ]);
  });

  it('are the same two, told between two hosts, when the senders are known', () => {
    const findings = judge(withSwitches(recordedTrace(path, holder))).findings;
    const known = findings.filter((finding) => finding.class === 'violation');
    expect(known.map(({ kind, count, hosts }) => [kind, count, hosts])).toEqual([
      ['lockout-violation-stack', 34, ['inactive', 'active']],
      ['lockout-violation-stack', 31, ['inactive', 'active']],
    ]);
    expect(findings.filter(({ kind }) => kind === 'near-miss').some(({ title }) => title.includes('same block (slots 236)'))).toBe(true);
  });

  it('count every refused vote as downtime though the stack lands at last', () => {
    expect(judgement.downtime.refusedVotes).toBe(66);
    const refused = judgement.downtime.runs.filter(({ why }) => why.startsWith('vote refused'));
    expect(refused.reduce((sum, { slots }) => sum + slots, 0)).toBeGreaterThan(30);
  });
});
