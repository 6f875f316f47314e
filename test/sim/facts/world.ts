/** Worlds for the tests: a procedure written as lines, everything else mild unless said. */
import type { Trace, TraceEvent } from '../../../src/model/trace.ts';
import type { OtherVoters } from '../../../src/sim/cluster.ts';
import { mildest } from '../../../src/sim/chooser.ts';
import { siteKeys } from '../../../src/sim/key-files.ts';
import type { WorldConfig } from '../../../src/sim/create-world.ts';
import type { Fault } from '../../../src/sim/faults.ts';
import type { HostName } from '../../../src/sim/host-name.ts';
import { drawLatencies } from '../../../src/sim/latency.ts';
import type { Latencies } from '../../../src/sim/latency.ts';
import { preparation } from '../../../src/sim/preparation.ts';
import type { Preparation } from '../../../src/sim/preparation.ts';
import { run } from '../../../src/sim/run.ts';
import { at, slotStart } from '../../../src/sim/world.ts';
import type { World } from '../../../src/sim/world.ts';
import type { Procedure, Step, StepHost } from '../../../src/transition/procedure.ts';
import { GUIDE_SITE } from '../../../src/transition/site.ts';
import type { Site } from '../../../src/transition/site.ts';

export const SITE = GUIDE_SITE;
export const KEYS = siteKeys();
export const STAKED = KEYS.staked.address;
export const JUNK = { active: KEYS.junk.active.address, inactive: KEYS.junk.inactive.address };
export const TOWER = `${SITE.towerDir}/tower-1_9-${STAKED}.bin`;
export const OLD_TOWER = `${SITE.towerDir}/tower-${STAKED}.bin`;

const LEDGER = `-l ${SITE.ledger}`;
/** The lines of the guide. */
export const DEMOTE = `agave-validator ${LEDGER} set-identity ${SITE.hosts.active.junkKey}`;
export const PROMOTE = `agave-validator ${LEDGER} set-identity --require-tower ${SITE.stakedKey}`;
export const PROMOTE_WITHOUT = `agave-validator ${LEDGER} set-identity ${SITE.stakedKey}`;
export const REMOVE_VOTERS = `agave-validator ${LEDGER} authorized-voter remove-all`;
export const ADD_VOTER = `agave-validator ${LEDGER} authorized-voter add ${SITE.stakedKey}`;
export const copyTo = (host: HostName) => `scp ${TOWER} sol@${SITE.hosts[host].address}:${SITE.towerDir}`;
export const linkTo = (key: string) => `ln -sf ${key} ${SITE.identityLink}`;

/** [host, command line], or a wait for so many slots. */
export type Line = readonly [StepHost, string] | { readonly wait: number };

/** Slots relative to the start of the procedure at which something is done to the world. */
export type Deeds = Readonly<Record<number, (world: World) => void>>;

export interface Plan {
  readonly lines?: readonly Line[];
  readonly latencies?: Partial<Latencies>;
  readonly site?: Partial<Site>;
  readonly skips?: readonly number[];
  readonly fork?: WorldConfig['fork'];
  readonly others?: OtherVoters;
  readonly faults?: readonly Fault[];
  readonly prepared?: readonly (readonly [string, HostName])[];
  /** Done before the run. */
  readonly first?: (world: World) => void;
  readonly deeds?: Deeds;
  readonly tailSlots?: number;
  /** The towers are in etcd, with Agave 2.3.13 unless the site says another. */
  readonly etcd?: true;
  readonly pace?: World['pace'];
}

export interface Played {
  readonly trace: Trace;
  readonly world: World;
  readonly fired: readonly boolean[];
  /** All events of a type, narrowed further by what they must hold. */
  readonly all: <T extends TraceEvent['type']>(type: T, holds?: Partial<Extract<TraceEvent, { type: T }>>) => Extract<TraceEvent, { type: T }>[];
  /** The first of them; an error when there is none. */
  readonly one: <T extends TraceEvent['type']>(type: T, holds?: Partial<Extract<TraceEvent, { type: T }>>) => Extract<TraceEvent, { type: T }>;
  /** Start of a slot relative to the start of the procedure, µs. */
  readonly start: (slot: number) => number;
  /** Exit, stdout and stderr of the n-th line, from 0. */
  readonly outcome: (line: number) => { exit: number | undefined; stdout: string | undefined; stderr: string | undefined; t: number };
}

export function procedureOf(lines: readonly Line[]): Procedure {
  const steps = lines.map((line, i): Step =>
    'wait' in line
      ? { kind: 'wait', id: `s${i}`, host: 'operator', slots: line.wait, since: 'here', onFailure: 'continue' }
      : { kind: 'run', id: `s${i}`, host: line[0], run: line[1], onFailure: 'continue' });
  return { name: 'test', title: 'test', params: {}, starts: 'prepared', steps };
}

/** The mildest latencies, with others for some names. */
export function latencies(over: Partial<Latencies> = {}): Latencies {
  return { ...drawLatencies(mildest), ...over };
}

/** Runs a plan to its end. */
export function play(plan: Plan): Played {
  const flaw = (kind: string, host: HostName): Preparation => preparation(kind, host)!;
  const deeds: Preparation = {
    kind: 'test', host: 'active', sentence: '', when: 'after-boot',
    apply: (world) => {
      plan.first?.(world);
      for (const [slot, deed] of Object.entries(plan.deeds ?? {})) at(world, slotStart(world, world.startSlot + Number(slot)) + 1, deed, null);
    },
  };
  const config: WorldConfig = {
    site: { ...SITE, ...plan.site },
    procedure: { ...procedureOf(plan.lines ?? [['operator', 'sleep 1']]), ...(plan.etcd === undefined ? {} : { etcd: true, agave: '2.3.13' }) },
    latencies: latencies(plan.latencies),
    fork: plan.fork ?? null,
    skips: plan.skips ?? [],
    preparation: [...(plan.prepared ?? []).map(([kind, host]) => flaw(kind, host)), deeds],
    ...(plan.others === undefined ? {} : { others: plan.others }),
    ...(plan.pace === undefined ? {} : { pace: plan.pace }),
    ...(plan.tailSlots === undefined ? {} : { tailSlots: plan.tailSlots }),
  };
  const { trace, world, fired } = run(config, plan.faults ?? []);
  const all: Played['all'] = (type, holds = {}) =>
    trace.events.filter((event) => event.type === type && Object.entries(holds).every(([key, value]) => event[key as keyof typeof event] === value)) as never;
  const one: Played['one'] = (type, holds = {}) => {
    const [first] = all(type, holds);
    if (first === undefined) throw new Error(`no ${type} event with ${JSON.stringify(holds)}`);
    return first;
  };
  return {
    trace, world, fired, all, one,
    start: (slot) => slotStart(world, world.startSlot + slot),
    outcome: (line) => {
      const { exit, stdout, stderr, t } = one('command', { phase: 'end', step: line + 1 });
      return { exit, stdout, stderr, t };
    },
  };
}

/** Text of a host's log events. */
export function logOf({ all }: Played, host: HostName): string {
  return all('log', { host }).map(({ text }) => text).join('\n');
}

/** Newest slot in the tower file of the staked identity on a host now, as Agave would load it. */
export { readTower } from '../../../src/sim/tower-storage.ts';
