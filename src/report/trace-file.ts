/** Traces as files: JSON Lines, the header first, one event a line. The schema is described in docs/trace.md. */
import { createHash } from 'node:crypto';
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { fromRuns, newestSlotOf, toRuns } from '../model/lockout-runs.ts';
import { TRACE_SCHEMA } from '../model/trace.ts';
import type { Trace, TraceEvent, TraceHeader } from '../model/trace.ts';

/** Schema versions that `parseTrace` reads. */
export const KNOWN_SCHEMAS: readonly string[] = [TRACE_SCHEMA];

/** Diagnostics after which a file is not read further. */
const MOST_DIAGNOSTICS = 20;

type Check = { readonly expected: string; readonly holds: (value: unknown) => boolean };

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const integer: Check = { expected: 'an integer', holds: isInteger };
const natural: Check = { expected: 'an integer from 0', holds: (value) => isInteger(value) && value >= 0 };
const parent: Check = { expected: 'a slot, or -1 for the block from which the trace starts', holds: (value) => isInteger(value) && value >= -1 };
const text: Check = { expected: 'a string', holds: (value) => typeof value === 'string' };
const flag: Check = { expected: 'true or false', holds: (value) => typeof value === 'boolean' };
const share: Check = { expected: 'a number from 0 to 1', holds: (value) => typeof value === 'number' && value >= 0 && value <= 1 };
const positive: Check = { expected: 'a number above 0', holds: (value) => typeof value === 'number' && value > 0 && Number.isFinite(value) };
const texts: Check = { expected: 'a list of strings', holds: (value) => Array.isArray(value) && value.every((entry) => typeof entry === 'string') };
const lockouts: Check = {
  expected: 'a list of [slot, confirmation count], oldest first',
  holds: (value) =>
    Array.isArray(value) &&
    value.every((entry) => Array.isArray(entry) && entry.length === 2 && entry.every((part) => natural.holds(part))) &&
    value.every((entry, i) => i === 0 || (value[i - 1] as number[])[0]! < (entry as number[])[0]!),
};
const orNull = (check: Check): Check => ({ expected: `${check.expected}, or null`, holds: (value) => value === null || check.holds(value) });
const oneOf = (...words: readonly string[]): Check & { readonly words: readonly string[] } => ({
  expected: `one of ${words.join(', ')}`,
  holds: (value) => words.includes(value as string),
  words,
});

interface Shape {
  readonly required: Readonly<Record<string, Check>>;
  readonly optional?: Readonly<Record<string, Check>>;
}

const HEADER: Shape = {
  required: {
    product: text,
    source: oneOf('simulation', 'recording'),
    hosts: texts,
    voteAccount: text,
    stakedIdentity: text,
    client: text,
    consensus: oneOf('tower'),
    slotMs: positive,
    stakeShare: share,
  },
  optional: { procedure: text, assumptions: texts },
};

const phase = oneOf('start', 'end');
const EVENTS: Readonly<Record<TraceEvent['type'], Shape>> = {
  block: { required: { slot: natural, parent, hash: text, parentHash: text, leader: text } },
  skipped: { required: { slot: natural } },
  rooted: { required: { slot: natural, hash: text } },
  vote: {
    required: { id: natural, host: text, identity: text, slot: natural, hash: text, lockouts, root: orNull(natural), refresh: flag },
    optional: { switchStake: share },
  },
  unsent: { required: { host: text, identity: text, slot: natural, hash: text, reason: text } },
  landed: { required: { vote: natural, bank: natural, bankHash: text, error: orNull(natural) } },
  identity: { required: { host: text, layer: oneOf('gossip', 'voting'), from: orNull(text), to: text } },
  'tower-saved': { required: { host: text, identity: text, slot: natural, root: orNull(natural) } },
  'tower-loaded': {
    required: { host: text, identity: text, source: oneOf('file', 'old-name', 'etcd', 'rebuilt', 'adopted'), slot: orNull(natural), root: orNull(natural) },
    optional: { lockouts, why: text },
  },
  process: {
    required: { host: text, state: oneOf('started', 'running', 'exited', 'frozen', 'thawed', 'power-lost') },
    optional: { identity: text, exit: integer, reason: text },
  },
  command: {
    required: { phase, step: natural, id: text, host: text, line: text },
    optional: { exit: integer, stdout: text, stderr: text },
  },
  fault: { required: { phase, fault: natural, kind: text, on: text, sentence: text } },
  leader: { required: { slot: natural, outcome: oneOf('produced', 'missed'), host: orNull(text) }, optional: { hash: text, why: text } },
  gap: { required: { what: text }, optional: { host: text } },
  log: { required: { host: text, text } },
  phase: { required: { phase: oneOf('heal', 'end'), slot: natural }, optional: { why: text } },
};

