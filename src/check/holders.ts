/** Who holds the staked identity, at which layer, in which state of its process, over time. */
import type { Evidence } from './evidence.ts';

export interface HostState {
  readonly host: string;
  readonly process: 'starting' | 'running' | 'frozen' | 'down';
  /** Staked identity in contact info and network keys: from the return of set-identity. */
  readonly gossip: boolean;
  /** Staked identity in the voting loop. */
  readonly voting: boolean;
}

/** The states of all hosts seen so far, from a time on. */
export interface HoldersAt {
  readonly t: number;
  /** Position of the last event that made it. */
  readonly position: number;
  readonly hosts: readonly HostState[];
}

const UNSEEN: Omit<HostState, 'host'> = { process: 'running', gossip: false, voting: false };

/** The changes, one entry per time at which something changed: events of one time take effect together. */
export function holdersOverTime(evidence: Evidence): readonly HoldersAt[] {
  const staked = evidence.header.stakedIdentity;
  const states = new Map<string, HostState>();
  const timeline: HoldersAt[] = [];
  for (const { event, position } of evidence.transitions) {
    const state = states.get(event.host) ?? { host: event.host, ...UNSEEN };
    states.set(event.host, after(state, event, staked));
    if (timeline.at(-1)?.t === event.t) timeline.pop();
    timeline.push({ t: event.t, position, hosts: [...states.values()].sort((a, b) => (a.host < b.host ? -1 : 1)) });
  }
  return timeline;
}

function after(state: HostState, event: Evidence['transitions'][number]['event'], staked: string): HostState {
  switch (event.type) {
    case 'vote':
      return event.identity === staked ? { ...state, gossip: true, voting: true } : state;
    case 'identity': {
      const holds = event.to === staked;
      return event.layer === 'gossip' ? { ...state, gossip: holds } : { ...state, voting: holds };
    }
    case 'process':
      switch (event.state) {
        case 'started': {
          const holds = event.identity === staked;
          return { ...state, process: 'starting', gossip: holds, voting: holds };
        }
        case 'running':
        case 'thawed':
          return { ...state, process: 'running' };
        case 'frozen':
          return { ...state, process: 'frozen' };
        case 'exited':
        case 'power-lost':
          return { ...state, process: 'down', gossip: false, voting: false };
      }
  }
}
