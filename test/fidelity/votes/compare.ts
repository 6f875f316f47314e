/** One sequence of votes on two programs, and what they said. */
import { isDeepStrictEqual } from 'node:util';
import { voteErrorName } from '../../../src/model/vote-program.ts';
import type { LandingVote } from './landing-vote.ts';
import type { Answer, Program } from './our-program.ts';

/** Answers by what was drawn: counts[kind][answer]. */
export type Tally = Record<string, Record<string, number>>;

export interface Disagreement {
  /** The votes up to the one on which the programs disagree. */
  readonly votes: readonly LandingVote[];
  readonly ours: Answer;
  readonly real: Answer;
}

/** "accepted", the name of a Custom(n), or the text of another error. */
export function answerName({ error }: Answer): string {
  if (error === null) return 'accepted';
  return typeof error === 'string' ? error : (voteErrorName(error) ?? `Custom(${error})`);
}

/** Both programs from a new account on, up to the first disagreement. Answers of the real one are added to the tally. */
export function compare(ours: Program, real: Program, votes: readonly LandingVote[], tally: Tally = {}): Disagreement | null {
  ours.reset();
  real.reset();
  for (const [i, vote] of votes.entries()) {
    const answers = { ours: ours.execute(vote), real: real.execute(vote) };
    const ofKind = (tally[vote.kind] ??= {});
    const name = answerName(answers.real);
    ofKind[name] = (ofKind[name] ?? 0) + 1;
    if (!isDeepStrictEqual(answers.ours, answers.real)) return { votes: votes.slice(0, i + 1), ...answers };
  }
  return null;
}
