/** The hazard of two validators that run with the staked identity at the same time. */
import type { Finding } from '../model/verdict.ts';
import type { Evidence } from './evidence.ts';
import { makeFinding } from './finding.ts';
import { holdersOverTime } from './holders.ts';
import type { HoldersAt } from './holders.ts';

type Layer = 'gossip' | 'voting';

/** One finding per overlap; where voting overlaps, the gossip overlap around it is part of the same finding. */
export function concurrentIdentity(evidence: Evidence): Finding[] {
  const timeline = holdersOverTime(evidence);
  const findings: Finding[] = [];
  for (let i = 0; i < timeline.length; i++) {
    if (overlapAt(timeline[i]!) === null) continue;
    let layer: Layer = 'gossip';
    const hosts = new Set<string>();
    const first = timeline[i]!;
    for (; i < timeline.length; i++) {
      const overlap = overlapAt(timeline[i]!);
      if (overlap === null) break;
      if (overlap.layer === 'voting') layer = 'voting';
      for (const host of overlap.hosts) hosts.add(host);
    }
    const end = timeline[i]?.t ?? evidence.endTime;
    if (end > first.t) findings.push(findingOf(evidence, first, end, layer, [...hosts].sort()));
  }
  return findings;
}

function overlapAt({ hosts }: HoldersAt): { layer: Layer; hosts: readonly string[] } | null {
  const active = hosts.filter(({ process }) => process === 'running');
  const voting = active.filter((state) => state.voting);
  if (voting.length > 1) return { layer: 'voting', hosts: voting.map(({ host }) => host) };
  // A starting validator shows itself in gossip long before it can vote.
  const seen = hosts.filter(({ process, gossip }) => gossip && (process === 'running' || process === 'starting'));
  if (seen.length > 1) return { layer: 'gossip', hosts: seen.map(({ host }) => host) };
  return null;
}

function findingOf(evidence: Evidence, first: HoldersAt, end: number, layer: Layer, hosts: readonly string[]): Finding {
  const ms = Math.round((end - first.t) / 1000);
  const slot = slotAt(evidence, first.t);
  return makeFinding(evidence, {
    class: 'hazard',
    kind: 'concurrent-identity',
    title: `${hosts.join(' and ')} run with the staked identity together for ${ms} ms (${layer} layer)`,
    position: first.position,
    t: first.t,
    slot,
    hosts,
    mechanism: `${layer} layer`,
    arithmetic: [
      `from slot ${slot}, for ${ms} ms`,
      layer === 'voting' ? 'both voting loops hold it: each may vote' : 'seen in gossip only: at most one voting loop holds it',
    ],
  });
}

/** Newest block at a time; 0 before the first. */
function slotAt(evidence: Evidence, t: number): number {
  let slot = 0;
  for (const block of evidence.forks.blocks) if (block.event.t <= t && block.slot > slot) slot = block.slot;
  return slot;
}
