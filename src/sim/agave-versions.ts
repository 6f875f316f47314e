/** Differences between Agave versions, as data. What is not listed is the same from 2.3 to 4.3. */
export interface AgaveBehaviour {
  readonly version: string;
  /** set-identity refuses to go from one staked identity to another (agave PR 14396, 4.3). */
  readonly refusesStakedToStaked: boolean;
  /** Vote slots that gossip holds for an identity (gossip MAX_VOTES: 32 in 2.1 and 2.2, then 12). */
  readonly gossipVotes: number;
  /** Age in blocks after which an unlanded last vote may be re-sent (REFRESH_VOTE_BLOCKHEIGHT, since 2.2). */
  readonly refreshVoteBlockheight: number;
  /** The tower may be kept in etcd; `--no-check-vote-account` exists (both removed in 3.0). */
  readonly etcdTower: boolean;
  /** `agave-validator exit` waits for the process to end (3.0). */
  readonly exitWaits: boolean;
  /** The program gives up all capabilities as it begins: root cannot reach the socket of another user. Seen in 4.2.0 and not in 2.3.13; what is between was not looked at. */
  readonly dropsCapabilities: boolean;
  /**
   * A tower that cannot be loaded at set-identity ends the services of the process and not the process. Seen in 4.2.0 each time, in 2.3.13
   * in one run of several; what is between was not looked at.
   */
  readonly hangsWithoutTower: boolean;
}

const VERSIONS: readonly AgaveBehaviour[] = [
  { version: '2.3', refusesStakedToStaked: false, gossipVotes: 12, refreshVoteBlockheight: 16, etcdTower: true, exitWaits: false, dropsCapabilities: false, hangsWithoutTower: false },
  { version: '3.1', refusesStakedToStaked: false, gossipVotes: 12, refreshVoteBlockheight: 16, etcdTower: false, exitWaits: true, dropsCapabilities: false, hangsWithoutTower: false },
  { version: '4.0', refusesStakedToStaked: false, gossipVotes: 12, refreshVoteBlockheight: 16, etcdTower: false, exitWaits: true, dropsCapabilities: false, hangsWithoutTower: false },
  { version: '4.1', refusesStakedToStaked: false, gossipVotes: 12, refreshVoteBlockheight: 16, etcdTower: false, exitWaits: true, dropsCapabilities: false, hangsWithoutTower: false },
  { version: '4.2', refusesStakedToStaked: false, gossipVotes: 12, refreshVoteBlockheight: 16, etcdTower: false, exitWaits: true, dropsCapabilities: true, hangsWithoutTower: true },
  { version: '4.3', refusesStakedToStaked: true, gossipVotes: 12, refreshVoteBlockheight: 16, etcdTower: false, exitWaits: true, dropsCapabilities: true, hangsWithoutTower: true },
];

/** Versions known, for errors. */
export const AGAVE_VERSIONS: readonly string[] = VERSIONS.map((behaviour) => behaviour.version);

/** The behaviour of "4.2.0" or "4.2"; null when the version is not modelled. */
export function agaveBehaviour(version: string): AgaveBehaviour | null {
  const line = version.split('.').slice(0, 2).join('.');
  return VERSIONS.find((behaviour) => behaviour.version === line) ?? null;
}
