/**
 * The bounds of an exhaustive search: what may happen, where and for how long. They stand in files, so that they are
 * fixed before a search begins, and are printed with every verdict.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Heal } from '../sim/faults.ts';
import { LATENCY_TABLES } from '../sim/latency.ts';
import { VALIDATOR_POINTS } from '../sim/world.ts';
import type { ValidatorPoint } from '../sim/world.ts';
import { checkYaml, readTextFile } from '../transition/yaml.ts';
import type { Procedure } from '../transition/procedure.ts';
import { KINDS, kindsIn } from './fault-space.ts';

export interface Bounds {
  readonly name: string;
  /** Kinds of faults; forks are added by `forks`. */
  readonly kinds: ReadonlySet<string>;
  readonly steps: readonly ('before' | 'during' | 'after')[];
  /** Places inside a validator at which is struck. */
  readonly points: readonly ValidatorPoint[];
  /** Slots before the first command and after the last in which validator steps are struck. */
  readonly slotsAround: number;
  /** Slots after which faults heal; end: eight slots after the procedure. */
  readonly heals: readonly Heal[];
  readonly forks: {
    /** Blocks on the losing branch; 0: no fork, only skipped slots. */
    readonly losing: readonly number[];
    readonly skipped: readonly number[];
    /** Branch that a host may see first. */
    readonly firstSeen: readonly ('losing' | 'winning')[];
    readonly winners: readonly ('first' | 'second')[];
  };
  /** Latency profiles: choices by label. */
  readonly timings: readonly Readonly<Record<string, number>>[];
}

const few = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.minLength(1, 'at least one'));
const slots = (most: number) => v.pipe(v.number(), v.integer(`a whole number of slots from 0 to ${most}`), v.minValue(0), v.maxValue(most, `a whole number of slots from 0 to ${most}`));

const boundsSchema = v.strictObject({
  bounds: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]*$/, 'a name of small letters, digits and "-"')),
  kinds: v.union([v.literal('all'), few(v.picklist(KINDS))]),
  steps: v.array(v.picklist(['before', 'during', 'after'])),
  'validator-steps': v.optional(v.array(v.picklist(VALIDATOR_POINTS)), [...VALIDATOR_POINTS]),
  'slots-around': slots(64),
  heals: few(v.union([v.pipe(slots(400), v.minValue(1)), v.literal('end')])),
  forks: v.strictObject({
    losing: few(slots(32)),
    skipped: few(slots(32)),
    'first-seen': few(v.picklist(['losing', 'winning'])),
    winners: few(v.picklist(['first', 'second'])),
  }),
  timings: few(v.strictObject(Object.fromEntries(Object.entries(LATENCY_TABLES).map(([name, table]) =>
    [`latency/${name}`, v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(table.length - 1, `a choice from 0 to ${table.length - 1}`)))])))),
});

/** The bounds in a YAML text; `file` is its name in errors. Throws InputError with every problem. */
export function parseBounds(text: string, file: string): Bounds {
  const { value } = checkYaml(text, file, boundsSchema);
  return {
    name: value.bounds,
    kinds: new Set(value.kinds === 'all' ? KINDS : value.kinds),
    steps: value.steps,
    points: value['validator-steps'],
    slotsAround: value['slots-around'],
    heals: value.heals,
    forks: { losing: value.forks.losing, skipped: value.forks.skipped, firstSeen: value.forks['first-seen'], winners: value.forks.winners },
    timings: value.timings as Bounds['timings'],
  };
}

/** Shipped bounds by name ("quick", "full"), or those of a file. Throws InputError. */
export function loadBounds(nameOrFile: string): Bounds {
  const shipped = fileURLToPath(new URL(`../../bounds/${nameOrFile}.yaml`, import.meta.url));
  const file = /^[a-z][a-z0-9-]*$/.test(nameOrFile) && existsSync(shipped) ? shipped : nameOrFile;
  return parseBounds(readTextFile(file), file);
}

/** The bounds of a search of a procedure in words, for the verdict. */
export function describeBounds({ name, kinds, steps, points, slotsAround, heals, forks, timings }: Bounds, procedure: Procedure): string[] {
  const possible = kindsIn(procedure);
  const taken = possible.filter((kind) => kinds.has(kind));
  const list = (items: readonly (string | number)[]) => items.join(', ');
  return [
    `bounds "${name}": ${taken.length === possible.length ? `all ${taken.length} kinds of faults` : `${taken.length} of ${possible.length} kinds of faults`}, and forks`,
    `at every step: ${list(steps)}; ${pointWords(points)}, from ${slotsAround} slots before the first command to ${slotsAround} after the last`,
    `healing after ${list(heals.map((heal) => (heal === 'end' ? 'the end of the procedure' : `${heal} slot${heal === 1 ? '' : 's'}`)))}`,
    `a fork or skipped slots count as one fault, one a run: ${list(forks.losing)} own votes on the losing branch, ${list(forks.skipped)} skipped slots, either winner, each host's first-seen branch`,
    `${timings.length} latency profile${timings.length === 1 ? '' : 's'}`,
  ];
}

function pointWords(points: readonly ValidatorPoint[]): string {
  if (points.length === 0) return 'at no validator step; forks at every slot';
  return `at ${points.length === VALIDATOR_POINTS.length ? 'every validator step' : points.join(', ')} of both hosts`;
}
