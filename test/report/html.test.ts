import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastLockedOutSlot } from '../../src/model/lockout.ts';
import type { Trace } from '../../src/model/trace.ts';
import { conflictPicture } from '../../src/report/html/conflict-picture.ts';
import { drawnRun } from '../../src/report/html/drawn-run.ts';
import { foldAxis, onAxis } from '../../src/report/html/fold-axis.ts';
import { escapeText, html, jsonData } from '../../src/report/html/markup.ts';
import { rowsOf } from '../../src/report/html/space-time-rows.ts';
import { towerTable } from '../../src/report/html/tower-table.ts';
import { writeHtml } from '../../src/report/html/write-html.ts';
import { SLOT, STAKED, TraceBuilder, range } from '../check/trace-builder.ts';
import { EARLY_COPY, OLD_ROOT, OTHER_FORK, REMOVED_TOWER, checked, longTrace, replayed } from './report-documents.ts';

const plain = (text: string): string => text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('markup', () => {
  it('escapes what is put in, and takes markup as it is', () => {
    expect(html`<p title="${'"<&'}">${'<b>'}${html`<i>${1}</i>`}${null}${false}${['a', html`<br>`]}</p>`.markup).toBe('<p title="&quot;&lt;&amp;">&lt;b&gt;<i>1</i>a<br></p>');
  });

  it('shows what cannot be seen', () => {
    expect(escapeText('a\u202eb\u0000c\ud800')).toBe('a\\u202eb\\u0000c\\ud800');
  });

  it('holds data that cannot end its element', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { markup } = jsonData([text, '</script><!--']);
      expect(markup).not.toMatch(/[<>]/);
      expect(JSON.parse(markup)).toEqual([text, '</script><!--']);
    }));
  });
});

describe('the axis that folds', () => {
  it('keeps the order, is to scale around the points, and takes its width', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 20 }), (points) => {
      const axis = foldAxis({ from: 0, to: 5_000, points, margin: 2, fold: 6, foldWidth: 30, width: 800, leastScale: 3, greatestScale: 40 });
      expect(axis.pieces.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(axis.width, 6);
      expect(axis.pieces[0]!.from).toBe(0);
      expect(axis.pieces.at(-1)!.to).toBe(5_000);
      const places = range(0, 5_000).map((value) => onAxis(axis, value));
      expect(places.every((place, i) => i === 0 || place >= places[i - 1]!)).toBe(true);
      for (const point of points) if (point < 5_000) expect(onAxis(axis, point + 1) - onAxis(axis, point)).toBeCloseTo(axis.scale, 6);
    }));
  });
});

describe('the picture of a conflict', () => {
  const pictureOf = (document: ReturnType<typeof replayed>, width = 840): string => {
    const story = document.subjects[0]!.stories[0]!;
    return conflictPicture(drawnRun(story), story.conflict!, width).markup;
  };

  it('shows the lockout, the slot within it, and what the later stack lacks', () => {
    const document = replayed([EARLY_COPY]);
    const { conflict } = document.subjects[0]!.stories[0]!;
    const lockout = conflict!.lockout!;
    for (const width of [840, 336]) {
      const words = plain(pictureOf(document, width));
      expect(words).toContain(`${lockout.within} ≤ ${lockout.end}: still locked out`);
      expect(words).toContain(`${lockout.slot} is missing here`);
      expect(words).toContain(`${lockout.slot} + 2 ${lockout.confirmationCount}`);
    }
  });

  it('shows the fork on which the locked-out slot is not', () => {
    const document = replayed([OTHER_FORK]);
    const { lockout } = document.subjects[0]!.stories[0]!.conflict!;
    expect(lockout?.otherFork).toBe(true);
    expect(plain(pictureOf(document))).toContain(`slot ${lockout!.slot} is not on this fork`);
    expect(plain(pictureOf(document))).toMatch(/fork after \d+/);
  });

  it('shows both roots of a root that went back', () => {
    const document = replayed([OLD_ROOT]);
    const { earlier, later } = document.subjects[0]!.stories[0]!.conflict!;
    expect(plain(pictureOf(document))).toContain(`root ${earlier.root}, then ${later.root}: it went back`);
  });

  it('shows a double vote, and a lockout that became shorter', () => {
    const twice = new TraceBuilder().chain(100, 150).block(151, 150, 'x', '').block(151, 150);
    const before = twice.voteRun('active', range(110, 150));
    twice.voteRun('active', [151], before);
    twice.send('inactive', 151, { votes: [...before.votes.slice(-5), { slot: 151, confirmationCount: 1 }], root: before.root }, {}, 'x');
    expect(plain(pictureOf(checked(twice.trace())))).toContain('one slot, two blocks');

    const reduced = new TraceBuilder().chain(100, 150);
    const stack = reduced.voteRun('active', range(110, 140));
    reduced.send('inactive', 145, { votes: [...stack.votes.map((vote) => ({ ...vote, confirmationCount: Math.max(1, vote.confirmationCount - 1) })), { slot: 145, confirmationCount: 1 }], root: stack.root });
    const document = checked(reduced.trace());
    expect(document.subjects[0]!.stories[0]!.kind).toBe('lockout-reduced');
    const { lockout, later } = document.subjects[0]!.stories[0]!.conflict!;
    const held = later.stack.find(({ slot }) => slot === lockout!.slot)!;
    expect(plain(pictureOf(document))).toContain(`count ${held.confirmationCount} &lt; ${lockout!.confirmationCount}: the lockout became shorter`);
    expect(lastLockedOutSlot(held)).toBeLessThan(lockout!.end);
  });
});

