/** The machinery of the canaries: what it must refuse, and what it must not take for a catch. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { flyAll } from '../../src/canaries/aviary.ts';
import { BLIND_JUDGES } from '../../src/canaries/blind-judges.ts';
import { CANARIES, drawCanaries } from '../../src/canaries/flock.ts';
import { patchText, withPatchedDist } from '../../src/canaries/canary.ts';
import type { Canary, Patch } from '../../src/canaries/canary.ts';
import { FAST_COPY, MILD } from '../../src/canaries/searches.ts';
import { SEEDED_RULES, SEEDED_WORLD } from '../../src/canaries/seeded-bugs.ts';
import { canaryLines } from '../../src/canaries/table.ts';

const NOT_SAVED: Patch = { file: 'sim/voting-service.js', text: 'return afterStore(world, validator, { error: storeTower(world, validator, vote.tower), data: vote });', by: 'return afterStore(world, validator, { error: null, data: vote });' };

function canary(name: string, patch: Patch, more: Partial<Canary> = {}): Canary {
  return { name, part: 'world', patches: [patch], search: MILD, must: 'appear', sign: { kind: 'tower-lacks-votes' }, ...more };
}

test('a patch whose text is missing, or stands there twice, fails loudly', async () => {
  const absent = { ...NOT_SAVED, text: 'const error = storeTheTower(' };
  await expect(flyAll([canary('absent', absent)], 1)).rejects.toThrow('sim/voting-service.js: the text of a patch stands there 0 times, not once: const error = storeTheTower(');
  expect(() => patchText('a b a', { file: 'f.js', text: 'a', by: 'c' })).toThrow('f.js: the text of a patch stands there 2 times, not once: a');
  expect(patchText('a b', { file: 'f.js', text: 'a', by: '$&' })).toBe('$& b');
});

test('a bug is caught, a harmless change survives, and a sign that the product has too is no clean catch', async () => {
  const harmless: Patch = { ...NOT_SAVED, by: `${NOT_SAVED.text} // harmless` };
  const results = await flyAll([
    canary('bug', NOT_SAVED),
    canary('harmless', harmless),
    canary('in the product too', harmless, { search: FAST_COPY }),
    canary('missing', harmless, { search: FAST_COPY, must: 'vanish' }),
    canary('not there anyway', harmless, { must: 'vanish' }),
  ], 2);
  expect(results.map(({ caught, twinClean }) => [caught, twinClean])).toEqual([[true, true], [false, true], [true, false], [false, true], [true, false]]);
  expect(canaryLines(results)[3]).toMatch(/^harmless +SURVIVED +no schedule shows it +clean$/);
});

test('a build that cannot be searched is no catch', async () => {
  const [result] = await flyAll([canary('throws', { ...NOT_SAVED, by: 'throw new Error("broken on purpose");' })], 1);
  expect(result).toMatchObject({ caught: false, schedule: 'the process ended without an answer' });
});

test('the copy is gone afterwards, and the product is as it was', async () => {
  const before = readFileSync(`dist/${NOT_SAVED.file}`, 'utf8');
  const copy = await withPatchedDist([NOT_SAVED], async (dist) => {
    expect(readFileSync(`${dist}/${NOT_SAVED.file}`, 'utf8')).toBe(before.replace(NOT_SAVED.text, NOT_SAVED.by));
    return dist;
  });
  expect(existsSync(copy)).toBe(false);
  expect(readFileSync(`dist/${NOT_SAVED.file}`, 'utf8')).toBe(before);
});

test('every patch fits the product, and every kind of finding has a bug that shows it and a judge that misses it', () => {
  const canaries = CANARIES;
  for (const { patches, base = [] } of canaries) {
    const texts = new Map<string, string>();
    for (const patch of [...base, ...patches]) texts.set(patch.file, patchText(texts.get(patch.file) ?? readFileSync(`dist/${patch.file}`, 'utf8'), patch));
  }
  expect(new Set(canaries.map(({ name }) => name)).size).toBe(canaries.length);
  const [, union] = readFileSync('src/model/verdict.ts', 'utf8').split('export type FindingKind =');
  const kinds = [...union!.split('export interface')[0]!.matchAll(/\| '([a-z-]+)'/g)].map((match) => match[1]!).sort();
  const signs = (list: readonly Canary[], must: Canary['must']) => [...new Set(list.filter((one) => one.must === must).map(({ sign }) => sign.kind))].filter((kind) => kind !== 'unknown').sort();
  expect(kinds.length).toBeGreaterThan(10);
  expect(signs([...SEEDED_RULES, ...SEEDED_WORLD], 'appear')).toEqual(kinds);
  expect(signs(BLIND_JUDGES, 'vanish')).toEqual(kinds);
});

test('canaries are drawn without repetition, of every part by turns, and the same by the same seed', () => {
  const drawn = drawCanaries(8, 3);
  expect(drawn.map(({ part }) => part)).toEqual(['rule', 'world', 'judge', 'search', 'rule', 'world', 'judge', 'search']);
  expect(drawCanaries(8, 3)).toEqual(drawn);
  expect(drawCanaries(8, 4)).not.toEqual(drawn);
  expect(new Set(drawCanaries(1000, 1))).toEqual(new Set(CANARIES));
});
