import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingId } from '../../src/check/finding.ts';
import { judge } from '../../src/check/judge.ts';
import { placeOf } from '../../src/check/event-order.ts';
import { processNextVoteSlot } from '../../src/model/lockout.ts';
import { toRuns } from '../../src/model/lockout-runs.ts';
import type { Trace, TraceEvent } from '../../src/model/trace.ts';
import type { Finding, FindingKind, Judgement } from '../../src/model/verdict.ts';
import { anyTrace, forkedVoting } from './arbitrary-trace.ts';
import { EMPTY, SLOT, STAKED, TraceBuilder, hashOf, range } from './trace-builder.ts';

const JUNK = 'junk';
const of = (judgement: Judgement, kind: FindingKind): Finding[] => judgement.findings.filter((finding) => finding.kind === kind);
const kinds = (judgement: Judgement, of: Finding['class'] = 'violation'): FindingKind[] =>
  judgement.findings.filter((finding) => finding.class === of).map(({ kind }) => kind);

/** Both hosts are up; the active holds the identity. */
function running(builder: TraceBuilder, first: number): TraceBuilder {
  for (const [host, identity] of [['active', STAKED], ['inactive', JUNK]] as const) {
    builder.add({ type: 'process', t: first * SLOT, host, state: 'started', identity });
    builder.add({ type: 'process', t: first * SLOT, host, state: 'running' });
  }
  return builder;
}

function identity(builder: TraceBuilder, host: string, to: string, gossip: number, voting: number): void {
  builder.add({ type: 'identity', t: gossip, host, layer: 'gossip', from: null, to });
  builder.add({ type: 'identity', t: voting, host, layer: 'voting', from: null, to });
}

/** A swap with a complete tower: the active votes to slot 120, the inactive from 125. */
function goodSwap(): TraceBuilder {
  const builder = running(new TraceBuilder().chain(100, 160), 100);
  const stack = builder.voteRun('active', range(100, 120));
  identity(builder, 'active', JUNK, 120 * SLOT, 120 * SLOT + 60_000);
  identity(builder, 'inactive', STAKED, 123 * SLOT + 100, 124 * SLOT + 60_000);
  builder.add({ type: 'tower-loaded', t: 124 * SLOT + 60_000, host: 'inactive', identity: STAKED, source: 'file', slot: 120, root: null });
  builder.voteRun('inactive', range(125, 159), stack);
  builder.add({ type: 'phase', t: 126 * SLOT, phase: 'heal', slot: 126 });
  return builder.add({ type: 'phase', t: 160 * SLOT, phase: 'end', slot: 160 });
}

