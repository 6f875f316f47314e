/**
 * An incident log for each told violation, with the fields that users of votalizer know, the live detector of lockout
 * violations (github.com/mvines/votalizer): tower, forks back to the common ancestor, vote history. What a log of a live
 * cluster cannot know comes after them: hosts, step, arithmetic, token.
 */
import type { ReportDocument, Subject } from './document/schema.ts';
import type { DocumentEvent } from './document/event-schema.ts';
import type { Story, VoteOfConflict } from './document/story-schema.ts';

export interface IncidentFile {
  /** Without folders. */
  readonly name: string;
  readonly text: string;
}

type BlockEvent = Extract<DocumentEvent, { type: 'block' }>;
type VoteEvent = Extract<DocumentEvent, { type: 'vote' }>;

/** A file for each violation that is told with its two votes, in the order of the document. */
export function writeIncidents({ subjects }: ReportDocument): IncidentFile[] {
  return subjects.flatMap((subject) => subject.stories.flatMap((story): IncidentFile[] => {
    const { finding, conflict, trace } = story;
    if (finding === null || story.class !== 'violation' || conflict === null) return [];
    return [{ name: `incident-${trace.header.voteAccount}-${finding}.log`, text: `${logLines(subject, story, conflict).join('\n')}\n` }];
  }));
}

function logLines(subject: Subject, story: Story, { earlier, later, lockout }: NonNullable<Story['conflict']>): string[] {
  const { finding, title, sentence, arithmetic, step, place, replay, trace } = story;
  const blocks = blocksOf(trace.events);
  const end = lockout ?? { slot: earlier.slot, end: earlier.stack.at(-1)?.end ?? earlier.slot };
  const root = earlier.root ?? 0;
  const voted = ancestors(blocks, later.hash, root);
  const lockedHash = ancestors(blocks, earlier.hash, root).find(({ slot }) => slot <= end.slot)?.hash ?? earlier.hash;
  const locked = ancestors(blocks, lockedHash, root);
  const common = new Set(locked.map(({ hash }) => hash).filter((hash) => voted.some((block) => block.hash === hash)));
  const own = (chain: readonly BlockEvent[]): string => listed(chain.filter(({ hash }) => !common.has(hash)));
  return [
    `lockout violation: ${trace.header.voteAccount}`,
    `signature: none, ${trace.header.source === 'simulation' ? 'simulated' : 'not in the trace'} (${named(later)})`,
    `vote slot: ${later.slot}`,
    `root slot: ${earlier.root ?? 'none'}`,
    `last lockout slot: ${end.end}`,
    `tower:`,
    ...towerLines(earlier),
    `fork at vote slot ${later.slot} to common ancestor:`,
    `  - ${own(voted)}`,
    `fork at lockout slot ${end.slot} to common ancestor:`,
    `  - ${own(locked)}`,
    'common fork ancestors:',
    `  - ${listed(locked.filter(({ hash }) => common.has(hash)))}`,
    'vote transaction history:',
    ...historyLines(trace.events, earlier, later),
    '',
    `finding: ${finding}`,
    `title: ${title}`,
    `procedure: ${subject.name}`,
    `step: ${step ?? 'none'}${place === null ? '' : ` (${place.file}:${place.line}:${place.column})`}`,
    `earlier vote: ${fateOf(earlier)}`,
    `later vote: ${fateOf(later)}`,
    'tower of the later vote:',
    ...towerLines(later),
    'arithmetic:',
    ...arithmetic.map((line) => `  - ${line}`),
    `in a sentence: ${sentence}`,
    ...(replay === null ? [] : [`replay: ${replay.command}`]),
    ...(lockout?.otherFork === false ? ['note: both votes are on one fork; a detector that looks at forks alone does not see this'] : []),
  ];
}

function named({ id, host }: Pick<VoteOfConflict, 'id' | 'host'>): string {
  return `vote ${id} of ${host}`;
}

function fateOf(vote: VoteOfConflict): string {
  const { slot, hash, fate, bank, error, step } = vote;
  const what = fate === 'not landed' ? 'did not land' : fate === 'accepted' ? `accepted in ${bank}` : `refused in ${bank}: ${error?.name} (${error?.code})`;
  return `${named(vote)} for slot ${slot}, hash ${hash}, sent at step ${step ?? 'none'}, ${what}`;
}

function towerLines({ stack }: VoteOfConflict): string[] {
  return stack.map(({ slot, confirmationCount, end }) => `  - ${slot} (conf: ${confirmationCount}), last lockout slot: ${end}`);
}

/** Votes of the account from the oldest one that is still in the tower up to the violating one, in order of sending. */
function historyLines(events: readonly DocumentEvent[], earlier: VoteOfConflict, later: VoteOfConflict): string[] {
  const from = earlier.stack[0]?.slot ?? earlier.slot;
  const votes = events.slice(0, later.event + 1).filter((event): event is VoteEvent => event.type === 'vote' && event.slot >= from);
  return votes.map((vote) => ` - ${vote.slot} [${named(vote)}${vote.refresh ? ', sent again' : ''}]`);
}

function blocksOf(events: readonly DocumentEvent[]): ReadonlyMap<string, BlockEvent> {
  return new Map(events.flatMap((event): [string, BlockEvent][] => (event.type === 'block' ? [[event.hash, event]] : [])));
}

/** A block and those it is built on, newest first, down to the root. */
function ancestors(blocks: ReadonlyMap<string, BlockEvent>, hash: string, root: number): BlockEvent[] {
  const chain: BlockEvent[] = [];
  for (let block = blocks.get(hash); block !== undefined && block.slot >= root; block = blocks.get(block.parentHash)) chain.push(block);
  return chain;
}

function listed(chain: readonly BlockEvent[]): string {
  return chain.length === 0 ? 'none' : chain.map(({ slot }) => slot).join(', ');
}
