/** Many sequences of one seed, in an order that does not depend on where a campaign was interrupted. */
import { compare } from './compare.ts';
import type { Disagreement, Tally } from './compare.ts';
import { voteSequence } from './generate.ts';
import type { Program } from './our-program.ts';

/** How far a campaign has come: plain data, so that it can be kept in a file. */
export interface Campaign {
  readonly seed: number;
  /** Votes to be sent. */
  readonly votes: number;
  done: number;
  /** The next sequence. */
  next: number;
  readonly tally: Tally;
}

/** A campaign that has not begun. */
export function newCampaign(seed: number, votes: number): Campaign {
  return { seed, votes, done: 0, next: 0, tally: {} };
}

/** Runs one sequence more; the last one is cut where the number of votes is full. */
export function step(campaign: Campaign, ours: Program, real: Program): Disagreement | null {
  const sequence = voteSequence(campaign.seed, campaign.next).slice(0, campaign.votes - campaign.done);
  const found = compare(ours, real, sequence, campaign.tally);
  campaign.done += found?.votes.length ?? sequence.length;
  campaign.next++;
  return found;
}

/** Runs a campaign to its end or to the first disagreement. `after` is called after each sequence. */
export function runCampaign(campaign: Campaign, ours: Program, real: Program, after: () => void = () => undefined): Disagreement | null {
  while (campaign.done < campaign.votes) {
    const found = step(campaign, ours, real);
    if (found !== null) return found;
    after();
  }
  return null;
}