describe('judge', () => {
  it('holds for one host that votes in order', () => {
    const builder = new TraceBuilder().chain(100, 180);
    builder.voteRun('active', range(100, 179));
    const judgement = judge(builder.trace());
    expect(judgement).toMatchObject({ result: 'holds', unknown: [], gaps: [], findings: [], liveness: { live: true, voters: ['active'] } });
    expect(judgement.downtime).toEqual({ slots: 0, runs: [], refusedVotes: 0, leaderSlotsMissed: 0 });
  });

  it('holds for a swap with a complete tower, and tells where its downtime goes', () => {
    const judgement = judge(goodSwap().trace());
    expect(judgement.result).toBe('holds');
    expect(kinds(judgement)).toEqual([]);
    expect(kinds(judgement, 'hazard')).toEqual([]);
    expect(kinds(judgement, 'lost-state')).toEqual([]);
    expect(judgement.downtime.runs).toEqual([
      { first: 121, last: 123, slots: 3, why: 'demoted, nobody promoted yet' },
      { first: 124, last: 124, slots: 1, why: 'identity set, voting loop not switched yet' },
    ]);
    expect(judgement.liveness).toMatchObject({ live: true, voters: ['inactive'] });
  });

  it('finds a double vote (V1)', () => {
    const builder = new TraceBuilder().chain(100, 110).block(111, 110).block(111, 110, 'x', '');
    const stack = builder.voteRun('active', range(100, 111));
    builder.send('inactive', 111, stack, {}, 'x');
    const judgement = judge(builder.trace());
    expect(judgement.result).toBe('violated');
    expect(of(judgement, 'double-vote')).toHaveLength(1);
    expect(of(judgement, 'double-vote')[0]).toMatchObject({ slot: 111, hosts: ['active', 'inactive'] });
    expect(of(judgement, 'near-miss')).toEqual([]);
  });

  it('finds a vote on another fork that is still locked out (V2), and not the same pair as V3', () => {
    const builder = new TraceBuilder().chain(100, 112).chain(113, 120, 110, 'x');
    const full = builder.voteRun('active', range(100, 112));
    const copied = { root: null, votes: full.votes.slice(0, -2) };
    builder.send('inactive', 113, processNextVoteSlot({ ...copied, votes: range(100, 110).reduce(processNextVoteSlot, EMPTY).votes }, 113), {}, 'x');
    const judgement = judge(builder.trace());
    expect(kinds(judgement)).toEqual(['lockout-violation-fork']);
    const [finding] = of(judgement, 'lockout-violation-fork');
    expect(finding!.arithmetic).toContain('slot 112, confirmation count 1: locked out to 112 + 2^1 = 112 + 2 = 114');
    expect(finding!.arithmetic).toContain('slot 112 is not an ancestor of slot 113, and 113 <= 114: locked out');
  });

  it('allows another fork once the lockout is over: the last locked-out slot is inclusive', () => {
    const at = (slot: number): FindingKind[] => {
      const builder = new TraceBuilder().chain(100, 101).block(slot, 100, 'x', '');
      builder.voteRun('active', [101]);
      builder.send('active', slot, processNextVoteSlot({ root: null, votes: [{ slot: 101, confirmationCount: 1 }] }, slot), { switchStake: 0.5 }, 'x');
      return kinds(judge(builder.trace()));
    };
    expect(at(103)).toEqual(['lockout-violation-fork']);
    expect(at(104)).toEqual([]);
  });

  it('names the stack form on one fork (V3)', () => {
    const builder = new TraceBuilder().chain(100, 120);
    const before = builder.voteRun('active', range(100, 109));
    builder.voteRun('active', [110], before);
    builder.voteRun('inactive', range(111, 112), before, '', false);
    const judgement = judge(builder.trace());
    const [finding] = of(judgement, 'lockout-violation-stack');
    expect(kinds(judgement)).toEqual(['lockout-violation-stack']);
    expect(finding!.title).toContain('stack form without a fork');
    expect(finding!.hosts).toEqual(['inactive', 'active']);
  });

  it('finds a reduced lockout (V4) and a root that went back (V5)', () => {
    const reduced = new TraceBuilder().chain(100, 120);
    reduced.send('active', 105, { root: 99, votes: [{ slot: 100, confirmationCount: 5 }, { slot: 105, confirmationCount: 1 }] });
    reduced.send('active', 106, { root: 99, votes: [{ slot: 100, confirmationCount: 4 }, { slot: 105, confirmationCount: 2 }, { slot: 106, confirmationCount: 1 }] });
    expect(kinds(judge(reduced.trace()))).toEqual(['lockout-reduced']);
    const back = new TraceBuilder().chain(100, 120);
    back.send('active', 105, { root: 99, votes: [{ slot: 105, confirmationCount: 1 }] });
    back.send('active', 106, { root: 98, votes: [{ slot: 105, confirmationCount: 2 }, { slot: 106, confirmationCount: 1 }] });
    expect(kinds(judge(back.trace()))).toEqual(['root-went-back']);
  });

  it('makes one finding of a run of violating votes', () => {
    const builder = new TraceBuilder().chain(100, 180);
    const before = builder.voteRun('active', range(100, 137));
    builder.voteRun('active', [138, 139], before);
    builder.voteRun('inactive', range(140, 178), before, '', false);
    const violations = judge(builder.trace()).findings.filter((finding) => finding.class === 'violation');
    expect(violations).toHaveLength(1);
    expect(violations[0]!.count).toBeGreaterThan(25);
  });

  it.each([
    [0.38, ['switch-without-proof']],
    [0.3801, []],
  ])('asks for more than 38 %% of stake to switch forks (V6): %f', (switchStake, expected) => {
    const builder = new TraceBuilder().chain(100, 101).block(110, 100, 'x', '');
    builder.voteRun('active', [101]);
    builder.send('active', 110, processNextVoteSlot({ root: null, votes: [{ slot: 101, confirmationCount: 1 }] }, 110), { switchStake }, 'x');
    expect(kinds(judge(builder.trace()))).toEqual(expected);
  });

  it('finds two blocks for one leader slot of the staked identity, and leaves other leaders alone', () => {
    const two = (leader: string): FindingKind[] => {
      const builder = new TraceBuilder().chain(100, 110).block(111, 110, '', '', leader).block(111, 110, 'x', '', leader);
      builder.voteRun('active', range(100, 110));
      return kinds(judge(builder.trace()));
    };
    expect(two(STAKED)).toEqual(['duplicate-block']);
    expect(two('other')).toEqual([]);
    const both = goodSwap();
    for (const host of ['active', 'inactive']) both.add({ type: 'leader', t: 130 * SLOT, slot: 130, outcome: 'produced', host });
    expect(kinds(judge(both.trace()))).toEqual(['duplicate-block']);
  });

  it('calls two running holders a hazard and no violation', () => {
    const builder = running(new TraceBuilder().chain(100, 130), 100);
    builder.voteRun('active', range(100, 129));
    identity(builder, 'inactive', STAKED, 120 * SLOT, 121 * SLOT);
    builder.add({ type: 'process', t: 125 * SLOT, host: 'inactive', state: 'exited', exit: 1 });
    const judgement = judge(builder.trace());
    expect(judgement.result).toBe('holds');
    const [hazard] = of(judgement, 'concurrent-identity');
    expect(kinds(judgement, 'hazard')).toEqual(['concurrent-identity']);
    expect(hazard!.title).toBe('active and inactive run with the staked identity together for 2000 ms (voting layer)');
  });

  it('calls same votes of both hosts a near miss, a re-sent vote not', () => {
    const near = (refresh: boolean): FindingKind[] => {
      const builder = new TraceBuilder().chain(100, 130);
      const stack = builder.voteRun('active', range(100, 110));
      builder.send('inactive', 110, stack, { refresh, t: 111 * SLOT });
      builder.voteRun('inactive', range(112, 129), stack);
      return kinds(judge(builder.trace()), 'hazard').filter((kind) => kind === 'near-miss');
    };
    expect(near(false)).toEqual(['near-miss']);
    expect(near(true)).toEqual([]);
  });

  it('calls votes by turns a near miss', () => {
    const builder = new TraceBuilder().chain(100, 130);
    let stack = builder.voteRun('active', range(100, 110));
    stack = builder.voteRun('inactive', [111], stack);
    builder.voteRun('active', range(112, 129), stack);
    const [miss] = of(judge(builder.trace()), 'near-miss');
    expect(miss!.title).toBe('active and inactive voted by turns without conflict (slots 112)');
  });

  it('tells the votes that a loaded tower lacks', () => {
    const builder = goodSwap();
    const events = builder.trace().events.map((event): TraceEvent =>
      event.type === 'tower-loaded' ? { ...event, slot: 118 } : event,
    );
    const judgement = judge({ ...builder.trace(), events });
    const [lost] = of(judgement, 'tower-lacks-votes');
    expect(lost).toMatchObject({ count: 2, hosts: ['inactive', 'active'], slot: 120 });
    // A known stack shows holes as well.
    const holes = builder.trace().events.map((event): TraceEvent =>
      event.type === 'tower-loaded' ? { ...event, lockouts: toRuns(range(100, 120).filter((slot) => slot !== 117).map((slot) => ({ slot, confirmationCount: 1 }))) } : event,
    );
    expect(of(judge({ ...builder.trace(), events: holes }), 'tower-lacks-votes')[0]).toMatchObject({ count: 1, slot: 117 });
  });

  it('names process down, frozen, refused, unsent and the missing authorized voter', () => {
    const why = (change: (builder: TraceBuilder) => void, votes = range(100, 109)): string[] => {
      const builder = running(new TraceBuilder().chain(100, 120), 100);
      const stack = builder.voteRun('active', votes);
      void stack;
      change(builder);
      return [...new Set(judge(builder.trace()).downtime.runs.map((run) => run.why))];
    };
    expect(why((builder) => builder.add({ type: 'process', t: 109 * SLOT + 90_000, host: 'active', state: 'exited', exit: 137 }))).toEqual(['process down']);
    expect(why((builder) => builder.add({ type: 'process', t: 109 * SLOT + 90_000, host: 'active', state: 'frozen' }))).toEqual(['process frozen']);
    expect(
      why((builder) => builder.add({ type: 'log', t: 109 * SLOT + 90_000, host: 'active', text: 'The authorized keypair X is not available. Unable to vote' })),
    ).toEqual(['authorized voter missing']);
    expect(why(() => undefined)).toEqual(['the holder did not vote']);
    expect(
      why((builder) => {
        for (const slot of range(110, 120)) {
          builder.add({ type: 'unsent', t: slot * SLOT + 1, host: 'active', identity: STAKED, slot, hash: hashOf(slot), reason: 'disk full' });
        }
      }),
    ).toEqual(['vote signed, never sent: disk full']);
    expect(
      why((builder) => {
        let next = range(100, 109).reduce(processNextVoteSlot, EMPTY);
        for (const slot of range(110, 119)) {
          next = processNextVoteSlot(next, slot);
          builder.landed(builder.send('active', slot, next), slot + 1, 6);
        }
      }),
    ).toEqual(['vote refused: LockoutConflict (6)']);
  });

  it('does not count the newest slots, nor slots of a losing fork', () => {
    const builder = new TraceBuilder().chain(100, 120).chain(121, 123, 110, 'x');
    builder.add({ type: 'rooted', t: 125 * SLOT, slot: 120, hash: hashOf(120) });
    builder.voteRun('active', range(100, 117));
    expect(judge(builder.trace()).downtime.slots).toBe(0);
  });

  it('counts missed leader slots', () => {
    const builder = goodSwap();
    for (const slot of [140, 141]) builder.add({ type: 'leader', t: slot * SLOT, slot, outcome: 'missed', host: null, why: 'waits for a rooted vote' });
    const judgement = judge(builder.trace());
    expect(judgement.downtime.leaderSlotsMissed).toBe(2);
    expect(of(judgement, 'missed-leader-slots')[0]).toMatchObject({ count: 2 });
  });

  it('is not live when nobody votes after healing', () => {
    const builder = new TraceBuilder().chain(100, 160);
    builder.voteRun('active', range(100, 120));
    builder.add({ type: 'phase', t: 125 * SLOT, phase: 'heal', slot: 125 }).add({ type: 'phase', t: 161 * SLOT, phase: 'end', slot: 160 });
    const judgement = judge(builder.trace());
    expect(judgement.liveness).toMatchObject({ live: false, voters: [] });
    expect(of(judgement, 'nobody-votes')).toHaveLength(1);
    expect(judge(builder.trace(), { livenessBoundSlots: 60 }).liveness.live).toBe(false);
  });

  it('is not live when both hosts vote at the end', () => {
    const builder = new TraceBuilder().chain(100, 130);
    const stack = builder.voteRun('active', range(100, 129));
    builder.landed(builder.send('inactive', 129, stack), 130);
    expect(judge(builder.trace()).liveness).toMatchObject({ live: false, voters: ['active', 'inactive'] });
  });
});

