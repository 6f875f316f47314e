/**
 * The claims of the guide about etcd, each searched within bounds, and the answers: the generated part of docs/etcd.md.
 *
 *     npx tsx scripts/etcd-claims.ts            writes it
 *     npx tsx scripts/etcd-claims.ts --check    exit 1 when it is out of date
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Trace, TraceEvent } from '../src/model/trace.ts';
import { encodeToken, siteDifference, stepsFingerprint } from '../src/explore/token.ts';
import { MILDEST, runSpec } from '../src/explore/run-spec.ts';
import type { RunSpec, Subject } from '../src/explore/run-spec.ts';
import { plural } from '../src/report/count.ts';
import { tellStory } from '../src/report/story-lines.ts';
import { FAULT_KINDS, faultKindsIn } from '../src/sim/fault-kinds.ts';
import { describeFault } from '../src/sim/faults.ts';
import type { Fault } from '../src/sim/faults.ts';
import { HOST_NAMES } from '../src/sim/host-name.ts';
import { preparationKindsIn } from '../src/sim/preparation.ts';
import { loadProcedure } from '../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../src/transition/site.ts';
import type { Site } from '../src/transition/site.ts';

export const ETCD_PAGE = fileURLToPath(new URL('../docs/etcd.md', import.meta.url));

type Ran = ReturnType<typeof runSpec>;

interface Case {
  readonly subject: Subject;
  readonly params: Readonly<Record<string, string>>;
  readonly spec: RunSpec;
  readonly run: Ran;
}

/** A claim, or a part of one: what must be in every run of its cases. */
interface Claim {
  readonly id: string;
  /** In the words of the guide, or near them. */
  readonly claim: string;
  readonly cases: readonly Case[];
  /** What breaks it in a run; null: it holds there. */
  readonly broken: (one: Case) => string | null;
  /** The kind of fault whose story tells most. */
  readonly telling?: string;
  /** What is measured over all cases, in a sentence. */
  readonly measure?: (cases: readonly Case[]) => string;
}

function subjectOf(name: string, params: Readonly<Record<string, string>> = {}, site: Partial<Site> = {}): Subject {
  const whole = { ...GUIDE_SITE, ...site };
  return { site: whole, procedure: loadProcedure(name, whole, params) };
}

/** Every single fault before, during and after the steps, until after the procedure; what was done wrong before. */
function singles({ procedure }: Subject): Fault[][] {
  const faults: Fault[][] = [[]];
  for (const kind of preparationKindsIn(procedure)) for (const on of HOST_NAMES) faults.push([{ kind, on, at: 'before-start' }]);
  procedure.steps.forEach((_, index) => {
    for (const when of ['before', 'during', 'after'] as const) for (const kind of faultKindsIn(procedure)) {
      const { on } = FAULT_KINDS[kind]!;
      if (on === 'step' && when !== 'before') continue;
      for (const target of on === 'host' ? HOST_NAMES : [on]) faults.push([{ kind, on: target, at: { kind: 'step', index, when }, heal: 'end' }]);
    }
  });
  return faults;
}

/** States of the primary that nobody knows, and something of etcd besides, some slots later. */
function pairs(): Fault[][] {
  const states = ['freeze', 'hang-etcd', 'delay-etcd', 'cut-gossip', 'cut-turbine'];
  const later = ['etcd-restart', 'etcd-restore', 'etcd-data-lost', 'etcd-freeze', 'etcd-certificate-expired'];
  const made: Fault[][] = states.flatMap((state) => later.flatMap((kind) => [4, 12].map((slot): Fault[] => [
    { kind: state, on: 'active', at: { kind: 'slot', slot: 0 }, heal: 30 }, { kind, on: 'etcd', at: { kind: 'slot', slot }, heal: 8 },
  ])));
  const blind: Fault = { kind: 'cut-gossip', on: 'active', at: { kind: 'slot', slot: 0 }, heal: 60 };
  return [...made, ...states.slice(0, 3).map((kind): Fault[] => [{ kind, on: 'active', at: { kind: 'slot', slot: 0 }, heal: 30 }, blind]), [{ kind: 'same-millisecond', on: 'inactive', at: 'before-start' }, blind]];
}

