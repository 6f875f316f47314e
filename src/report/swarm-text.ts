/** A swarm for a terminal: in the form of a rehearsal, with how often each kind of fault was drawn and fired. */
import type { SwarmRehearsal } from '../explore/swarm-rehearsal.ts';
import { causeTables } from './cause-table.ts';
import { number, plural } from './count.ts';
import { conclusion, verdictLines } from './rehearsal-text.ts';
import type { RehearsalTextOptions } from './rehearsal-text.ts';
import { COLUMNS, wrap } from './wrap.ts';

/** Lines of at most 80 columns, the replay command and colour codes apart. */
export function describeSwarm(swarm: SwarmRehearsal, options: RehearsalTextOptions): string[] {
  return [
    ...verdictLines(swarm, swarm.runs + swarm.worlds + 1, options), '',
    ...counts(swarm), '',
    ...kindTable(swarm),
    ...causeTables(swarm.groups, options),
    ...conclusion(swarm, options),
  ];
}

function counts({ seed, runs, worlds, firedRuns, violatedRuns, deadRuns, worstDowntime }: SwarmRehearsal): string[] {
  return [
    ...wrap(`Swarm of seed ${seed}: ${plural(runs, 'run')}, ${number(firedRuns)} with faults that fired; ${number(violatedRuns)} violated, ${number(deadRuns)} left without exactly one voter; at worst ${plural(worstDowntime, 'slot')} without a vote`, COLUMNS, 2),
    ...wrap(`Besides them ${plural(worlds, 'world')} again without faults, and the mildest run: what they give too is not the faults'`, COLUMNS, 2),
  ];
}

/** Two kinds a line. */
function kindTable({ kinds }: SwarmRehearsal): string[] {
  const cells = kinds.map(({ kind, drawn, fired }) => `${kind.padEnd(24)} ${number(drawn).padStart(6)} ${number(fired).padStart(6)}`);
  const half = Math.ceil(cells.length / 2);
  return ['Kinds of faults (drawn, fired)', ...cells.slice(0, half).map((cell, i) => `  ${cell}  ${cells[half + i] ?? ''}`.trimEnd())];
}
