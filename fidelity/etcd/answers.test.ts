/** Real etcd and the simulated one, asked the same by the same client, answer the same. */
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyStore } from '../../src/model/etcd-store.ts';
import { newFolder } from './certificates.ts';
import { makeCertificates, realEtcd, simulatedEtcd } from './etcd.ts';
import { Run, STEPS, sequence } from './sequence.ts';
import type { Step } from './sequence.ts';

const folder = newFolder();
let real: Awaited<ReturnType<typeof realEtcd>>;

beforeAll(async () => {
  makeCertificates(folder);
  real = await realEtcd(folder);
  await real.start();
});

afterAll(async () => {
  await real?.process.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('real etcd and the simulated one', () => {
  const SEQUENCES = 500;

  test(`${SEQUENCES} random sequences of ${STEPS} steps: the same answers`, async () => {
    let sequences = 0;
    const steps = new Map<string, number>();
    await fc.assert(fc.asyncProperty(sequence, async (drawn) => {
      sequences += 1;
      for (const { do: kind } of drawn) steps.set(kind, (steps.get(kind) ?? 0) + 1);
      await compare(drawn, `identity-${sequences}`);
    }), { numRuns: SEQUENCES, seed: Number(process.env['SOLEVOTER_SEED'] ?? 1) });
    process.stdout.write(`${sequences} sequences: ${[...steps].map(([kind, count]) => `${kind} ${count}`).join(', ')}\n`);
    expect(sequences).toBe(SEQUENCES);
    expect([...steps.values()].reduce((a, b) => a + b)).toBe(SEQUENCES * STEPS);
  });
});

/** Runs one sequence on both, step by step, up to the first difference. Both begin with a compacted store. */
async function compare(steps: readonly Step[], identity: string): Promise<void> {
  const asker = real.client('validator');
  const now = await asker.ask({ op: 'put', key: `${identity}/begin`, value: '' });
  if (!now.ok) throw new Error(JSON.stringify(now));
  const base = now.revision;
  await asker.ask({ op: 'compact', revision: base });
  asker.close();
  const simulated = simulatedEtcd({ current: { ...emptyStore(), revision: base, compacted: base } });
  const runs = { real: new Run(real, identity, base), simulated: new Run(simulated, identity, base) };
  try {
    for (const [at, step] of steps.entries()) {
      const answers = { real: await runs.real.take(step), simulated: await runs.simulated.take(step) };
      expect({ at, step, answer: answers.simulated }).toEqual({ at, step, answer: answers.real });
    }
  } finally {
    await runs.real.end();
  }
}
