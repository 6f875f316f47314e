import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FORMS } from '../../scripts/command-forms.ts';
import { MODEL_PAGE, knownFlags, withTables } from '../../scripts/model-tables.ts';
import { play } from '../sim/facts/world.ts';

describe('docs/model.md', () => {
  test('its tables are up to date (npx tsx scripts/model-tables.ts)', () => {
    const page = readFileSync(MODEL_PAGE, 'utf8');
    expect(withTables(page)).toBe(page);
  });

  const forms = Object.entries(FORMS).flatMap(([name, list]) => list.map(({ form, example, etcdOn }) => [name, form, example, etcdOn] as const));

  test.each(forms)('%s %s: its line runs without a gap', (name, _form, example, etcdOn) => {
    expect(example).toMatch(new RegExp(`(^|[ (])${name}\\b`));
    const { one, all } = play({ lines: [[etcdOn ?? 'active', example]], ...(etcdOn === undefined ? {} : { etcd: true }) });
    expect(all('gap')).toEqual([]);
    expect(one('command', { phase: 'end' }).exit).not.toBe(127);
  });

  test('every flag that a command knows is told', () => {
    const told = forms.map(([, form]) => form).join(' ');
    // Known to be refused.
    const refused = ['--output'];
    expect(knownFlags().filter((flag) => !told.includes(flag) && !refused.includes(flag))).toEqual([]);
  });
});
