/** Situations that the simulation must be able to come into, each with a run that comes into it. */
import type { Fault } from '../sim/faults.ts';
import type { ForkPlan } from '../sim/fork-plan.ts';
import type { Trace, TraceEvent } from '../model/trace.ts';
import type { Product } from './product.ts';
import { scenarioRuns } from './witnesses.ts';
import type { NamedRun } from './witnesses.ts';

export interface Situation {
  readonly name: string;
  /** A side of a shipped scenario, or what happens to the hot swap of the guide. */
  readonly by: string | { readonly faults?: readonly Fault[]; readonly fork?: ForkPlan };
  readonly isIn: (trace: Trace) => boolean;
}

export interface Reached {
  readonly situation: Situation;
  /** Null: not reached, so that nothing is known of it. */
  readonly run: NamedRun | null;
}

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { readonly type: T }>;

/** Whether an event of a type is as asked. `before`: all events that stand before it. */
function some<T extends TraceEvent['type']>(type: T, asked: (event: Of<T>, before: readonly TraceEvent[], trace: Trace) => boolean) {
  return (trace: Trace): boolean => trace.events.some((event, i) => event.type === type && asked(event as Of<T>, trace.events.slice(0, i), trace));
}

const exits = (reason: string) => some('process', (event) => event.state === 'exited' && event.reason?.includes(reason) === true);
const refused = (code: number) => some('landed', ({ error }) => error === code);
const missed = (why: string) => some('leader', (event) => event.outcome === 'missed' && event.why?.includes(why) === true);
const loads = (source: Of<'tower-loaded'>['source']) => some('tower-loaded', (event, _, { header }) => event.source === source && event.identity === header.stakedIdentity);

/** The last change of a host's identity in a layer. */
function identityOf(events: readonly TraceEvent[], host: string, layer: 'gossip' | 'voting'): string | undefined {
  return events.findLast((event): event is Of<'identity'> => event.type === 'identity' && event.host === host && event.layer === layer)?.to;
}

const SPLIT_SWAP: ForkPlan = { at: -1, losing: 2, skipped: 4, firstSeen: { active: 'losing', inactive: 'winning' }, winner: 'second' };
const PAUSE: ForkPlan = { at: 0, losing: 0, skipped: 16, firstSeen: { active: 'winning', inactive: 'winning' }, winner: 'second' };

