/** docs/guarded-hot-swap.md tells each step by the run that comes of it without the step: each told run is run again. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PAGE, storedTables, withStories } from '../../scripts/step-stories.ts';
import { loadSubject } from '../../src/cli/subject.ts';
import { runSpec } from '../../src/explore/run-spec.ts';
import { decodeToken, refuseOtherSteps } from '../../src/explore/token.ts';

const tables = storedTables();

it('docs/guarded-hot-swap.md tells what was found last (npx tsx scripts/step-stories.ts)', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(withStories(page, tables)).toBe(page);
});

describe.each(Object.keys(tables))('%s', (name) => {
  const subject = loadSubject(name, {});
  const { steps } = tables[name]!;

  it('has a story for each step that it has now', () => {
    expect(steps.map(({ step }) => step)).toEqual(subject.procedure.steps.map(({ id }) => id));
  });

  const told = steps.flatMap(({ step, mistakes }) => mistakes.flatMap(({ kind, worse }) => (worse === null ? [] : [[step, kind, worse] as const])));

  it.each(told)('%s, %s: comes of the mistake, and not of the procedure as it is written', (step, kind, { class: grade, kind: what, id, title, token }) => {
    const read = decodeToken(token)!;
    expect(() => refuseOtherSteps(read, subject.procedure)).not.toThrow();
    const [mistake, ...others] = read.spec.faults;
    expect(mistake).toMatchObject({ on: 'operator', at: { index: subject.procedure.steps.findIndex((one) => one.id === step) } });
    const without = runSpec(subject, read.spec);
    if (id === undefined) expect(title).toContain(`${without.judgement.downtime.slots} slots without a vote`);
    else expect(without.judgement.findings).toContainEqual(expect.objectContaining({ id, class: grade, kind: what }));
    if (grade !== 'violation') return;
    const asWritten = runSpec(subject, { ...read.spec, faults: others });
    expect(asWritten.judgement.findings.filter((finding) => finding.kind === what), `${step} ${kind}`).toEqual([]);
  });
});
