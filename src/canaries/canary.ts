/**
 * A canary is a bug that is seeded into a copy of the compiled product, and the sign by which a search must show it. The
 * product itself has nothing that could be switched.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FindingKind } from '../model/verdict.ts';
import { DIST, PACKAGE_ROOT, nodeModules } from './package-root.ts';
import type { Search } from './searches.ts';

/** One change of a compiled file. */
export interface Patch {
  /** Below dist, e.g. "model/tower.js". */
  readonly file: string;
  /** Stands there exactly once. */
  readonly text: string;
  readonly by: string;
}

/** What is looked for among the findings of a search. */
export interface Sign {
  /** A kind of finding; unknown: runs that cannot be judged. */
  readonly kind: FindingKind | 'unknown';
  /** Words of its cause; any cause unless given. */
  readonly cause?: string;
}

export interface Canary {
  readonly name: string;
  /** What of the product is broken: its world, its rules, its judges, or its search. */
  readonly part: 'rule' | 'world' | 'judge' | 'search';
  readonly patches: readonly Patch[];
  /** Broken in the twin as well: a judge is blinded to a bug that it would see. */
  readonly base?: readonly Patch[];
  readonly search: Search;
  /** The bug makes the sign appear where the product has none, or vanish where the product has one. */
  readonly must: 'appear' | 'vanish';
  readonly sign: Sign;
}

/** What a search found, in short. */
export interface Found {
  readonly findings: readonly { readonly kind: FindingKind; readonly cause: string; readonly schedule: string }[];
  readonly schedules: number;
  readonly unknown: number;
  /** Why there was no search: the process ended. */
  readonly broken?: string;
}

export interface CanaryResult {
  readonly canary: Canary;
  readonly caught: boolean;
  /** The unpatched product shows the opposite. */
  readonly twinClean: boolean;
  /** The schedule that showed the sign, or why there is none. */
  readonly schedule: string;
}

/** Text with every patch made. Throws when the text of a patch does not stand in its file exactly once. */
export function patchText(source: string, { file, text, by }: Patch): string {
  const parts = source.split(text);
  if (parts.length !== 2) throw new Error(`${file}: the text of a patch stands there ${parts.length - 1} times, not once: ${text}`);
  return parts.join(by);
}

/**
 * Runs `use` with the folder of a copy of dist in which the patches are made; without patches that is dist itself. The
 * copy is removed afterwards. Rejects when a patch does not fit.
 */
export async function withPatchedDist<T>(patches: readonly Patch[], use: (dist: string) => Promise<T>): Promise<T> {
  if (patches.length === 0) return use(DIST);
  const folder = mkdtempSync(join(tmpdir(), 'canary-'));
  try {
    const dist = join(folder, 'dist');
    cpSync(DIST, dist, { recursive: true, filter: (path) => !path.endsWith('.d.ts') });
    for (const name of ['package.json', 'procedures', 'scenarios']) symlinkSync(join(PACKAGE_ROOT, name), join(folder, name));
    symlinkSync(nodeModules(), join(folder, 'node_modules'));
    for (const patch of patches) {
      const path = join(dist, patch.file);
      writeFileSync(path, patchText(readFileSync(path, 'utf8'), patch));
    }
    return await use(dist);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a search of the patched product found, and what its twin found, held against what must be. */
export function resultOf(canary: Canary, patched: Found, twin: Found): CanaryResult {
  const { must, sign } = canary;
  const broken = patched.broken ?? twin.broken;
  if (broken !== undefined) return { canary, caught: false, twinClean: twin.broken === undefined, schedule: broken };
  const [with_, without] = must === 'appear' ? [patched, twin] : [twin, patched];
  const shown = scheduleOf(with_, sign);
  const clean = scheduleOf(without, sign) === null;
  const schedule = shown ?? 'no schedule shows it';
  return must === 'appear' ? { canary, caught: shown !== null, twinClean: clean, schedule } : { canary, caught: clean, twinClean: shown !== null, schedule };
}

/** The schedule that shows a sign; null when none does. */
function scheduleOf({ findings, unknown }: Found, { kind, cause = '' }: Sign): string | null {
  if (kind === 'unknown') return unknown > 0 ? `${unknown} schedules` : null;
  return findings.find((finding) => finding.kind === kind && finding.cause.includes(cause))?.schedule ?? null;
}
