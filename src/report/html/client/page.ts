/**
 * The script of the page: moves all pictures of a run to an instant, and turns faults off. It is compiled with the rest and
 * written into the page as text (page-script.ts), so it may use nothing but the page, tower-table.ts and markup.ts.
 */
import type { PageData } from '../page-data.ts';
import { towerTable } from '../tower-table.ts';

function all<E extends Element>(root: ParentNode, selector: string): E[] {
  return [...root.querySelectorAll<E>(selector)];
}

/** Index of the last entry at or before a time; −1 for none. */
function lastUpTo(times: readonly number[], t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Elements that come to be at a time, in order: those of the future are marked, each change costs what it changes. */
function futureOf(elements: readonly Element[]): (t: number) => void {
  const sorted = elements.map((element) => ({ element, t: Number(element.getAttribute('data-t')) })).sort((a, b) => a.t - b.t);
  const times = sorted.map(({ t }) => t);
  let shown = sorted.length;
  return (t) => {
    const next = lastUpTo(times, t) + 1;
    for (let i = Math.min(shown, next); i < Math.max(shown, next); i++) sorted[i]!.element.classList.toggle('future', i >= next);
    shown = next;
  };
}

function onAxis({ pieces, width }: PageData['axis'], t: number): number {
  for (const piece of pieces) {
    if (t > piece.to) continue;
    return t <= piece.from ? piece.x : piece.x + ((t - piece.from) / (piece.to - piece.from)) * piece.width;
  }
  return width;
}

function scrub(story: HTMLElement): void {
  const source = story.querySelector('script.run-data');
  const bar = story.querySelector<HTMLElement>('.scrubber');
  const slider = bar?.querySelector<HTMLInputElement>('input[type=range]');
  const said = bar?.querySelector<HTMLElement>('.said');
  if (source === null || bar === null || slider == null || said == null) return;
  const data = JSON.parse(source.textContent) as PageData;
  const times = data.moments.map(([t]) => t);
  const lists = all<HTMLElement>(story, '.st-body');
  const rows = all<HTMLElement>(story, '.st-rows > li');
  const cursors = all<SVGPathElement>(story, '.cursor');
  const shades = all<SVGRectElement>(story, '.shade');
  const future = futureOf(all(story, '.forks [data-t]'));
  const towers = story.querySelector<HTMLElement>('.towers-at');
  const states = all<HTMLElement>(story, '.state-of');
  const everySlot = story.querySelector<HTMLInputElement>('.every-slot');
  let here = -1;

  const drawTowers = (t: number): void => {
    if (towers === null) return;
    const held = data.towers.map((own) => own[lastUpTo(own.map(([at]) => at), t)] ?? null);
    towers.innerHTML = towerTable(data.hosts, held, everySlot?.checked === true).markup;
  };
  const drawStates = (t: number): void => {
    const now = data.holders[lastUpTo(data.holders.map(([at]) => at), t)];
    states.forEach((element, i) => {
      const [process, shows, could] = now?.[1][i] ?? ['running', false, false];
      element.textContent = `${process}; ${could ? 'could vote with the staked identity' : shows ? 'shows the staked identity, could not vote' : 'without the staked identity'}`;
      element.classList.toggle('holds', could);
    });
  };
  const moveTo = (index: number): void => {
    const place = Math.max(0, Math.min(data.moments.length - 1, index));
    const [t, slot, words] = data.moments[place]!;
    slider.value = String(place);
    slider.setAttribute('aria-valuetext', `slot ${slot}, ${(t / 1e6).toFixed(3)} seconds`);
    said.textContent = `slot ${slot} · ${(t / 1e6).toFixed(3)} s · ${words}`;
    if (place === here) return;
    here = place;
    const row = lastUpTo(data.rows, t);
    for (const list of lists) {
      const veil = list.querySelector<HTMLElement>('.veil');
      if (veil === null) continue;
      const first = rows[row + 1];
      veil.hidden = first === undefined;
      veil.style.top = `${first?.offsetTop ?? 0}px`;
    }
    rows.forEach((element, i) => element.classList.toggle('now', i === row));
    const x = data.axis.left + onAxis(data.axis, t);
    for (const cursor of cursors) cursor.setAttribute('transform', `translate(${x} 0)`);
    for (const shade of shades) shade.setAttribute('transform', `translate(${x} 0)`);
    future(t);
    drawTowers(t);
    drawStates(t);
  };
  const stepTo = (direction: number): void => {
    const row = lastUpTo(data.rows, times[here]!);
    const target = direction > 0 ? data.rows.find((t) => t > times[here]!) : data.rows.findLast((t) => t < times[here]!);
    moveTo(target === undefined ? (direction > 0 ? times.length - 1 : 0) : lastUpTo(times, target));
    if (row >= 0) rows[lastUpTo(data.rows, times[here]!)]?.scrollIntoView({ block: 'nearest' });
  };

  slider.addEventListener('input', () => moveTo(Number(slider.value)));
  everySlot?.addEventListener('change', () => drawTowers(times[here]!));
  bar.addEventListener('click', (event) => {
    const button = (event.target as Element).closest('button');
    if (button === null) return;
    const { step, t } = button.dataset;
    if (step !== undefined) stepTo(Number(step));
    else if (t !== undefined) moveTo(lastUpTo(times, Number(t)));
  });
  for (const list of lists) {
    list.addEventListener('click', (event) => {
      const row = (event.target as Element).closest('li');
      if (row !== null && getSelection()?.isCollapsed !== false) moveTo(lastUpTo(times, Number(row.dataset['t'])));
    });
  }
  bar.hidden = false;
  moveTo(lastUpTo(times, data.start));
}

/** One choice is left out at a time: what comes of the run without it was computed before. */
function switches(story: HTMLElement): void {
  const buttons = all<HTMLButtonElement>(story, 'button.choice-switch');
  const outcome = story.querySelector<HTMLElement>('.choice-outcome');
  const results = all<HTMLElement>(story, '.choice-result');
  const whole = story.querySelector<HTMLElement>('.choice-whole');
  if (outcome === null || whole === null) return;
  const show = (left: number): void => {
    buttons.forEach((button, i) => button.setAttribute('aria-checked', String(i !== left)));
    results.forEach((result, i) => (result.hidden = i !== left));
    whole.hidden = left >= 0;
    for (const part of all(story, '[data-choice]')) part.classList.toggle('left-out', part.getAttribute('data-choice') === buttons[left]?.value);
  };
  buttons.forEach((button, i) => {
    button.disabled = false;
    button.addEventListener('click', () => show(button.getAttribute('aria-checked') === 'true' ? i : -1));
  });
  show(-1);
}

/** Of several stories one is shown at a time, by the fragment of the address. */
function choose(stories: readonly HTMLElement[]): void {
  const show = (): void => {
    const asked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const current = stories.find((story) => asked !== null && (story === asked || story.contains(asked))) ?? (document.querySelector('.story:not([hidden])') as HTMLElement | null) ?? stories[0];
    for (const story of stories) story.hidden = story !== current;
    for (const link of all(document, 'a[data-story]')) {
      if (link.getAttribute('data-story') === current?.id) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    if (current !== undefined && current.dataset['ready'] === undefined) {
      current.dataset['ready'] = '';
      scrub(current);
      switches(current);
    }
    const list = document.querySelector<HTMLDetailsElement>('.chooser details');
    if (list !== null) list.open = false;
    if (asked !== null && location.hash !== '') asked.scrollIntoView();
  };
  addEventListener('hashchange', show);
  for (const story of stories.slice(1)) story.hidden = true;
  show();
}

document.documentElement.classList.add('scripted');
choose(all<HTMLElement>(document, '.story'));
addEventListener('beforeprint', () => {
  for (const details of all<HTMLDetailsElement>(document, 'details')) details.open = true;
});
