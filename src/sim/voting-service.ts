/**
 * From a decision to vote to a vote on the wire: recording (replay thread), then saving, sending and gossip (voting
 * thread), in the order of agave core/src/replay_stage.rs `push_vote`/`generate_vote_tx` and core/src/voting_service.rs (4.2).
 */
import { lastVotedSlot } from '../model/lockout.ts';
import { toRuns } from '../model/lockout-runs.ts';
import { recordVote } from '../model/tower.ts';
import type { Micros, VoteEvent } from '../model/trace.ts';
import { refreshDecision } from '../model/tower-refresh.ts';
import { hashOnFork } from './block.ts';
import type { Block } from './block.ts';
import { lastLeaderSlot } from './cluster.ts';
import { stakeOnOtherForks } from './fork-choice.ts';
import { pushVote, pushRefresh } from './gossip.ts';
import type { HostName } from './host-name.ts';
import { FIXED } from './latency.ts';
import { logLine } from './log.ts';
import type { QueuedVote, Validator } from './machine.ts';
import { isCut, losesPacket, slotsLate } from './network.ts';
import { exitProcess } from './process-end.ts';
import { NONE, withLast, withoutFirst } from './short-list.ts';
import { storeInEtcd } from './etcd-tower.ts';
import { storeTower } from './tower-storage.ts';
import { emit, later, pass } from './world.ts';
import type { World } from './world.ts';

/** Records a vote for the bank in the tower, and hands it to the voting service if it may be signed. */
export function castVote(world: World, validator: Validator, bank: Block): void {
  validator.tower = recordVote(validator.tower, bank.slot, bank.hash);
  const may = mayVote(world, validator);
  if (may !== 'sent') {
    if (validator.lastVote !== may) logLine(world, validator.host, refusal(world, validator, may));
    validator.lastVote = may;
    return;
  }
  validator.lastVote = 'sent';
  validator.lastVoteHeight = bank.length;
  const sync = validator.tower.lastVote!;
  enqueue(world, validator, { sync, slot: bank.slot, hash: bank.hash, identity: validator.votingIdentity, tower: validator.tower, bank });
}

/**
 * generate_vote_tx: no voters → non-voting; node of the vote account is not me → hot spare; key of the authorized
 * voter not held → non-voting. In each case the tower in memory has the vote, and nothing is sent or saved.
 */
function mayVote(world: World, validator: Validator): 'sent' | 'non-voting' | 'hot-spare' {
  if (validator.authorizedVoters.size === 0) return 'non-voting';
  if (validator.votingIdentity !== world.stakedIdentity) return 'hot-spare';
  return validator.authorizedVoters.has(world.stakedIdentity) ? 'sent' : 'non-voting';
}

function refusal(world: World, validator: Validator, why: 'non-voting' | 'hot-spare'): string {
  if (why === 'hot-spare') return `Vote account node_pubkey mismatch: ${world.stakedIdentity} (expected: ${validator.votingIdentity}).  Unable to vote`;
  return `The authorized keypair ${world.stakedIdentity} is not available.  Unable to vote`;
}

/** Sends the last vote again when it has not landed: same slots, new blockhash, nothing saved. */
export function maybeRefresh(world: World, validator: Validator): void {
  const last = validator.tower.lastVote;
  if (last === null) return;
  const bank = validator.leaves.find((leaf) => hashOnFork(leaf, last.slot) === last.hash);
  if (bank === undefined) return;
  const status = validator.lastVote;
  const age = bank.length - validator.lastVoteHeight;
  const refresh = refreshDecision({
    votes: false,
    bankOnVotedFork: bank.slot,
    landed: lastVotedSlot(bank.voteState),
    lastVoted: last.slot,
    lastTransaction: status === 'sent' ? { kind: 'sent', blockhashAge: age } : { kind: status },
    msSinceRefresh: (world.now - validator.lastRefreshAt) / 1000,
  });
  if (!refresh || mayVote(world, validator) !== 'sent') return;
  validator.lastRefreshAt = world.now;
  validator.lastVote = 'sent';
  validator.lastVoteHeight = bank.length;
  enqueue(world, validator, { sync: last, slot: last.slot, hash: last.hash, identity: validator.votingIdentity, tower: null, bank });
}

function enqueue(world: World, validator: Validator, vote: QueuedVote): void {
  validator.queue = withLast(validator.queue, vote);
  if (!validator.serving) serve(world, validator);
}

