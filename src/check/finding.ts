/** How findings are made: their context in the trace, their cause and their stable id. */
import { createHash } from 'node:crypto';
import { errorWords } from '../model/vote-error-words.ts';
import type { Finding, FindingClass, FindingKind, VoteConflict } from '../model/verdict.ts';
import type { Evidence, Placed, SentVote } from './evidence.ts';
import type { TraceEvent } from '../model/trace.ts';

/** "SV-" and the first 8 hexadecimal digits of the SHA-256 of the cause. */
export function findingId(cause: string): string {
  return `SV-${createHash('sha256').update(cause).digest('hex').slice(0, 8)}`;
}

/** The last of `list` (ascending by position) before `position`. */
export function lastBefore<P extends Placed<TraceEvent>>(list: readonly P[], position: number): P | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.position < position) low = middle + 1;
    else high = middle;
  }
  return list[low - 1];
}

/** Id of the step whose command was started last; "-" before the first. */
export function stepAt(evidence: Evidence, position: number): string {
  for (let command = lastBefore(evidence.commands, position); command !== undefined; ) {
    if (command.event.phase === 'start') return command.event.id;
    command = lastBefore(evidence.commands, command.position);
  }
  return '-';
}

/** Kinds of the faults that are active or over at a position, sorted. */
function faultsBefore(evidence: Evidence, position: number): readonly string[] {
  const kinds = new Set<string>();
  for (const fault of evidence.faults) if (fault.position < position) kinds.add(fault.event.kind);
  return [...kinds].sort();
}

export interface FindingParts {
  readonly class: FindingClass;
  readonly kind: FindingKind;
  readonly title: string;
  /** Position in the trace at which it begins. */
  readonly position: number;
  readonly t: number;
  readonly slot: number;
  readonly hosts: readonly string[];
  /** How it came about, in words without slots, times and host names. */
  readonly mechanism: string;
  readonly arithmetic: readonly string[];
  readonly votes?: readonly number[];
  readonly conflict?: VoteConflict;
  readonly count?: number;
  readonly refused?: readonly { readonly slot: number; readonly error: number }[];
}

/** A finding with its step, cause and id. */
export function makeFinding(evidence: Evidence, parts: FindingParts): Finding {
  const step = stepAt(evidence, parts.position);
  const hosts = [...new Set(parts.hosts)];
  const cause = [
    `${parts.class} ${parts.kind}`,
    hosts.length < 2 ? 'same host' : 'other host',
    `step ${step}`,
    parts.mechanism,
  ].join('; ');
  return {
    id: findingId(cause),
    class: parts.class,
    kind: parts.kind,
    title: parts.title,
    cause,
    faults: faultsBefore(evidence, parts.position),
    t: parts.t,
    slot: parts.slot,
    hosts,
    step,
    arithmetic: parts.arithmetic,
    votes: parts.votes ?? [],
    ...(parts.conflict === undefined ? {} : { conflict: parts.conflict }),
    ...(parts.count === undefined ? {} : { count: parts.count }),
    ...(parts.refused === undefined || parts.refused.length === 0 ? {} : { refused: parts.refused }),
  };
}

/** The error of a vote that a bank refused and none accepted; null otherwise. */
export function refusalOf(vote: SentVote): number | null {
  let refusal: number | null = null;
  for (const { error } of vote.landed) {
    if (error === null) return null;
    refusal ??= error;
  }
  return refusal;
}

/** "vote 12 of active for slot 405 (step demote), refused in 407: LockoutConflict (6)" */
export function voteWords(evidence: Evidence, vote: SentVote): string {
  const { id, host, slot } = vote.event;
  const step = stepAt(evidence, vote.position);
  return `vote ${id} of ${host} for slot ${slot}${step === '-' ? '' : ` (step ${step})`}, ${landingWords(vote)}`;
}

function landingWords(vote: SentVote): string {
  const accepted = vote.landed.find((landed) => landed.error === null);
  if (accepted !== undefined) return `accepted in ${accepted.bank}`;
  const refused = vote.landed[0];
  if (refused === undefined) return 'did not land';
  return `refused in ${refused.bank}: ${errorWords(refused.error!)}`;
}
