import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/check/judge.ts';
import { processNextVoteSlot } from '../../src/model/lockout.ts';
import { SCOPE } from '../../src/model/verdict.ts';
import type { Trace } from '../../src/model/trace.ts';
import { STORY_LINES, tellStory } from '../../src/report/story-lines.ts';
import { describeJudgement } from '../../src/report/verdict-text.ts';
import { wrap } from '../../src/report/wrap.ts';
import { anyTrace } from '../check/arbitrary-trace.ts';
import { SLOT, STAKED, TraceBuilder, range } from '../check/trace-builder.ts';
import { checked } from './report-documents.ts';

/** The guide's swap with a tower copied too early: the inactive never learns of the vote for 140. */
function earlyCopy(): Trace {
  const builder = new TraceBuilder().chain(100, 180);
  const command = (slot: number, step: number, id: string, host: string, line: string): void => {
    builder.add({ type: 'command', t: slot * SLOT + 1000, phase: 'start', step, id, host, line });
    builder.add({ type: 'command', t: slot * SLOT + 2000, phase: 'end', step, id, host, line, exit: 0 });
  };
  const before = builder.voteRun('active', range(100, 139));
  command(140, 1, 'demote', 'active', 'agave-validator -l /mnt/ledger set-identity /home/sol/unstaked-identity.json');
  builder.add({ type: 'identity', t: 140 * SLOT + 1500, host: 'active', layer: 'gossip', from: STAKED, to: 'junk' });
  command(140, 2, 'copy-tower', 'active', 'scp /mnt/ledger/tower-1_9-staked.bin sol@inactive:/mnt/ledger');
  builder.voteRun('active', [140], before);
  builder.add({ type: 'tower-saved', t: 140 * SLOT + 49_000, host: 'active', identity: STAKED, slot: 140, root: 109 });
  builder.add({ type: 'identity', t: 140 * SLOT + 60_000, host: 'active', layer: 'voting', from: STAKED, to: 'junk' });
  command(141, 3, 'promote', 'inactive', 'agave-validator -l /mnt/ledger set-identity --require-tower /home/sol/staked-identity.json');
  builder.add({ type: 'tower-loaded', t: 141 * SLOT + 30_000, host: 'inactive', identity: STAKED, source: 'file', slot: 139, root: 108 });
  builder.add({ type: 'identity', t: 141 * SLOT + 30_000, host: 'inactive', layer: 'voting', from: 'junk', to: STAKED });
  let stack = before;
  for (const slot of range(141, 150)) {
    stack = processNextVoteSlot(stack, slot);
    builder.landed(builder.send('inactive', slot, stack), slot + 1, slot < 145 ? 13 : 6);
  }
  builder.add({ type: 'process', t: 151 * SLOT, host: 'inactive', state: 'exited', exit: 1, reason: 'stopped' });
  return builder.trace();
}

