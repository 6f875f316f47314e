/** What differs from site to site. Without a site file the guide's values hold. */
export interface HostSite {
  readonly address: string;
  readonly user: string;
  readonly junkKey: string;
}

/** The machine of etcd, or the three of them as one: what differs between them is not simulated. */
export interface EtcdSite {
  readonly address: string;
  readonly user: string;
  readonly nodes: 1 | 3;
}

export interface Site {
  readonly hosts: { readonly active: HostSite; readonly inactive: HostSite };
  /** Part of the world where the procedure says so. */
  readonly etcd: EtcdSite;
  /** Ledger folder (`-l`), and tower folder (`--tower`; the ledger folder by default). */
  readonly ledger: string;
  readonly towerDir: string;
  /** The symbolic link given to `--identity`. */
  readonly identityLink: string;
  readonly stakedKey: string;
  readonly voteKey: string;
  readonly home: string;
  /** systemd unit of the validator. */
  readonly unit: string;
  /** The script that the unit starts, which holds the validator's flags. */
  readonly startScript: string;
  /** e.g. "4.2.0"; null: the version for which the procedure is written. */
  readonly agave: string | null;
  /** Slot duration in ms. */
  readonly slotMs: number;
  /** Own share of the cluster's stake, 0..1. */
  readonly stakeShare: number;
  /** Own leader windows: first slots of windows of four, relative to the slot in which the procedure starts. */
  readonly leaderWindows: readonly number[];
}

/** The guide's values (guide "Setup Node Failover"); stake, slot time and schedule are our assumptions. */
export const GUIDE_SITE: Site = {
  hosts: {
    active: { address: '68.100.100.9', user: 'sol', junkKey: '/home/sol/unstaked-identity.json' },
    inactive: { address: '68.100.100.10', user: 'sol', junkKey: '/home/sol/unstaked-identity.json' },
  },
  etcd: { address: '68.100.100.11', user: 'sol', nodes: 1 },
  ledger: '/mnt/ledger',
  towerDir: '/mnt/ledger',
  identityLink: '/home/sol/identity.json',
  stakedKey: '/home/sol/staked-identity.json',
  voteKey: '/home/sol/vote.json',
  home: '/home/sol',
  unit: 'sol',
  startScript: '/home/sol/bin/validator.sh',
  agave: null,
  slotMs: 400,
  stakeShare: 0.005,
  leaderWindows: [],
};

/** What a procedure is rehearsed with where neither it nor the site names a version. */
const USUAL_AGAVE = '4.2.0';

/** The version of Agave at a site, for a procedure. */
export function agaveOf(site: Site, procedure: { readonly agave?: string }): string {
  return site.agave ?? procedure.agave ?? USUAL_AGAVE;
}
