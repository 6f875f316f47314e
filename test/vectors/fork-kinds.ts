/** Kinds about forks: switching, gates, adoption, and runs of Agave's VoteSimulator. */
import type { LockoutInterval, SwitchDecision } from '../../src/model/tower-switch.ts';
import { TowerPanic } from '../../src/model/tower.ts';
import type { Tower } from '../../src/model/tower.ts';
import {
  catchPanic,
  decisionNotation,
  failureNotation,
  pairsOf,
  parentLinks,
  recordedTower,
  slotsOf,
  stackNotation,
  stackOf,
  towerOf,
} from './notation.ts';
import type { Parents, StackNotation } from './notation.ts';
import type { Executor, Executors } from './run.ts';
import type { Rules } from './rules.ts';
import { candidateOf, decide, votedBanks } from './voted-banks.ts';
import type { VotedBanks } from './voted-banks.ts';

const check_switch_threshold: Executor<{
  parents: Parents;
  bank_forks_root: number;
  tower: StackNotation & { last_vote: number | null; stray_restored_slot: number | null };
  switch_slot: number;
  lockout_intervals: Readonly<Record<string, readonly LockoutInterval[]>>;
  gossip_latest_votes: Readonly<Record<string, number>>;
  invalid_ancestor_of_last_vote: number | null;
  unfrozen_descendants: Readonly<Record<string, readonly number[]>>;
  stakes: Readonly<Record<string, number>>;
  total_stake: number;
}> = (input, rules) => {
  const parentOf = parentLinks(input.parents, input.bank_forks_root);
  const unfrozen = new Set(Object.values(input.unfrozen_descendants).flat());
  const computed = slotsOf(input.parents).filter((slot) => parentOf(slot) !== undefined && !unfrozen.has(slot));
  const tips = computed.filter((slot) => !computed.some((other) => rules.isAncestor(parentOf, slot, other)));
  const decision = catchPanic(() =>
    rules.switchDecision({
      tower: { ...towerOf(rules, input.tower, input.tower.last_vote), strayRestoredSlot: input.tower.stray_restored_slot },
      switchSlot: input.switch_slot,
      parentOf,
      tips,
      lockoutIntervals: (bank) => input.lockout_intervals[bank] ?? [],
      gossipVotes: Object.entries(input.gossip_latest_votes).map(([voter, slot]) => ({ voter, slot })),
      stakeOf: (voter) => input.stakes[voter] ?? 0,
      totalStake: input.total_stake,
      invalidAncestor: input.invalid_ancestor_of_last_vote,
      lastVoteDumped: false,
    }),
  );
  return { decision: decision instanceof TowerPanic ? ['Panic'] : decisionNotation(decision) };
};

const vote_gate: Executor<{
  candidate_slot: number;
  is_locked_out: boolean;
  threshold_failures: readonly (readonly [depth: number, stake: number])[];
  tower_threshold_depth: number;
  is_leader_slot: boolean;
  latest_leader_slot_propagated: boolean;
  switch_decision: SwitchDecision['kind'];
}> = (input, rules) => {
  const decisions: Readonly<Record<SwitchDecision['kind'], SwitchDecision>> = {
    SameFork: { kind: 'SameFork' },
    SwitchProof: { kind: 'SwitchProof' },
    FailedSwitchThreshold: { kind: 'FailedSwitchThreshold', stake: 0, total: 1 },
    FailedSwitchDuplicateRollback: { kind: 'FailedSwitchDuplicateRollback', ancestor: 0 },
  };
  const { canVote, failures } = rules.voteGate({
    candidate: {
      slot: input.candidate_slot,
      isLockedOut: input.is_locked_out,
      thresholdFailures: input.threshold_failures.map(([depth, stake]) => ({ depth, stake })),
      isLeaderSlot: input.is_leader_slot,
      leaderSlotPropagated: input.latest_leader_slot_propagated,
    },
    thresholdDepth: input.tower_threshold_depth,
    decision: decisions[input.switch_decision],
  });
  const kinds = failures.map((failure) =>
    failure.kind === 'FailedThreshold' ? `${failure.kind}(${failure.depth})` : failure.kind,
  );
  return { can_vote: canVote, failure_kinds_in_order: kinds };
};

