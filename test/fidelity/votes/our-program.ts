/** The vote program as the product has it: its rules put together in the order of the program. */
import type { Rules } from '../../vectors/rules.ts';
import { NEW_ACCOUNT } from './account.ts';
import type { VoteAccount } from './account.ts';
import type { LandingVote } from './landing-vote.ts';

/** A vote program with one vote account. */
export interface Program {
  /** Starts over with a new account. */
  reset(): void;
  execute(vote: LandingVote): Answer;
}

export interface Answer {
  /** Custom(n); a text for an error of another kind; null when accepted. */
  readonly error: number | string | null;
  /** Afterwards: as it was when refused. */
  readonly account: VoteAccount;
}

/** The program made of these rules. */
export function ourProgram(rules: Rules): Program {
  let account = NEW_ACCOUNT;
  return {
    reset: () => void (account = NEW_ACCOUNT),
    execute: (vote) => {
      const answer = executeByRules(rules, account, vote);
      ({ account } = answer);
      return answer;
    },
  };
}

/** Executes a TowerSync by the rules that it is given. */
export function executeByRules(rules: Rules, account: VoteAccount, { sync, slotHashes, bank }: LandingVote): Answer {
  const { error, state } = rules.applyTowerSync(account, sync, slotHashes);
  if (error !== null) return { error, account };
  const credited = rules.creditNewVoteState(account, state, bank);
  if (credited.error !== null) return { error: credited.error, account };
  const { timestamp } = sync;
  let { lastTimestamp } = account;
  if (timestamp !== null) {
    const { slot } = sync.lockouts.at(-1)!;
    if (!rules.acceptsTimestamp(lastTimestamp, slot, timestamp)) return { error: rules.VoteError.TimestampTooOld, account };
    lastTimestamp = { slot, timestamp };
  }
  const { votes, root, latencies, epochCredits } = credited.state;
  return { error: null, account: { votes, root, latencies, epochCredits, lastTimestamp } };
}
