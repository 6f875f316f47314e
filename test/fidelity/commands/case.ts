/** The cases of commands.yaml: what is run, where, and in which state of the validator. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/**
 * down: the process has ended and left its socket. loading: it has begun, and is not up. running: it runs with the junk
 * key; the staked identity votes nowhere.
 */
export const STATES = ['down', 'loading', 'running'] as const;

export interface CommandCase {
  readonly name: string;
  readonly state: (typeof STATES)[number];
  /** Lines that make the situation. "root: LINE" runs as root, any other as the validator's user. */
  readonly given: readonly string[];
  /** A line of shell, or null where the process is started. */
  readonly run: string | null;
  /** Flags with which the process is started, beyond identity, vote account, authorized voter, ledger and tower folder. */
  readonly start: string | null;
  readonly as: 'sol' | 'root';
  /** Patterns of what differs from run to run: times, keys, ports. Matches become "…". */
  readonly hide: readonly string[];
  /** After an accepted command: whether the process still runs some slots later. */
  readonly watch: boolean;
  /** What comes of it shows only while the cluster makes blocks: recorded once, with a cluster. */
  readonly blocks: boolean;
  /** Why the simulated answer is not the real one; null: it must be. */
  readonly differs: string | null;
}

const FIELDS = new Set(['name', 'state', 'given', 'run', 'start', 'as', 'hide', 'watch', 'blocks', 'differs']);

/** The cases of a file. Throws on a field that is not known and on a name that stands there twice. */
export function loadCases(path: string): CommandCase[] {
  const cases = (parse(readFileSync(path, 'utf8')) as Partial<CommandCase>[]).map((one): CommandCase => {
    const unknown = Object.keys(one).filter((field) => !FIELDS.has(field));
    if (one.name === undefined || unknown.length > 0) throw new Error(`${path}: ${one.name ?? 'a case without a name'}: ${unknown.join(', ')}`);
    if ((one.run === undefined) === (one.start === undefined)) throw new Error(`${path}: ${one.name}: either run or start`);
    const { name, state = 'down', given = [], run = null, start = null, as = 'sol', hide = [], watch = false, blocks = false, differs = null } = one;
    if (!STATES.includes(state)) throw new Error(`${path}: ${name}: state ${state}`);
    return { name, state, given, run, start, as, hide, watch, blocks, differs };
  });
  const twice = cases.find(({ name }, i) => cases.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new Error(`${path}: "${twice.name}" stands there twice`);
  return cases;
}

/** "root: LINE" into who and what. */
export function givenLine(line: string): { readonly as: 'sol' | 'root'; readonly line: string } {
  return line.startsWith('root: ') ? { as: 'root', line: line.slice('root: '.length) } : { as: 'sol', line };
}