describe('the story', () => {
  const trace = earlyCopy();
  const judgement = judge(trace);
  const finding = judgement.findings[0]!;

  it('tells commands, identities, towers and the votes that matter, then the arithmetic', () => {
    const story = tellStory(trace, finding);
    expect(story).toMatchSnapshot();
    expect(finding.kind).toBe('lockout-violation-stack');
    expect(story[0]).toContain(finding.id);
    const text = story.join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('demote (exit 0)');
    expect(text).toContain('sends its vote for slot 140');
    expect(text).toContain('newest slot 139, root 108; the newest vote sent is for 140');
    expect(text).toContain('shows a junk identity in gossip');
    expect(text).toContain('the voting loop now has the staked identity');
    expect(text).toContain('refused: ConfirmationRollBack (13) x 3, LockoutConflict (6) x 6');
    expect(text).toContain('140 + 2^1 = 140 + 2 = 142');
    // What comes after the finding does not belong to its story.
    expect(text).not.toContain('stopped');
  });

  it('tells the whole trace without a finding', () => {
    const text = tellStory(trace).join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('the validator ends with exit code 1: stopped');
    expect(text).not.toContain('arithmetic');
  });

  it('says of a command that it failed or never returned, and tells faults and gaps', () => {
    const builder = new TraceBuilder().chain(100, 110);
    builder.add({ type: 'command', t: 101 * SLOT, phase: 'start', step: 1, id: 'a', host: 'active', line: 'scp x y' });
    builder.add({ type: 'command', t: 102 * SLOT, phase: 'end', step: 1, id: 'a', host: 'active', line: 'scp x y', exit: 255 });
    builder.add({ type: 'fault', t: 103 * SLOT, phase: 'start', fault: 1, kind: 'cut-link', on: 'active', sentence: 'the link is cut' });
    builder.add({ type: 'command', t: 104 * SLOT, phase: 'start', step: 2, id: 'b', host: 'inactive', line: 'ssh z' });
    builder.add({ type: 'gap', t: 105 * SLOT, what: 'unknown flag --foo', host: 'inactive' });
    expect(tellStory(builder.trace())).toEqual([
      '  slot  active                               inactive',
      '   101  a (exit 255): scp x y',
      '   103  FAULT cut-link: the link is cut',
      '   104                                       b (does not return): ssh z',
      '   105                                       NOT MODELLED: unknown flag --foo',
    ]);
  });

  it('leaves out lesser events to stay short', () => {
    const builder = new TraceBuilder().chain(100, 300);
    for (const slot of range(100, 200)) builder.add({ type: 'log', t: slot * SLOT, host: 'active', text: `line ${slot}` });
    const story = tellStory(builder.trace());
    expect(story.length).toBeLessThanOrEqual(STORY_LINES + 1);
    expect(story.at(-1)).toMatch(/^ {5}\(\d+ lesser events left out\)$/);
  });

  it('never throws, and keeps to 80 columns, for any trace and each of its findings', () => {
    fc.assert(
      fc.property(anyTrace, (any) => {
        const found = judge(any);
        const texts = [tellStory(any), describeJudgement(checked(any).subjects[0]!, false), ...found.findings.map((one) => tellStory(any, one))];
        for (const lines of texts) for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
      }),
      { numRuns: 300, seed: 21 },
    );
  });
});

const judgementOf = (trace: Trace, colour = false): string[] => describeJudgement(checked(trace).subjects[0]!, colour);

describe('the judgement in words', () => {
  it('puts the verdict first, and says its bounds', () => {
    const trace = earlyCopy();
    const lines = judgementOf({ ...trace, header: { ...trace.header, assumptions: ['slots of 400 ms'] } });
    expect(lines[0]).toBe('VIOLATED: 1 violation');
    expect(lines).toMatchSnapshot();
    expect(lines).toContain('  - slots of 400 ms');
    expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain(SCOPE);
  });

  it('never says more than the trace shows', () => {
    const builder = new TraceBuilder().chain(100, 130);
    builder.voteRun('active', range(100, 129));
    expect(judgementOf(builder.trace())[0]).toBe('HOLDS: no violation in this trace');
    builder.add({ type: 'gap', t: 0, what: 'unknown command "foo"' });
    const unknown = judgementOf(builder.trace());
    expect(unknown[0]).toBe('UNKNOWN: no violation found, but 1 reason not to rely on it');
    expect(unknown).toContain('  - not modelled: unknown command "foo"');
  });

  it('has colour codes only when asked', () => {
    const escape = String.fromCharCode(27);
    expect(judgementOf(earlyCopy()).join('')).not.toContain(escape);
    expect(judgementOf(earlyCopy(), true)[0]).toContain(`${escape}[`);
  });
});

describe('wrap', () => {
  it('keeps leading spaces, indents later lines and cuts long words', () => {
    expect(wrap('  a bb ccc', 6, 4)).toEqual(['  a bb', '    cc', '    c']);
    expect(wrap('short', 80)).toEqual(['short']);
  });
});