function casesOf(subject: Subject, schedules: readonly (readonly Fault[])[], params: Readonly<Record<string, string>> = {}): Case[] {
  return schedules.flatMap((faults): Case[] => {
    const spec: RunSpec = { ...MILDEST, faults };
    const run = runSpec(subject, spec);
    return run.fired.every(Boolean) ? [{ subject, params, spec, run }] : [];
  });
}

/** The events between the load of the staked tower by the secondary and the next one by the primary: the lock is not the primary's. */
function withoutLock({ events, header }: Trace): TraceEvent[] {
  const isLoad = (event: TraceEvent, host: string) => event.type === 'tower-loaded' && event.host === host && event.source === 'etcd' && event.identity === header.stakedIdentity;
  const taken = events.findIndex((event) => isLoad(event, 'inactive'));
  if (taken < 0) return [];
  const back = events.findIndex((event, i) => i > taken && event.type === 'tower-loaded' && event.host === 'active' && event.source !== 'adopted');
  return events.slice(taken, back < 0 ? undefined : back);
}

const slotOf = (trace: Trace, t: number) => Math.floor(t / (trace.header.slotMs * 1000)) - 10;
const slotsOf = (trace: Trace, micros: number) => micros / (trace.header.slotMs * 1000);

function votesWithoutLock(refresh: boolean): Claim['broken'] {
  return ({ run: { trace } }) => {
    const votes = withoutLock(trace).filter((event) => event.type === 'vote' && event.host === 'active' && event.refresh === refresh);
    return votes.length === 0 ? null : `the primary sends ${plural(votes.length, refresh ? 'vote again' : 'vote').replace('agains', 'again')} after the secondary has loaded the tower`;
  };
}

function blocksWithoutLock({ run: { trace } }: Case): string | null {
  const blocks = withoutLock(trace).filter((event) => event.type === 'leader' && event.host === 'active' && event.outcome === 'produced');
  return blocks.length === 0 ? null : `the primary produces ${plural(blocks.length, 'block')} after the secondary has loaded the tower`;
}

function unstored({ run: { trace } }: Case): string | null {
  const saved = new Set<string>();
  for (const event of trace.events) {
    if (event.type === 'tower-saved') saved.add(`${event.host} ${event.slot}`);
    if (event.type === 'vote' && !event.refresh && !saved.has(`${event.host} ${event.slot}`)) return `${event.host} sends its vote for slot ${event.slot}, which it has not stored`;
  }
  return null;
}

/** Slots that the primary's process lives on after the load by the secondary; null: there was no load, or no process any more. */
function livedOn({ run: { trace } }: Case): number | null {
  const { events, header } = trace;
  const [load] = withoutLock(trace);
  if (load === undefined) return null;
  const isEnd = (event: TraceEvent) => event.type === 'process' && event.host === 'active' && (event.state === 'exited' || event.state === 'power-lost');
  const isTold = (event: TraceEvent) => event.type === 'identity' && event.host === 'inactive' && event.layer === 'gossip' && event.to === header.stakedIdentity && event.t > 0;
  const told = events.findIndex(isTold);
  const before = events.slice(0, Math.max(0, told)).findLast((event) => event.type === 'process' && event.host === 'active');
  if (before !== undefined && isEnd(before)) return null;
  // The store that is refused may be answered before the load is.
  const end = events.find((event, i) => i > told && isEnd(event));
  return Math.max(0, slotsOf(trace, (end?.t ?? events.at(-1)!.t) - load.t));
}

/** What the restart of the primary does to the secondary. */
function takenBack(one: Case): string | null {
  const { trace } = one.run;
  const { events } = trace;
  const load = withoutLock(trace)[0];
  if (load === undefined) return null;
  const from = events.indexOf(load);
  const started = events.findIndex((event, i) => i > from && event.type === 'process' && event.host === 'active' && event.state === 'started' && event.identity === trace.header.stakedIdentity);
  if (started < 0) return null;
  const back = events.findIndex((event, i) => i > started && event.type === 'tower-loaded' && event.host === 'active' && event.source === 'etcd');
  if (back < 0) return 'the restarted primary does not get its tower from etcd';
  const ended = events.findIndex((event, i) => i > from && event.type === 'process' && event.host === 'inactive' && event.state === 'exited');
  return ended < 0 ? 'the secondary lives on with the staked identity' : null;
}