/** The trace as JSON Lines, with a newline at the end. */
export function formatTrace(trace: Trace): string {
  return [trace.header, ...trace.events].map((line) => `${JSON.stringify(written(line))}\n`).join('');
}

/** A line as it is written: stacks lockout by lockout, as [slot, confirmation count]. */
function written(line: TraceHeader | TraceEvent): object {
  if ((line.type !== 'vote' && line.type !== 'tower-loaded') || line.lockouts === undefined) return line;
  return { ...line, lockouts: fromRuns(line.lockouts).map(({ slot, confirmationCount }) => [slot, confirmationCount]) };
}

/** The event in a line whose fields have been checked. */
function read(line: Fields): TraceEvent {
  const event = line as unknown as TraceEvent;
  if ((event.type !== 'vote' && event.type !== 'tower-loaded') || event.lockouts === undefined) return event;
  const pairs = line['lockouts'] as readonly [number, number][];
  return { ...event, lockouts: toRuns(pairs.map(([slot, confirmationCount]) => ({ slot, confirmationCount }))) };
}

/**
 * Read a trace from JSON Lines.
 *
 * Checks every field of every line, that times do not go back, that ids of votes are unique, that a landed vote was sent
 * before, and that votes, towers and processes are of a host that the header names. Fields that the schema does not
 * know are ignored; types of events that it does not know are errors.
 *
 * @param file name for the diagnostics
 * @throws InputError with line numbers
 */
export function parseTrace(source: string, file: string): Trace {
  const diagnostics: Diagnostic[] = [];
  const lines = source.split('\n');
  const header = parseHeader(lines[0] ?? '', file);
  const events: TraceEvent[] = [];
  const ids = new Set<number>();
  let time = 0;
  for (let i = 1; i < lines.length && diagnostics.length < MOST_DIAGNOSTICS; i++) {
    if (lines[i]!.trim() === '') continue;
    const at = { file, line: i + 1 };
    const value = parseLine(lines[i]!, at, diagnostics);
    if (value === null) continue;
    const found = checkEvent(value, at);
    if (found.length > 0) {
      diagnostics.push(...found);
      continue;
    }
    const event = read(value);
    diagnostics.push(...checkReferences(event, header, ids, time, at));
    time = Math.max(time, event.t);
    events.push(event);
  }
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  return { header, events };
}

function parseHeader(line: string, file: string): TraceHeader {
  const at = { file, line: 1 };
  const diagnostics: Diagnostic[] = [];
  const value = line.trim() === '' ? null : parseLine(line, at, diagnostics);
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  if (value === null || value['type'] !== 'header') {
    throw new InputError([{ ...at, message: 'a trace begins with its header', expected: `a line {"type":"header","schema":"${TRACE_SCHEMA}",…}` }]);
  }
  const schema = value['schema'];
  if (typeof schema !== 'string' || !KNOWN_SCHEMAS.includes(schema)) {
    throw new InputError([{ ...at, message: `unknown trace schema ${JSON.stringify(schema)}`, expected: KNOWN_SCHEMAS.join(' or ') }]);
  }
  const found = checkFields(value, HEADER, at);
  if (found.length > 0) throw new InputError(found);
  return value as unknown as TraceHeader;
}

type Place = { readonly file: string; readonly line: number };
type Fields = Readonly<Record<string, unknown>>;

function parseLine(line: string, at: Place, diagnostics: Diagnostic[]): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
    diagnostics.push({ ...at, message: 'the line is no JSON object', expected: 'one event as a JSON object' });
  } catch (error) {
    diagnostics.push({ ...at, ...jsonProblem((error as Error).message), expected: 'one event as a JSON object' });
  }
  return null;
}

/** Node's words for a syntax error: without the text around it, and the position as a column. */
function jsonProblem(words: string): { readonly message: string; readonly column?: number } {
  const position = /at position (\d+)/.exec(words)?.[1];
  const what = words.replace(/, (\.\.\.)?".*"(\.\.\.)? is not valid JSON$/s, '').replace(/( in JSON)? at position \d+.*$/s, '');
  return { ...(position === undefined ? {} : { column: Number(position) + 1 }), message: `the line is no JSON: ${what.charAt(0).toLowerCase()}${what.slice(1)}` };
}

