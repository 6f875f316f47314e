/** The examples of the documents are loaded and run as they stand there. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseBounds } from '../../src/explore/bounds.ts';
import { MILDEST, runSpec } from '../../src/explore/run-spec.ts';
import { decodeToken, refuseOtherSteps } from '../../src/explore/token.ts';
import { parseScenario } from '../../src/scenario/load.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';
import { parseSite } from '../../src/transition/site-file.ts';
import { fillProcedure, loadProcedure, parseProcedure } from '../../src/transition/procedure-file.ts';

const page = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** The YAML block of a page that begins with a text. */
function yamlOf(name: string, start: string): string {
  const blocks = [...page(name).matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text!);
  const found = blocks.find((text) => text.startsWith(start));
  if (found === undefined) throw new Error(`${name} has no example that begins with "${start}"`);
  return found;
}

describe('README.md', () => {
  const site = parseSite(yamlOf('README.md', '# my-site.yaml'), 'my-site.yaml');
  const raw = parseProcedure(yamlOf('README.md', '# my-swap.yaml'), 'my-swap.yaml');

  test('its procedure and site load, and hold at the mildest timing', () => {
    const { judgement } = runSpec({ site, procedure: fillProcedure(raw, site, {}) }, MILDEST);
    expect(judgement.result).toBe('holds');
    expect(judgement.downtime.slots).toBe(12);
    expect(judgement.liveness).toMatchObject({ live: true, voters: ['inactive'] });
  });

  test('its parameter can be given', () => {
    expect(fillProcedure(raw, GUIDE_SITE, { settle: '6' }).steps.map((step) => (step.kind === 'run' ? step.run : ''))).toContain('sleep 6');
  });
});

test('docs/scenarios.md: its scenario is met', () => {
  expect(runScenario(parseScenario(yamlOf('docs/scenarios.md', 'scenario: '), 'cable-pulled.yaml'))).toMatchObject({ met: true, unmet: [] });
});

test('every scenario that the documents run is there', () => {
  const named = ['README.md', 'docs/procedures.md', 'docs/scenarios.md'].flatMap((name) => [...page(name).matchAll(/\bscenarios\/([a-z-]+\.yaml)/g)].map(([, file]) => file!)).filter((file) => file !== 'cable-pulled.yaml');
  expect(named.length).toBeGreaterThan(10);
  for (const file of named) expect(page(`scenarios/${file}`)).toContain(`scenario: ${file.replace('.yaml', '')}`);
});

test('docs/search.md: its bounds load', () => {
  const { name, kinds, timings } = parseBounds(yamlOf('docs/search.md', '# my-bounds.yaml'), 'my-bounds.yaml');
  expect({ name, kinds: kinds.size, timings: timings.length }).toEqual({ name: 'terminal', kinds: 4, timings: 2 });
});

describe('docs/procedures.md: what stands under a heading with ids gives one of them', () => {
  const sections = page('docs/procedures.md').split(/^(?=##)/m).flatMap((section) => {
    const ids = [...section.matchAll(/`(SV-[0-9a-f]{8})`/g)].map(([, id]) => id!);
    return [...section.matchAll(/replay (sv1\.\S+)/g)].map(([, token]) => ({ heading: section.split('\n')[0]!, ids, token: token! }));
  });

  test.each(sections)('$heading', ({ ids, token: text }) => {
    const token = decodeToken(text)!;
    const site = { ...GUIDE_SITE, ...token.site };
    const procedure = loadProcedure(token.procedure, site, token.params);
    refuseOtherSteps(token, procedure);
    const found = runSpec({ site, procedure }, token.spec).judgement.findings.map(({ id }) => id);
    expect(ids.filter((id) => found.includes(id))).not.toEqual([]);
  });

  test('there are such headings', () => expect(sections.length).toBeGreaterThan(5));
});
