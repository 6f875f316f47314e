/** Runs of `npm run e2e` that were kept: their verdict, from the files alone, is what the simulation had predicted. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allCases } from '../../scripts/e2e/cases.ts';
import { departures, predict } from '../../scripts/e2e/prediction.ts';
import type { Outcome } from '../../scripts/e2e/prediction.ts';
import { timesOf } from '../../scripts/e2e/recorded-swaps.ts';
import { verdictOf } from '../../scripts/e2e/verdict.ts';
import { readRecording } from '../../src/cli/import.ts';
import type { Judgement } from '../../src/model/verdict.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const folder = (name: string) => new URL(`../fixtures/e2e/${name}`, import.meta.url).pathname;
const about = (name: string) => JSON.parse(readFileSync(`${folder(name)}/run.json`, 'utf8')) as { case: string; seen: Outcome; stakeShare: number };
const verdict = (name: string) => verdictOf(folder(name), about(name).stakeShare);

function predictionOf(id: string) {
  const one = allCases().find((candidate) => candidate.id === id)!;
  return predict({ site: GUIDE_SITE, procedure: one.procedure(GUIDE_SITE) }, one.spec);
}

const violations = ({ findings }: Judgement) => findings.filter((finding) => finding.class === 'violation');

describe.each(['hot-swap', 'late-vote-lost', 'guarded-hot-swap'])('%s', (name) => {
  test('it went as the simulation says today', () => {
    const { case: id, seen } = about(name);
    expect(departures(predictionOf(id).outcome, seen)).toEqual([]);
  });

  test('logs and chain agree, slot by slot', async () => {
    expect((await verdict(name)).disagreements).toEqual([]);
  });
});

describe('late-vote-lost: the tower copied at once, the target promoted a second later', () => {
  test('31 votes in a row are refused, and the stack lacks the last vote, as in the simulation', async () => {
    const [{ judgement }, predicted] = [await verdict('late-vote-lost'), predictionOf('d1')];
    const told = (one: Judgement) => violations(one).map(({ kind, hosts, count, refused }) => ({ kind, hosts, count, refused: refused?.map(({ error }) => error) }));
    expect(judgement.result).toBe('violated');
    expect(told(judgement)).toEqual(told(predicted.judgement));
    expect(told(judgement)[0]).toMatchObject({ kind: 'lockout-violation-stack', count: 31 });
    expect(judgement.findings.some(({ kind }) => kind === 'tower-lacks-votes')).toBe(true);
  });

  test('afterwards the new holder votes, alone', async () => {
    const { judgement } = await verdict('late-vote-lost');
    expect(judgement.liveness).toMatchObject({ live: true, voters: ['inactive'] });
  });
});

describe('hot-swap: the guide over real ssh, on the way back', () => {
  test('no violation and no hazard; the new holder votes, alone', async () => {
    const { judgement } = await verdict('hot-swap');
    expect(judgement).toMatchObject({ result: 'holds', unknown: [], liveness: { live: true, voters: ['inactive'] } });
    expect(judgement.findings.map(({ class: kindOf }) => kindOf)).not.toContain('hazard');
  });

  test('the old host cast one vote after set-identity had returned, and the copied tower had it', async () => {
    const { keys } = JSON.parse(readFileSync(`${folder('hot-swap')}/run.json`, 'utf8')) as { keys: { identity: string } };
    const [swap] = timesOf(folder('hot-swap'), keys.identity);
    expect(swap).toMatchObject({ lateVotes: 1 });
    expect((await verdict('hot-swap')).judgement.findings.map(({ kind }) => kind)).not.toContain('tower-lacks-votes');
  });
});

describe('guarded-hot-swap: the old host is stopped, and comes back as the spare', () => {
  test('no violation and no hazard; a few slots without a vote, then the new holder votes, alone', async () => {
    const { judgement } = await verdict('guarded-hot-swap');
    expect(judgement).toMatchObject({ result: 'holds', unknown: [], liveness: { live: true, voters: ['inactive'] }, downtime: { slots: 4, refusedVotes: 0 } });
    expect(judgement.findings.map(({ class: kindOf }) => kindOf)).not.toContain('hazard');
  });

  test('the banks that the spare makes up for move no clock and no slot', async () => {
    const { trace, offsets } = await readRecording(folder('guarded-hot-swap'), { output: '' });
    expect(offsets[1]).toMatchObject({ shift: 0 });
    expect(Math.abs(offsets[1]!.median!)).toBeLessThan(50_000);
    expect(trace.header.slotMs).toBeGreaterThan(400);
    expect(trace.header.slotMs).toBeLessThan(600);
  });

  test('the stop by the fence is one end, and the identity is set over ssh by the step that promotes', async () => {
    const { trace } = await readRecording(folder('guarded-hot-swap'), { output: '' });
    const exits = trace.events.flatMap((event) => (event.type === 'process' && event.state === 'exited' ? [[event.host, event.exit]] : []));
    expect(exits).toEqual([['active', 143]]);
  });
});
