/** The tables of the canaries, the witnesses and the situations, 80 columns wide. */
import type { Fault } from '../sim/faults.ts';
import type { Canary, CanaryResult } from './canary.ts';
import type { Reached } from './situations.ts';
import type { Witness } from './witnesses.ts';

/** A cell of a width; what is too long ends with "…". */
function cell(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

function row(...cells: readonly (readonly [text: string, width: number])[]): string {
  return cells.map(([text, width]) => cell(text, width)).join(' ').trimEnd();
}

/** One line a canary: its name, the sign that caught it, where it was seen, whether the twin is clean. */
export function canaryLines(results: readonly CanaryResult[]): string[] {
  const head = row(['canary', 28], ['caught by', 24], ['with', 21], ['twin', 5]);
  return [head, ...results.flatMap(({ canary, caught, twinClean, schedule }, i) => [
    ...(canary.part === results[i - 1]?.canary.part ? [] : [PARTS[canary.part]]),
    row([canary.name, 28], [caught ? `${canary.must === 'appear' ? '+' : '-'}${canary.sign.kind}` : 'SURVIVED', 24], [schedule, 21], [twinClean ? 'clean' : 'DIRTY', 5]),
  ])];
}

const PARTS: Readonly<Record<Canary['part'], string>> = {
  rule: 'Bugs of the rules', world: 'Bugs of the world', judge: 'Judges that see nothing, or too much', search: 'Searches that do not search',
};

/** One line a kind of fault: the run in which it mattered, where it struck, the first thing that it changed. */
export function witnessLines(witnesses: readonly Witness[]): string[] {
  const head = row(['fault', 23], ['witness', 19], ['struck', 17], ['changed first', 18]);
  return [head, ...witnesses.map(({ kind, found, tried }) => (found === null
    ? row([kind, 23], [`NO WITNESS in ${tried} runs`, 56])
    : row([kind, 23], [found.run.name, 19], [momentWords(found.fault), 17], [found.difference, 18])))];
}

function momentWords({ at }: Fault): string {
  if (at === 'before-start') return 'before the start';
  return at.kind === 'step' ? `${at.when} step ${at.index + 1}` : at.kind === 'point' ? `${at.point} in ${at.slot}` : at.kind === 'slot' ? `slot ${at.slot}` : `${at.t} µs`;
}

/** One line a situation: the run that comes into it. */
export function situationLines(reached: readonly Reached[]): string[] {
  return [row(['situation', 36], ['reached by', 43]), ...reached.map(({ situation, run }) => row([situation.name, 36], [run?.name ?? 'UNKNOWN: not reached', 43]))];
}
