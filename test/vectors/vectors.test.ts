import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/model/diagnostic.ts';
import { kinds } from './kinds.ts';
import { RULES } from './rules.ts';
import { describeFailure, runVectors } from './run.ts';
import { parseVectors } from './vector.ts';
import { worldExecutors } from './world.ts';

const file = fileURLToPath(new URL('../fixtures/vectors/tower.json', import.meta.url));
const vectors = parseVectors(file, readFileSync(file, 'utf8'));
const run = (list: typeof vectors) => runVectors(list, RULES, kinds, worldExecutors);

describe('vectors', () => {
  test('the file is complete', () => {
    expect(vectors).toHaveLength(197);
  });

  test.each([...new Set(vectors.map(({ kind }) => kind))])('%s', (kind) => {
    const failures = run(vectors.filter((vector) => vector.kind === kind));
    expect(failures.map(describeFailure)).toEqual([]);
  });
});

describe('the runner', () => {
  const right = { name: 'right', kind: 'lockout', input: { slot: 0, confirmation_count: 2 }, expect: { lockout: 4 } };

  test('passes a right vector', () => {
    expect(run([right])).toEqual([]);
  });

  test('fails a wrong expectation and shows both values', () => {
    const [failure] = run([{ ...right, expect: { lockout: 5 } }]);
    expect(describeFailure(failure!)).toContain('.lockout: expected 5, got 4');
  });

  test('fails an expectation of which the rules say nothing', () => {
    expect(run([{ ...right, expect: { lockout: 4, colour: 'red' } }])).toHaveLength(1);
  });

  test('fails an unknown kind and names the nearest', () => {
    const [failure] = run([{ ...right, kind: 'lockuot' }]);
    expect(failure?.problem).toBe('no executor for kind "lockuot"; did you mean "lockout"?');
  });

  test('fails a kind that is only a property of every object', () => {
    expect(run([{ ...right, kind: 'toString' }])).toHaveLength(1);
  });

  test('fails an input that the executor cannot use', () => {
    const [failure] = run([{ ...right, kind: 'is_locked_out' }]);
    expect(failure?.problem).toContain('the executor threw');
  });

  test('fails prose that contradicts the rules', () => {
    const refresh = vectors.find(({ kind }) => kind === 'gossip_refresh_vote')!;
    expect(run([{ ...refresh, expect: { result: 'stored' } }])).toHaveLength(1);
  });

  test.each([
    ['{', 'not JSON'],
    ['{}', 'not an array'],
    ['[{"name":"a","kind":"lockout","input":{}}]', 'vector 0 lacks expect'],
    ['[1]', 'vector 0 lacks name, kind, input, expect'],
    ['[{"name":1,"kind":"lockout","input":{},"expect":{}}]', 'name or kind of vector 0 is not text'],
  ])('refuses the file %s', (text, message) => {
    expect(() => parseVectors('some.json', text)).toThrow(InputError);
    expect(() => parseVectors('some.json', text)).toThrow(`some.json: ${message}`);
  });
});
