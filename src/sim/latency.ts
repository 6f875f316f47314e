/**
 * How long things take. Integer µs; each table begins with the mildest value, and a run draws one index per name.
 *
 * Measured on real Agave 4.2.0 validators (docs/model.md lists the runs): set-identity, bank to bank, replay to vote,
 * duplicate detection, restart. Assumed, as nothing was measured: scp over a real network, and the operator's hands.
 */
import type { Chooser } from './chooser.ts';

const MS = 1_000;

export const LATENCY_TABLES = {
  /** Part of a slot, in sixteenths, by which the procedure starts later. */
  phase: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  /** set-identity from start to return: mostly 20–90 ms, once 1.57 s. */
  setIdentity: [40 * MS, 20 * MS, 28 * MS, 66 * MS, 90 * MS, 1570 * MS],
  /** scp of one small file, connection included. 20 ms: a copy on the same machine or an open connection. */
  scp: [700 * MS, 20 * MS, 120 * MS, 300 * MS, 1500 * MS],
  /** Between the last command on one host and the first on the other. */
  operatorPause: [1500 * MS, 20 * MS, 300 * MS, 1000 * MS, 2500 * MS],
  /** End of a slot to its bank frozen, on the active. */
  turbineActive: [15 * MS, 1 * MS, 5 * MS, 26 * MS, 60 * MS],
  turbineInactive: [15 * MS, 1 * MS, 5 * MS, 26 * MS, 60 * MS],
  /** Vote recorded to tower file written and transaction sent. */
  votingService: [2 * MS, 1 * MS, 5 * MS, 10 * MS],
  /**
   * The voting service of the active stands still in sending, from two slots before the procedure starts, for so many
   * slots: seen on a real run, in which the files of three votes came only after the copy.
   */
  votingStall: [0, 1, 3, 5],
  /** "Identity changed" to the next turn of the replay loop: 0.3–5.2 ms. */
  nextTurn: [3 * MS, 300, 5200],
  /** A vote by gossip, to the other host and to the leaders: an assumption; 3 ms between two hosts in one room, seen. */
  gossip: [300 * MS, 3 * MS, 50 * MS, 1000 * MS],
  /** Newer contact info of one's own key to the end of the older process: 2.4, 4.0, 12.5 and 66 s seen. */
  duplicateDetection: [2_400 * MS, 4_000 * MS, 12_500 * MS, 66_000 * MS],
  /** Skipped slots, that of the demotion first: 0, or a dead leader window (seen: slots 496–499). */
  skipsAfterDemotion: [0, 4, 8],
} as const;

export type LatencyName = keyof typeof LATENCY_TABLES;

export type Latencies = { readonly [name in LatencyName]: number };

/** What does not vary from run to run. */
export const FIXED = {
  /** ln, readlink, cat, and the like. */
  fileCommand: 8 * MS,
  keygen: 15 * MS,
  /** A command over JSON-RPC or the admin socket that only reads. */
  rpc: 30 * MS,
  sshConnect: 300 * MS,
  /** ssh and scp to a host that does not answer (ConnectTimeout of the system is longer; an assumption). */
  sshTimeout: 10_000 * MS,
  /** A vote on its way to the leaders. */
  voteTravel: 20 * MS,
  /** Other voters' votes for a block, after its slot. */
  groupVote: 100 * MS,
  /** Process start to gossip under the key of --identity: 10–18 s seen. */
  gossipJoin: 10_000 * MS,
  /** Process start to the end of start-up (set-identity accepted): an assumption; minutes on mainnet. */
  startUp: 20_000 * MS,
  /** Replay of one old bank when catching up. */
  catchUpBank: 20 * MS,
  /** RestartSec=1 of the documented unit. */
  restartDelay: 1_000 * MS,
  /** A request to etcd and its answer: 3.3 ms from "voting" to the refused store, 6.4 ms for the two of a load, seen. */
  etcd: 3_200,
  /** A write in the log of etcd to its commit in the database (etcd mvcc/backend `defaultBatchInterval`). */
  etcdCommit: 100 * MS,
  /** etcd, from its start until it serves: 0.5 s with little stored, seen; an assumption for more. */
  etcdStart: 1_000 * MS,
  /** Three nodes without a leader: an election time-out of 1 s by default, up to twice that. */
  etcdElection: 1_500 * MS,
  /** A request without a majority: 5 s and two election time-outs (etcd server/config.go ReqTimeout). */
  etcdTimeout: 7_000 * MS,
  /** Automatic compaction by revision (etcd v3compactor). */
  etcdCompaction: 300_000 * MS,
  /** A machine without power to systemd starting its units: an assumption. */
  boot: 30_000 * MS,
} as const;

/** Draws one value for each name. */
export function drawLatencies(chooser: Chooser): Latencies {
  const drawn: Record<string, number> = {};
  for (const [name, table] of Object.entries(LATENCY_TABLES)) drawn[name] = table[chooser.choose(table.length, `latency/${name}`)]!;
  return drawn as Latencies;
}