export const SITUATIONS: readonly Situation[] = [
  {
    name: 'late vote after set-identity', by: 'late-vote-lost',
    isIn: some('vote', (vote, before, { header }) => vote.identity === header.stakedIdentity && ![undefined, header.stakedIdentity].includes(identityOf(before, vote.host, 'gossip'))),
  },
  {
    name: 'tower copied before the last vote', by: 'late-vote-lost',
    isIn: some('tower-loaded', (load, before, { header }) => load.source === 'file' && load.identity === header.stakedIdentity
      && before.some((event) => event.type === 'vote' && event.host !== load.host && event.slot > (load.slot ?? 0))),
  },
  {
    name: 'link flipped but not durable', by: 'link-not-on-the-disk-yet',
    isIn: some('process', (start, before, { header }) => start.state === 'started' && start.identity === header.stakedIdentity
      && before.some((event) => event.type === 'process' && event.state === 'power-lost' && event.host === start.host)
      && before.some((event) => event.type === 'command' && event.id === 'link-junk' && event.phase === 'end' && event.exit === 0)),
  },
  {
    name: 'both hosts staked', by: 'demotion-fails-unnoticed',
    isIn: some('identity', (event, before, { header }) => event.layer === 'voting' && event.from !== null && event.to === header.stakedIdentity
      && header.hosts.some((host) => host !== event.host && identityOf(before, host, 'voting') === header.stakedIdentity)),
  },
  { name: 'rebuilt tower', by: 'flag-missing', isIn: loads('rebuilt') },
  { name: 'adopted tower', by: 'crash-loop, twin', isIn: loads('adopted') },
  { name: 'tower with the old name', by: 'old-name-tower', isIn: loads('old-name') },
  { name: 'switch proof shown', by: 'best-effort-copy, twin', isIn: some('vote', ({ switchStake }) => switchStake !== undefined && switchStake > 0.38) },
  { name: 'switch without a proof', by: { fork: SPLIT_SWAP }, isIn: some('vote', ({ switchStake }) => switchStake !== undefined && switchStake <= 0.38) },
  { name: 'refresh vote', by: 'best-effort-copy, twin', isIn: some('vote', ({ refresh }) => refresh) },
  {
    // The port of a vote is asked by the next two leaders only.
    name: 'vote that lands by gossip alone', by: { fork: PAUSE },
    isIn: some('landed', ({ vote: id, bank, error }, before) => error === null && before.some((vote) => vote.type === 'vote' && vote.id === id && bank - vote.slot > 4)),
  },
  { name: 'refused: VoteTooOld (0)', by: 'deaf-to-gossip', isIn: refused(0) },
  { name: 'refused: LockoutConflict (6)', by: 'late-vote-lost', isIn: refused(6) },
  { name: 'refused: RootRollBack (12)', by: 'demoted-the-wrong-host', isIn: refused(12) },
  { name: 'refused: ConfirmationRollBack (13)', by: 'late-vote-lost', isIn: refused(13) },
  {
    name: 'signed and never sent', by: { faults: [{ kind: 'crash', on: 'active', at: { kind: 'point', host: 'active', point: 'vote-recorded', slot: 0 }, heal: 1 }] },
    isIn: some('unsent', () => true),
  },
  { name: 'duplicate exit', by: 'demotion-fails-unnoticed', isIn: exits('duplicate running instances') },
  { name: '"Submitting old vote" panic', by: 'submitting-old-vote', isIn: exits('Submitting old vote') },
  { name: 'tower that cannot be saved', by: 'disk-full-on-active', isIn: exits('Unable to save tower') },
  { name: 'tower that cannot be loaded', by: 'torn-copy-without-flag', isIn: exits('Unable to load new tower') },
  { name: 'start refused without a tower', by: 'crash-loop', isIn: exits('mandatory tower restore failed') },
  { name: 'start refused without a key', by: { faults: [{ kind: 'junk-key-missing', on: 'active', at: 'before-start' }] }, isIn: exits("Invalid value for '--identity") },
  {
    name: 'vote after a thaw', by: 'freeze-and-thaw',
    isIn: some('vote', ({ host }, before) => before.some((event) => event.type === 'process' && event.state === 'thawed' && event.host === host)),
  },
  { name: 'set-identity during start-up', by: 'promotion-during-start-up', isIn: some('command', (event) => event.phase === 'end' && event.id === 'promote' && event.stdout?.includes('start up is complete') === true) },
  { name: 'set-identity without a tower', by: 'torn-copy-refused', isIn: some('command', (event) => event.phase === 'end' && event.id === 'promote' && event.stdout?.includes('Unable to load tower file') === true) },
  { name: 'leader slot produced', by: 'demoted-while-leading, twin', isIn: some('leader', ({ outcome }) => outcome === 'produced') },
  { name: 'leader slot spoiled by two keys', by: 'demoted-while-leading', isIn: missed('two identities') },
  { name: 'leader slot without a holder', by: 'demoted-while-leading', isIn: missed('no running host') },
  { name: 'leader slot before a root', by: 'no-leading-before-a-root', isIn: missed('waits until a vote') },
];

/** Runs the run of each situation. */
export function reach(product: Product): Reached[] {
  const { GUIDE_SITE, MILDEST, loadProcedure, runSpec } = product;
  const scenarios = new Map(scenarioRuns(product).map((run) => [run.name, run]));
  const procedure = 'guide-hot-swap';
  const subject = { site: GUIDE_SITE, procedure: loadProcedure(procedure, GUIDE_SITE, {}) };
  return SITUATIONS.map((situation) => {
    const { by, isIn } = situation;
    const run = typeof by === 'string' ? scenarios.get(by) : { name: procedure, subject, spec: { ...MILDEST, ...by }, procedure, params: {} };
    if (run === undefined) throw new Error(`situation "${situation.name}": there is no scenario "${String(by)}"`);
    return { situation, run: isIn(runSpec(run.subject, run.spec).trace) ? run : null };
  });
}
