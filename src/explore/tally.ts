/** What came of many schedules: how many ended how, and by which causes. */
import type { FindingClass, FindingKind, Judgement } from '../model/verdict.ts';
import type { Choice } from './choice.ts';

/** Schedules that lead to one cause, and the mildest of them. */
export interface CauseTally {
  readonly id: string;
  readonly cause: string;
  readonly class: FindingClass;
  readonly kind: FindingKind;
  readonly title: string;
  readonly schedules: number;
  /** Of them, those that are exposure. */
  readonly exposed: number;
  /** Schedules by the kinds of their choices. */
  readonly kinds: ReadonlyMap<string, number>;
  /** The choices of the mildest schedule. */
  readonly choices: readonly Choice[];
  /** Fewest choices, then no fork, then the shortest trace. */
  readonly cost: number;
  /** Latency profile of the mildest schedule, by its place in the bounds. */
  readonly timing: number;
}

export interface Tally {
  readonly schedules: number;
  /** By their number of choices. */
  readonly byChoices: readonly number[];
  readonly violated: number;
  /** Of which the starting state, not the procedure, is the reason; they count as nothing else. */
  readonly exposed: number;
  readonly unknown: number;
  /** In which nobody votes at the end, or both hosts do. */
  readonly dead: number;
  readonly worstDowntime: number;
  /** Why something is unknown, and what is not modelled. */
  readonly reasons: ReadonlySet<string>;
  readonly gaps: ReadonlySet<string>;
  readonly causes: ReadonlyMap<string, CauseTally>;
}

export const NOTHING: Tally = { schedules: 0, byChoices: [], violated: 0, exposed: 0, unknown: 0, dead: 0, worstDowntime: 0, reasons: new Set(), gaps: new Set(), causes: new Map() };

const CHOICE = 1e9;
const FORK = 1e8;
const PROFILE = 1e7;

/** One schedule. `size`: events of its trace. `timing`: place of its latency profile in the bounds. `exposed`: see `isExposure`. */
export function tallyOf({ result, unknown, gaps, liveness, downtime, findings }: Judgement, size: number, timing: number, exposed = false): Tally {
  const causes = new Map<string, CauseTally>();
  for (const { id, cause, class: grade, kind, title } of findings) {
    if (!causes.has(id)) causes.set(id, { id, cause, class: grade, kind, title, schedules: 1, exposed: exposed ? 1 : 0, kinds: WITHOUT_CHOICE, choices: [], cost: size + timing * PROFILE, timing });
  }
  const open = exposed ? [] : unknown;
  return {
    schedules: 1, byChoices: [1], causes,
    violated: !exposed && result === 'violated' ? 1 : 0,
    exposed: exposed ? 1 : 0,
    unknown: !exposed && result === 'unknown' ? 1 : 0,
    dead: exposed || liveness.live ? 0 : 1,
    worstDowntime: exposed ? 0 : downtime.slots,
    reasons: open.length === 0 ? NOTHING.reasons : new Set(open),
    gaps: gaps.length === 0 ? NOTHING.gaps : new Set(gaps),
  };
}

const WITHOUT_CHOICE: ReadonlyMap<string, number> = new Map([['', 1]]);

/** The same schedules with one choice before them. */
export function after(choice: Choice, tally: Tally): Tally {
  const causes = new Map<string, CauseTally>();
  const extra = CHOICE + ('fork' in choice ? FORK : 0);
  const kind = 'fork' in choice ? 'fork' : choice.fault.kind;
  for (const [key, cause] of tally.causes) {
    const kinds = new Map<string, number>();
    for (const [others, count] of cause.kinds) kinds.set(withKind(others, kind), count);
    causes.set(key, { ...cause, kinds, choices: [choice, ...cause.choices], cost: cause.cost + extra });
  }
  return { ...tally, byChoices: [0, ...tally.byChoices], causes };
}

/** The same schedules with some choices before them. */
export function afterAll(choices: readonly Choice[], tally: Tally): Tally {
  return choices.reduceRight((sum, choice) => after(choice, sum), tally);
}

/** Kinds, sorted, as one text. */
function withKind(others: string, kind: string): string {
  return others === '' ? kind : [...others.split(' + '), kind].sort().join(' + ');
}

/** A tally that grows. */
export class Sum {
  private schedules = 0;
  private readonly byChoices: number[] = [];
  private violated = 0;
  private exposed = 0;
  private unknown = 0;
  private dead = 0;
  private worstDowntime = 0;
  private readonly reasons = new Set<string>();
  private readonly gaps = new Set<string>();
  private readonly causes = new Map<string, CauseTally>();

  add(tally: Tally): void {
    this.schedules += tally.schedules;
    tally.byChoices.forEach((schedules, choices) => {
      this.byChoices[choices] = (this.byChoices[choices] ?? 0) + schedules;
    });
    this.violated += tally.violated;
    this.exposed += tally.exposed;
    this.unknown += tally.unknown;
    this.dead += tally.dead;
    this.worstDowntime = Math.max(this.worstDowntime, tally.worstDowntime);
    for (const reason of tally.reasons) this.reasons.add(reason);
    for (const gap of tally.gaps) this.gaps.add(gap);
    for (const [key, cause] of tally.causes) {
      const known = this.causes.get(key);
      if (known === undefined) this.causes.set(key, cause);
      else {
        const milder = isMilder(cause, known) ? cause : known;
        this.causes.set(key, { ...milder, kinds: added(known.kinds, cause.kinds), schedules: known.schedules + cause.schedules, exposed: known.exposed + cause.exposed });
      }
    }
  }

  end(): Tally {
    const { schedules, byChoices, violated, exposed, unknown, dead, worstDowntime, reasons, gaps, causes } = this;
    return { schedules, byChoices, violated, exposed, unknown, dead, worstDowntime, reasons, gaps, causes };
  }
}

/** Of two that cost the same, the order of their choices decides, so that the order of the search does not. */
function isMilder(a: CauseTally, b: CauseTally): boolean {
  return a.cost < b.cost || (a.cost === b.cost && JSON.stringify(a.choices) < JSON.stringify(b.choices));
}

function added(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const sum = new Map(a);
  for (const [kinds, count] of b) sum.set(kinds, (sum.get(kinds) ?? 0) + count);
  return sum;
}
