import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEMOTION } from './samples.ts';
import { emptyFolder, solevoter } from './solevoter.ts';
import type { Ended } from './solevoter.ts';

const COMMIT = '9f2c1e00d4a7b3c5e6f708192a3b4c5d6e7f8091';

let folder = '';
let swarm: Ended;
const rehearse = (seed: string, workers: string): Promise<Ended> => solevoter(['rehearse', './mine.yaml', '--runs', '60', '--seed', seed, '--workers', workers], { cwd: folder });
beforeAll(async () => {
  folder = emptyFolder();
  writeFileSync(join(folder, 'mine.yaml'), DEMOTION);
  swarm = await rehearse(COMMIT, '2');
});
afterAll(() => rmSync(folder, { recursive: true }));

it('says seed, runs, what fired and which kinds, in the form of a rehearsal', () => {
  expect(swarm.stderr).toBe('');
  const words = swarm.stdout.replaceAll(/\n +/g, ' ');
  expect(words).toMatch(/^(VIOLATED|HOLDS|UNKNOWN) {2}mine: /);
  expect(words).toMatch(/\nSwarm of seed \d+: 60 runs, \d+ with faults that fired; /);
  expect(swarm.stdout).toMatch(/\nKinds of faults \(drawn, fired\)\n {2}crash +\d+ +\d+ +\S+ +\d+ +\d+\n/);
  expect(swarm.stdout).toContain('\nDowntime, by cause (id, runs, step, faults)\n');
  expect(swarm.stdout).toContain('\nBounds\n  - 60 runs drawn from seed ');
  expect(swarm.stdout).not.toMatch(/proved/i);
  expect(swarm.stdout.split('\n').filter((line) => [...line].length > 80 && !/^ {2}npx solevoter replay /.test(line))).toEqual([]);
});

it('gives the same again by the seed that it prints, on one thread', async () => {
  const seed = /Swarm of seed (\d+)/.exec(swarm.stdout)![1]!;
  expect(await rehearse(seed, '1')).toEqual(swarm);
});

it('tells a run that was shrunk, and says from how many choices in how many runs', () => {
  expect(swarm.stdout.replaceAll('\n', ' ')).toMatch(/ Shrunk from \d+ choices? to \d+ in \d+ runs?; nothing more can be left out\. /);
});

it('tells the point of no return beneath the story of a search', async () => {
  const { stdout, stderr } = await solevoter(['rehearse', './mine.yaml', '--faults', '0'], { cwd: folder });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/\n\nPoint of no return of SV-[0-9a-f]{8}: slot \d+, [^]*\n\nBounds\n/);
});

it('prints a token that replays the story', async () => {
  const token = /^ {2}npx solevoter replay (\S+)$/m.exec(swarm.stdout)?.[1];
  const story = /^The shortest story.*\n((?:.+\n)+)/m.exec(swarm.stdout)?.[1];
  expect(story).toMatch(/^SV-[0-9a-f]{8} {2}/);
  expect((await solevoter(['replay', token!], { cwd: folder })).stdout).toContain(story);
});
