/** One told run as part of the result document. Pure: what was found by running is handed in. */
import { fromRuns } from '../../model/lockout-runs.ts';
import type { LockoutRuns } from '../../model/lockout-runs.ts';
import { lastLockedOutSlot, lockoutOf } from '../../model/lockout.ts';
import type { Trace, TraceEvent, VoteEvent } from '../../model/trace.ts';
import { voteErrorName } from '../../model/vote-program.ts';
import type { DowntimeSummary, Finding, VoteConflict } from '../../model/verdict.ts';
import type { Overview } from '../../check/overview.ts';
import type { NoReturn } from '../../explore/no-return.ts';
import type { RunSpec } from '../../explore/run-spec.ts';
import type { ChoiceOfRun, ToldRun } from '../../explore/told.ts';
import { noReturnSentence, noReturnTried } from '../no-return-text.ts';
import { fatesOf, storySteps } from '../story.ts';
import type { Fate } from '../story.ts';
import { traceHash } from '../trace-file.ts';
import type { DocumentEvent, DocumentHeader } from './event-schema.ts';
import type { Choice, Conflict, Downtime, NoReturnPoint, Place, Replay, Story, VoteOfConflict } from './story-schema.ts';

/** Where a run comes from: what the document says of steps and tokens. */
export interface Origin {
  /** The place of a step of the procedure in its file; null when it is not known. */
  readonly placeOf: (step: string) => Place | null;
  /** The replay token of a run; null when it cannot be replayed. */
  readonly tokenOf: ((spec: RunSpec) => string) | null;
}

/** A told run with what was found about it. */
export interface StoryFacts {
  readonly run: ToldRun;
  readonly overview: Overview;
  /** Null: not looked for. */
  readonly noReturn: NoReturn | null;
  /** How the run was shrunk, and what is certified of it: one sentence each. */
  readonly proof: readonly string[];
}

/** Most credits that a slot can earn: SIMD-0033, timely vote credits. */
const CREDITS_A_SLOT = 16;

/** The story of a run. */
export function storyOf({ run, overview, noReturn, proof }: StoryFacts, origin: Origin): Story {
  const { spec, trace, judgement, finding, choices } = run;
  return {
    ...(finding === null ? withoutFinding(trace) : ofFinding(finding, trace, origin)),
    replay: spec === null ? null : replayOf(origin, spec),
    choices: choices.map((choice) => choiceOf(choice, run, origin)),
    pointOfNoReturn: noReturn === null ? null : noReturnOf(noReturn, trace),
    proof: [...proof],
    told: storySteps(trace, finding ?? undefined).map(({ t, slot, host, kind, sentence, weight }) => ({ t, slot, host, kind, sentence, weight })),
    downtime: downtimeOf(judgement.downtime, trace.header.slotMs),
    liveness: { ...judgement.liveness, voters: [...judgement.liveness.voters] },
    holders: overview.holders.map(({ t, hosts }) => ({ t, hosts: hosts.map(({ host, process, gossip, voting }) => ({ host, process, gossip, voting })) })),
    forks: { tip: overview.tip, losing: [...overview.losing] },
    trace: { hash: traceHash(trace), header: trace.header as DocumentHeader, events: trace.events.map(folded) },
  };
}

type OfFinding = Pick<Story, 'finding' | 'class' | 'kind' | 'title' | 'sentence' | 't' | 'slot' | 'hosts' | 'step' | 'place' | 'arithmetic' | 'conflict' | 'votes' | 'refused'>;

function ofFinding(finding: Finding, trace: Trace, origin: Origin): OfFinding {
  const step = stepOf(finding.step);
  const conflict = finding.conflict === undefined ? null : conflictOf(trace, finding.conflict);
  return {
    finding: finding.id, class: finding.class, kind: finding.kind, title: finding.title,
    sentence: sentenceOf(finding, conflict),
    t: finding.t, slot: finding.slot, hosts: [...finding.hosts], step,
    place: step === null ? null : origin.placeOf(step),
    arithmetic: [...finding.arithmetic], conflict, votes: [...finding.votes],
    refused: (finding.refused ?? []).map(({ slot, error }) => ({ slot, code: error, name: nameOf(error) })),
  };
}

function withoutFinding({ events }: Trace): OfFinding {
  const first = events.find((event) => event.type === 'block');
  return {
    finding: null, class: null, kind: null, title: 'the run', sentence: 'Nothing was found in this run.',
    t: 0, slot: first?.type === 'block' ? first.slot : 0, hosts: [], step: null, place: null, arithmetic: [], conflict: null, votes: [], refused: [],
  };
}

/** The token of a run and the command that runs it again; null when it has none. */
export function replayOf({ tokenOf }: Origin, spec: RunSpec): Replay | null {
  if (tokenOf === null) return null;
  const token = tokenOf(spec);
  return { token, command: `npx solevoter replay ${token}` };
}

/** Slots without an accepted vote, with their seconds and what they could have earned. */
export function downtimeOf({ slots, runs, refusedVotes, leaderSlotsMissed }: DowntimeSummary, slotMs: number): Downtime {
  return {
    slots, seconds: Math.round(slots * slotMs) / 1000, creditsAtMost: slots * CREDITS_A_SLOT,
    runs: runs.map(({ first, last, slots: missed, why }) => ({ first, last, slots: missed, why })),
    refusedVotes, leaderSlotsMissed,
  };
}

