/**
 * Which vote of which host each landed transaction is, and whether logs and chain agree slot by slot. Where the record
 * holds the instruction, slot, hash and stack decide; where it does not, the order and what the hosts observed of the
 * vote account after each bank.
 */
import { lastVotedSlot, sameStack } from '../model/lockout.ts';
import type { VoteStack } from '../model/lockout.ts';
import type { Micros } from '../model/trace.ts';
import type { CastVote } from './host-track.ts';
import { lockoutsIn } from './landed-vote.ts';
import type { LandedVote } from './landed-vote.ts';
import type { SeenBlocks } from './seen-blocks.ts';

export interface Landing {
  readonly vote: CastVote;
  readonly bank: number;
  readonly error: number | null;
  readonly inferred: string | null;
}

export interface Matched {
  /** All votes that left or were kept back, those that only the chain tells included. */
  readonly votes: readonly CastVote[];
  readonly landings: readonly Landing[];
  readonly disagreements: readonly string[];
  /** Landed transactions of slots before or after the logs. */
  readonly outside: number;
  /** Landed transactions that are held against a rebuilt stack, and found equal. */
  readonly stacksEqual: number;
}

export interface MatchInput {
  readonly votes: readonly CastVote[];
  readonly landed: readonly LandedVote[];
  readonly blocks: SeenBlocks;
  /** Newest slot of the vote account in a bank, as a host observed it. */
  readonly observed: ReadonlyMap<number, number>;
  /** Banks after this time are outside. */
  readonly until: Micros;
}

/** Gives each landed transaction its vote. Without a record, acceptance is taken from what the hosts observed. */
export function matchLandings(input: MatchInput): Matched {
  const { blocks, landed } = input;
  const state: State = { ...input, cast: [...input.votes], open: new Set(input.votes), landings: [], disagreements: [], stacksEqual: 0, accepted: -1 };
  const [first] = blocks.blocks;
  const wordless: LandedVote[] = [];
  let outside = 0;
  for (const transaction of landed) {
    const at = blocks.frozenAt(transaction.bank);
    const slot = transaction.voted?.lockouts.at(-1)?.slot;
    if (first === undefined || at === null || at > input.until || (slot ?? transaction.bank) < first.slot || beforeFirstVote(state, transaction)) outside++;
    else if (transaction.voted === null) wordless.push(transaction);
    else landByContent(state, transaction);
  }
  for (const bank of new Set(wordless.map((transaction) => transaction.bank))) landByOrder(state, bank, wordless.filter((transaction) => transaction.bank === bank));
  landFromObserved(state);
  return { votes: state.cast, landings: state.landings, disagreements: state.disagreements, outside, stacksEqual: state.stacksEqual };
}

interface State extends MatchInput {
  readonly cast: CastVote[];
  /** Votes that have not landed yet. */
  readonly open: Set<CastVote>;
  readonly landings: Landing[];
  readonly disagreements: string[];
  stacksEqual: number;
  /** Newest slot that was accepted so far. */
  accepted: number;
}

/** A transaction of a vote that was cast before the logs begin to show votes. */
function beforeFirstVote({ votes }: State, { voted, bank }: LandedVote): boolean {
  const first = votes[0];
  if (first === undefined) return true;
  return voted === null ? bank <= first.slot : voted.lockouts.at(-1)!.slot < first.slot;
}

function land(state: State, vote: CastVote, { bank, error }: Pick<LandedVote, 'bank' | 'error'>, inferred: string | null): void {
  state.landings.push({ vote, bank, error, inferred });
  state.open.delete(vote);
  if (error === null) state.accepted = Math.max(state.accepted, vote.slot);
}

function landByContent(state: State, transaction: LandedVote): void {
  const { voted, bank, error } = transaction;
  const { lockouts, root, hash } = voted!;
  const stack: VoteStack = { votes: lockouts, root };
  const slot = lastVotedSlot(stack)!;
  const of = state.cast.filter((vote) => vote.slot === slot && !vote.refresh && (vote.hash === null || vote.hash === hash));
  const exact = of.filter((vote) => sameStack(vote.stack, stack));
  const vote = exact.find((candidate) => state.open.has(candidate)) ?? of.find((candidate) => state.open.has(candidate));
  if (vote === undefined) return landAgain(state, transaction, of, slot);
  if (vote.unsent !== null) state.disagreements.push(`the vote of ${vote.host} for slot ${slot} landed in ${bank}, and its log says that it was not sent: ${vote.unsent}`);
  vote.unsent = null;
  if (exact.includes(vote)) state.stacksEqual++;
  else differ(state, vote, stack, bank);
  const twins = exact.filter((candidate) => candidate !== vote && candidate.host !== vote.host);
  land(state, vote, { bank, error }, twins.length > 0 ? `which host's vote this is: both sent the same stack; taken for the one that was sent first` : null);
}

