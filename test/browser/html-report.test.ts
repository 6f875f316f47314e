import { createRequire } from 'node:module';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportDocument } from '../../src/report/document/schema.ts';
import { writeHtml } from '../../src/report/html/write-html.ts';
import { EARLY_COPY, OTHER_FORK, REMOVED_TOWER, checked, longTrace, replayed } from '../report/report-documents.ts';
import { show, startBrowser } from './browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'solevoter-html-'));
const pictures = process.env['SCREENSHOTS'];

function written(name: string, document: ReportDocument): string {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, writeHtml(document));
  return path;
}

const DOCUMENTS = {
  early: replayed([EARLY_COPY], true),
  stories: replayed([REMOVED_TOWER, EARLY_COPY, OTHER_FORK]),
  long: checked(longTrace()),
};
const PATHS = Object.fromEntries(Object.entries(DOCUMENTS).map(([name, document]) => [name, written(name, document)])) as Record<keyof typeof DOCUMENTS, string>;

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Where a picture's cursor, veil and words stand. */
function instant(page: Page): Promise<{ said: string; cursor: string; veil: number; towers: string; future: number }> {
  return page.evaluate(() => {
    const story = document.querySelector('.story:not([hidden])')!;
    return {
      said: story.querySelector('.said')!.textContent,
      cursor: story.querySelector('.cursor')!.getAttribute('transform') ?? '',
      veil: Number.parseFloat((story.querySelector('.veil') as HTMLElement).style.top),
      towers: story.querySelector('.towers-at')!.textContent,
      future: story.querySelectorAll('.future').length,
    };
  });
}

describe.each(['early', 'stories', 'long'] as const)('the report of %s', (name) => {
  it.each([['light', 1440], ['dark', 1440], ['light', 390], ['dark', 390]] as const)('in %s at %i pixels has no error, asks for nothing, fits, and nothing serious is wrong for a screen reader', async (scheme, width) => {
    const { page, errors, requests } = await show(browser, PATHS[name], { width, dark: scheme === 'dark' });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const violations = await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary.slice(0, 200)) })))`) as { id: string; impact: string; where: string[] }[];
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    expect({ errors, requests }).toEqual({ errors: [], requests: [] });
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${scheme}-${width}.png`), fullPage: true });
    }
    await page.context().close();
  });
});

describe('the scrubber', () => {
  it('moves all pictures to an instant', async () => {
    const { page } = await show(browser, PATHS.early);
    const slider = page.locator('.story:not([hidden]) input[type=range]');
    const start = await instant(page);
    expect(start.said).toContain('sends its vote for slot 1005');
    expect(start.towers).toContain('lacks 998');
    await page.getByRole('button', { name: 'earlier vote' }).click();
    const earlier = await instant(page);
    expect(earlier.said).toContain('sends its vote for slot 1000');
    expect(earlier.cursor).not.toBe(start.cursor);
    expect(earlier.veil).toBeLessThan(start.veil);
    expect(earlier.future).toBeGreaterThan(start.future);
    expect(earlier.towers).not.toContain('lacks 998');
    await page.getByRole('button', { name: 'Next event' }).click();
    expect((await instant(page)).said).not.toBe(earlier.said);
    await page.getByRole('button', { name: 'end', exact: true }).click();
    const end = await instant(page);
    expect(end.future).toBe(0);
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^slot \d+, \d+\.\d{3} seconds$/);
    await page.locator('.story:not([hidden]) .st-rows > li').nth(12).click();
    expect((await instant(page)).veil).toBeLessThan(start.veil);
    await page.context().close();
  });

  it('stays fluent with 10,000 events', async () => {
    const { page } = await show(browser, PATHS.long);
    const slider = page.locator('.story:not([hidden]) input[type=range]');
    expect(Number(await slider.getAttribute('max'))).toBeGreaterThan(4_000);
    expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(8_000);
    // Each move touches what changes alone: a thousand moves leave the page as one would.
    await page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('input[type=range]')!;
      for (let i = 0; i <= 1_000; i++) {
        input.value = String(i);
        input.dispatchEvent(new Event('input'));
      }
    });
    const many = await instant(page);
    await page.reload();
    await page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('input[type=range]')!;
      input.value = '1000';
      input.dispatchEvent(new Event('input'));
    });
    expect(await instant(page)).toEqual(many);
    await page.context().close();
  });
});