const last_vote_able_to_land: Executor<{
  bank_on_voted_fork: number | null;
  last_voted: number | null;
  landed: number | null;
  last_voted_in_slot_hashes?: boolean;
}> = (input, rules) => ({
  able: rules.lastVoteAbleToLand({
    bankOnVotedFork: input.bank_on_voted_fork,
    lastVoted: input.last_voted,
    landed: input.landed,
    inSlotHashes: (slot) => slot === input.last_voted && input.last_voted_in_slot_hashes === true,
  }),
});

const hashOf = (slot: number): string => `H${slot}`;

const adopt_on_chain: Executor<{ local: StackNotation; bank: StackNotation }> = ({ local, bank }, rules) => {
  const tower = towerOf(rules, local, local.votes.at(-1)?.[0] ?? null);
  const adopted = rules.adoptOnChainTower(tower, stackOf(bank), hashOf, (ancestor, slot) => ancestor < slot);
  return {
    adopted: adopted !== tower,
    tower: stackNotation(adopted.stack),
    last_voted_slot: adopted.lastVote?.slot ?? null,
  };
};

/** The tower after adoption from these banks in ascending order, and each adoption that took place. */
function adoptFrom(rules: Rules, banks: VotedBanks, start: Tower, me: number, slots: readonly number[]) {
  const parentOf = parentLinks(banks.parents, banks.root);
  const adoptions: { bank: number; tower: StackNotation }[] = [];
  let tower = start;
  for (const bank of slots) {
    const next = rules.adoptOnChainTower(tower, banks.accounts.get(bank)![me]!, hashOf, (ancestor, slot) =>
      rules.isAncestor(parentOf, ancestor, slot),
    );
    if (next !== tower) adoptions.push({ bank, tower: stackNotation(next.stack) });
    tower = next;
  }
  return { tower, adoptions };
}

const adopt_and_select: Executor<{
  parents: Parents;
  stake_each: number;
  vote_lists: readonly (readonly number[])[];
  me: number;
  local_tower_recorded: readonly number[];
  heaviest_bank: number;
  heaviest_bank_on_last_voted_fork: number;
}> = (input, rules) => {
  const banks = votedBanks(rules, input.parents, input.vote_lists, input.stake_each);
  const local = recordedTower(rules, input.local_tower_recorded);
  const { tower, adoptions } = adoptFrom(rules, banks, local, input.me, slotsOf(input.parents));
  const decision = decide(rules, banks, tower, input.heaviest_bank);
  const bankOnVotedFork = input.heaviest_bank_on_last_voted_fork;
  const parentOf = parentLinks(banks.parents, banks.root);
  const selection = rules.selectVoteAndReset({
    heaviest: candidateOf(rules, banks, tower, input.heaviest_bank),
    heaviestOnVotedFork: candidateOf(rules, banks, tower, bankOnVotedFork),
    thresholdDepth: tower.thresholdDepth,
    decision,
    lastVoteAbleToLand: rules.lastVoteAbleToLand({
      bankOnVotedFork,
      lastVoted: tower.lastVote?.slot ?? null,
      landed: rules.lastVotedSlot(banks.accounts.get(bankOnVotedFork)![input.me]!),
      inSlotHashes: (slot) => rules.isAncestor(parentOf, slot, bankOnVotedFork),
    }),
  });
  return {
    vote_slot: selection.vote,
    reset_slot: selection.reset,
    failures: selection.failures.map(failureNotation),
    adoptions,
    tower_after_adoption: stackNotation(tower.stack),
    switch_decision: decisionNotation(decision),
  };
};

interface CachedStats {
  readonly computed: boolean;
  readonly is_locked_out?: boolean;
  readonly threshold_failures?: readonly (readonly [depth: number, stake: number])[];
}

