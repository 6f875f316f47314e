/** The stories in docs/etcd.md are those of the runs that it names. All answers: npx tsx scripts/etcd-claims.ts --check. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeToken, refuseOtherSteps } from '../../src/explore/token.ts';
import { runSpec } from '../../src/explore/run-spec.ts';
import { tellStory } from '../../src/report/story-lines.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';
import { ETCD_PAGE } from '../../scripts/etcd-claims.ts';

const page = readFileSync(ETCD_PAGE, 'utf8');
const told = [...page.matchAll(/```\n([^`]*)\n```\n\n`npx solevoter replay (sv1\.[\w-]+)`/g)].map(([, story, token]) => [token!, story!] as const);

describe('docs/etcd.md', () => {
  test('answers each claim of the guide', () => {
    for (const id of ['i', 'ii', 'iii', 'iv', 'v']) expect(page).toMatch(new RegExp(`### ${id}(,|\\n)[^#]*\\*\\*(Holds within these bounds|Does not hold)\\*\\*`));
    expect(told.length).toBeGreaterThan(3);
  });

  test.each(told)('%s tells the story beside it', (text, story) => {
    const token = decodeToken(text)!;
    const site = { ...GUIDE_SITE, ...token.site };
    const procedure = loadProcedure(token.procedure, site, token.params);
    refuseOtherSteps(token, procedure);
    const { trace, fired } = runSpec({ site, procedure }, token.spec);
    expect(fired.every(Boolean)).toBe(true);
    expect(tellStory(trace).slice(0, 24).join('\n')).toBe(story);
  });
});
