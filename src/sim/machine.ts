/** A host: its disk, its clock, its systemd unit, and the validator process that runs on it. */
import type { Micros } from '../model/trace.ts';
import type { Tower } from '../model/tower.ts';
import type { TowerSync } from '../model/vote-program.ts';
import type { Block } from './block.ts';
import type { Disk } from './disk.ts';
import type { Credentials } from './etcd-certificates.ts';
import type { ReplaceTarget } from './disk-target.ts';
import type { HostName } from './host-name.ts';
import type { Entry } from './queue.ts';

/** Where the tower is kept when it is not in a file: `--tower-storage etcd`, and what belongs to it. */
export interface EtcdFlags {
  /** HOST:PORT. */
  readonly endpoint: string;
  readonly authorityFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** The flags of the start script that matter here. */
export interface StartFlags {
  readonly identity: string;
  readonly voteAccount: string;
  /** Paths; without any the key of --identity is the voter. */
  readonly authorizedVoters: readonly string[];
  readonly ledger: string;
  readonly towerDir: string;
  readonly requireTower: boolean;
  readonly waitForVoteToStartLeader: boolean;
  /** Null: the tower is in a file. */
  readonly etcd: EtcdFlags | null;
}

export interface Unit {
  enabled: boolean;
  masked: boolean;
  /** Started and not stopped by systemctl: Restart=always brings it back. */
  wanted: boolean;
  restarts: boolean;
}

export interface QueuedVote {
  readonly sync: TowerSync;
  readonly slot: number;
  readonly hash: string;
  /** Identity that signed. */
  readonly identity: string;
  /** The tower as saved before sending; null for a refresh, which saves nothing. */
  readonly tower: Tower | null;
  /** The block voted for. */
  readonly bank: Block;
}

/** One run of the agave-validator process. */
export interface Validator {
  readonly pid: number;
  readonly host: HostName;
  readonly startedAt: Micros;
  readonly flags: StartFlags;
  /**
   * loading: before the tower is loaded; running: the loop turns and set-identity is accepted; hung: its services have ended, and
   * the process has not.
   */
  phase: 'loading' | 'running' | 'hung';
  /** cluster_info's key: gossip, contact info, shreds. */
  clusterIdentity: string;
  inGossip: boolean;
  /** Wall clock in µs when the contact info was made: the older one exits when two claim one key. */
  outset: number;
  /** What it calls itself in etcd: milliseconds of its clock at its start. */
  instance: number;
  /** Certificates as it read them at its start; null without etcd. */
  readonly etcdCredentials: Credentials | null;
  /** The start of etcd to which it is connected; null: not connected. */
  etcdRun: number | null;
  /** The replay loop waits for etcd; blocks wait in `held`. */
  loadsTower: boolean;
  held: Block[];
  /** Open places for its tower files, by identity. */
  readonly towerTargets: Map<string, ReplaceTarget>;
  /** The replay loop's own copy. */
  votingIdentity: string;
  authorizedVoters: Set<string>;
  tower: Tower;
  lastVote: 'uninitialized' | 'non-voting' | 'hot-spare' | 'sent';
  /** Bank whose blockhash the last transaction carries: its number of ancestors, as a block height. */
  lastVoteHeight: number;
  lastRefreshAt: Micros;
  /** Newest frozen block of each fork that this process knows. */
  leaves: Block[];
  /** Arrived before their parents. */
  pending: Block[];
  /** Newest block that repair has brought since the start; null when nothing was missing. */
  repairedTip: Block | null;
  forksRoot: number;
  resetHash: string;
  /** Bank slot in which a vote of this identity landed since the last change of identity; null: none yet. */
  firstLanding: number | null;
  firstVoteId: number;
  newVoteRooted: boolean;
  /** SIGSTOP: events wait in `deferred`. */
  stopped: boolean;
  deferred: Entry[];
  queue: readonly QueuedVote[];
  serving: boolean;
  dead: boolean;
}

export interface Machine {
  readonly name: HostName;
  readonly address: string;
  readonly user: string;
  readonly hostname: string;
  readonly disk: Disk;
  readonly unit: Unit;
  powered: boolean;
  bootId: number;
  /** Wall clock minus simulated time, drift apart, µs. */
  clockOffset: number;
  /** Faults that make the clock run fast, and the sum of the times at which they began, µs. */
  drifts: number;
  driftStarts: Micros;
  /** Disk stalled: the voting service cannot write until then. */
  stalledUntil: Micros;
  /** The voting service stands still in sending: the vote in its hands is saved, those behind it are not. */
  sendStall: { readonly from: Micros; readonly until: Micros };
  /** The process (PID) whose voting service waits for the end of a stall; null: none. */
  votingWaits: number | null;
  validator: Validator | null;
  nextPid: number;
  /** The newest block that the ledger holds, for the next start. */
  ledgerTip: Block;
  ledgerRoot: number;
  /** Blocks that did not arrive while turbine was cut. */
  missed: Block[];
  /** Version of Agave that the next start runs. */
  installed: string;
  readonly logFile: string;
  readonly startScript: string;
}