function checkEvent(value: Fields, at: Place): Diagnostic[] {
  const { type } = value;
  const types = Object.keys(EVENTS);
  if (typeof type !== 'string' || !Object.hasOwn(EVENTS, type)) {
    if (type === 'header') return [{ ...at, message: 'a second header', expected: 'one header, in the first line' }];
    const nearest = typeof type === 'string' ? nearestWord(type, types) : undefined;
    const message = type === undefined ? 'the event has no type' : `unknown type of event ${JSON.stringify(type)}`;
    return [withNearest({ ...at, message, expected: `one of ${types.join(', ')}` }, nearest)];
  }
  const shape = EVENTS[type as TraceEvent['type']];
  return checkFields(value, { required: { t: natural, ...shape.required }, optional: { inferred: text, ...shape.optional } }, at);
}

function checkFields(value: Fields, { required, optional = {} }: Shape, at: Place): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const known = new Set([...Object.keys(required), ...Object.keys(optional), 'type', 'schema']);
  const unknown = Object.keys(value).filter((name) => !known.has(name));
  for (const [name, check] of [...Object.entries(required), ...Object.entries(optional)]) {
    const field = value[name];
    if (field === undefined) {
      if (!Object.hasOwn(required, name)) continue;
      // A misspelt name is told from the side of the missing field.
      const misspelt = nearestWord(name, unknown);
      const instead = misspelt === undefined ? '' : ` (the line has "${misspelt}")`;
      diagnostics.push({ ...at, message: `"${name}" is missing${instead}`, expected: check.expected });
    } else if (!check.holds(field)) {
      const nearest = 'words' in check && typeof field === 'string' ? nearestWord(field, check.words as readonly string[]) : undefined;
      diagnostics.push(withNearest({ ...at, message: `"${name}" is ${shown(field)}`, expected: check.expected }, nearest));
    }
  }
  return diagnostics;
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 40 ? `${json.slice(0, 40)}…` : json;
}

const OF_A_HOST: ReadonlySet<TraceEvent['type']> = new Set(['vote', 'unsent', 'identity', 'tower-saved', 'tower-loaded', 'process', 'log']);

function checkReferences(event: TraceEvent, header: TraceHeader, ids: Set<number>, time: number, at: Place): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (event.t < time) diagnostics.push({ ...at, message: `the time goes back from ${time} to ${event.t} µs`, expected: 'events in the order in which they happened' });
  if (OF_A_HOST.has(event.type) && 'host' in event && event.host !== null && !header.hosts.includes(event.host!)) {
    const nearest = nearestWord(event.host!, header.hosts);
    diagnostics.push(withNearest({
      ...at, message: `unknown host ${JSON.stringify(event.host)}`, expected: `a host of the header: ${header.hosts.join(', ')}`,
    }, nearest));
  }
  if (event.type === 'vote') {
    if (ids.has(event.id)) diagnostics.push({ ...at, message: `a second vote with the id ${event.id}`, expected: 'ids 0, 1, 2 … in the order of sending' });
    ids.add(event.id);
    const newest = newestSlotOf(event.lockouts);
    if (newest !== event.slot) {
      diagnostics.push({ ...at, message: `"slot" is ${event.slot}, the newest lockout is of ${newest ?? 'no slot'}`, expected: 'the newest slot of the stack' });
    }
  }
  if (event.type === 'landed' && !ids.has(event.vote)) {
    diagnostics.push({ ...at, message: `vote ${event.vote} landed without having been sent`, expected: 'the id of a vote in a line before' });
  }
  return diagnostics;
}

/** SHA-256 (64 hexadecimal digits) of the trace as JSON with sorted keys: equal for equal traces. */
export function traceHash(trace: Trace): string {
  const hash = createHash('sha256');
  for (const line of [trace.header, ...trace.events]) hash.update(`${JSON.stringify(withSortedKeys(written(line)))}\n`);
  return hash.digest('hex');
}

function withSortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.some((entry) => typeof entry === 'object') ? value.map(withSortedKeys) : value;
  const sorted: Record<string, unknown> = {};
  for (const name of Object.keys(value).sort()) sorted[name] = withSortedKeys((value as Record<string, unknown>)[name]);
  return sorted;
}