/** Findings name the time before the first step "-". */
export function stepOf(step: string): string | null {
  return step === '-' ? null : step;
}

function sentenceOf({ title, slot, step, hosts }: Finding, conflict: Conflict | null): string {
  const during = stepOf(step) === null ? 'Before the first step' : `At step ${step}`;
  if (conflict === null) return `${during}: ${title}.`;
  const { earlier, later, lockout } = conflict;
  if (lockout === null) return `${during}: ${title} (earlier vote by ${earlier.host}, later one by ${later.host}).`;
  const whose = earlier.host === later.host ? 'its own' : `${earlier.host}'s`;
  const how = lockout.within === null
    ? `and gave slot ${lockout.slot} a shorter lockout than ${whose} earlier vote had`
    : `although ${whose} vote for slot ${earlier.slot} had locked out slot ${lockout.slot} through slot ${lockout.end}${lockout.otherFork === true ? ', on another fork' : lockout.otherFork === false ? ', and the later stack lacks it' : ''}`;
  const first = later.slot === slot || hosts.length === 0 ? '' : ` (the first of them for slot ${slot})`;
  return `${during}, ${later.host} voted for slot ${later.slot}${first} ${how}.`;
}

function conflictOf(trace: Trace, { earlier, later, lockout }: VoteConflict): Conflict | null {
  const fates = fatesOf(trace);
  const first = voteOf(trace, earlier, fates);
  const second = voteOf(trace, later, fates);
  if (first === null || second === null) return null;
  return {
    earlier: first, later: second,
    lockout: lockout === null ? null : { ...lockout, lockout: lockoutOf(lockout.confirmationCount) },
  };
}

function voteOf({ events }: Trace, id: number, fates: ReadonlyMap<number, Fate>): VoteOfConflict | null {
  const at = events.findIndex((event) => event.type === 'vote' && event.id === id);
  if (at < 0) return null;
  const { host, t, slot, hash, root, lockouts } = events[at] as VoteEvent;
  const { kind, error, bank } = fates.get(id)!;
  let step: string | null = null;
  for (let i = 0; i < at; i++) {
    const event = events[i]!;
    if (event.type === 'command' && event.phase === 'start') step = event.id;
  }
  return {
    id, event: at, host, t, slot, hash, root, step, fate: kind,
    stack: fromRuns(lockouts).map((vote) => ({ ...vote, lockout: lockoutOf(vote.confirmationCount), end: lastLockedOutSlot(vote) })),
    bank: kind === 'not landed' ? null : bank,
    error: kind === 'refused' ? { code: error, name: nameOf(error) } : null,
  };
}

function nameOf(error: number): string {
  return voteErrorName(error) ?? 'Custom';
}

function choiceOf({ what, name, kind, on, sentence, struck, without }: ChoiceOfRun, { judgement, finding }: ToldRun, origin: Origin): Choice {
  const replay = without === null ? null : replayOf(origin, without.spec);
  if (without === null || replay === null) return { what, name, kind, on, sentence, struck, without: null };
  const before = violations(judgement.findings);
  const after = violations(without.judgement.findings);
  return {
    what, name, kind, on, sentence, struck,
    without: {
      result: without.judgement.result,
      remains: without.judgement.findings.some(({ id }) => id === finding?.id),
      violations: [
        ...[...before].map(([id, named]) => ({ id, kind: named, change: after.has(id) ? ('remains' as const) : ('is gone' as const) })),
        ...[...after].filter(([id]) => !before.has(id)).map(([id, named]) => ({ id, kind: named, change: 'comes only now' as const })),
      ],
      replay,
    },
  };
}

function violations(findings: readonly Finding[]): ReadonlyMap<string, string> {
  return new Map(findings.filter((finding) => finding.class === 'violation').map(({ id, kind }) => [id, kind]));
}

function noReturnOf(found: NoReturn, { header, events }: Trace): NoReturnPoint {
  const { event, slot, what, continuations, more, bounds, looked, cuts, stretches, finished } = found;
  // It was found in a run of its own: the same event there is another object.
  const text = JSON.stringify(event);
  const at = event === null ? -1 : events.findIndex((one) => one.t === event.t && JSON.stringify(one) === text);
  return {
    event: at < 0 ? null : at, t: event?.t ?? null, slot, what,
    sentence: noReturnSentence(found, header.stakedIdentity), tried: noReturnTried(found),
    continuations, more, bounds, looked, cuts, stretches, finished,
  };
}

/** An event with its stack as triples. */
function folded(event: TraceEvent): DocumentEvent {
  switch (event.type) {
    case 'vote':
      return { ...event, lockouts: triplesOf(event.lockouts) };
    case 'tower-loaded': {
      const { lockouts, ...rest } = event;
      return lockouts === undefined ? rest : { ...rest, lockouts: triplesOf(lockouts) };
    }
    default:
      return event;
  }
}

function triplesOf(lockouts: LockoutRuns): [number, number, number][] {
  return lockouts.map(({ slot, confirmationCount, length }) => [slot, confirmationCount, length]);
}