describe('the towers', () => {
  it('mark a slot that one lacks while the other locks it out', () => {
    const words = plain(towerTable(['active', 'inactive'], [[1, 'as of its vote', 969, [[998, 3, 3]]], [2, 'as of its vote', 974, [[1005, 1, 1]]]], true).markup);
    expect(words).toContain('lacks 998: locked out through 1006, yet holds 1005');
    expect(words).not.toContain('lacks 999');
    expect(words).not.toContain('lacks 1000');
  });

  it('are told to be unknown where they are', () => {
    expect(plain(towerTable(['a', 'b'], [null, null], false).markup)).toContain('No tower is known at this instant.');
  });
});

describe('the page', () => {
  it('has the verdict, both votes, what would have prevented it, and the runbook with the failing step', () => {
    const document = replayed([EARLY_COPY]);
    const page = writeHtml(document);
    const words = plain(page);
    const story = document.subjects[0]!.stories[0]!;
    expect(words.includes(escapeText(story.sentence))).toBe(true);
    for (const said of [/Earlier vote · active · slot \d+/, /Later vote · inactive · slot \d+/, /A tower on inactive that holds the votes for slots 998–1000: they left active \d+ ms and more after step copy-tower had ended/]) expect(said.test(words)).toBe(true);
    expect(page.includes(`<li class="failing" id="step-${story.step}">`)).toBe(true);
    for (const entry of document.subjects[0]!.notCovered) expect(words.includes(escapeText(entry))).toBe(true);
  });

  it('is the same every time, and needs nothing from elsewhere', () => {
    const page = writeHtml(replayed([REMOVED_TOWER, EARLY_COPY]));
    expect(writeHtml(replayed([REMOVED_TOWER, EARLY_COPY])) === page).toBe(true);
    const reaching = /\b(?:src|href|action|poster|srcset|data)="(?!#|data:,")[^"]*|url\((?!#)|@import|\b(?:fetch|XMLHttpRequest|WebSocket|import)\(/;
    expect(reaching.exec(page)?.[0]).toBeUndefined();
  });

  it('lets no text of a trace become markup', () => {
    const hostile = `</script><script>alert(1)</script><img src=x onerror="alert(2)">'"&\u202e\u0000]]>`;
    const builder = new TraceBuilder().chain(100, 150);
    const before = builder.voteRun('active', range(110, 140));
    builder.add({ type: 'command', t: 140 * SLOT, phase: 'start', step: 1, id: hostile, host: 'active', line: hostile });
    builder.add({ type: 'command', t: 140 * SLOT + 10, phase: 'end', step: 1, id: hostile, host: 'active', line: hostile, exit: 1, stdout: hostile, stderr: hostile });
    builder.add({ type: 'fault', t: 140 * SLOT + 20, phase: 'start', fault: 1, kind: hostile, on: hostile, sentence: hostile });
    builder.add({ type: 'log', t: 140 * SLOT + 30, host: hostile, text: hostile });
    builder.add({ type: 'gap', t: 140 * SLOT + 40, what: hostile });
    builder.add({ type: 'identity', t: 140 * SLOT + 45, host: 'inactive', layer: 'voting', from: null, to: STAKED });
    builder.send('inactive', 141, { votes: [{ slot: 141, confirmationCount: 1 }], root: before.root }, { hash: hostile });
    const trace: Trace = builder.trace();
    const page = writeHtml(checked({ ...trace, header: { ...trace.header, client: hostile, assumptions: [hostile], procedure: hostile } }));
    expect(page.match(/<script\b/g)).toHaveLength(2);
    expect(page.match(/<\/script/g)).toHaveLength(2);
    for (const raw of ['<img', '\u0000', '\u202e']) expect(page.includes(raw)).toBe(false);
    expect(page.includes('&lt;/script&gt;&lt;script&gt;alert(1)')).toBe(true);
  });

  it('draws a trace of 10,000 events within 2 MB, with few rows', () => {
    const trace = longTrace();
    expect(trace.events.length).toBeGreaterThanOrEqual(10_000);
    const document = checked(trace);
    expect(writeHtml(document).length).toBeLessThan(2_000_000);
    expect(rowsOf(drawnRun(document.subjects[0]!.stories[0]!)).length).toBeLessThan(450);
  });

  it('has room for a trace with nothing in it', () => {
    const page = plain(writeHtml(checked(new TraceBuilder().trace())));
    expect(page).toContain('The trace has no block.');
    expect(page).toContain('no vote was sent: nothing was exercised');
  });
});