/** The voting thread takes one vote after another. */
export function serve(world: World, validator: Validator): void {
  validator.serving = validator.queue.length > 0;
  if (!validator.serving) return;
  const machine = world.hosts[validator.host];
  if (machine.stalledUntil === Number.MAX_SAFE_INTEGER) {
    machine.votingWaits = validator.pid;
    return;
  }
  const begin = Math.max(world.now, machine.stalledUntil);
  later(world, validator, begin + world.latencies.votingService, saveAndSend, null);
}

function saveAndSend(world: World, validator: Validator): void {
  if (world.hosts[validator.host].stalledUntil > world.now) return serve(world, validator);
  const vote = validator.queue[0]!;
  if (vote.tower === null) return send(world, validator, vote);
  if (validator.flags.etcd === null) return afterStore(world, validator, { error: storeTower(world, validator, vote.tower), data: vote });
  storeInEtcd(world, validator, vote.tower, afterStore, vote);
}

/** The thread waits for the store, however long it takes. */
function afterStore(world: World, validator: Validator, { error, data: vote }: { readonly error: string | null; readonly data: QueuedVote }): void {
  if (error !== null) {
    exitProcess(world, validator, 1, `Unable to save tower to storage: ${error}`);
    return;
  }
  emit(world, { type: 'tower-saved', t: world.now, host: validator.host, identity: vote.identity, slot: vote.slot, root: vote.sync.root });
  pass(world, validator, 'tower-saved', sendUnlessStalled, vote);
}

function sendUnlessStalled(world: World, validator: Validator, vote: QueuedVote): void {
  const { from, until } = world.hosts[validator.host].sendStall;
  if (world.now >= from && world.now < until) later(world, validator, until, send, vote);
  else send(world, validator, vote);
}

function send(world: World, validator: Validator, vote: QueuedVote): void {
  validator.queue = withoutFirst(validator.queue);
  const { host } = validator;
  const id = world.votes.length;
  const event: VoteEvent = {
    type: 'vote', t: world.now, id, host, identity: vote.identity, slot: vote.slot, hash: vote.hash,
    lockouts: toRuns(vote.sync.lockouts), root: vote.sync.root, refresh: vote.tower === null,
  };
  const previous = world.newestVote;
  const switches = previous !== null && vote.slot > previous.slot && hashOnFork(vote.bank, previous.slot) !== previous.bank.hash;
  emit(world, switches ? { ...event, switchStake: stakeOnOtherForks(world, allTips(world), previous.bank) } : event);
  world.votes.push({ host, pid: validator.pid, slot: vote.slot });
  if (previous === null || vote.slot > previous.slot) world.newestVote = vote;
  const byPort = travelOf(world, host, 'votes', FIXED.voteTravel);
  const byGossip = travelOf(world, host, 'gossip', world.latencies.gossip);
  const travel = Math.min(byPort, byGossip);
  if (travel < Number.POSITIVE_INFINITY) {
    world.cluster.pool = withLast(world.cluster.pool, {
      id, sync: vote.sync, slot: vote.slot, hash: vote.hash,
      arrivesAt: world.now + travel,
      lastLeaderSlot: lastLeaderSlot(world.slot, byGossip < Number.POSITIVE_INFINITY), executedIn: NONE,
    });
  }
  pass(world, validator, 'vote-sent', gossipVote, vote);
}

/** How long a vote that is sent now is on its way, µs; infinite when it does not arrive that way. */
function travelOf({ network, slotMicros }: World, host: HostName, channel: 'votes' | 'gossip', usual: Micros): Micros {
  if (isCut(network, host, channel, 'out') || losesPacket(network, host, channel, 'out')) return Number.POSITIVE_INFINITY;
  return usual + slotsLate(network, host, channel, 'out') * slotMicros;
}

function gossipVote(world: World, validator: Validator, vote: QueuedVote): void {
  if (vote.tower === null) pushRefresh(world, validator, vote.slot);
  else if (!pushVote(world, validator, vote.slot)) {
    exitProcess(world, validator, 1, `Submitting old vote, switch: false, vote slot: ${vote.slot}`);
    return;
  }
  serve(world, validator);
}

function allTips(world: World): Block[] {
  const { main, x, y } = world.cluster.tips;
  return [main, x, y].filter((tip): tip is Block => tip !== null);
}
