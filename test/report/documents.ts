/** Result documents as the commands give them, small ones of every command and with every verdict. A rehearsal takes longer: test/cli/rehearse.test.ts has one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { checkCommand } from '../../src/cli/check.ts';
import { gateCommand } from '../../src/cli/gate.ts';
import { rehearseCommand } from '../../src/cli/rehearse.ts';
import { replayCommand } from '../../src/cli/replay.ts';
import { runCommand } from '../../src/cli/run.ts';
import type { ReportDocument } from '../../src/report/document/schema.ts';
import { ABANDONED, CLEAN, DEMOTION, NOT_MODELLED, SCENARIO, VIOLATED, traceText } from '../cli/samples.ts';

/** A name and a title that every format must escape. */
export const HOSTILE = `a|b <script>alert("x & y")</script> \`code\` ]]> 'q' *bold* \\ end`;

/** Bounds of few schedules, of which some violate. */
export const HARSH = 'bounds: few\nkinds: [command-fails]\nsteps: [before]\nvalidator-steps: []\nslots-around: 0\nheals: [1]\nforks: { losing: [0], skipped: [0], first-seen: [winning], winners: [second] }\ntimings: [{}]\n';

/** The JSON that a command writes, what it prints kept quiet. */
export async function writtenBy(command: (json: string) => Promise<number> | number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'solevoter-document-'));
  const quiet = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    await command(join(folder, 'report.json'));
    return readFileSync(join(folder, 'report.json'), 'utf8');
  } finally {
    quiet.mockRestore();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One document for each case, by a name. */
export async function documents(): Promise<ReadonlyMap<string, ReportDocument>> {
  const folder = mkdtempSync(join(tmpdir(), 'solevoter-inputs-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const hostile = DEMOTION.replace('title: Demote, and nothing else', `title: ${JSON.stringify(HOSTILE)}`).replace('why: the first half of a swap', `why: ${JSON.stringify(HOSTILE)}`);
  const unmet = SCENARIO.replace('scenario: sample', 'scenario: unmet').replace('expect: { result: violated }', 'expect: { result: holds }');
  const cases: Record<string, (json: string) => Promise<number> | number> = {
    violated: (json) => replayCommand(VIOLATED, { json, noReturn: false, bounds: 'steps' }),
    clean: (json) => replayCommand(CLEAN, { json, noReturn: false, bounds: 'steps' }),
    abandoned: (json) => replayCommand(ABANDONED, { json, noReturn: false, bounds: 'steps' }),
    search: (json) => rehearseCommand(file('hostile.yaml', hostile), { json, faults: 0, bounds: 'steps', timings: 0, seed: 1, workers: 1 }),
    sample: (json) => rehearseCommand(file('mine.yaml', DEMOTION), { json, faults: 1, sample: 2, bounds: 'steps', timings: 0, seed: 1, workers: 1 }),
    swarm: (json) => rehearseCommand(file('mine.yaml', DEMOTION), { json, runs: 2, bounds: 'steps', timings: 0, seed: 1, workers: 1 }),
    unknown: (json) => rehearseCommand(file('gap.yaml', NOT_MODELLED), { json, faults: 0, bounds: 'steps', timings: 0, seed: 1, workers: 1 }),
    suite: (json) => runCommand([file('sample.yaml', SCENARIO), file('unmet.yaml', unmet)], { json }),
    gate: (json) => gateCommand(['guide-hot-swap'], { json, bounds: file('harsh.yaml', HARSH), singles: 1, pairs: 1, runs: 0, canaries: 0, seed: 1, workers: 1, scenarios: [file('sample.yaml', SCENARIO), file('unmet.yaml', unmet)] }),
    trace: (json) => checkCommand(file('trace.jsonl', traceText({ procedure: HOSTILE }, { inferred: 'sent: its time, from the block in which it landed' })), { json }),
    etcd: (json) => rehearseCommand('guide-etcd-failover', { json, faults: 0, bounds: 'steps', timings: 0, seed: 1, workers: 1 }),
  };
  try {
    const made = new Map<string, ReportDocument>();
    for (const [name, command] of Object.entries(cases)) made.set(name, JSON.parse(await writtenBy(command)) as ReportDocument);
    return made;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
