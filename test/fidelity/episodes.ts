/**
 * What belongs together in a trace: the events of one vote, of one change of identity, of one start, of one end. Within
 * such an episode the world has an order; between episodes mostly none.
 */
import type { Trace, TraceEvent } from '../../src/model/trace.ts';

/** An event and its place. */
export interface Moment {
  readonly t: number;
  /** Position in the trace: of events of one time the earlier one stands first. */
  readonly position: number;
}

export interface Episode {
  readonly kind: 'vote' | 'demotion' | 'promotion' | 'start' | 'end' | 'duplicate' | 'tower refused';
  /** For people: which one. */
  readonly name: string;
  readonly moments: ReadonlyMap<string, Moment>;
}

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }> & { readonly position: number };

/** A change of identity belongs to a command that begins within this time of it, µs; others were not recorded. */
const NEAR = 5_000_000;

/**
 * All episodes of a trace. A recording tells a vote when it is decided, the world when it leaves: `voteLag` is the time
 * between the two in this trace, µs, and is taken off where decisions are compared with what the loop does.
 */
export function episodesOf({ header, events }: Trace, voteLag = 0): Episode[] {
  const decided = (vote: Moment | undefined): Moment | undefined => (vote === undefined || voteLag === 0 ? vote : { t: vote.t - voteLag - 1, position: vote.position });
  const all = <T extends TraceEvent['type']>(type: T): Of<T>[] => events.flatMap((event, position) => (event.type === type ? [{ ...event, position } as Of<T>] : []));
  const staked = header.stakedIdentity;
  const [blocks, saves, votes, landings, identities, loads, processes, commands] = [all('block'), all('tower-saved'), all('vote'), all('landed'), all('identity'), all('tower-loaded'), all('process'), all('command')];
  const episodes: Episode[] = [];
  const add = (kind: Episode['kind'], name: string, moments: Readonly<Record<string, Moment | undefined>>): void => {
    episodes.push({ kind, name, moments: new Map(Object.entries(moments).flatMap(([label, moment]) => (moment === undefined ? [] : [[label, moment] as const]))) });
  };

  const firstLanding = new Map<number, Of<'landed'>>();
  for (const landing of landings) if (!firstLanding.has(landing.vote)) firstLanding.set(landing.vote, landing);
  for (const vote of votes) {
    if (vote.refresh) continue;
    const landed = firstLanding.get(vote.id);
    add('vote', `${vote.host} for slot ${vote.slot}`, {
      'block came': blocks.find(({ slot, hash }) => slot === vote.slot && hash === vote.hash),
      'tower saved': nearest(saves.filter(({ host, slot }) => host === vote.host && slot === vote.slot), vote),
      'vote sent': vote,
      'vote landed': landed,
    });
  }
  /** The command around a change of identity, and what followed on the host until the next change. */
  for (const set of identities.filter(({ layer, from }) => layer === 'gossip' && from !== null)) {
    const after = <E extends { readonly host: string; readonly position: number }>(list: readonly E[]): E[] => list.filter(({ host, position }) => host === set.host && position > set.position);
    const next = after(identities).find(({ layer }) => layer === 'gossip')?.position ?? Number.POSITIVE_INFINITY;
    const asked = commands.filter(({ phase, host, line }) => phase === 'start' && host === set.host && line.includes('set-identity')).filter(({ t }) => Math.abs(t - set.t) < NEAR).sort((a, b) => Math.abs(a.t - set.t) - Math.abs(b.t - set.t))[0];
    const around = { 'command begins': asked, 'identity set': set, 'command returns': commands.find(({ phase, step }) => phase === 'end' && step === asked?.step) };
    const noticed = identities.filter(({ host, layer, to }) => host === set.host && layer === 'voting' && to === set.to).sort((a, b) => Math.abs(a.t - set.t) - Math.abs(b.t - set.t))[0];
    const name = `${set.host} to ${set.to}`;
    if (set.from === staked) {
      const until = votes.filter(({ host, position }) => host === set.host && position < next).at(-1);
      add('demotion', name, { ...around, 'loop noticed': noticed, 'last vote decided': decided(until) });
    } else if (set.to === staked) {
      const first = after(votes).find(({ position }) => position < next);
      const loaded = nearest(loads.filter(({ host, identity, source }) => host === set.host && identity === staked && source !== 'adopted'), noticed ?? set);
      add('promotion', name, { ...around, 'tower loaded': loaded, 'loop noticed': noticed, 'first vote decided': decided(first) });
    }
  }
  for (const start of processes.filter(({ state, identity }) => state === 'started' && identity === staked)) {
    const over = processes.find(({ host, state, position }) => host === start.host && state === 'exited' && position > start.position)?.position ?? Number.POSITIVE_INFINITY;
    const begun = processes.findLast(({ host, state, position }) => host === start.host && state === 'exited' && position < start.position)?.position ?? -1;
    const own = <E extends Moment & { readonly host: string }>(list: readonly E[]): E | undefined => {
      const ofHost = list.filter(({ host, position }) => host === start.host && position > begun && position < over);
      const after = ofHost.filter(({ position }) => position > start.position);
      return nearest(after.length > 0 ? after : ofHost, start);
    };
    add('start', start.host, {
      'process started': start, 'tower loaded': own(loads), 'loop begins': own(identities.filter(({ layer, from }) => layer === 'voting' && from === null)),
      'start-up over': own(processes.filter(({ state }) => state === 'running')), 'first vote': own(votes),
    });
  }
  for (const end of processes.filter(({ state }) => state === 'exited')) {
    const reborn = processes.find(({ host, state, position }) => host === end.host && state === 'started' && position > end.position)?.position ?? Number.POSITIVE_INFINITY;
    add('end', end.host, { 'last vote': votes.filter(({ host, position }) => host === end.host && position < reborn).at(-1), 'process ended': end });
    if (end.reason?.startsWith('duplicate') === true) {
      const shown = [...identities.filter(({ host, layer, to }) => host !== end.host && layer === 'gossip' && to === staked), ...processes.filter(({ host, state, identity }) => host !== end.host && state === 'started' && identity === staked)];
      const before = shown.filter(({ position }) => position < end.position);
      add('duplicate', end.host, { 'other host shows the identity': nearest(before.length > 0 ? before : shown, end), 'process ended': end });
    }
    if (end.reason?.startsWith('Unable to load new tower') === true) {
      add('tower refused', end.host, { 'identity set': nearest(identities.filter(({ host, layer, to }) => host === end.host && layer === 'gossip' && to === staked), end), 'process ended': end });
    }
  }
  return episodes;
}

function nearest<E extends Moment>(list: readonly E[], to: Moment): E | undefined {
  return [...list].sort((a, b) => Math.abs(a.t - to.t) - Math.abs(b.t - to.t) || Math.abs(a.position - to.position) - Math.abs(b.position - to.position))[0];
}