describe('an unknown result', () => {
  it('follows from a gap, unless a violation was found: then the gap stands beside it', () => {
    const gap = goodSwap().add({ type: 'gap', t: 130 * SLOT, what: 'unknown command "foo"', host: 'active' });
    expect(judge(gap.trace())).toMatchObject({ result: 'unknown', gaps: ['active: unknown command "foo"'], unknown: ['not modelled: active: unknown command "foo"'] });
    const both = new TraceBuilder().chain(100, 110).block(111, 110).block(111, 110, 'x', '');
    const stack = both.voteRun('active', range(100, 111));
    both.send('active', 111, stack, {}, 'x');
    both.add({ type: 'gap', t: 0, what: 'x' });
    expect(judge(both.trace())).toMatchObject({ result: 'violated', gaps: ['x'], unknown: ['not modelled: x'] });
  });

  it('follows from a vote for a block that the trace lacks, and from a trace without votes', () => {
    const builder = new TraceBuilder().chain(100, 105);
    builder.voteRun('active', [107]);
    expect(judge(builder.trace()).unknown).toEqual(['vote 0 is for a block of slot 107 that the trace lacks: its fork is not known']);
    expect(judge(new TraceBuilder().chain(100, 105).trace()).unknown).toEqual(['no vote was sent: nothing was exercised']);
  });

  it('follows from a check that fails', () => {
    const trace = goodSwap().trace();
    const broken = { ...trace, events: [...trace.events, null as unknown as TraceEvent] };
    const judgement = judge(broken);
    expect(judgement.result).toBe('unknown');
    expect(judgement.unknown[0]).toMatch(/^the check "evidence" failed: /);
  });
});

