/** One event of a trace as a short sentence, and where it happened. */
import type { TraceEvent } from '../model/trace.ts';
import { errorWords } from '../model/vote-error-words.ts';
import type { DocumentEvent } from './document/event-schema.ts';
import { identityWords, phaseWords, processWords, sourceWords } from './story.ts';

/** Of a trace, or of the trace in a result document: they differ in how a stack is written, which is not told here. */
export type TellableEvent = TraceEvent | DocumentEvent;

/** The host of an event, or "cluster" or "operator". */
export function placeOf(event: TellableEvent): string {
  switch (event.type) {
    case 'fault':
      return event.on;
    case 'leader':
    case 'gap':
      return event.host ?? 'cluster';
    case 'block':
    case 'skipped':
    case 'rooted':
    case 'landed':
    case 'phase':
      return 'cluster';
    default:
      return event.host;
  }
}

/** Without its place; `staked`: the staked identity of the trace. */
export function eventWords(event: TellableEvent, staked: string): string {
  switch (event.type) {
    case 'block':
      return `block ${event.slot} is built`;
    case 'skipped':
      return `slot ${event.slot} has no block`;
    case 'rooted':
      return `slot ${event.slot} is rooted`;
    case 'vote':
      return `${event.refresh ? 're-sends' : 'sends'} its vote for slot ${event.slot}`;
    case 'unsent':
      return `its vote for slot ${event.slot} never leaves it: ${event.reason}`;
    case 'landed':
      return `block ${event.bank} ${event.error === null ? `accepts vote ${event.vote}` : `refuses vote ${event.vote}: ${errorWords(event.error)}`}`;
    case 'identity':
      return identityWords(event, staked);
    case 'tower-saved':
      return `writes its tower with slot ${event.slot}`;
    case 'tower-loaded':
      return `tower ${sourceWords(event.source)}: newest slot ${event.slot ?? 'none'}, root ${event.root ?? 'none'}`;
    case 'process':
      return processWords(event, staked);
    case 'command':
      return event.phase === 'start' ? `${event.id} begins: ${event.line}` : `${event.id} ends${event.exit === undefined ? '' : `, exit ${event.exit}`}`;
    case 'fault':
      return event.phase === 'start' ? `FAULT ${event.kind}: ${event.sentence}` : `the fault ${event.kind} is over`;
    case 'leader':
      return `leader slot ${event.slot} ${event.outcome}${event.why === undefined ? '' : `: ${event.why}`}`;
    case 'gap':
      return `NOT MODELLED: ${event.what}`;
    case 'log':
      return `log: ${event.text}`;
    case 'phase':
      return phaseWords(event);
  }
}
