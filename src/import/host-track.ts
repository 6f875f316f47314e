/**
 * What each host did, from its log: its process, its identities, the towers that it loaded, and the votes that it cast.
 * A log shows the newest slot and root of a stack only; the whole stack is rebuilt vote by vote with the tower rules.
 */
import { lastVotedSlot, processNextVoteSlot } from '../model/lockout.ts';
import type { Lockout, VoteStack } from '../model/lockout.ts';
import { toRuns } from '../model/lockout-runs.ts';
import type { Micros, TraceEvent } from '../model/trace.ts';
import type { HostFact } from './host-fact.ts';
import { firstIdentity, startIdentity } from './host-identity.ts';
import type { LandedVote } from './landed-vote.ts';
import type { SeenBlocks } from './seen-blocks.ts';
import { knownStacks } from './known-stacks.ts';
import type { KnownStacks } from './known-stacks.ts';

/** A vote that a host recorded with the staked identity. */
export interface CastVote {
  readonly host: string;
  /** Time of the line that tells it. */
  readonly t: Micros;
  readonly slot: number;
  /** Bank hash as this host froze it; null when its log does not show that. */
  readonly hash: string | null;
  stack: VoteStack;
  /** rebuilt: by the tower rules from a stack that was told; chain: taken from a landed vote; guessed: neither. */
  how: 'rebuilt' | 'chain' | 'guessed';
  /** Why it never left, null for a vote that did. */
  unsent: string | null;
  readonly refresh: boolean;
  readonly file: string;
  readonly line: number;
}

export interface Tracks {
  readonly votes: readonly CastVote[];
  /** Processes, identities, towers and lines of the log, by time. */
  readonly events: readonly TraceEvent[];
  /** Where a log and a rebuilt stack contradict each other. */
  readonly disagreements: readonly string[];
}

export interface TrackInput {
  readonly facts: readonly HostFact[];
  readonly hosts: readonly string[];
  readonly staked: string;
  readonly blocks: SeenBlocks;
  readonly landed: readonly LandedVote[];
  /** Stacks in tower files. */
  readonly towers: readonly VoteStack[];
  /** Hosts whose log begins in the middle, with its first time. */
  readonly underway: ReadonlyMap<string, Micros>;
}

interface Loading {
  readonly t: Micros;
  readonly source: 'file' | 'rebuilt';
  /** Newest slot in the file. */
  readonly fileSlot: number | null;
  stack: VoteStack | null;
  readonly why: string;
  readonly inferred: string | null;
}

interface Host {
  readonly name: string;
  alive: boolean;
  gossip: string | null;
  voting: string | null;
  /** Of the staked identity; null when nothing is known of it. */
  stack: VoteStack | null;
  /** The stack is the host's, whole; else it holds the votes that were seen, the first of them for `from`. */
  sure: boolean;
  from: number;
  loading: Loading | null;
  /** The vote recorded last, until the turn of the loop is over. */
  pending: CastVote | null;
  newest: CastVote | null;
  /** Votes of any identity whose line of the metrics thread has not come yet. */
  untold: { readonly slot: number; readonly vote: CastVote | null }[];
  forksRoot: number;
  frozen: number;
  /** The reason that was logged last for not voting. */
  silentWhy: string | null;
  lastSeen: Micros;
  readonly tellsVotes: boolean;
}

