/** The arrows between the folders of src, and names that would make a run depend on more than its input. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SOURCES, codeOf } from './source.ts';

/** From a folder to those that it may import from. Types may be imported from everywhere. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  transition: ['model'],
  sim: ['model', 'transition'],
  check: ['model'],
  import: ['model'],
  explore: ['model', 'transition', 'sim', 'check'],
  waiver: ['model', 'transition'],
  scenario: ['model', 'transition', 'sim', 'check', 'explore', 'waiver'],
  report: ['model'],
  canaries: ['model', 'transition', 'sim', 'check', 'explore', 'scenario'],
  cli: ['model', 'transition', 'sim', 'check', 'import', 'explore', 'waiver', 'scenario', 'report', 'canaries'],
  testing: ['model', 'transition', 'sim', 'check', 'explore', 'waiver', 'scenario', 'report'],
};

/** What departs from the arrows, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'src/scenario/run.ts -> report/trace-file.ts': 'the hash of a trace is defined with its file form, and tells two runs apart',
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const found = codeOf(file).matchAll(/^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gm);
  return [...found].map((match) => ({ from: file, to: (match[2] ?? match[3])!, typeOnly: match[1] !== undefined }));
}

const folderOf = (file: string): string => file.split('/')[1]!;
const all = SOURCES.flatMap(importsOf);

describe('the imports of src', () => {
  it('follow the arrows between its folders', () => {
    const departures: string[] = [];
    const used = new Set<string>();
    for (const { from, to, typeOnly } of all) {
      if (!to.startsWith('.') || typeOnly) continue;
      const target = join(dirname(from), to);
      expect(target).toMatch(/^src\//);
      if (folderOf(from) === folderOf(target) || ARROWS[folderOf(from)]!.includes(folderOf(target))) continue;
      const arrow = `${from} -> ${target.slice('src/'.length)}`;
      used.add(arrow);
      if (!(arrow in EXCEPTIONS)) departures.push(arrow);
    }
    expect(departures).toEqual([]);
    expect([...used].sort()).toEqual(Object.keys(EXCEPTIONS).sort());
  });

  it('go in no circle from folder to folder', () => {
    const order = Object.keys(ARROWS);
    expect(new Set(SOURCES.map(folderOf))).toEqual(new Set(order));
    const settled = new Set<string>();
    while (settled.size < order.length) {
      const next = order.find((folder) => !settled.has(folder) && ARROWS[folder]!.every((to) => settled.has(to)));
      expect(next).toBeDefined();
      settled.add(next!);
    }
  });

  it('go in no circle from file to file when the program runs', () => {
    const imports = new Map(SOURCES.map((file): [string, string[]] => [file, []]));
    for (const { from, to, typeOnly } of all) if (to.startsWith('.') && !typeOnly) imports.get(from)!.push(join(dirname(from), to));
    const done = new Set<string>();
    const circles: string[] = [];
    const follow = (file: string, path: readonly string[]): void => {
      const met = path.indexOf(file);
      if (met >= 0) circles.push([...path.slice(met), file].join(' -> '));
      if (met >= 0 || done.has(file)) return;
      for (const next of imports.get(file)!) follow(next, [...path, file]);
      done.add(file);
    };
    for (const file of SOURCES) follow(file, []);
    expect(circles).toEqual([]);
  });

  it('name packages only where they are used for what they are for', () => {
    const packages = new Map<string, Set<string>>();
    for (const { from, to } of all) {
      if (to.startsWith('.') || to.startsWith('node:')) continue;
      const name = to.split('/').slice(0, to.startsWith('@') ? 2 : 1).join('/');
      packages.set(name, (packages.get(name) ?? new Set()).add(folderOf(from)));
    }
    const table = Object.fromEntries([...packages].map(([name, folders]) => [name, [...folders].sort()]));
    const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object; peerDependencies: object };
    expect(Object.keys(table).filter((name) => !(name in dependencies) && !(name in peerDependencies))).toEqual([]);
    expect(table).toEqual({ '@solana/web3.js': ['cli'], commander: ['cli'], 'fast-check': ['testing'], 'pure-rand': ['sim'], valibot: ['explore', 'report', 'scenario', 'transition', 'waiver'], yaml: ['transition'] });
  });

  it('reach the network, other programs and threads from nowhere but the pool and its workers, and the canaries in processes of their own', () => {
    const reaching = all.filter(({ to }) => /^node:(child_process|cluster|dgram|dns|http|http2|https|net|tls|worker_threads)/.test(to));
    expect([...new Set(reaching.map(({ from, to }) => `${from} ${to}`))].sort()).toEqual(['src/canaries/aviary.ts node:child_process', 'src/explore/mutants-worker.ts node:worker_threads', 'src/explore/pool-worker.ts node:worker_threads', 'src/explore/pool.ts node:worker_threads', 'src/explore/search-worker.ts node:worker_threads']);
  });
});

describe('a run depends on its input alone', () => {
  const FORBIDDEN = /\b(?:new Date|Date\.|performance\.|setTimeout|setInterval|setImmediate|process\.hrtime|hrtime|queueMicrotask)|\bDate\(|\bMath\.(?:random|log\w*|exp\w*|pow|sinh?|cosh?|tanh?|a\w+h?2?|cbrt|hypot)\b(?<!Math\.abs)|\b(?:randomBytes|randomUUID|randomInt|randomFill\w*|getRandomValues|webcrypto|generateKey\w*)\b|\btoLocale\w*|\blocaleCompare\b|\bIntl\b/g;
  /** Names that do no harm where they stand. */
  const HARMLESS: Readonly<Record<string, string>> = {
    'src/explore/pool.ts setImmediate': 'lets the terminal be written between two runs; no run sees it',
  };

  it('in model, transition, sim, check, explore and scenario', () => {
    const met: string[] = [];
    for (const file of SOURCES.filter((source) => !/^src\/(?:cli|report)\//.test(source))) {
      for (const [name] of codeOf(file).matchAll(FORBIDDEN)) met.push(`${file} ${name}`);
    }
    expect([...new Set(met)].sort()).toEqual(Object.keys(HARMLESS).sort());
  });
});
