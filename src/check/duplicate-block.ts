/** Two blocks for one leader slot of the staked identity. */
import type { Finding } from '../model/verdict.ts';
import type { Evidence } from './evidence.ts';
import { makeFinding } from './finding.ts';

interface Produced {
  readonly hash: string | undefined;
  readonly host: string | null;
  readonly t: number;
  readonly position: number;
}

/** From the blocks that the staked identity signed, and from what the hosts say they produced. */
export function duplicateBlocks(evidence: Evidence): Finding[] {
  const bySlot = new Map<number, Produced[]>();
  const note = (slot: number, produced: Produced): void => {
    const list = bySlot.get(slot);
    if (list === undefined) bySlot.set(slot, [produced]);
    else list.push(produced);
  };
  for (const { event, position } of evidence.leaders) {
    if (event.outcome === 'produced') note(event.slot, { hash: event.hash, host: event.host, t: event.t, position });
  }
  for (const { event } of evidence.forks.blocks) {
    if (event.leader !== evidence.header.stakedIdentity) continue;
    note(event.slot, { hash: event.hash, host: null, t: event.t, position: evidence.positionAfter(event.t) });
  }
  const findings: Finding[] = [];
  for (const [slot, produced] of [...bySlot].sort((a, b) => a[0] - b[0])) {
    const hashes = new Set(produced.flatMap(({ hash }) => (hash === undefined ? [] : [hash])));
    const hosts = new Set(produced.flatMap(({ host }) => (host === null ? [] : [host])));
    if (hashes.size < 2 && hosts.size < 2) continue;
    const second = produced.reduce((latest, one) => (one.t > latest.t ? one : latest));
    findings.push(
      makeFinding(evidence, {
        class: 'violation',
        kind: 'duplicate-block',
        title: `two blocks for leader slot ${slot}`,
        position: second.position,
        t: second.t,
        slot,
        hosts: [...hosts].sort(),
        mechanism: 'one leader slot',
        arithmetic: [
          ...(hosts.size === 0 ? [] : [`produced by ${[...hosts].sort().join(' and ')}`]),
          `hashes of slot ${slot}: ${hashes.size === 0 ? 'not told' : [...hashes].sort().join(', ')}`,
        ],
      }),
    );
  }
  return findings;
}
