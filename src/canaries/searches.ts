/** The searches of the canaries: small bounds, or single runs, in which one bug has room to show itself. */
import type { Bounds } from '../explore/bounds.ts';
import { VALIDATOR_POINTS } from '../sim/world.ts';
import type { RunSpec } from '../explore/run-spec.ts';
import type { Site } from '../transition/site.ts';

/** Plain data: it goes to another process. */
export interface Search {
  readonly name: string;
  readonly procedure: string;
  /** What differs from the guide's site. */
  readonly site?: Partial<Site>;
  /** Every schedule with at most `most` choices within bounds, the runs of a list, or one run of a shipped scenario. */
  readonly of: { readonly bounds: Bounds; readonly most: number } | { readonly specs: readonly RunSpec[] } | { readonly scenario: string; readonly side: 'run' | 'twin' };
}

const NO_FORKS: Bounds['forks'] = { losing: [0], skipped: [0], firstSeen: ['winning'], winners: ['second'] };

/** Bounds in which nothing may happen but for what is named. */
function bounds(named: Partial<Omit<Bounds, 'kinds'>> & { readonly kinds?: readonly string[] }): Bounds {
  return { name: 'canary', steps: ['before', 'after'], points: VALIDATOR_POINTS, slotsAround: 1, heals: ['end'], forks: NO_FORKS, timings: [{}], ...named, kinds: new Set(named.kinds) };
}

const HOT_SWAP = { procedure: 'guide-hot-swap' } as const;

/** Nothing but the mildest timing. */
export const MILD: Search = { name: 'mildest run', ...HOT_SWAP, of: { bounds: bounds({}), most: 0 } };

/** The tower copied at once, with each pause before the promotion. */
export const FAST_COPY: Search = {
  name: 'fast copies', ...HOT_SWAP,
  of: { bounds: bounds({ timings: [0, 1, 2, 3, 4].map((pause) => ({ 'latency/scp': 1, 'latency/operatorPause': pause })) }), most: 0 },
};

/** Forks of one or two own votes in every slot. */
export const FORKS: Search = {
  name: 'forks', ...HOT_SWAP,
  of: { bounds: bounds({ forks: { losing: [1, 2], skipped: [0], firstSeen: ['losing', 'winning'], winners: ['second'] } }), most: 1 },
};

/** Skipped slots anywhere. */
export const SKIPS: Search = { name: 'skipped slots', ...HOT_SWAP, of: { bounds: bounds({ forks: { ...NO_FORKS, skipped: [4, 16] } }), most: 1 } };

/** The swap with the staked identity leading long after it. */
export const LEADING: Search = { name: 'leads after the swap', ...HOT_SWAP, site: { leaderWindows: [56] }, of: { bounds: bounds({}), most: 0 } };

/** The staked identity leads while the swap goes on. */
export const LEADING_TWICE: Search = {
  name: 'leads within the swap', ...HOT_SWAP, site: { leaderWindows: [8] }, of: { specs: [{ faults: [{ kind: 'operator-drops', on: 'operator', at: { kind: 'step', index: 0, when: 'after' }, heal: 1 }], fork: null, draws: {} }] },
};

/** A leader window of which the promoted host is not yet sure enough of its votes. */
export const LOSES_LEADER: Search = { ...LEADING_TWICE, name: 'leads too soon', site: { leaderWindows: [12] } };

/** A fork that lasts longer than a vote may wait for two thirds of the stake. */
export const LONG_FORK: Search = {
  name: 'long fork', ...HOT_SWAP,
  of: { specs: [{ faults: [], fork: { at: -4, losing: 16, skipped: 0, firstSeen: { active: 'losing', inactive: 'losing' }, winner: 'second' }, draws: {} }] },
};

/** The active votes on a minority fork, and the standby takes over on the other one. */
export const MINORITY: Search = { name: 'minority fork', ...HOT_SWAP, of: { scenario: 'holder-on-a-minority-fork', side: 'run' } };

/** The last vote before the swap stands on a losing branch, and is sent again. */
export const SENT_AGAIN: Search = { name: 'vote sent again', ...HOT_SWAP, of: { scenario: 'best-effort-copy', side: 'twin' } };

/** Forks whose branches are not seen by all at once. */
export const SPLIT: Search = {
  name: 'split forks', ...HOT_SWAP,
  of: { specs: [-4, -1, 6].flatMap((at) => [1, 2, 4].map((losing) => ({ faults: [], fork: { at, losing, skipped: 4, firstSeen: { active: 'losing', inactive: 'losing' }, winner: 'second' } as const, draws: {} }))) },
};

/** The swap itself leaves the fork of the last vote. */
export const SWITCHES: Search = {
  name: 'switches', ...HOT_SWAP,
  of: { bounds: bounds({ kinds: [], forks: { losing: [2], skipped: [4], firstSeen: ['losing', 'winning'], winners: ['second'] }, timings: [{}, { 'latency/scp': 1 }] }), most: 1 },
};

/** A host that was demoted comes back with an older tower, and votes again. */
export const COMES_BACK: Search = { name: 'old host comes back', ...HOT_SWAP, of: { scenario: 'link-forgotten', side: 'run' } };

/** Each single fault of some kinds at every step and in every place inside a validator. */
function faults(...kinds: readonly string[]): Search {
  return { name: kinds.join(', '), ...HOT_SWAP, of: { bounds: bounds({ kinds }), most: 1 } };
}

export const CRASHES = faults('crash');
export const POWER_LOSSES = faults('power-loss');
export const FAILURES = faults('command-fails');
/** Mistakes of the operator at each step. */
export const OPERATOR = faults('operator-drops', 'operator-swaps', 'operator-wrong-host', 'operator-stops');
/** What is left undone before the start. */
export const PREPARED_BADLY = faults('key-missing', 'no-authorized-voter');
/** The guide's failover with etcd, without faults. */
export const ETCD_MILD: Search = { name: 'etcd failover', procedure: 'guide-etcd-failover-monitored', of: { specs: [{ faults: [], fork: null, draws: {} }] } };
/** No blocks reach a host for a while. */
export const CUT_TURBINE: Search = { name: 'cut-turbine', ...HOT_SWAP, of: { bounds: bounds({ kinds: ['cut-turbine'], slotsAround: 0 }), most: 1 } };
/** The demotion is not typed. */
export const DEMOTION_FAILS: Search = {
  name: 'demotion left out', ...HOT_SWAP, of: { specs: [{ faults: [{ kind: 'operator-drops', on: 'operator', at: { kind: 'step', index: 1, when: 'after' }, heal: 1 }], fork: null, draws: {} }] },
};
/** The copy is not made, so that there is no tower to promote with. */
export const NO_TOWER: Search = {
  name: 'copy left out', ...HOT_SWAP, of: { specs: [{ faults: [{ kind: 'operator-drops', on: 'operator', at: { kind: 'step', index: 3, when: 'after' }, heal: 1 }], fork: null, draws: {} }] },
};
/** The new voter crashes when everything is done. */
export const PROMOTED_CRASHES: Search = {
  name: 'promoted host crashes', ...HOT_SWAP, of: { specs: [{ faults: [{ kind: 'crash', on: 'inactive', at: { kind: 'step', index: 6, when: 'after' }, heal: 1 }], fork: null, draws: {} }] },
};