/** Slots from the end of the secondary to the next vote that is accepted. */
function silence({ run: { trace } }: Case): number | null {
  const { events } = trace;
  const load = withoutLock(trace)[0];
  if (load === undefined) return null;
  const ended = events.findIndex((event, i) => i > events.indexOf(load) && event.type === 'process' && event.host === 'inactive' && event.state === 'exited');
  if (ended < 0) return null;
  const vote = events.find((event, i) => i > ended && event.type === 'vote' && event.host === 'active');
  return slotsOf(trace, (vote?.t ?? events.at(-1)!.t) - events[ended]!.t);
}

function comesBackStaked({ run: { trace } }: Case): string | null {
  const bad = trace.events.find((event) => event.type === 'process' && event.host === 'inactive' && event.state === 'started' && event.identity === trace.header.stakedIdentity);
  return bad === undefined ? null : `the secondary starts with the staked identity, in slot +${slotOf(trace, bad.t)}`;
}

/** Slots without an accepted vote that an upgrade may cost before it is told. */
const UPGRADE_BUDGET = 16;

function silentUpgrade({ run: { judgement: { downtime, liveness } } }: Case): string | null {
  if (!liveness.live) return `not exactly one host votes in the end: ${liveness.why}`;
  return downtime.slots > UPGRADE_BUDGET ? `${plural(downtime.slots, 'slot')} without an accepted vote` : null;
}

const most = (values: readonly (number | null)[]) => Math.max(0, ...values.filter((value) => value !== null)).toFixed(1);

/** The claims in the order of the guide, their runs made. */
function claims(): Claim[] {
  const monitored = subjectOf('guide-etcd-failover-monitored');
  const alone = casesOf(monitored, singles(monitored));
  const both = casesOf(monitored, pairs());
  const all = [...alone, ...both];
  const leading = subjectOf('guide-etcd-failover-monitored', {}, { leaderWindows: [4, 8, 12] });
  const inWindow = casesOf(leading, [...singles(leading), ...pairs()]);
  const manual = subjectOf('guide-etcd-failover');
  const byHand = casesOf(manual, singles(manual));
  const upgrade = subjectOf('guide-etcd-upgrade');
  const upgrades = casesOf(upgrade, singles(upgrade));
  const newer = { 'new-version': '3.1.0' };
  return [
    { id: 'i, new votes', claim: 'The primary is prevented from voting, even if it is in an unknown state: it casts no new vote once the secondary has the tower.', cases: all, broken: votesWithoutLock(false) },
    { id: 'i, votes sent again', claim: 'It also sends none of its votes again.', cases: all, broken: votesWithoutLock(true) },
    { id: 'i, blocks', claim: 'The primary is prevented from producing blocks (with own leader windows at +4, +8 and +12).', cases: inWindow, broken: blocksWithoutLock, telling: 'hang-etcd' },
    {
      id: 'ii, detection', claim: 'The primary will terminate as soon as it detects the secondary using its identity: within one slot.', cases: all,
      broken: (one) => { const slots = livedOn(one); return slots === null || slots <= 1.1 ? null : `the primary lives on for ${slots.toFixed(1)} slots`; },
      measure: (cases) => `without faults it ends ${most([livedOn(cases[0]!)])} slots after the load; at worst it lives on for ${most(cases.map(livedOn))} slots`,
      telling: 'hang-etcd',
    },
    { id: 'ii, writing', claim: 'A validator does not submit a vote that it could not write into etcd.', cases: [...all, ...byHand], broken: unstored },
    {
      id: 'iii', claim: 'When the primary restarts it reclaims its identity, and the secondary exits.', cases: [...alone, ...byHand], broken: takenBack,
      measure: (cases) => `from the end of the secondary to the first vote of the primary: ${most([silence(cases[0]!)])} slots without faults, at worst ${most(cases.map(silence))}, with a start that takes 20 s`,
    },
    { id: 'iv', claim: 'When the secondary restarts it uses its own identity, and the restart cycle is broken.', cases: [...alone, ...byHand], broken: comesBackStaked },
    {
      id: 'v', claim: `The upgrade keeps the validator voting: at most ${UPGRADE_BUDGET} slots without an accepted vote, and exactly one voter in the end.`, cases: upgrades, broken: silentUpgrade, telling: 'etcd-restart',
      measure: (cases) => `without faults ${plural(cases[0]!.run.judgement.downtime.slots, 'slot')} without an accepted vote`,
    },
    { id: 'v, to a newer line', claim: 'The same upgrade to a version after 2.3 leaves both validators upgraded, the primary voting.', cases: casesOf(subjectOf('guide-etcd-upgrade', newer), [[]], newer), broken: ({ run: { judgement: { liveness } } }) => (liveness.voters[0] === 'active' ? null : `at the end votes: ${liveness.voters.join(', ')}; the new version does not know the flags and does not start`) },
  ];
}

