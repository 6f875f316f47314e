/** The instants of a run: what happened in each, and what was so from each on. */
import { eventWords, placeOf } from '../event-words.ts';
import type { DrawnRun } from './drawn-run.ts';
import { printable } from './markup.ts';
import type { PageData } from './page-data.ts';
import type { Row } from './space-time-rows.ts';
import type { TowerState } from './tower-table.ts';

/** Sentences told of one moment. */
const MOST_SENTENCES = 3;

/** The data of a run. */
export function pageData(run: DrawnRun, rows: readonly Row[], axis: PageData['axis']): PageData {
  const { story, hosts } = run;
  return {
    hosts,
    moments: momentsOf(run),
    rows: rows.map(({ t, until }) => until ?? t),
    towers: hosts.map((host) => towersOf(run, host)),
    holders: story.holders.map(({ t, hosts: states }) => [t, hosts.map((host) => {
      const state = states.find((candidate) => candidate.host === host);
      return [state?.process ?? 'running', state?.gossip ?? false, (state?.voting ?? false) && state?.process === 'running'] as const;
    })] as const),
    axis: { left: axis.left, width: axis.width, pieces: axis.pieces.map(({ from, to, x, width, folded }) => ({ from, to, x: Math.round(x * 10) / 10, width: Math.round(width * 10) / 10, folded })) },
    start: startOf(run),
  };
}

/** The instant at which the violation is there; of a run without a finding, that at which the procedure has ended. */
export function startOf({ story, commands, end }: DrawnRun): number {
  if (story.finding === null) return commands.at(-1)?.to ?? end;
  return story.conflict === null ? story.t : Math.max(story.conflict.earlier.t, story.conflict.later.t);
}

function momentsOf(run: DrawnRun): [number, number, string][] {
  const moments: [number, number, string][] = [];
  let sentences: string[] = [];
  let at: number | null = null;
  const close = (): void => {
    if (at === null) return;
    const more = sentences.length - MOST_SENTENCES;
    moments.push([at, run.slotAt(at), `${sentences.slice(0, MOST_SENTENCES).join('; ')}${more > 0 ? `; and ${more} more` : ''}`]);
  };
  for (const event of run.events) {
    if (event.t !== at) close();
    if (event.t !== at) sentences = [];
    at = event.t;
    const words = eventWords(event, run.staked);
    sentences.push(printable(placeOf(event) === 'cluster' ? words : `${placeOf(event)}: ${words}`));
  }
  close();
  return moments;
}

/** A vote shows the whole tower, and so does a load of the staked identity's tower. */
export function towersOf(run: DrawnRun, host: string): TowerState[] {
  const states: TowerState[] = [];
  for (const event of run.events) {
    if ((event.type !== 'vote' && event.type !== 'tower-loaded') || event.host !== host || event.identity !== run.staked || event.lockouts === undefined) continue;
    const from = event.type === 'vote' ? `as of its vote for slot ${event.slot}` : `as loaded (${event.source})`;
    states.push([event.t, from, event.root ?? -1, event.lockouts]);
  }
  return states;
}
