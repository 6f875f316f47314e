/** One run of a case on the lab: recorded, observed, and held against the simulation. */
import { setTimeout as pause } from 'node:timers/promises';
import { mutatedProcedure } from '../../src/sim/faults.ts';
import type { Witness } from '../../src/transition/interpreter.ts';
import { drawnMs } from './cases.ts';
import type { Case } from './cases.ts';
import { checked, until } from './lab.ts';
import type { Keys, Lab, Name } from './lab.ts';
import { endsSeen, votersNow } from './observation.ts';
import { departures, exitsOf, predict } from './prediction.ts';
import type { Outcome } from './prediction.ts';
import { faultWitness, spoil, untilUp } from './real-fault.ts';
import { startRecorder } from './recorder.ts';
import type { Recording } from './recorder.ts';
import { castOf, play, siteOf } from './stage.ts';
import type { Cast } from './stage.ts';

export interface CaseRun {
  readonly predicted: Outcome;
  readonly seen: Outcome;
  /** Findings that the simulation predicts, by kind. */
  readonly findings: readonly string[];
  /** Empty when everything came as predicted. */
  readonly departures: readonly string[];
  readonly recording: Recording;
  readonly seconds: number;
}

/** Seconds given to what follows a procedure: restarts, catch-up, a stack that turns over. */
const SETTLE = 180;
/** Slots after that which are recorded too: a stack of 31 turns over, and who votes is seen for longer than a judge looks. */
const TAIL = 40;
/** A copy at most as slow as this needs a connection that is open already, ms. */
const OPEN_CONNECTION = 20;

/** Plays a case with `active` in the active part, from a lab that is prepared. */
export async function playCase(lab: Lab, keys: Keys, one: Case, active: Name): Promise<CaseRun> {
  const begin = Date.now();
  const cast = castOf(lab, active);
  const site = siteOf(lab, cast);
  const written = one.procedure(site);
  const { faults } = one.spec;
  const { outcome: predicted, judgement } = predict({ site, procedure: written }, one.spec);
  const recorder = await startRecorder(lab, keys, cast);
  await spoil(cast, faults);
  if (faults.some(({ at }) => at === 'before-start')) await untilUp(lab, cast.inactive);
  await openConnection(cast, drawnMs(one.spec, 'scp') <= OPEN_CONNECTION);
  const strikes = faultWitness(cast, faults);
  const pauses = pauseBetweenHosts(drawnMs(one.spec, 'operatorPause'));
  const played = await play(lab, keys, cast, mutatedProcedure(written, faults), {
    before: async (effect) => {
      await pauses(effect);
      await strikes.before(effect);
    },
    after: strikes.after,
  });
  const look = async (): Promise<Outcome> => ({ exits: exitsOf(played.run), ends: await endsSeen(recorder, faults), voters: await votersNow(lab, keys, cast, 10), refused: 0 });
  const end = Date.now() + SETTLE * 1000;
  let seen = await look();
  while (departures(predicted, seen).length > 0 && Date.now() < end) seen = await look();
  const tail = (await lab.connection.getSlot('processed')) + TAIL;
  await until(`slot ${tail} has come`, 240, async () => (await lab.connection.getSlot('confirmed')) >= tail);
  const recording = await recorder.finish(played);
  seen = { ...seen, refused: recording.votes.filter(({ err, disc }) => err !== null && disc === 14).length };
  return { predicted, seen, findings: [...new Set(judgement.findings.map(({ kind }) => kind))], departures: departures(predicted, seen), recording, seconds: (Date.now() - begin) / 1000 };
}

/** The operator's hands, between the last command on one host and the first on the other. */
export function pauseBetweenHosts(ms: number): Required<Witness>['before'] {
  let last: string | null = null;
  return async ({ type, host }) => {
    if (type === 'run' && last !== null && last !== host) await pause(ms);
    last = host;
  };
}

/** With an open connection ssh and scp skip the handshake (ControlMaster). */
async function openConnection({ active, inactive }: Cast, open: boolean): Promise<void> {
  const line = open
    ? `echo 'ControlPath ~/.ssh/open-%r@%h' > ~/.ssh/config && { ssh -O check sol@${inactive.address} 2> /dev/null || ssh -M -N -f sol@${inactive.address} < /dev/null > /dev/null 2>&1; }`
    : 'rm -f ~/.ssh/config';
  await checked(active.container, ['bash', '-c', line], 'sol');
}
