import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import type { summarizeAll } from '../../src/explore/pool.ts';
import { MILDEST, runSpec, summarize } from '../../src/explore/run-spec.ts';
import type { RunSpec, Subject } from '../../src/explore/run-spec.ts';
import { STANDARD, singleFaults, stepSlots } from '../../src/explore/single-faults.ts';
import { traceHash } from '../../src/report/trace-file.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const ROOT = pathToFileURL(`${process.cwd()}/`);
const subject: Subject = { site: GUIDE_SITE, procedure: loadProcedure('guide-hot-swap', GUIDE_SITE) };

/** Runs from all over the set, the mildest first. */
function sample(count: number): RunSpec[] {
  const all = singleFaults(STANDARD, subject.procedure, stepSlots(runSpec(subject, MILDEST).trace));
  const fast: RunSpec = { ...MILDEST, draws: { 'latency/scp': 1 } };
  return [MILDEST, fast, ...Array.from({ length: count - 2 }, (_, i) => all[Math.floor((i * all.length) / (count - 2))]!)];
}

const specs = sample(14);
const hashHere = (spec: RunSpec): string => traceHash(runSpec(subject, spec).trace);
const hashes = specs.map(hashHere);

const folder = mkdtempSync(join(tmpdir(), 'solevoter-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that prints the hashes of the runs, with the modules under `base`, compiled ("js") or not ("ts"). */
function program(base: string, extension: 'js' | 'ts', tell: string): string {
  const at = (path: string): string => JSON.stringify(new URL(`${base}/${path}.${extension}`, ROOT).href);
  return `
    import { runSpec } from ${at('explore/run-spec')};
    import { traceHash } from ${at('report/trace-file')};
    import { loadProcedure } from ${at('transition/procedure-file')};
    import { GUIDE_SITE } from ${at('transition/site')};
    import { parentPort } from 'node:worker_threads';
    const subject = { site: GUIDE_SITE, procedure: loadProcedure('guide-hot-swap', GUIDE_SITE) };
    const hashes = ${JSON.stringify(specs)}.map((spec) => traceHash(runSpec(subject, spec).trace));
    ${tell}`;
}

describe('one run has one trace', () => {
  it('tells different runs apart', () => {
    // Some faults find nothing to strike and leave the mildest run.
    expect(new Set(hashes).size).toBeGreaterThan(7);
  });

  it('again, in another order, and between other runs', () => {
    expect([...specs].reverse().map(hashHere).reverse()).toEqual(hashes);
  });

  it('with its subject and the run as texts in between', () => {
    const copy = structuredClone(subject);
    expect(specs.map((spec) => traceHash(runSpec(copy, JSON.parse(JSON.stringify(spec)) as RunSpec).trace))).toEqual(hashes);
  });

  it('compiled, in a process of its own', () => {
    const file = join(folder, 'compiled.mjs');
    writeFileSync(file, program('dist', 'js', 'console.log(JSON.stringify(hashes));'));
    expect(JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }))).toEqual(hashes);
  });

  it('from the sources by tsx, in a process of its own', () => {
    const file = join(folder, 'sources.mts');
    writeFileSync(file, program('src', 'ts', 'console.log(JSON.stringify(hashes));'));
    expect(JSON.parse(execFileSync('npx', ['--no-install', 'tsx', file], { encoding: 'utf8', cwd: process.cwd() }))).toEqual(hashes);
  });

  it('in a thread of its own', async () => {
    const file = join(folder, 'thread.mjs');
    writeFileSync(file, program('dist', 'js', 'parentPort.postMessage(hashes);'));
    const worker = new Worker(file);
    const [message] = (await once(worker, 'message')) as [unknown];
    await worker.terminate();
    expect(message).toEqual(hashes);
  });
});

describe('the pool', () => {
  it('gives the same summaries in the same order, whatever the number of threads', async () => {
    const pool = (await import(new URL('dist/explore/pool.js', ROOT).href)) as { summarizeAll: typeof summarizeAll };
    // More than two chunks, the last one short.
    const many = sample(70);
    const here = many.map((spec) => summarize(subject, spec));
    for (const workers of [1, 2, 3]) {
      const done: number[] = [];
      expect(await pool.summarizeAll(subject, many, workers, (count) => done.push(count))).toEqual(here);
      expect(done.at(-1)).toBe(many.length);
    }
    expect(await pool.summarizeAll(subject, [], 2, () => {})).toEqual([]);
  });
});
