/** Many hot swaps to and fro, for the latencies: the guide's, without the window, which never opens at a sixth of the stake. */
import { setTimeout as pause } from 'node:timers/promises';
import { drop } from '../../src/transition/mutation.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import type { Procedure } from '../../src/transition/procedure.ts';
import type { Keys, Lab, Name } from './lab.ts';
import { pauseBetweenHosts } from './play-case.ts';
import { startRecorder, writeRecording } from './recorder.ts';
import { castOf, lastVote, play, siteOf } from './stage.ts';
import type { Played } from './stage.ts';

/** Slots between two swaps: a broken stack of 31 has turned over by then. */
const BETWEEN = 36;
/** The operator's pause between the hosts: the mildest of the simulation, ms. */
const HANDS = 1500;

/** Plays so many swaps on a prepared lab in which host a votes, and records all of them in one folder. How many failed. */
export async function playSwaps(lab: Lab, keys: Keys, count: number, folder: string, say: (text: string) => void): Promise<number> {
  const recorder = await startRecorder(lab, keys, castOf(lab, 'a'));
  const played: Played[] = [];
  let failed = 0;
  for (let i = 0; i < count; i++) {
    const active: Name = i % 2 === 0 ? 'a' : 'b';
    const cast = castOf(lab, active);
    const went = await play(lab, keys, cast, withoutWindow(loadProcedure('guide-hot-swap', siteOf(lab, cast))), { before: pauseBetweenHosts(HANDS) });
    played.push(went);
    const bad = went.run.outcomes.filter(({ outcome }) => outcome.exit !== 0);
    if (bad.length > 0) failed++;
    say(`swap ${i + 1}: ${bad.length === 0 ? 'every command answered 0' : bad.map(({ step, outcome }) => `${step.id} exit ${outcome.exit}`).join(', ')}`);
    const from = await lab.connection.getSlot('processed');
    while ((await lab.connection.getSlot('processed')) < from + BETWEEN) await pause(500);
    if ((await lastVote(lab.connection, keys.vote)) < from) {
      say('the new holder does not vote: no more swaps');
      failed++;
      break;
    }
  }
  const recording = await recorder.finish(...played);
  writeRecording(folder, recording, keys.staked.publicKey.toBase58(), {
    case: 'swaps', title: `${played.length} hot swaps to and fro`, stakeShare: lab.stakeShare, keys: { identity: keys.staked.publicKey.toBase58(), voteAccount: keys.vote.publicKey.toBase58() },
  });
  say(`${played.length} swaps recorded in ${folder}; ${recording.votes.filter(({ err, disc }) => err !== null && disc === 14).length} votes were refused`);
  return failed;
}

function withoutWindow(procedure: Procedure): Procedure {
  return drop(procedure, procedure.steps.findIndex(({ id }) => id === 'wait-for-window'));
}