function answer({ id, claim, cases, broken, measure, telling }: Claim): string[] {
  const against = cases.flatMap((one) => { const why = broken(one); return why === null ? [] : [{ one, why }]; });
  const kinds = [...new Set(against.map(({ one }) => one.spec.faults.map(({ kind, on }) => `${kind}${HOST_NAMES.includes(on as never) ? ` (${on})` : ''}`).join(' + ') || 'no fault'))];
  const shown = kinds.slice(0, 14);
  const lines = [`### ${id}`, '', `> ${claim}`, ''];
  if (against.length === 0) lines.push(`**Holds within these bounds**: not broken in ${plural(cases.length, 'run')}.`);
  else lines.push(`**Does not hold**: broken in ${against.length} of ${plural(cases.length, 'run')}, under ${shown.join(', ')}${kinds.length > shown.length ? `, and ${kinds.length - shown.length} more` : ''}.`);
  if (measure !== undefined) lines.push('', `Measured: ${measure(cases)}.`);
  const cost = ({ one: { spec: { faults } } }: (typeof against)[number]) => 2 * faults.length - (faults.some(({ kind }) => kind === telling) ? 1 : 0);
  const first = against.toSorted((a, b) => cost(a) - cost(b))[0];
  if (first !== undefined) lines.push('', ...storyOf(first.one, first.why));
  return [...lines, ''];
}

function storyOf({ subject, params, spec, run }: Case, why: string): string[] {
  const { procedure, site } = subject;
  const told = spec.faults.map((fault) => describeFault(fault, procedure)).join('; and ') || 'no fault';
  const token = encodeToken({ procedure: procedure.name, params, site: siteDifference(site), steps: stepsFingerprint(procedure), spec });
  return [`For instance: ${told}. Then ${why}.`, '', '```', ...tellStory(run.trace).slice(0, 24), '```', '', `\`npx solevoter replay ${token}\``];
}

/** The part between the marks. */
export function claimsText(): string {
  return [
    'Bounds: every single fault before, during and after each step, lasting until after the procedure, and everything that may be',
    'wrong beforehand, on either host; for the claims i and ii also pairs of a primary in an unknown state (frozen, its link to etcd',
    'hung or late, deaf to gossip, without blocks) and something that happens to etcd 4 or 12 slots later. No forks, the mildest',
    'timing. Runs in which a fault found nothing to strike are not counted.', '',
    ...claims().flatMap(answer),
  ].join('\n').trimEnd();
}

/** The page with the answers made anew. */
export function withClaims(page: string): string {
  return page.replace(/<!-- claims:begin -->[^]*<!-- claims:end -->/, () => `<!-- claims:begin -->\n${claimsText()}\n<!-- claims:end -->`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const page = readFileSync(ETCD_PAGE, 'utf8');
  const written = withClaims(page);
  if (process.argv.includes('--check')) process.exitCode = written === page ? 0 : 1;
  else writeFileSync(ETCD_PAGE, written);
}
