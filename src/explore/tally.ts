/** What came of many schedules: how many ended how, and by which causes. */
import { withoutFaults } from '../check/finding.ts';
import type { FindingClass, FindingKind, Judgement } from '../model/verdict.ts';
import type { Choice } from './choice.ts';

/** Schedules that lead to one cause, and the mildest of them. */
export interface CauseTally {
  readonly cause: string;
  readonly class: FindingClass;
  readonly kind: FindingKind;
  readonly title: string;
  readonly schedules: number;
  /** The choices of the mildest schedule. */
  readonly choices: readonly Choice[];
  /** Fewest choices, then no fork, then the shortest trace. */
  readonly cost: number;
}

export interface Tally {
  readonly schedules: number;
  readonly violated: number;
  readonly unknown: number;
  /** In which nobody votes at the end, or both hosts do. */
  readonly dead: number;
  readonly worstDowntime: number;
  readonly causes: ReadonlyMap<string, CauseTally>;
}

export const NOTHING: Tally = { schedules: 0, violated: 0, unknown: 0, dead: 0, worstDowntime: 0, causes: new Map() };

const CHOICE = 1e9;
const FORK = 1e8;

/** One schedule. `size`: events of its trace. */
export function tallyOf({ result, liveness, downtime, findings }: Judgement, size: number): Tally {
  const causes = new Map<string, CauseTally>();
  for (const { cause, class: grade, kind, title } of findings) {
    const bare = withoutFaults(cause);
    if (!causes.has(bare)) causes.set(bare, { cause: bare, class: grade, kind, title, schedules: 1, choices: [], cost: size });
  }
  return {
    schedules: 1, violated: result === 'violated' ? 1 : 0, unknown: result === 'unknown' ? 1 : 0, dead: liveness.live ? 0 : 1,
    worstDowntime: downtime.slots, causes,
  };
}

/** The same schedules with one choice before them. */
export function after(choice: Choice, tally: Tally): Tally {
  if (tally.causes.size === 0) return tally;
  const causes = new Map<string, CauseTally>();
  const extra = CHOICE + ('fork' in choice ? FORK : 0);
  for (const [key, cause] of tally.causes) causes.set(key, { ...cause, choices: [choice, ...cause.choices], cost: cause.cost + extra });
  return { ...tally, causes };
}

/** A tally that grows. */
export class Sum {
  private schedules = 0;
  private violated = 0;
  private unknown = 0;
  private dead = 0;
  private worstDowntime = 0;
  private readonly causes = new Map<string, CauseTally>();

  add(tally: Tally): void {
    this.schedules += tally.schedules;
    this.violated += tally.violated;
    this.unknown += tally.unknown;
    this.dead += tally.dead;
    this.worstDowntime = Math.max(this.worstDowntime, tally.worstDowntime);
    for (const [key, cause] of tally.causes) {
      const known = this.causes.get(key);
      if (known === undefined) this.causes.set(key, cause);
      else {
        const milder = cause.cost < known.cost ? cause : known;
        this.causes.set(key, { ...milder, schedules: known.schedules + cause.schedules });
      }
    }
  }

  end(): Tally {
    const { schedules, violated, unknown, dead, worstDowntime, causes } = this;
    return { schedules, violated, unknown, dead, worstDowntime, causes };
  }
}
