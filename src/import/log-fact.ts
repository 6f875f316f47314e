/**
 * What a line of a validator's log says about identity, votes and blocks. The words are those of agave 2.3 and 4.2
 * (core/src/{validator,replay_stage,consensus,voting_service}.rs, gossip/src/cluster_info.rs, admin_rpc_service.rs);
 * a line that is none of these says nothing here.
 */
import type { Lockout, VoteStack } from '../model/lockout.ts';

/** How a process ended, as far as the log tells it. */
export type Ending = 'duplicate' | 'panic' | 'lost-lock' | 'tower-not-saved' | 'tower-not-loaded' | 'stopped';

export type LogFact =
  /** A process begins. */
  | { readonly kind: 'started' }
  | { readonly kind: 'version'; readonly client: string }
  /** The identity at start-up. */
  | { readonly kind: 'start-identity'; readonly identity: string }
  | { readonly kind: 'vote-account'; readonly address: string }
  /** Start-up is over. */
  | { readonly kind: 'running' }
  /** The tower with which the replay loop begins, whole. */
  | { readonly kind: 'tower-state'; readonly node: string; readonly stack: VoteStack }
  /** A tower file was read, and is being fitted to the ledger. Slots of its stack, oldest first, without counts. */
  | { readonly kind: 'tower-read'; readonly slots: readonly number[]; readonly root: number; readonly replayedRoot: number }
  /** What the ledger lets stand of it. */
  | { readonly kind: 'tower-fitted'; readonly slots: readonly number[] }
  /** There is no tower file: the tower is made from a bank. */
  | { readonly kind: 'tower-missing'; readonly why: string }
  /** The vote account of a frozen bank is ahead of the tower, whose root is `localRoot`. */
  | { readonly kind: 'adopted'; readonly stack: VoteStack; readonly localRoot: number | null }
  /** set-identity has done its work. */
  | { readonly kind: 'identity-set'; readonly to: string }
  /** The voting loop has switched. */
  | { readonly kind: 'identity-changed'; readonly from: string; readonly to: string }
  /** A line that names the identity of the voting loop in passing. */
  | { readonly kind: 'identity-seen'; readonly identity: string; readonly nextLeaderSlot: number | null }
  /** The tower has rooted a slot; since 4.0 the line names the identity. */
  | { readonly kind: 'new-root'; readonly slot: number; readonly identity: string | null }
  | { readonly kind: 'new-bank'; readonly slot: number; readonly parent: number; readonly own: boolean }
  | { readonly kind: 'frozen'; readonly slot: number; readonly hash: string }
  | { readonly kind: 'leader-change'; readonly slot: number; readonly leader: string }
  | { readonly kind: 'leader-skips' }
  /** The loop decides to vote, and records the vote in its tower. */
  | { readonly kind: 'voting'; readonly slot: number }
  /** The same, told by the metrics thread a little later, with the root. */
  | { readonly kind: 'tower-vote'; readonly slot: number; readonly root: number }
  /** Newest slot and root of the vote account in the bank that was frozen last. */
  | { readonly kind: 'observed'; readonly slot: number; readonly root: number }
  | { readonly kind: 'supermajority-root'; readonly slot: number }
  /** The vote that was just recorded is not signed. `node`: the node of the vote account, where the line tells it. */
  | { readonly kind: 'cannot-vote'; readonly why: string; readonly node: string | null; readonly own: string | null }
  /** The turn in which a vote may have been recorded goes on; or a refresh is tried. */
  | { readonly kind: 'turn-over' }
  /** The last vote is sent again. */
  | { readonly kind: 'refreshed'; readonly slot: number }
  | { readonly kind: 'suspended'; readonly until: number }
  | { readonly kind: 'ended'; readonly ending: Ending; readonly reason: string };

const KEY = '([1-9A-HJ-NP-Za-km-z]{32,44})';

interface Pattern {
  /** A word without which the pattern cannot match: it is looked for first. */
  readonly word: string;
  readonly matches: RegExp;
  readonly fact: (groups: readonly string[]) => LogFact | null;
}

const number = (text: string | undefined): number => Number(text);
const slotList = (text: string): number[] => [...text.matchAll(/\d+/g)].map(([slot]) => Number(slot));

function lockoutList(text: string): Lockout[] {
  return [...text.matchAll(/slot: (\d+), confirmation_count: (\d+)/g)].map(([, slot, count]) => ({ slot: Number(slot), confirmationCount: Number(count) }));
}

const someSlot = (text: string): number | null => (text.startsWith('Some(') ? Number(text.slice(5, -1)) : null);

