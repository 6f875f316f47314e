/** A story for a terminal: a table with a column for each host, then the arithmetic. */
import type { Trace } from '../model/trace.ts';
import type { Finding } from '../model/verdict.ts';
import type { Story } from './document/story-schema.ts';
import { storySteps } from './story.ts';
import type { StoryStep } from './story.ts';
import { COLUMNS, wrap } from './wrap.ts';

/** Lines of a story at most, the arithmetic included. */
export const STORY_LINES = 36;
/** Lines that the steps keep however long the arithmetic is. */
const LEAST_STEP_LINES = 30;

/**
 * What happened as a table with a column for each host, then the arithmetic of the finding. No line is longer than 80
 * columns; about 36 lines, more only when the arithmetic is long. With a finding the story ends with its last vote and gives its votes a line of their own.
 */
export function tellStory(trace: Trace, finding?: Finding): string[] {
  return storyLines({ hosts: trace.header.hosts, told: storySteps(trace, finding), heading: finding === undefined ? null : `${finding.id}  ${finding.title}`, arithmetic: finding?.arithmetic ?? [] });
}

/** A story of a result document, see `tellStory`. */
export function storyText({ finding, title, told, arithmetic, trace }: Story): string[] {
  return storyLines({ hosts: trace.header.hosts, told, heading: finding === null ? null : `${finding}  ${title}`, arithmetic });
}

export interface StoryParts {
  readonly hosts: readonly string[];
  readonly told: readonly TellableStep[];
  readonly heading: string | null;
  readonly arithmetic: readonly string[];
}

type TellableStep = Omit<StoryStep, 'kind'> & { readonly kind: string };

/** The lines of a story whose parts are known, see `tellStory`. */
export function storyLines({ hosts, told, heading, arithmetic }: StoryParts): string[] {
  const above = heading === null ? [] : wrap(heading, COLUMNS, 4);
  const because = arithmetic.length === 0 ? [] : ['  The arithmetic:', ...arithmetic.flatMap((line) => wrap(`    ${line}`, COLUMNS, 6))];
  const room = Math.max(LEAST_STEP_LINES, STORY_LINES - above.length - because.length);
  const layout = hosts.length === 2 ? columnsOf(hosts, told) : listOf(told);
  return [...above, ...(told.length === 0 ? [] : layout.head), ...withinRoom(told, layout.lines, room), ...because];
}

interface Layout {
  readonly head: readonly string[];
  readonly lines: (step: TellableStep) => string[];
}

/** Two columns, each for a host; what is of neither host goes over both. */
function columnsOf(hosts: readonly string[], told: readonly TellableStep[]): Layout {
  const left = 4 + Math.max(4, ...told.map(({ slot }) => String(slot).length));
  const width = Math.floor((COLUMNS - left - 2) / 2);
  const cells = (slot: string, first: string, second: string): string => `${`${slot.padStart(left - 2)}  ${first.padEnd(width)}  ${second}`.trimEnd()}`;
  const fitted = (name: string): string => (name.length > width ? `${name.slice(0, width - 1)}…` : name);
  return {
    head: [cells('slot', fitted(hosts[0]!), fitted(hosts[1]!))],
    lines: ({ slot, host, sentence, kind }) => {
      const column = hosts.indexOf(host);
      if (column < 0) return wrap(`${String(slot).padStart(left - 2)}  ${host === '' ? '' : `${host}: `}${sentence}`, COLUMNS, left + 2);
      const lines = kind === 'command' ? [cut(sentence, width)] : wrap(sentence, width, 2);
      return lines.map((line, i) => cells(i === 0 ? String(slot) : '', column === 0 ? line : '', column === 1 ? line : ''));
    },
  };
}

/** One below the other, with the host in front: for one host, or for many. */
function listOf(told: readonly TellableStep[]): Layout {
  const hostWidth = Math.max(0, ...told.map(({ host }) => host.length));
  return {
    head: [],
    lines: ({ slot, host, sentence, kind }) => {
      const prefix = `  slot ${slot} ${host.padEnd(hostWidth)}  `;
      return wrap(prefix + (kind === 'command' ? cut(sentence, Math.max(20, COLUMNS - prefix.length)) : sentence), COLUMNS, Math.min(prefix.length, COLUMNS / 2));
    },
  };
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/** Leaves out the lightest steps, from the oldest, until the rest fits. */
function withinRoom(told: readonly TellableStep[], lines: Layout['lines'], room: number): string[] {
  const height = new Map(told.map((step) => [step, lines(step).length]));
  let total = told.reduce((sum, step) => sum + height.get(step)!, 0);
  const left = new Set<TellableStep>();
  for (const weight of [3, 2, 1] as const) {
    for (const step of told) {
      // One line is needed to say that something is left out.
      if (total <= room - (left.size > 0 ? 1 : 0)) break;
      if (step.weight !== weight) continue;
      left.add(step);
      total -= height.get(step)!;
    }
  }
  const kept = told.filter((step) => !left.has(step));
  const omitted = left.size === 0 ? [] : [`     (${left.size} lesser event${left.size === 1 ? '' : 's'} left out)`];
  return [...kept.flatMap(lines), ...omitted];
}
