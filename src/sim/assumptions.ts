/** What a simulated verdict rests on, printed with it. docs/model.md says more of each. */
import { describeFork } from './fork-plan.ts';
import { FIXED } from './latency.ts';
import { agaveOf } from '../transition/site.ts';
import type { Site } from '../transition/site.ts';
import type { Procedure } from '../transition/procedure.ts';
import type { WorldConfig } from './create-world.ts';

/** Of one run: its fork, and what every run in this world assumes. */
export function assumptionsOf({ site, fork, procedure }: Pick<WorldConfig, 'site' | 'fork' | 'procedure'>): string[] {
  return [describeFork(fork), ...worldAssumptions(site, procedure)];
}

/** What every run of a procedure at a site assumes. */
export function worldAssumptions(site: Site, procedure: Pick<Procedure, 'etcd' | 'agave'>): string[] {
  const ofEtcd = procedure.etcd !== true ? [] : [
    `etcd: ${site.etcd.nodes === 1 ? 'one node' : 'three nodes, of which clients see one that goes on'}; a request takes ${FIXED.etcd / 1000} ms; it has no time-out`,
  ];
  return [
    ...ofEtcd,
    `Agave ${agaveOf(site, procedure)}, TowerBFT; slots of ${site.slotMs} ms; own stake ${(site.stakeShare * 100).toFixed(1)} %`,
    'other voters are three groups; a losing branch gets 30 % of them and is never confirmed by two thirds',
    'a leader executes only votes for its own fork, and of those the newest',
    'scp, the operator, start-up and boot take assumed times; set-identity, replay and voting take measured ones',
    'a power loss takes back what was written in the last 30 s and not synced; a boot takes 30 s, a start of the validator 20 s',
  ];
}