const PATTERNS: readonly Pattern[] = [
  { word: 'bank frozen', matches: new RegExp(`^bank frozen: (\\d+) hash: ${KEY}`), fact: ([slot, hash]) => ({ kind: 'frozen', slot: number(slot), hash: hash! }) },
  { word: 'new fork', matches: /^new fork:(\d+) parent:(\d+) (\(leader\) )?root:/, fact: ([slot, parent, own]) => ({ kind: 'new-bank', slot: number(slot), parent: number(parent), own: own !== undefined }) },
  { word: 'voting:', matches: /^voting: (\d+) /, fact: ([slot]) => ({ kind: 'voting', slot: number(slot) }) },
  { word: 'vote bank:', matches: /^vote bank: /, fact: () => ({ kind: 'turn-over' }) },
  { word: 'Trying to refresh', matches: /^Trying to refresh timestamp/, fact: () => ({ kind: 'turn-over' }) },
  { word: 'refresh_vote', matches: /^datapoint: refresh_vote .*?last_vote_slot=(\d+)i/, fact: ([slot]) => ({ kind: 'refreshed', slot: number(slot) }) },
  { word: 'tower-vote', matches: /^datapoint: tower-vote latest=(\d+)i root=(\d+)i/, fact: ([slot, root]) => ({ kind: 'tower-vote', slot: number(slot), root: number(root) }) },
  { word: 'tower-observed', matches: /^datapoint: tower-observed slot=(\d+)i root=(\d+)i/, fact: ([slot, root]) => ({ kind: 'observed', slot: number(slot), root: number(root) }) },
  { word: 'block-commitment-cache', matches: /^datapoint: block-commitment-cache .*?highest-super-majority-root=(\d+)i/, fact: ([slot]) => ({ kind: 'supermajority-root', slot: number(slot) }) },
  { word: 'Unable to vote', matches: new RegExp(`^Vote account node_pubkey mismatch: ${KEY} \\(expected: ${KEY}\\)\\. +Unable to vote`), fact: ([node, own]) => ({ kind: 'cannot-vote', why: 'hot spare: the vote account belongs to another identity', node: node!, own: own! }) },
  { word: 'Unable to vote', matches: /^(.*?)\. +Unable to vote/, fact: ([why]) => ({ kind: 'cannot-vote', why: why!, node: null, own: null }) },
  { word: 'new root ', matches: new RegExp(`^(?:${KEY}: )?new root (\\d+)`), fact: ([identity, slot]) => ({ kind: 'new-root', slot: number(slot), identity: identity ?? null }) },
  { word: 'reset PoH', matches: new RegExp(`^${KEY} reset PoH to tick \\d+ \\(within slot \\d+\\)\\. (?:My next leader slot is (\\d+))?`), fact: ([identity, slot]) => ({ kind: 'identity-seen', identity: identity!, nextLeaderSlot: slot === undefined ? null : number(slot) }) },
  { word: 'LEADER CHANGE', matches: new RegExp(`^LEADER CHANGE at slot: (\\d+) leader: ${KEY}`), fact: ([slot, leader]) => ({ kind: 'leader-change', slot: number(slot), leader: leader! }) },
  { word: 'skipping my leader slot', matches: /^Haven't landed a vote, so skipping my leader slot/, fact: () => ({ kind: 'leader-skips' }) },
  { word: 'Identity set to', matches: new RegExp(`^Identity set to ${KEY}`), fact: ([to]) => ({ kind: 'identity-set', to: to! }) },
  { word: 'Identity changed from', matches: new RegExp(`^Identity changed from ${KEY} to ${KEY}`), fact: ([from, to]) => ({ kind: 'identity-changed', from: from!, to: to! }) },
  { word: 'adjusting lockouts', matches: /^adjusting lockouts \(after replay up to \d+\): \[([\d, ]*)\] tower root: (\d+) replayed root: (\d+)/, fact: ([slots, root, replayedRoot]) => ({ kind: 'tower-read', slots: slotList(slots!), root: number(root), replayedRoot: number(replayedRoot) }) },
  { word: 'restored votes', matches: /^\d+ restored votes \(out of \d+\) were on different fork[^[]*\[([\d, ]*)\]/, fact: ([slots]) => ({ kind: 'tower-fitted', slots: slotList(slots!) }) },
  { word: 'restored votes', matches: /^All restored votes were behind/, fact: () => ({ kind: 'tower-fitted', slots: [] }) },
  { word: 'Failed to load tower', matches: /^Failed to load tower, file missing for \w+: (.*?)\. Creating a new tower/, fact: ([why]) => ({ kind: 'tower-missing', why: why! }) },
  { word: 'failed tower restore', matches: /^Rebuilding a new tower from the latest vote account due to failed tower restore: (.*)$/, fact: ([why]) => ({ kind: 'tower-missing', why: why! }) },
  { word: 'failed tower restore', matches: /^(Ignoring expected failed tower restore.*?)(?:\.\.\.)?$/, fact: ([why]) => ({ kind: 'tower-missing', why: why! }) },
  { word: 'Tower state:', matches: new RegExp(`^Tower state: Tower \\{ node_pubkey: ${KEY}, .*?vote_state: \\w+ \\{ votes: \\[([^\\]]*)\\], root_slot: (None|Some\\(\\d+\\))`), fact: ([node, votes, root]) => ({ kind: 'tower-state', node: node!, stack: { votes: lockoutList(votes!), root: someSlot(root!) } }) },
  { word: 'adopting the bank vote state', matches: /adopting the bank vote state as our own\. Bank votes: \[([^\]]*)\], root: (None|Some\(\d+\)), Local votes: \[[^\]]*\], root: (None|Some\(\d+\))/, fact: ([votes, root, local]) => ({ kind: 'adopted', stack: { votes: lockoutList(votes!), root: someSlot(root!) }, localRoot: someSlot(local!) }) },
  { word: 'VOTING will be SUSPENDED', matches: /VOTING will be SUSPENDED UNTIL (\d+)/, fact: ([until]) => ({ kind: 'suspended', until: number(until) }) },
  { word: 'Starting validator with', matches: /^Starting validator with/, fact: () => ({ kind: 'started' }) },
  { word: 'validator ', matches: /^(agave|solana|jito|frankendancer)(?:-\w+)*-validator (\d+\.\d+\.\d+)|^agave-validator (\d+\.\d+\.\d+)/, fact: ([name, version, agave]) => ({ kind: 'version', client: `${name ?? 'agave'} ${version ?? agave!}` }) },
  { word: 'identity pubkey:', matches: new RegExp(`^identity pubkey: ${KEY}`), fact: ([identity]) => ({ kind: 'start-identity', identity: identity! }) },
  { word: 'vote account pubkey:', matches: new RegExp(`^vote account pubkey: ${KEY}`), fact: ([address]) => ({ kind: 'vote-account', address: address! }) },
  { word: 'slot_weight:', matches: new RegExp(`^${KEY} slot_weight: `), fact: ([address]) => ({ kind: 'vote-account', address: address! }) },
  { word: 'Validator initialized', matches: /^Validator initialized/, fact: () => ({ kind: 'running' }) },
  { word: 'duplicate running instances', matches: /^(duplicate running instances of the same validator node)/, fact: ([reason]) => ({ kind: 'ended', ending: 'duplicate', reason: reason! }) },
  { word: 'Lost etcd instance lock', matches: new RegExp(`(Lost etcd instance lock for ${KEY})`), fact: ([reason]) => ({ kind: 'ended', ending: 'lost-lock', reason: `Unable to save tower to storage: ${reason!}` }) },
  { word: 'Unable to save tower', matches: /^(Unable to save tower to storage: .*)$/, fact: ([reason]) => ({ kind: 'ended', ending: 'tower-not-saved', reason: reason! }) },
  { word: 'Unable to load new tower', matches: /^(Unable to load new tower when attempting to change identity .*)$/, fact: ([reason]) => ({ kind: 'ended', ending: 'tower-not-loaded', reason: reason! }) },
  { word: 'mandatory tower restore failed', matches: /(Requested mandatory tower restore failed: .*)$/, fact: ([reason]) => ({ kind: 'ended', ending: 'tower-not-loaded', reason: reason! }) },
  { word: 'panicked at', matches: /^(?:thread '([^']*)' .*?)?panicked at .*?(?:\n(.*))?$/s, fact: ([thread, words]) => ({ kind: 'ended', ending: 'panic', reason: `${thread === undefined ? '' : `${thread} `}panicked${words === undefined ? '' : `: ${shortLists(words.trim())}`}` }) },
  { word: 'listen_for_signals() has stopped', matches: /^Validator::listen_for_signals\(\) has stopped/, fact: () => ({ kind: 'ended', ending: 'stopped', reason: 'the process was asked to end, or ended itself; the log gives no reason' }) },
];

/** "[808, 809, …, 838]" as "[808 … 838]". */
function shortLists(words: string): string {
  return words.replace(/\[(\d+)(?:, \d+)+, (\d+)\]/g, '[$1 … $2]');
}

const HINTS = new RegExp([...new Set(PATTERNS.map(({ word }) => word))].map((word) => word.replace(/[()]/g, '\\$&')).join('|'));

/** What the message of a log line says; null for the many lines that say nothing of what is asked here. */
export function factIn(message: string): LogFact | null {
  if (!HINTS.test(message)) return null;
  for (const { word, matches, fact } of PATTERNS) {
    if (!message.includes(word)) continue;
    const match = matches.exec(message);
    if (match !== null) return fact(match.slice(1));
  }
  return null;
}
