/** Every case of commands.yaml on the simulated host, against the real answer: given now where this machine can, else the recorded one. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { progressLine } from '../../src/cli/terminal.ts';
import { hidden } from '../../test/fidelity/commands/answer.ts';
import type { CommandAnswer } from '../../test/fidelity/commands/answer.ts';
import { loadCases } from '../../test/fidelity/commands/case.ts';
import type { CommandCase } from '../../test/fidelity/commands/case.ts';
import { layOut, leaveSocket, newHome, realAnswer } from '../../test/fidelity/commands/real.ts';
import { CASES, readRecorded, writeRecorded } from '../../test/fidelity/commands/recorded.ts';
import { entries, quietWorld, simulatedAnswer } from '../../test/fidelity/commands/simulated.ts';
import { IS_ROOT } from '../../test/fidelity/validators/account.ts';
import type { Real } from './real.ts';

/** Compares, and prints what differs; false when something does that is not told in the cases. With `record` the answers of this machine become the recorded ones. */
export async function compareCommands(real: Real, record: boolean): Promise<boolean> {
  const recorded = readRecorded();
  const counts = { live: 0, recorded: 0, differ: 0, known: 0, stale: 0 };
  const skips = new Map<string, number>();
  const complain = (one: CommandCase, what: string, a: unknown, b: unknown) => console.log(`DIFFERS ${one.name}: ${what}\n  real      ${JSON.stringify(a)}\n  simulated ${JSON.stringify(b)}`);
  for (const [i, one] of loadCases(CASES).entries()) {
    progressLine(`case ${i + 1}: ${one.name}`);
    const given = await liveAnswer(one, real);
    const live = typeof given === 'string' ? null : hidden(given, one.hide);
    if (typeof given === 'string') skips.set(given, (skips.get(given) ?? 0) + 1);
    const known = recorded.get(one.name) ?? null;
    if (live !== null && record) {
      recorded.set(one.name, live);
      writeRecorded(recorded);
    }
    else if (live !== null && known !== null && !isDeepStrictEqual(live, known)) {
      counts.stale++;
      complain(one, 'the real answer is not the recorded one', live, known);
    }
    const answer = live ?? known;
    if (answer === null) continue;
    counts[live === null ? 'recorded' : 'live']++;
    const simulated = simulatedOr(one);
    if (isDeepStrictEqual(answer, simulated) === (one.differs === null)) counts.known += one.differs === null ? 0 : 1;
    else {
      counts.differ++;
      complain(one, one.differs === null ? 'the simulation answers otherwise' : 'said to differ, and does not', answer, simulated);
    }
  }
  progressLine('');
  for (const [reason, count] of skips) console.log(`skipped on this machine: ${count} cases, because ${reason}`);
  console.log(`${counts.live} cases by the real programs, ${counts.recorded} by their recorded answers; ${counts.known} known differences`);
  console.log(`differences: ${counts.differ + counts.stale}`);
  return counts.differ + counts.stale === 0;
}

/** An answer, or why there is none. */
async function liveAnswer(one: CommandCase, real: Real): Promise<CommandAnswer | string> {
  const needsRoot = one.as === 'root' || one.given.some((line) => line.startsWith('root: '));
  if ('missing' in real.agave) return real.agave.missing;
  if (needsRoot && !IS_ROOT) return 'they need root, to make files of other users';
  if (one.state === 'down' && one.start === null) {
    const home = newHome();
    leaveSocket(home);
    layOut(home, entries(quietWorld()));
    const answer = realAnswer(one, home, real.agave.bin);
    rmSync(join(home, '..'), { recursive: true, force: true });
    return answer;
  }
  if (one.blocks) return 'they need a cluster that makes blocks (see npm run e2e)';
  const session = await real.session();
  return typeof session === 'string' ? session : session.answer(one);
}

/** A case that is not modelled has no answer: that is a difference too. */
function simulatedOr(one: CommandCase): CommandAnswer | string {
  try {
    return hidden(simulatedAnswer(one), one.hide);
  } catch (error) {
    return (error as Error).message;
  }
}