/** Follows all hosts through their logs. */
export function trackHosts(input: TrackInput): Tracks {
  const { facts, staked, blocks } = input;
  const tellVotes = new Set(facts.filter(({ fact }) => fact.kind === 'voting').map(({ host }) => host));
  const hosts = new Map(input.hosts.map((name): [string, Host] => [name, {
    name, alive: false, gossip: null, voting: null, stack: null, sure: false, from: 0, loading: null, pending: null, newest: null, untold: [], forksRoot: 0, frozen: 0, silentWhy: null, lastSeen: 0,
    tellsVotes: tellVotes.has(name),
  }]));
  const known = knownStacks(input.towers, input.landed);
  const votes: CastVote[] = [];
  const events: TraceEvent[] = [];
  const disagreements: string[] = [];

  for (const [name, t] of input.underway) beginUnderway(hosts.get(name)!, t);
  for (const item of facts) {
    const host = hosts.get(item.host)!;
    follow(host, item);
    host.lastSeen = item.t;
  }
  return { votes, events: events.sort((a, b) => a.t - b.t), disagreements };

  /** A log that begins in the middle shows its identity in passing. */
  function beginUnderway(host: Host, t: Micros): void {
    const identity = firstIdentity(facts, host.name);
    if (identity === null) return;
    host.alive = true;
    host.gossip = identity;
    host.voting = identity;
    const inferred = 'the log begins while the validator runs; the identity is the first that it names';
    events.push({ type: 'process', t, host: host.name, state: 'running', identity, inferred });
    for (const layer of ['gossip', 'voting'] as const) events.push({ type: 'identity', t, host: host.name, layer, from: null, to: identity, inferred });
  }

  function follow(host: Host, { fact, t, file, line }: HostFact): void {
    if (!host.alive && fact.kind !== 'started') return;
    switch (fact.kind) {
      case 'started': {
        if (host.alive) {
          events.push({ type: 'process', t: host.lastSeen, host: host.name, state: 'exited', reason: 'a new process begins without a word of the old one', inferred: 'from the new start' });
        }
        const identity = startIdentity(facts, host.name, t);
        Object.assign(host, { alive: true, gossip: identity, voting: null, stack: null, loading: null, pending: null, newest: null, untold: [], silentWhy: null } satisfies Partial<Host>);
        events.push({ type: 'process', t, host: host.name, state: 'started', ...(identity === null ? {} : { identity }) });
        return;
      }
      case 'running':
        events.push({ type: 'process', t, host: host.name, state: 'running' });
        return;
      case 'tower-read':
        host.loading = loadingFile(t, fact.slots, fact.root, fact.replayedRoot, known);
        return;
      case 'tower-fitted':
        if (host.loading !== null && host.loading.stack !== null) host.loading.stack = { ...host.loading.stack, votes: host.loading.stack.votes.filter(({ slot }) => fact.slots.includes(slot)) };
        return;
      case 'tower-missing':
        host.loading = { t, source: 'rebuilt', fileSlot: null, stack: known.onChain(host.frozen, host.forksRoot), why: fact.why, inferred: 'the stack: that of the vote account in the newest bank' };
        return;
      case 'tower-state':
        if (fact.node === staked) {
          const source = host.loading?.source ?? 'rebuilt';
          takeTower(host, { t, source, fileSlot: host.loading?.fileSlot ?? null, stack: fact.stack, why: host.loading?.why ?? '', inferred: null });
        }
        host.loading = null;
        host.voting = fact.node;
        events.push({ type: 'identity', t, host: host.name, layer: 'voting', from: null, to: fact.node });
        return;
      case 'adopted': {
        const { localRoot, stack } = fact;
        const ahead = localRoot !== null && (stack.root === null || localRoot > stack.root);
        const adopted = ahead ? { votes: stack.votes.filter(({ slot }) => slot > localRoot), root: localRoot } : stack;
        if (host.voting === staked) {
          host.stack = adopted;
          host.sure = true;
          events.push({ type: 'tower-loaded', t, host: host.name, identity: staked, source: 'adopted', slot: lastVotedSlot(adopted), root: adopted.root, lockouts: toRuns(adopted.votes), why: 'the vote account of a bank was ahead' });
        }
        return;
      }
      case 'identity-set':
        events.push({ type: 'identity', t, host: host.name, layer: 'gossip', from: host.gossip, to: fact.to });
        host.gossip = fact.to;
        return;
      case 'identity-changed':
        host.pending = null;
        host.newest = null;
        host.stack = null;
        if (fact.to === staked && host.loading !== null) takeTower(host, host.loading);
        host.loading = null;
        host.voting = fact.to;
        host.silentWhy = null;
        events.push({ type: 'identity', t, host: host.name, layer: 'voting', from: fact.from, to: fact.to });
        events.push({ type: 'log', t, host: host.name, text: `Identity changed from ${fact.from} to ${fact.to}` });
        return;
      case 'frozen':
        host.frozen = Math.max(host.frozen, fact.slot);
        return;
      case 'new-root':
        host.forksRoot = Math.max(host.forksRoot, fact.slot);
        return;
      case 'voting':
        host.pending = host.voting === staked ? cast(host, fact.slot, t, file, line) : null;
        host.untold.push({ slot: fact.slot, vote: host.pending });
        return;
      case 'tower-vote':
        towerVote(host, fact, t, file, line);
        return;
      case 'turn-over':
        host.pending = null;
        return;
      case 'cannot-vote': {
        if (host.silentWhy !== fact.why) {
          const text = fact.node === null ? `${fact.why}.  Unable to vote` : `Vote account node_pubkey mismatch: ${fact.node} (expected: ${fact.own!}).  Unable to vote`;
          events.push({ type: 'log', t, host: host.name, text });
        }
        host.silentWhy = fact.why;
        if (host.pending !== null) votes.splice(votes.lastIndexOf(host.pending), 1);
        host.pending = null;
        return;
      }
      case 'refreshed':
        if (host.newest !== null && host.newest.slot === fact.slot) votes.push({ ...host.newest, t, refresh: true, file, line });
        return;
      case 'suspended':
        events.push({ type: 'log', t, host: host.name, text: `slots that were voted and rooted are replayed: no vote until slot ${fact.until}` });
        return;
      case 'ended':
        end(host, fact, t);
        return;
      case 'identity-seen':
      case 'version':
      case 'start-identity':
      case 'vote-account':
      case 'new-bank':
      case 'leader-change':
      case 'leader-skips':
      case 'observed':
      case 'supermajority-root':
        return;
    }
  }

  function takeTower(host: Host, loading: Loading): void {
    const { t, source, stack, fileSlot, why, inferred } = loading;
    host.stack = stack;
    host.sure = stack !== null;
    const words = source === 'file' ? `from the file, last vote ${fileSlot ?? 'none'}` : why;
    events.push({
      type: 'tower-loaded', t, host: host.name, identity: staked, source, slot: stack === null ? fileSlot : lastVotedSlot(stack), root: stack?.root ?? null,
      ...(stack === null ? {} : { lockouts: toRuns(stack.votes) }), ...(words === '' ? {} : { why: words }),
      ...(stack === null ? { inferred: 'nothing is known of the stack' } : inferred === null ? {} : { inferred }),
    });
  }

  function cast(host: Host, slot: number, t: Micros, file: string, line: number): CastVote | null {
    const last = host.stack === null ? null : lastVotedSlot(host.stack);
    if (last !== null && slot <= last) {
      disagreements.push(`${file}:${line}: ${host.name} votes for slot ${slot}, and its rebuilt stack has ${last} already`);
      return null;
    }
    const hash = blocks.hashOf(slot, host.name);
    const told = host.sure ? null : known.landed(slot, hash);
    if (host.stack === null) host.from = slot;
    host.stack = told ?? processNextVoteSlot(host.stack ?? { votes: [], root: null }, slot);
    const how = told !== null ? 'chain' : host.sure ? 'rebuilt' : 'guessed';
    host.sure ||= told !== null;
    const vote: CastVote = { host: host.name, t, slot, hash, stack: host.stack, how, unsent: null, refresh: false, file, line };
    if (host.sure) known.add(host.stack);
    host.newest = vote;
    host.silentWhy = null;
    votes.push(vote);
    return vote;
  }

  /** The metrics thread tells the root of a vote, a little later; in a log without the other line, the vote itself. */
  function towerVote(host: Host, { slot, root }: { readonly slot: number; readonly root: number }, t: Micros, file: string, line: number): void {
    if (!host.tellsVotes) {
      host.pending = host.voting === staked ? cast(host, slot, t, file, line) : null;
      return;
    }
    const at = host.untold.findIndex((untold) => untold.slot === slot);
    const vote = host.untold[at]?.vote ?? null;
    host.untold.splice(0, at + 1);
    if (vote === null || vote.stack.root === root) return;
    if (vote.how === 'guessed') return settle(host, vote, root);
    disagreements.push(`${file}:${line}: ${host.name} tells root ${root} for its vote for slot ${slot}; rebuilt: ${vote.stack.root ?? 'none'}`);
  }

  /**
   * A stack that was not known is known once all votes above its root have been seen: what a vote's count is depends
   * only on the votes above it, and the metrics tell the root.
   */
  function settle(host: Host, vote: CastVote, root: number): void {
    if (host.newest !== vote || host.from > root + 1) return;
    vote.stack = { votes: vote.stack.votes.filter(({ slot }) => slot > root), root };
    vote.how = 'rebuilt';
    host.stack = vote.stack;
    host.sure = true;
  }

  function end(host: Host, { ending, reason }: { readonly ending: string; readonly reason: string }, t: Micros): void {
    // The tower is saved before the vote is sent, so the vote whose tower was not saved stayed at home.
    if ((ending === 'lost-lock' || ending === 'tower-not-saved') && host.newest !== null) host.newest.unsent = reason;
    if (ending === 'panic') {
      for (const later of facts) {
        if (later.host !== host.name || later.t <= t) continue;
        if (later.fact.kind === 'started') break;
        if (later.fact.kind !== 'voting') continue;
        const vote = cast(host, later.fact.slot, later.t, later.file, later.line);
        if (vote !== null) vote.unsent = reason;
      }
    }
    host.alive = false;
    host.pending = null;
    events.push({ type: 'process', t, host: host.name, state: 'exited', reason });
  }
}

function loadingFile(t: Micros, slots: readonly number[], root: number, replayedRoot: number, known: KnownStacks): Loading {
  const exact = known.withSlots(slots, root);
  const stack: VoteStack = { votes: exact?.votes ?? leastCounts(slots), root: Math.max(root, replayedRoot) };
  const inferred = exact === null ? 'counts: the least that so many votes above have' : 'counts: those of the same stack when it was voted';
  return { t, source: 'file', fileSlot: slots.at(-1) ?? null, stack, why: '', inferred };
}

function leastCounts(slots: readonly number[]): Lockout[] {
  return slots.map((slot, i) => ({ slot, confirmationCount: slots.length - i }));
}
