/** The moments of a run that a picture must show in full; between them quiet stretches may be folded. */
import type { DrawnRun, DrawnVote } from './drawn-run.ts';

/** 0: the story itself; 1: changes of state; 2: where a stretch of like votes begins and ends. */
export type Weight = 0 | 1 | 2;

export interface Interest {
  readonly t: number;
  readonly weight: Weight;
}

/** In order of time. */
export function interestOf(run: DrawnRun): Interest[] {
  const { story, events } = run;
  const moments: Interest[] = [];
  const note = (t: number | null, weight: Weight): void => {
    if (t !== null) moments.push({ t, weight });
  };
  const losing = new Set(story.forks.losing);
  for (const event of events) {
    switch (event.type) {
      case 'command':
        note(event.t, event.step > 0 ? 0 : 1);
        break;
      case 'fault':
      case 'gap':
        note(event.t, 0);
        break;
      case 'identity':
      case 'process':
      case 'unsent':
        note(event.t, 1);
        break;
      case 'tower-loaded':
        if (event.identity === run.staked && event.source !== 'adopted') note(event.t, 1);
        break;
      case 'block':
        if (losing.has(event.hash)) note(event.t, 1);
        break;
      case 'skipped':
      case 'leader':
        note(event.t, 2);
        break;
      case 'phase':
        if (event.phase === 'heal') note(event.t, 2);
        break;
      case 'vote':
      case 'landed':
      case 'log':
      case 'rooted':
      case 'tower-saved':
        break;
    }
  }
  for (const { from, to } of run.faults) {
    note(from, 0);
    note(to, 0);
  }
  for (const vote of run.votes) if (vote.role === 'earlier' || vote.role === 'later') note(vote.t, 0);
  for (const stretch of stretchesOf(run.votes)) {
    note(stretch[0]!.t, 2);
    note(stretch.at(-1)!.t, 2);
  }
  note(story.t, 0);
  note(story.pointOfNoReturn?.t ?? null, 0);
  return moments.sort((a, b) => a.t - b.t || a.weight - b.weight);
}

/** Votes of one host that follow each other and fared alike. */
function stretchesOf(votes: readonly DrawnVote[]): DrawnVote[][] {
  const stretches: DrawnVote[][] = [];
  const open = new Map<string, DrawnVote[]>();
  for (const vote of votes) {
    const stretch = open.get(vote.host);
    const last = stretch?.at(-1);
    if (stretch !== undefined && last!.fate === vote.fate && last!.error === vote.error && last!.staked === vote.staked && last!.refresh === vote.refresh) stretch.push(vote);
    else {
      const begun = [vote];
      open.set(vote.host, begun);
      stretches.push(begun);
    }
  }
  return stretches;
}

/** The moments that matter most, as many as `most` slots have room for, the closest to the finding first among equals. */
export function withinRoom(run: DrawnRun, interest: readonly Interest[], most: number): Interest[] {
  const bucket = (t: number): number => Math.floor(t / run.slotMicros);
  const ranked = [...interest].sort((a, b) => a.weight - b.weight || Math.abs(a.t - run.story.t) - Math.abs(b.t - run.story.t) || a.t - b.t);
  const taken = new Set<number>();
  const kept = ranked.filter(({ t }) => {
    if (taken.has(bucket(t))) return true;
    if (taken.size >= most) return false;
    taken.add(bucket(t));
    return true;
  });
  return kept.sort((a, b) => a.t - b.t || a.weight - b.weight);
}