describe('the id of a finding', () => {
  const swap = (shift: number): Finding => {
    const builder = new TraceBuilder().chain(100, 200);
    builder.add({ type: 'command', t: 100 * SLOT, phase: 'start', step: 3, id: 'promote', host: 'inactive', line: 'set-identity' });
    const before = builder.voteRun('active', range(100, 119 + shift));
    builder.voteRun('active', [120 + shift], before);
    builder.voteRun('inactive', range(121 + shift, 123 + shift), before, '', false);
    return judge(builder.trace()).findings.find((finding) => finding.class === 'violation')!;
  };

  it('does not depend on slots, times and faults', () => {
    expect(swap(0).step).toBe('promote');
    expect(swap(0).slot).not.toBe(swap(20).slot);
    expect(swap(0).id).toBe(swap(20).id);
    expect(swap(0).id).toBe(findingId('violation lockout-violation-stack; other host; step promote; stack form without a fork; no tower load seen'));
    expect(swap(0).id).toMatch(/^SV-[0-9a-f]{8}$/);
  });
});

describe('properties of judge', () => {
  /** Another recording order of the same happenings: events of one time, interleaved anew between the places. */
  const reordered = (trace: Trace, seed: number): Trace => {
    const rank = (event: TraceEvent): number => [...`${placeOf(event)} ${seed}`].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 9973, 7);
    return { ...trace, events: [...trace.events].sort((a, b) => a.t - b.t || rank(a) - rank(b)) };
  };
  /** Few times, so that many events are simultaneous. */
  const crowded = anyTrace.map((trace) => ({ ...trace, events: trace.events.map((event) => ({ ...event, t: event.t % 5 })).sort((a, b) => a.t - b.t) }));

  it('never throws, and is deterministic', () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const judgement = judge(trace);
        expect(judgement.unknown.filter((why) => why.startsWith('the check'))).toEqual([]);
        expect(judge(trace)).toEqual(judgement);
      }),
      { numRuns: 1000, seed: 11 },
    );
  });

  it('does not depend on the recording order of simultaneous events of different hosts', () => {
    fc.assert(
      fc.property(fc.oneof(crowded, forkedVoting), fc.nat(50), (trace, seed) => {
        expect(judge(reordered(trace, seed))).toEqual(judge(trace));
      }),
      { numRuns: 400, seed: 12 },
    );
  });
});