/** After an adoption the cached answers of computed banks are asked anew; banks not yet computed are left alone. */
const adopt_cache: Executor<{
  parents: Parents;
  my_onchain_votes_in_bank_6: readonly number[];
  cached_before: Readonly<Record<string, CachedStats>>;
  adopt_from_bank: number;
}> = (input, rules) => {
  const banks = votedBanks(rules, input.parents, [input.my_onchain_votes_in_bank_6], 10_000);
  const { tower } = adoptFrom(rules, banks, rules.newTower('node'), 0, [input.adopt_from_bank]);
  const after = Object.entries(input.cached_before).map(([slot, cached]): [string, CachedStats] => {
    if (!cached.computed) return [slot, { is_locked_out: false, ...cached }];
    const { isLockedOut, thresholdFailures } = candidateOf(rules, banks, tower, Number(slot));
    const threshold_failures = thresholdFailures.map(({ depth, stake }) => [depth, stake] as const);
    return [slot, { computed: true, is_locked_out: isLockedOut, threshold_failures }];
  });
  return { cached_after: Object.fromEntries(after) };
};

interface SimulationInput {
  readonly validators: number;
  readonly stake_each: number;
  readonly me: number;
  readonly initial_parents?: Parents;
  readonly cluster_votes: Readonly<Record<string, readonly number[]>>;
  readonly my_votes_in_order: readonly number[];
  readonly then_append_and_try?: readonly { slot: number; parent: number }[];
  readonly then?: string;
}

/** One candidate after the other, recorded where the gates let it pass. */
function simulate(rules: Rules, banks: VotedBanks, tower: Tower, slot: number) {
  const { vote, failures } = rules.selectVoteAndReset({
    heaviest: candidateOf(rules, banks, tower, slot),
    heaviestOnVotedFork: null,
    thresholdDepth: tower.thresholdDepth,
    decision: decide(rules, banks, tower, slot),
    lastVoteAbleToLand: true,
  });
  if (vote !== null) return { failures, tower: rules.recordVote(tower, slot, hashOf(slot)) };
  return { failures, tower };
}

const vote_simulation: Executor<SimulationInput> = (input, rules) => {
  const votes = Array.from({ length: input.validators }, (_, v) => [...(input.cluster_votes[v] ?? [])]);
  const parents: Record<string, number> = { ...input.initial_parents };
  const failures: Record<string, unknown> = {};
  let tower = rules.newTower('node');
  const attempt = (slot: number): void => {
    const banks = votedBanks(rules, parents, votes, input.stake_each, tower.stack.root ?? 0);
    const result = simulate(rules, banks, tower, slot);
    failures[slot] = result.failures.map(failureNotation);
    tower = result.tower;
  };
  input.my_votes_in_order.forEach(attempt);
  const listed = pairsOf(tower.stack.votes);
  const noneFailed = Object.values(failures).every((list) => JSON.stringify(list) === '[]');
  for (const { slot, parent } of input.then_append_and_try ?? []) {
    parents[slot] = parent;
    attempt(slot);
  }
  if (input.then_append_and_try !== undefined) return { failures };
  if (input.then === undefined) return { failures: noneFailed ? 'none' : failures, tower_votes: listed };

  const first = Number(/append slots (\d+)\.\./.exec(input.then)?.[1]);
  const oldRoot = tower.stack.root;
  let slots = 0;
  for (let slot = first; tower.stack.root === oldRoot && slots < 200; slot++, slots++) {
    parents[slot] = slot - 1;
    attempt(slot);
    votes.forEach((list, v) => {
      if (v !== input.me || tower.lastVote?.slot === slot) list.push(slot);
    });
  }
  return {
    failures: noneFailed ? /^none\b/ : failures,
    tower_after_listed: listed,
    // oxlint-disable-next-line unicorn/no-thenable -- the vector file's own word
    then: tower.stack.root !== oldRoot ? /^a new root is reached/ : `root still ${oldRoot} after ${slots} slots`,
  };
};

export const forkKinds: Executors = {
  check_switch_threshold,
  vote_gate,
  last_vote_able_to_land,
  adopt_on_chain,
  adopt_and_select,
  adopt_cache,
  vote_simulation,
};