/** More transactions than votes: a refresh, which logs show only in their metrics. */
function landAgain(state: State, { bank, error }: LandedVote, of: readonly CastVote[], slot: number): void {
  const last = of.at(-1);
  if (last === undefined) {
    state.disagreements.push(`a vote for slot ${slot} landed in ${bank}, and no log shows it`);
    return;
  }
  const shown = state.cast.find((vote) => vote.refresh && vote.slot === slot && state.open.has(vote));
  const t = Math.max(last.t, state.blocks.frozenAt(bank)!);
  const refresh: CastVote = shown ?? { ...last, t, refresh: true };
  if (shown === undefined) state.cast.push(refresh);
  land(state, refresh, { bank, error }, 'a second transaction of one vote: it was sent again');
}

/** What landed is the truth; the rebuilt stack was wrong. */
function differ(state: State, vote: CastVote, stack: VoteStack, bank: number): void {
  const words = ({ votes, root }: VoteStack): string => `root ${root ?? 'none'}, ${votes.map(({ slot, confirmationCount }) => `${slot}:${confirmationCount}`).join(' ')}`;
  if (vote.how !== 'guessed') state.disagreements.push(`the vote of ${vote.host} for slot ${vote.slot} landed in ${bank} with another stack than was rebuilt: ${words(stack)}; rebuilt: ${words(vote.stack)}`);
  vote.stack = stack;
  vote.how = 'chain';
}

/**
 * Transactions of one bank without instruction data. The newest of the accepted ones is what the vote account shows
 * afterwards, the others are the votes just before it; a refused one is the newest vote that is left.
 */
function landByOrder(state: State, bank: number, transactions: readonly LandedVote[]): void {
  const frozen = state.blocks.frozenAt(bank)!;
  const newest = state.observed.get(bank) ?? bank;
  const candidates = (): CastVote[] =>
    [...state.open].filter((vote) => vote.unsent === null && !vote.refresh && vote.slot < bank && vote.t <= frozen + LATE_SIGHT).sort((a, b) => a.slot - b.slot || b.t - a.t);
  const inferred = 'which vote this is: from the order of votes and banks, and the newest slot of the vote account';
  const accepted = transactions.filter(({ error }) => error === null);
  let fitting = onePerSlot(candidates().filter(({ slot }) => slot > state.accepted && slot <= newest));
  const taken: [CastVote, LandedVote][] = [];
  for (const transaction of accepted.toReversed()) {
    const vote = fitting.findLast((candidate) => hasLength(candidate, transaction)) ?? fitting.at(-1);
    if (vote === undefined) state.disagreements.push(`a vote was accepted in ${bank}, and no log shows one that fits`);
    else {
      if (!hasLength(vote, transaction)) state.disagreements.push(`the vote of ${vote.host} for slot ${vote.slot} has ${vote.stack.votes.length} lockouts as rebuilt, ${lockoutsIn(transaction.length!)!} as accepted in ${bank}`);
      taken.unshift([vote, transaction]);
      fitting = fitting.filter(({ slot }) => slot < vote.slot);
    }
  }
  for (const [vote, transaction] of taken) land(state, vote, transaction, inferred);
  for (const transaction of transactions) {
    if (transaction.error === null) continue;
    const vote = candidates().findLast((candidate) => hasLength(candidate, transaction));
    if (vote === undefined) state.disagreements.push(`a vote was refused in ${bank} with Custom(${transaction.error}), and no log shows one that fits`);
    else land(state, vote, transaction, inferred);
  }
}

/** Of two hosts' votes for one slot the one that was sent first is accepted. */
function onePerSlot(votes: readonly CastVote[]): CastVote[] {
  return votes.filter((vote, i) => votes[i + 1]?.slot !== vote.slot);
}

function hasLength(vote: CastVote, { length }: LandedVote): boolean {
  const count = length === null ? null : lockoutsIn(length);
  return count === null || vote.stack.votes.length === count;
}

/** A bank is frozen here up to so much before its leader's votes were all in it, as told by two hosts' clocks. µs. */
const LATE_SIGHT: Micros = 50_000;

/** Where the record does not reach: the vote account's newest slot in each bank shows which votes were accepted by then. */
function landFromObserved(state: State): void {
  const [first, last] = [state.landed[0]?.bank ?? Number.POSITIVE_INFINITY, state.landed.at(-1)?.bank ?? Number.NEGATIVE_INFINITY];
  const banks = [...state.observed].filter(([bank]) => bank < first || bank > last).sort((a, b) => a[0] - b[0]);
  // A host that is behind votes for a bank and freezes the next at once: that one was made before, with a vote of an earlier life.
  const isReplayed = (sent: Micros, frozen: Micros): boolean => frozen - sent < state.blocks.slotMicros / 3;
  let accepted = -1;
  for (const [bank, newest] of banks) {
    const frozen = state.blocks.frozenAt(bank);
    if (frozen === null || frozen > state.until || newest <= accepted) continue;
    accepted = newest;
    const vote = [...state.open].filter(({ slot, unsent, refresh, t }) => !refresh && unsent === null && slot === newest && slot < bank && !isReplayed(t, frozen)).sort((a, b) => a.t - b.t)[0];
    if (vote !== undefined) land(state, vote, { bank, error: null }, 'accepted: the vote account shows it in this bank');
  }
}
