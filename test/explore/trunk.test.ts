import { describe, expect, it } from 'vitest';
import { asWritten } from '../../src/explore/as-written.ts';
import type { AsWritten } from '../../src/explore/as-written.ts';
import { circumstancesOf } from '../../src/explore/circumstances.ts';
import { mistakesIn, searchMistake } from '../../src/explore/mistake.ts';
import { runAsWritten } from '../../src/explore/mutants.ts';
import { MILDEST, runSpec, summaryOf } from '../../src/explore/run-spec.ts';
import type { RunSummary, Subject } from '../../src/explore/run-spec.ts';
import { reachOf, trunkOf } from '../../src/explore/trunk.ts';
import type { Outcome } from '../../src/explore/trunk.ts';
import { mutatedProcedure } from '../../src/sim/faults.ts';
import { fillProcedure, parseProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const procedure = fillProcedure(parseProcedure(`procedure: short
title: Demote, promote on proof
starts: prepared
resume: rerun
steps:
  - { id: look, host: inactive, run: 'agave-validator -l {ledger} contact-info', on-failure: stop }
  - { id: demote, host: active, run: 'agave-validator -l {ledger} set-identity {junk-key}', on-failure: stop }
  - { id: promote, host: inactive, run: 'sleep 1; agave-validator -l {ledger} set-identity {staked-key}', on-failure: stop }
`, 'short.yaml'), GUIDE_SITE, {});
const subject: Subject = { site: GUIDE_SITE, procedure };

/** All that a mistake is judged by. */
function endOf({ result, findings, downtime, live, unknown, gaps }: RunSummary): unknown {
  return { result, findings: findings.map(({ id, class: grade, kind, title }) => [id, grade, kind, title]), downtime, live, unknown, gaps };
}

describe('a run with one fault more', () => {
  it.each([['as it is written', []], ['with a mistake', [mistakesIn(procedure).find(({ kind }) => kind === 'drop')!.fault]]])('%s ends as the same run from its start', (_, mistakes) => {
    const spec = { ...MILDEST, faults: mistakes };
    const trunk = trunkOf(subject, spec);
    expect(endOf(trunk.outcome.summary)).toEqual(endOf(summaryOf(runSpec(subject, spec))));
    const faults = circumstancesOf(mutatedProcedure(procedure, mistakes), trunk.trace).faults.flat();
    let struck = 0;
    for (const fault of faults.filter((_, i) => i % 5 === 0)) {
      const branch = trunk.withFault(fault);
      const whole = runSpec(subject, { ...spec, faults: [...mistakes, fault] });
      const expected = whole.fired.at(-1) === true ? { end: endOf(summaryOf(whole)), reach: reachOf(whole.trace) } : null;
      expect({ fault, branch: branch === null ? null : { end: endOf(branch.summary), reach: branch.reach } }).toEqual({ fault, branch: expected });
      if (branch !== null) struck++;
    }
    expect(struck).toBeGreaterThan(50);
  });

  it('tells how far the procedure came, and what failed', () => {
    const fault = { kind: 'command-fails', on: 'step', at: { kind: 'step', index: 1, when: 'before' }, heal: 1 } as const;
    expect(reachOf(runSpec(subject, { ...MILDEST, faults: [fault] }).trace)).toEqual({ begun: 3, failed: [1] });
    expect(reachOf(runSpec(subject, MILDEST).trace)).toEqual({ begun: 3, failed: [] });
  });
});

it('a run in which a mistake is said to make no difference has none', async () => {
  const { specs, outcomes } = await runAsWritten(subject, 1, () => {});
  const written = asWritten(specs, outcomes);
  const all: AsWritten = { ...written, reached: new Map<string, Outcome['reach']>() };
  let fewer = 0;
  for (const mistake of mistakesIn(procedure).filter(({ kind, index }) => (kind === 'ignore-failure' || kind === 'drop') && index > 0)) {
    const found = searchMistake(subject, written, mistake);
    const searched = searchMistake(subject, all, mistake);
    expect({ mistake, worse: found.worse }).toEqual({ mistake, worse: searched.worse });
    fewer += searched.runs - found.runs;
  }
  expect(fewer).toBeGreaterThan(100);
}, 300_000);
