/** Procedures: a given one with mistakes, and small ones of commands that the simulated machines know. */
import fc from 'fast-check';
import { HOST_NAMES } from '../sim/host-name.ts';
import type { HostName } from '../sim/host-name.ts';
import { mutants } from '../transition/mutation.ts';
import type { Procedure, Step } from '../transition/procedure.ts';
import { GUIDE_SITE } from '../transition/site.ts';
import type { Site } from '../transition/site.ts';

const MOST_MISTAKES = 3;
const MOST_STEPS = 8;

/**
 * A given procedure with up to three mistakes of an operator (a step left out, repeated, swapped with the next, on the
 * wrong host, a failure ignored, the end forgotten), or one of up to eight steps of commands that the simulated machines
 * know, in any order. Shrinks to the given procedure as it is.
 */
export function arbitraryProcedure(procedure: Procedure, site: Site = GUIDE_SITE): fc.Arbitrary<Procedure> {
  return fc.oneof({ withCrossShrink: true }, arbitraryMutant(procedure), arbitrarySmall(site));
}

function arbitraryMutant(procedure: Procedure): fc.Arbitrary<Procedure> {
  return fc.array(fc.nat(), { maxLength: MOST_MISTAKES }).map((mistakes) => mistakes.reduce((mutated, mistake) => {
    const all = mutants(mutated);
    return all[mistake % all.length]?.procedure ?? mutated;
  }, procedure));
}

function arbitrarySmall(site: Site): fc.Arbitrary<Procedure> {
  const onFailure = fc.constantFrom('continue' as const, 'stop' as const);
  const host = fc.constantFrom(...HOST_NAMES);
  const command = fc.record({ host, line: fc.nat({ max: linesOn('active', site).length - 1 }), onFailure })
    .map(({ host: on, line, ...rest }): Step => ({ kind: 'run', id: 'run', host: on, run: linesOn(on, site)[line]!, ...rest }));
  const wait = fc.record({ host, slots: fc.nat({ max: 40 }), since: fc.constantFrom('here' as const, 'last-landed-vote' as const, 'last-cast-vote' as const), onFailure })
    .map((rest): Step => ({ kind: 'wait', id: 'wait', ...rest }));
  return fc.array(fc.oneof({ arbitrary: command, weight: 6 }, { arbitrary: wait, weight: 1 }), { minLength: 1, maxLength: MOST_STEPS, size: 'max' }).map((steps) => ({
    name: 'drawn', title: 'Drawn commands', params: {}, starts: 'prepared',
    steps: steps.map((step, i) => ({ ...step, id: `${step.id}-${i + 1}` })),
  }));
}

/** The commands of a failover and around it, the mildest first; as many on either host. */
function linesOn(host: HostName, { hosts, ledger, towerDir, identityLink, stakedKey, unit }: Site): readonly string[] {
  const { junkKey } = hosts[host];
  const peer = hosts[host === 'active' ? 'inactive' : 'active'];
  const tower = `${towerDir}/tower-1_9-$(solana-keygen pubkey ${stakedKey}).bin`;
  return [
    'true', 'false', 'sleep 1', 'sleep 5', 'solana catchup --our-localhost 8899',
    `agave-validator -l ${ledger} wait-for-restart-window --min-idle-time 2 --skip-new-snapshot-check`,
    `agave-validator -l ${ledger} set-identity ${junkKey}`,
    `agave-validator -l ${ledger} set-identity --require-tower ${stakedKey}`,
    `agave-validator -l ${ledger} set-identity ${stakedKey}`,
    `ln -sf ${junkKey} ${identityLink}`,
    `ln -sf ${stakedKey} ${identityLink}`,
    `scp ${tower} ${peer.user}@${peer.address}:${towerDir}`,
    `rm -f ${tower}`,
    `sudo systemctl restart ${unit}`, `sudo systemctl stop ${unit}`, `sudo systemctl start ${unit}`,
  ];
}
