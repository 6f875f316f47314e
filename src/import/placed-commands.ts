/** The operator's commands among the events of the hosts: on one clock, each at its host. */
import type { CommandEvent, Micros } from '../model/trace.ts';
import type { RecordedCommand } from './command-record.ts';
import type { HostFact } from './host-fact.ts';

export interface PlacedCommands {
  readonly events: readonly CommandEvent[];
  /** What is subtracted from the operator's times, µs. */
  readonly shift: Micros;
  /** set-identity commands that ended well, and of which no log shows the change. */
  readonly disagreements: readonly string[];
}

/** A change of identity in a log is looked for within this time around its command. µs. */
const NEAR: Micros = 5_000_000;
/** The answer of set-identity comes back within this time after the host has logged the change. µs. */
const ANSWER: Micros = 2_000_000;

interface IdentitySet {
  readonly t: Micros;
  readonly host: string;
  readonly to: string;
}

/** Finds the host of each set-identity by the change in a log, and of the others by the commands around them. */
export function placeCommands(commands: readonly RecordedCommand[], facts: readonly HostFact[], staked: string): PlacedCommands {
  const sets = facts.flatMap(({ fact, t, host }): IdentitySet[] => (fact.kind === 'identity-set' ? [{ t, host, to: fact.to }] : []));
  const shift = operatorShift(commands, sets);
  const disagreements: string[] = [];
  const events: CommandEvent[] = [];
  const free = new Set(sets);
  let host = facts[0]?.host ?? '';
  commands.forEach((command, i) => {
    const [start, end] = [command.start - shift, command.end - shift];
    let id = command.id;
    if (command.kind === 'set-identity') {
      const conditional = isConditional(command.text);
      const at = command.host === null || isOverSsh(command.text) ? null : command.host;
      const set = nearest([...free].filter((one) => at === null || at === one.host), start, end, conditional ? 0 : ANSWER);
      if (set !== undefined) {
        host = set.host;
        free.delete(set);
      }
      else if (!conditional && (command.exit === 0 || command.exit === null)) disagreements.push(`the command of line ${command.line} sets an identity, and no log shows "Identity set to" at that time`);
      id ??= set === undefined ? 'set-identity' : set.to === staked ? 'promote' : 'demote';
    }
    host = command.host ?? host;
    const common = {
      type: 'command', step: i + 1, id: id ?? ({ copy: 'copy-tower', link: 'link', wait: 'wait-for-window', other: 'other', 'set-identity': 'set-identity' } as const)[command.kind],
      host, line: command.text, ...(command.inferred === null ? {} : { inferred: command.inferred }),
    } as const;
    events.push({ ...common, t: start, phase: 'start' });
    events.push({ ...common, t: end, phase: 'end', ...(command.exit === null ? {} : { exit: command.exit }), ...(command.stdout === '' ? {} : { stdout: command.stdout }) });
  });
  return { events, shift, disagreements };
}

/** A line that looks first whether to set an identity, as those of guarded-hot-swap do, may rightly end well without it. */
function isConditional(text: string): boolean {
  return /(?:&&|\|\||\bthen\b).*\bset-identity\b/s.test(text);
}

/** The command runs on another host than the line. */
function isOverSsh(text: string): boolean {
  return /\bssh\b.*\bset-identity\b/s.test(text);
}

/** The change within the command, or the one that is least far from it, up to `within` (µs). */
function nearest(sets: readonly IdentitySet[], start: Micros, end: Micros, within: Micros): IdentitySet | undefined {
  const distance = ({ t }: IdentitySet): Micros => Math.max(0, start - t, t - end);
  const [best] = sets.filter((set) => distance(set) <= within).sort((a, b) => distance(a) - distance(b) || a.t - b.t);
  return best;
}

/** 0 unless the changes in the logs lie outside of their commands: then the operator's clock is taken to be off. */
function operatorShift(commands: readonly RecordedCommand[], sets: readonly IdentitySet[]): Micros {
  const own = commands.filter(({ kind, exit }) => kind === 'set-identity' && exit !== 1);
  const inside = own.filter(({ start, end }) => sets.some(({ t }) => t >= start - ANSWER && t <= end + ANSWER)).length;
  if (own.length === 0 || inside * 2 >= own.length || own.length !== sets.length) return 0;
  const differences = own.map(({ end }, i) => end - sets[i]!.t).sort((a, b) => a - b);
  const median = differences[Math.floor(differences.length / 2)]!;
  return Math.abs(median) > NEAR ? median : 0;
}