describe('the switches', () => {
  it('show what remains without each choice, one at a time', async () => {
    const { page } = await show(browser, PATHS.stories);
    const { choices } = DOCUMENTS.stories.subjects[0]!.stories[0]!;
    expect(choices.length).toBeGreaterThan(1);
    const switches = page.locator('.story:not([hidden]) button.choice-switch');
    const outcome = page.locator('.story:not([hidden]) .choice-outcome');
    expect(await outcome.innerText()).toContain('The violation is there');
    for (const [i, choice] of choices.entries()) {
      await switches.nth(i).click();
      expect(await outcome.innerText()).toContain(choice.without!.remains ? 'The violation remains' : 'The violation is gone');
      expect(await outcome.innerText()).toContain(choice.without!.replay.command);
      expect(await page.locator('.story:not([hidden]) .fault.left-out').count()).toBe(choice.what === 'fault' ? 2 : 0);
      expect(await switches.evaluateAll((all) => all.filter((one) => one.getAttribute('aria-checked') === 'false').length)).toBe(1);
    }
    await switches.nth(choices.length - 1).click();
    expect(await outcome.innerText()).toContain('The violation is there');
    await page.context().close();
  });
});

describe('the keyboard alone', () => {
  it('reaches and moves everything', async () => {
    const { page } = await show(browser, PATHS.stories);
    const reached = new Set<string>();
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
        const element = document.activeElement!;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        if (element !== document.body && (outlineStyle === 'none' || outlineWidth === '0px')) return `without a ring: ${element.outerHTML.slice(0, 90)}`;
        return element.matches('input[type=range]') ? 'slider' : element.matches('.choice-switch') ? 'switch' : element.matches('.scroll') ? 'scroll' : element.matches('summary') ? 'summary' : element.matches('.skip') ? 'skip' : element.matches('.every-slot') ? 'every slot' : element.tagName.toLowerCase();
      });
      const first = !reached.has(name);
      reached.add(name);
      if (name === 'slider' && first) {
        const before = await instant(page);
        await page.keyboard.press('ArrowLeft');
        expect((await instant(page)).said).not.toBe(before.said);
        await page.keyboard.press('Home');
        expect((await instant(page)).veil).toBeLessThan(before.veil);
      }
      if (name === 'switch' && first) {
        await page.keyboard.press('Space');
        expect(await page.evaluate(() => document.activeElement!.getAttribute('aria-checked'))).toBe('false');
      }
    }
    expect([...reached].filter((name) => name.startsWith('without'))).toEqual([]);
    for (const name of ['skip', 'a', 'summary', 'scroll', 'every slot', 'slider', 'button', 'switch']) expect(reached).toContain(name);
    await page.context().close();
  });
});

describe('the index', () => {
  it('leads to each story, and shows one at a time', async () => {
    const { page, errors } = await show(browser, PATHS.stories);
    const shown = () => page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.story')].filter(({ hidden }) => !hidden).map(({ id }) => id));
    expect(await shown()).toEqual(['story-1']);
    await page.locator('.chooser summary').click();
    await page.locator('.chooser a').nth(2).click();
    await expect.poll(shown).toEqual(['story-3']);
    expect((await instant(page)).said).toContain('slot');
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe('without scripts, and on paper', () => {
  it('the page still tells everything', async () => {
    const { page } = await show(browser, PATHS.stories, { scripts: false });
    expect(await page.locator('.story').count()).toBe(3);
    for (const story of await page.locator('.story').all()) expect(await story.isVisible()).toBe(true);
    expect(await page.locator('.choice-result').first().isVisible()).toBe(true);
    expect(await page.locator('.scrubber').first().isVisible()).toBe(false);
    expect(await page.locator('.towers').first().isVisible()).toBe(true);
    await page.context().close();
  });

  it('it prints, light and without what only a screen can use', async () => {
    const { page } = await show(browser, PATHS.early, { dark: true });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.scrubber').first().isVisible()).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    const pdf = await page.pdf({ format: 'A4', path: pictures === undefined ? join(folder, 'early.pdf') : join(pictures, 'early.pdf') });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.context().close();
  });
});
